// Deletion and retrieval of persons' data at Mixpanel: in batches, at the pace that is allowed,
// to the end, and on from where it was when the program ends in between.
//
// Source: https://docs.mixpanel.com/reference/gdpr-api and
// https://docs.mixpanel.com/openapi/gdpr.openapi.yaml (both read 2026-11). They differ:
//   - creating answers with a list of tasks with `tracking_id` (reference) or with one object
//     with `task_id` and 201 (OpenAPI): both are read
//   - the status has `results` as an object with `result`, or `results`, or `destination_url`
//     for a retrieval's link
//   - addresses end in a slash in the examples and not in the endpoints: asked with one, and a
//     redirection on the same host is followed
//   - ids look like numbers beyond what JSON numbers hold: they are taken from the text
//   - 1,999 ids at a deletion, 2,000 at a retrieval and elsewhere
// One request a second, and waiting "for several hours" on 429, are the reference's words.

import type { EraseJob, EraseOptions } from './types.js';
import { BridgeError } from '../page/gate/error.js';
import { idOf } from './ledger.js';

const HOSTS: Record<string, string> = { __proto__: null as never, us: 'https://mixpanel.com', eu: 'https://eu.mixpanel.com', in: 'https://in.mixpanel.com' };
const KINDS = {
  deletion: { route: 'data-deletions', most: 1999 },
  retrieval: { route: 'data-retrievals', most: 2000 },
} as const;
type Kind = keyof typeof KINDS;

/** What a job's key begins with; no id of a person has a slash (ledger.ts). */
const KEYS = 'mixpanel-consent/erase/';
/** Milliseconds between two requests: the limit is one a second. */
const PACE = 1000;
/** The first wait after a 429 or a failure of the network, and the longest: 2 s, 15 min. */
const FIRST_WAIT = 2000;
const LONGEST_WAIT = 900_000;
/** How long one request may take. */
const REQUEST = 60_000;
/** How often a task may be not there before it counts as lost: it may appear a little later. */
const MISSING = 10;

const OPTIONS = ['projectToken', 'oauthToken', 'distinctIds', 'ledger', 'person', 'withdraw', 'region', 'host', 'compliance', 'disclosure', 'batch', 'store', 'id', 'onProgress', 'pollEvery', 'giveUpAfter', 'wait', 'dryRun', 'signal', 'sleep', 'fetch', 'now'];

interface Batch {
  ids: string[];
  /** Mixpanel's names of the tasks that it made of this batch. */
  tracking: string[];
  status: string;
  /** How often it was submitted; more than once where nobody knows whether it had arrived. */
  asked: number;
  missing: number;
  submitted: number | null;
  finished: number | null;
}
interface Job {
  id: string;
  kind: Kind;
  state: 'planned' | 'waiting' | 'done' | 'failed';
  host: string;
  compliance: string;
  started: number;
  finished: number | null;
  requests: number;
  batches: Batch[];
}

const fail = (code: string, message: string): never => {
  throw new BridgeError(code, message);
};

async function fingerprint(...parts: string[]) {
  const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(JSON.stringify(parts))));
  return Array.from(hash.subarray(0, 16), (byte) => byte.toString(16).padStart(2, '0')).join('');
}

const sleepFor = (ms: number, signal?: AbortSignal) =>
  new Promise<void>((done, stop) => {
    const over = () => {
      clearTimeout(timer);
      stop(signal!.reason);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', over);
      done();
    }, ms);
    signal?.addEventListener('abort', over, { once: true });
  });

async function run(kind: Kind, given: EraseOptions): Promise<EraseJob> {
  for (const key of Object.keys(given ?? {}))
    if (!OPTIONS.includes(key)) fail('option-unknown', `There is no option \`${key}\` of ${kind === 'deletion' ? 'erase' : 'retrieve'}(). The options are ${OPTIONS.join(', ')}.`);
  const o: any = { region: 'us', compliance: 'GDPR', pollEvery: 60_000, giveUpAfter: 6 * 3600_000, wait: true, withdraw: true, sleep: sleepFor, fetch: globalThis.fetch, now: Date.now, ...given };
  const { route, most } = KINDS[kind];
  if (typeof o.projectToken != 'string' || !o.projectToken) fail('token-missing', 'Option `projectToken` is missing: it is the token of the Mixpanel project whose data is meant.');
  if (!o.dryRun && (typeof o.oauthToken != 'string' || !o.oauthToken)) fail('token-missing', 'Option `oauthToken` is missing: an owner of the project makes one in Mixpanel, Profile & Preferences, Data & Privacy; it ends after a year.');
  const host: string = (o.host ?? HOSTS[o.region] ?? fail('option-invalid', `Option \`region\` is \`${o.region}\`; it may be ${Object.keys(HOSTS).join(', ')}.`)).replace(/\/+$/, '');
  if (!['GDPR', 'CCPA'].includes(o.compliance)) fail('option-invalid', `Option \`compliance\` is \`${o.compliance}\`; it may be GDPR, CCPA.`);
  const size = o.batch ?? most;
  if (!(Number.isInteger(size) && size >= 1 && size <= most)) fail('option-invalid', `Option \`batch\` is a whole number of ids from 1 to ${most}.`);
  if ((o.person === undefined) !== (o.ledger === undefined)) fail('option-invalid', 'Options `ledger` and `person` belong together: the ledger knows all ids of the person.');
  const named = o.distinctIds ?? [];
  if (!Array.isArray(named)) fail('option-invalid', 'Option `distinctIds` is a list of ids.');
  const ids: string[] = [...new Set<string>([...named.map(idOf), ...(o.ledger ? await o.ledger.ids(o.person) : [])])];
  if (!ids.length) fail('option-invalid', 'There is nobody to ask for: give `distinctIds`, or `ledger` and `person`.');

  // What comes from outside may repeat what was sent.
  const secrets = [o.oauthToken, o.projectToken].filter((secret) => typeof secret == 'string' && secret).flatMap((secret) => [secret, encodeURIComponent(secret)]);
  const clean = (text: unknown) => secrets.reduce((shown, secret) => shown.split(secret).join('[hidden]'), String(text)).slice(0, 300);
  const address = (task = '') => `${host}/api/app/${route}/v3.0/${task ? `${encodeURIComponent(task)}/` : ''}?token=${encodeURIComponent(o.projectToken)}`;
  const asked = (batch: Batch) => ({
    distinct_ids: batch.ids, compliance_type: o.compliance,
    ...(kind === 'retrieval' && o.disclosure ? { disclosure_type: o.disclosure } : {}),
  });

  const key = `${KEYS}${o.id ?? (await fingerprint(kind, host, o.projectToken, o.compliance, ...[...ids].sort()))}`;
  const id = key.slice(KEYS.length);
  let job: Job | undefined;
  if (o.store && !o.dryRun) {
    const text = await o.store.get(key);
    try {
      const kept = typeof text == 'string' ? JSON.parse(text) : undefined;
      if (kept?.state === 'waiting' && kept.kind === kind && kept.host === host) job = kept;
    } catch {
      fail('job-unreadable', `What the store has of the job \`${id}\` cannot be read: remove the key \`${key}\`, and start again; asking twice deletes nothing more.`);
    }
  }
  job ??= {
    id, kind, state: o.dryRun ? 'planned' : 'waiting', host, compliance: o.compliance, started: o.now(), finished: null, requests: 0,
    batches: Array.from({ length: Math.ceil(ids.length / size) }, (_, n) => ({
      ids: ids.slice(n * size, (n + 1) * size), tracking: [], status: 'PLANNED', asked: 0, missing: 0, submitted: null, finished: null,
    })),
  };
  const links = new Map<Batch, string>();
  const receipt = (): EraseJob => {
    const { batches, ...rest } = job!;
    const told = {
      ...rest, project: `…${o.projectToken.slice(-4)}`, ids: batches.flatMap((batch) => batch.ids),
      batches: batches.map(({ ids: some, missing: _, ...batch }) => ({ ...batch, tracking: [...batch.tracking], count: some.length })),
      plan: batches.map((batch) => ({ method: 'POST' as const, url: address().replace(/token=.*/, `token=…${o.projectToken.slice(-4)}`), body: asked(batch) })),
    };
    Object.defineProperty(told, 'links', { value: batches.flatMap((batch) => links.get(batch) ?? []), enumerable: false });
    Object.defineProperty(told, 'toString', { value: print, enumerable: false });
    return told as unknown as EraseJob;
  };
  if (o.dryRun) return receipt();

  const save = async () => {
    if (o.store && (await o.store.set(key, JSON.stringify(job))) === false) fail('store-unreachable', `The store did not keep the job \`${id}\`; run it again when it can be reached.`);
  };
  const progress = async () => {
    await save();
    o.onProgress?.(receipt());
  };

  let last = -Infinity;
  /** One request, at its pace, tried again for as long as it may be the moment that is wrong. */
  async function request(method: string, task?: string, body?: unknown): Promise<string> {
    const since = o.now();
    for (let wait = FIRST_WAIT, url = address(task), redirected = 0; ; ) {
      o.signal?.throwIfAborted();
      const pause = last + PACE - o.now();
      if (pause > 0) await o.sleep(pause, o.signal);
      last = o.now();
      job!.requests++;
      let status = 0;
      let text = '';
      let after: string | null = null;
      let to: string | null = null;
      try {
        const limit = AbortSignal.timeout(REQUEST);
        const response = await o.fetch(url, {
          method, redirect: 'manual', signal: o.signal ? AbortSignal.any([o.signal, limit]) : limit,
          headers: { authorization: `Bearer ${o.oauthToken}`, accept: 'application/json', ...(body ? { 'content-type': 'application/json' } : {}) },
          ...(body ? { body: JSON.stringify(body) } : {}),
        });
        ({ status } = response);
        after = response.headers.get('retry-after');
        to = response.headers.get('location');
        text = await response.text();
      } catch (error: any) {
        o.signal?.throwIfAborted();
        status = 0;
        text = error?.cause?.message ?? error?.message ?? error;
      }
      if (status >= 300 && status < 400 && to && redirected++ < 3) {
        const next = new URL(to, url);
        // The token goes to no other host.
        if (next.host === new URL(host).host) {
          url = next.href;
          continue;
        }
      }
      if (status >= 200 && status < 300) return text;
      if (status === 404 && task) return '{"results":{"status":"NOT_FOUND"}}';
      const what = `Mixpanel ${status ? `answered ${status}` : 'could not be reached'} (${clean(text)})`;
      if (status === 401 || status === 403) fail('erase-unauthorized', `${what}: the OAuth token is wrong or older than a year, or its owner is no owner or admin of this project, or the project is in another region.`);
      if (status && status !== 429 && status < 500) fail('erase-refused', `${what}: look at the ids and at the project token; a project with Group Analytics takes fewer ids at once, see the option \`batch\`.`);
      const told = after === null ? NaN : /^\d+$/.test(after.trim()) ? Number(after) * 1000 : Date.parse(after) - o.now();
      // As long as was asked for; else longer each time, and not in step with others.
      const pausing = told > 0 ? told : wait * (0.5 + Math.random() / 2);
      if (o.now() - since + pausing > o.giveUpAfter) fail(status === 429 ? 'erase-limited' : 'erase-unreachable', `${what}, for ${Math.round((o.now() - since) / 1000)} s now. Run it again with the same \`store\` to go on from here.`);
      await o.sleep(pausing, o.signal);
      wait = Math.min(wait * 2, LONGEST_WAIT);
    }
  }

  const parsed = (text: string) => {
    try {
      return JSON.parse(text);
    } catch {
      return fail('erase-unreadable', `Mixpanel's answer is no JSON (${clean(text)}). Run it again with the same \`store\` to go on from here.`);
    }
  };

  if (o.ledger && o.withdraw && kind === 'deletion') {
    const none = Object.fromEntries(['tracking', 'replay', 'profile', 'flags'].map((feature) => [feature, 'denied']));
    await o.ledger.record(o.person, { event: 'withdrawn', at: o.now(), cmp: 'erasure', consent: none });
  }

  // First everything is submitted, for the order of a queue counts; then it is waited for.
  for (const batch of job.batches) {
    if (batch.tracking.length || batch.status !== 'PLANNED') continue;
    // Kept before it is asked: that it was asked without an answer can be seen afterwards.
    batch.asked++;
    await save();
    const text = await request('POST', undefined, asked(batch));
    const answer = parsed(text);
    batch.tracking = [...new Set(Array.from(text.matchAll(/"(?:tracking_id|task_id)"\s*:\s*"?([\w.-]+)"?/g), (match) => match[1]!))];
    if (answer?.status === 'error' || !batch.tracking.length) fail('erase-refused', `Mixpanel's answer names no task (${clean(text)}).`);
    batch.status = 'PENDING';
    batch.submitted = o.now();
    await progress();
  }

  const OVER = ['SUCCESS', 'FAILURE', 'REVOKED', 'LOST'];
  const open = () => job!.batches.filter((batch) => !OVER.includes(batch.status));
  while (open().length) {
    for (const batch of open()) {
      const states: string[] = [];
      for (const task of batch.tracking) {
        const { results } = parsed(await request('GET', task)) ?? {};
        const found = (Array.isArray(results) ? (results.find((one) => String(one?.tracking_id ?? one?.task_id) === task) ?? results[0]) : results) ?? {};
        states.push(String(found.status ?? 'UNKNOWN').toUpperCase());
        const link = [found.result, found.results, found.destination_url].find((one) => typeof one == 'string' && one);
        if (kind === 'retrieval' && link) links.set(batch, link);
      }
      const nowhere = states.some((state) => state === 'NOT_FOUND' || state === 'UNKNOWN');
      batch.missing = nowhere ? batch.missing + 1 : 0;
      const before = batch.status;
      batch.status = states.find((state) => state === 'FAILURE' || state === 'REVOKED') ?? (batch.missing >= MISSING ? 'LOST' : (states.find((state) => state !== 'SUCCESS') ?? 'SUCCESS'));
      if (OVER.includes(batch.status)) batch.finished = o.now();
      if (batch.status !== before) await progress();
    }
    if (!o.wait || !open().length) break;
    await save();
    await o.sleep(o.pollEvery, o.signal);
  }
  if (!open().length) {
    job.state = job.batches.every((batch) => batch.status === 'SUCCESS') ? 'done' : 'failed';
    job.finished = o.now();
  }
  await progress();
  return receipt();
}

function print(this: EraseJob) {
  const time = (ms: number | null) => (ms === null ? 'not yet' : new Date(ms).toISOString());
  const lines = [`${this.kind} ${this.id}: ${this.state}; ${this.ids.length} ids in ${this.batches.length} batches; project ${this.project} at ${this.host}, ${this.compliance}; begun ${time(this.started)}, ended ${time(this.finished)}`];
  for (const [n, batch] of this.batches.entries()) {
    if (this.state === 'planned') {
      const { method, url, body } = this.plan[n]!;
      const some = body.distinct_ids.slice(0, 3).map((id) => JSON.stringify(id)).join(', ');
      lines.push(`  would ask: ${method} ${url} for ${batch.count} ids (${some}${batch.count > 3 ? ', …' : ''}), ${body.compliance_type}`);
    } else lines.push(`  ${batch.status}: ${batch.count} ids, tasks ${batch.tracking.join(', ') || 'none yet'}; asked ${batch.asked} times, submitted ${time(batch.submitted)}, ended ${time(batch.finished)}`);
  }
  return lines.join('\n');
}

/** Deletes all data of these persons: events and profiles. */
export const erase = (options: EraseOptions): Promise<EraseJob> => run('deletion', options);

/** Asks for all data of these persons; `links` says where it can be had. */
export const retrieve = (options: EraseOptions): Promise<EraseJob> => run('retrieval', options);
