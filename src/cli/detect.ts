// What is on a page: consent managers, Mixpanel, the bridge; and the line that would connect them.

import type { Started } from './browser.ts';
import type { Judge } from './judge.ts';
import { short, shortened } from './mixpanel.ts';
import { pause, within, type BridgeSays, type Settings, type Source, type Stored } from './types.ts';
import { Visit } from './visit.ts';

export interface Summary {
  consent: string;
  mode: string;
  decidedBy: string | null;
  code: string;
  reason: string;
  gpc: boolean;
  dnt: boolean;
  consentManagers: Source[];
  mixpanel: {
    here: boolean;
    form: string | null;
    versions: string[];
    tagManager: boolean;
    instances: { token: string; name: string; host?: string; optedOut?: boolean }[];
    hosts: string[];
    requests: { method: string; host: string; path: string; kind: string; events: string[] }[];
    stored: Omit<Stored, 'by'>[];
  };
  bridge: { form: BridgeSays['form']; state: Omit<BridgeSays, 'form'> | null } | null;
  use: { tag: string; code: string; prefer: 'tag' | 'code'; categories?: string[] };
}

const unique = (list: (string | null | undefined)[]): string[] => [...new Set(list.filter((one): one is string => !!one))];

export async function detect(started: Started, settings: Settings, core: Judge, url: string, tell: (line: string) => void): Promise<Summary> {
  const v = await Visit.begin(started, settings, core, { url });
  const look = async (): Promise<Summary> => {
    tell('opening');
    await v.goto();
    tell('watching');
    // As long as there is somebody to wait for: a consent manager may come late.
    const end = Date.now() + settings.wait;
    while (Date.now() < end) {
      await v.look(false);
      await pause(300);
    }
    const state = await v.look(true);
    const requests = v.watched.requests();
    await v.leave();
    const device = await v.device();
    const { watched, seen, bridge } = v;
    const { tokens, instances } = watched;
    const mixpanel = seen?.mixpanel ?? null;
    const name = (text: string): string => shortened(text, tokens);
    const of = [
      ...instances.map((one) => ({ token: one.token, name: one.name || 'mixpanel', host: null, optedOut: null })),
      ...(mixpanel?.instances ?? []).filter(({ token, name }) => !instances.some((one) => one.token == token && one.name == name)),
    ];
    const form = instances.some((one) => one.form == 'module')
      ? 'module'
      : mixpanel?.stub
        ? 'snippet, library not there'
        : mixpanel?.snippet || instances.some((one) => one.form == 'snippet')
          ? 'snippet'
          : mixpanel?.global && of.length ? 'global' : null;
    const found = bridge ?? (device.record.length ? { form: 'connect()' as const, consent: null, mode: null, code: null, reason: null } : null);
    return {
      consent: state.consent, mode: state.mode, decidedBy: state.cmp, code: state.code, reason: state.reason, gpc: state.gpc, dnt: state.dnt,
      consentManagers: state.sources,
      mixpanel: {
        here: of.length > 0 || requests.length > 0 || device.stored.length > 0 || !!mixpanel?.stub,
        form,
        versions: unique([...requests.map(({ version }) => version), ...instances.map(({ version }) => version)]),
        tagManager: !!mixpanel?.gtm,
        instances: of.map((one) => ({ token: short(one.token ?? ''), name: one.name ?? 'mixpanel', ...(one.host ? { host: one.host } : {}), ...(one.optedOut === null ? {} : { optedOut: one.optedOut }) })),
        hosts: unique(requests.map(({ host }) => host)),
        requests: requests.map(({ method, host, path, kind, events }) => ({ method, host, path: name(path), kind, events })),
        stored: device.stored.map(({ by: _, ...one }) => ({ ...one, name: name(one.name) })),
      },
      bridge: found ? { form: found.form, state: found.consent ? { consent: found.consent, mode: found.mode, code: found.code, reason: found.reason } : null } : null,
      use: use(state, form),
    };
  };
  try {
    return await within(look(), settings.limit, () => v.late());
  } finally {
    await v.close();
  }
}

/** What to write into the page, with what was found. */
function use(state: { cmp: string | null; code: string; sources: Source[] }, form: string | null): Summary['use'] {
  const vendor = state.cmp ?? state.sources[0]?.cmp ?? 'manual';
  // Where the core knows the category by itself, naming it would only be a chance to name it wrongly.
  const unknown = state.code == 'category-unknown';
  const names = Object.keys(state.sources.find(({ cmp }) => cmp == vendor)?.categories ?? {});
  return {
    tag: `<script src="/bridge.js" data-cmp="${vendor}"${unknown ? ' data-category="NAME"' : ''}></script>`,
    code: [
      'connect({',
      "  token: 'YOUR_PROJECT_TOKEN',",
      "  mixpanel: () => import('mixpanel-browser'),",
      `  cmp: '${vendor}',`,
      ...(unknown ? [`  category: 'NAME' /* of ${names.join(', ')} */,`] : []),
      '})',
    ].join('\n'),
    prefer: form == 'module' ? 'code' : 'tag',
    ...(unknown ? { categories: names } : {}),
  };
}
