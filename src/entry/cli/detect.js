// What is on a page: consent managers, Mixpanel, the bridge; and the line that would connect them.

import { met } from './report.js';
import { short, shortened } from './mixpanel.js';
import { visit, pause } from './visit.js';

export async function detect(started, options, { wait, tell = () => {} }) {
  const v = await visit(started, { ...options, wait });
  try {
    tell('opening');
    await v.goto();
    tell('watching');
    // As long as there is somebody to wait for: a consent manager may come late.
    let seen;
    for (const end = Date.now() + wait; ; await pause(300)) {
      const last = Date.now() >= end;
      seen = await v.look(last);
      if (last) break;
    }
    const requests = v.requests();
    await v.leave();
    const device = await v.device();
    const { mixpanel, bridge, ...state } = seen;
    return { state, mixpanel, bridge, requests, device, instances: v.instances, channels: [...v.channels], tokens: [...v.tokens] };
  } finally {
    await v.close();
  }
}

/** The same, as it is printed with `--json`. */
export function summary({ state, mixpanel, bridge, requests, device, instances, channels, tokens }) {
  const name = (text) => shortened(text, tokens);
  const of = [
    ...instances.map(({ token, name, form, version }) => ({ token, name, form, version })),
    ...(mixpanel?.instances ?? []).filter(({ token, name }) => !instances.some((one) => one.token == token && one.name == name)),
  ];
  const { versions, hosts } = met([{ says: state, all: requests, instances, tokens, channels, bridge: device.bridge }]);
  const form = instances.some(({ form }) => form == 'module') ? 'module' : mixpanel?.stub ? 'snippet, library not there' : mixpanel?.snippet || instances.some(({ form }) => form == 'snippet') ? 'snippet' : mixpanel?.global && of.length ? 'global' : null;
  const here = of.length > 0 || requests.length > 0 || device.stored.length > 0 || !!mixpanel?.stub;
  return {
    consent: state.consent,
    mode: state.mode,
    decidedBy: state.cmp,
    code: state.code,
    reason: state.reason,
    gpc: state.gpc,
    dnt: state.dnt,
    consentManagers: state.sources,
    mixpanel: {
      here,
      form,
      versions,
      tagManager: !!mixpanel?.gtm,
      instances: of.map(({ token, name, host, optedOut }) => ({ token: short(token), name: name ?? 'mixpanel', ...(host ? { host } : {}), ...(optedOut === undefined ? {} : { optedOut }) })),
      hosts,
      requests: requests.map(({ method, host, path, kind, events }) => ({ method, host, path: name(path), kind, events })),
      stored: device.stored.map((one) => ({ ...one, name: name(one.name) })),
    },
    bridge: bridge ? { form: 'tag', state: bridge.state } : channels.length || device.bridge.length ? { form: 'connect()', state: null } : null,
    use: use(state, of, form),
  };
}

/** What to write into the page, with what was found. */
function use(state, instances, form) {
  const vendor = state.cmp ?? state.sources[0]?.cmp;
  // Where the core knows the category by itself, naming it would only be a chance to name it wrongly.
  const unknown = state.code == 'category-unknown';
  const names = Object.keys(state.sources.find(({ cmp }) => cmp == vendor)?.categories ?? {});
  const category = unknown ? `'NAME' /* of ${names.join(', ')} */` : '';
  return {
    tag: `<script src="/bridge.js" data-cmp="${vendor ?? 'manual'}"${unknown ? ' data-category="NAME"' : ''}></script>`,
    code: [
      'connect({',
      "  token: 'YOUR_PROJECT_TOKEN',",
      "  mixpanel: () => import('mixpanel-browser'),",
      `  cmp: '${vendor ?? 'manual'}',`,
      ...(category ? [`  category: ${category},`] : []),
      '})',
    ].join('\n'),
    prefer: form == 'module' ? 'code' : 'tag',
    ...(unknown ? { categories: names } : {}),
  };
}
