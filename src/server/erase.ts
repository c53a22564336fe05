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

import type { EraseJob, EraseOptions, JobStore, LedgerStore } from '../api/server.js';
import { FEATURE_NAMES } from '../page/contract.js';
import { fail, harmless, isObject, kindOf, told } from './errors.js';
import { idOf } from './ids.js';
import { known } from './options.js';
import { pause } from './time.js';

const HOSTS = new Map([['us', 'https://mixpanel.com'], ['eu', 'https://eu.mixpanel.com'], ['in', 'https://in.mixpanel.com']]);
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
/** For how long a program that says nothing of a job is believed to be at it: twice one request. */
const LEASE = 120_000;
/** How often a task may be not there before it counts as lost: it may appear a little later. */
const MISSING = 10;

/** How often the tasks are looked at, and for how long one request is tried again, in milliseconds. */
const POLL = 60_000;
const GIVE_UP = 6 * 3600_000;
/** What a task does not come out of. */
const OVER = ['SUCCESS', 'FAILURE', 'REVOKED', 'LOST'];

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
  compliance: 'GDPR' | 'CCPA';
  started: number;
  finished: number | null;
  requests: number;
  batches: Batch[];
  /** Which program is at it, and until when it is believed to be. */
  lease?: { by: string; until: number };
}

async function fingerprint(...parts: string[]) {
  const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(JSON.stringify(parts))));
  return Array.from(hash.subarray(0, 16), (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** Who has a job: a program of a machine. */
async function self(): Promise<string> {
  try {
    const os = await (import(/* webpackIgnore: true */ /* @vite-ignore */ 'node:' + 'os') as Promise<{ hostname(): string }>);
    return `${process.pid}@${os.hostname()}`;
  } catch {
    return crypto.randomUUID();
  }
}
declare const process: { readonly pid: number; kill(pid: number, signal: 0): void };

/** Whether the program that has a job has ended: known of those of this machine. */
function ended(by: string, me: string): boolean {
  const [pid, host] = by.split('@');
  if (by === me || !host || host !== me.split('@')[1]) return false;
  try {
    process.kill(Number(pid), 0);
    return false;
  } catch (error) {
    return (error as { code?: unknown }).code === 'ESRCH';
  }
}

function jobsOf(store: LedgerStore | JobStore | null | undefined): JobStore | null {
  if (store === undefined || store === null) return null;
  const its: unknown = isObject(store) ? (store['jobs'] ?? store) : null;
  return isObject(its) && typeof its['get'] == 'function' && typeof its['set'] == 'function' ? (its as unknown as JobStore) : fail('option-invalid', 'Option `store` is one of the ledger\'s (memory(), sqlite(), postgres(), redis()), a Map, or an object with get and set.');
}

/** A word of an option, of those that there are. */
function oneOf(key: string, value: unknown, words: readonly string[]): void {
  if (!(words as readonly unknown[]).includes(value)) fail('option-invalid', `Option \`${key}\` is ${typeof value == 'string' ? `\`${value}\`` : kindOf(value)}; it may be ${words.join(', ')}.`);
}

/** A host that may be told the token: over https, or on this machine. */
function hostOf({ host, region = 'us' }: EraseOptions): string {
  if (host !== undefined && typeof host != 'string') return fail('option-invalid', 'Option `host` is an address like `https://eu.mixpanel.com`.');
  oneOf('region', region, [...HOSTS.keys()]);
  const given = (host ?? HOSTS.get(region)!).replace(/\/+$/, '');
  if (!URL.canParse(given)) return fail('option-invalid', 'Option `host` is an address like `https://eu.mixpanel.com`.');
  const { protocol, hostname } = new URL(given);
  if (protocol !== 'https:' && !(protocol === 'http:' && /^(localhost|127(\.\d+){3}|\[::1\])$/.test(hostname)))
    fail('option-invalid', 'Option `host` is no https address: the OAuth token would cross the network where all can read it.');
  return given;
}

/** Jobs that this program is at, and who hears of them. */
const running = new Map<string, { done: Promise<EraseJob>; listeners: ((job: EraseJob) => void)[] }>();

async function run(kind: Kind, given: EraseOptions): Promise<EraseJob> {
  known(given, OPTIONS, ` of ${kind === 'deletion' ? 'erase' : 'retrieve'}()`);
  const { route, most } = KINDS[kind];
  const { projectToken, oauthToken, compliance = 'GDPR', dryRun = false, ledger, person } = given;
  if (typeof projectToken != 'string' || !projectToken) fail('token-missing', 'Option `projectToken` is missing: it is the token of the Mixpanel project whose data is meant.');
  if (!dryRun && (typeof oauthToken != 'string' || !oauthToken)) fail('token-missing', 'Option `oauthToken` is missing: an owner of the project makes one in Mixpanel, Profile & Preferences, Data & Privacy; it ends after a year.');
  if (oauthToken !== undefined && !(typeof oauthToken == 'string' && /^[\x21-\x7e]+$/.test(oauthToken))) fail('option-invalid', 'Option `oauthToken` has a space, a line\'s end or another letter in it that no token has and no header takes: was it read from a file with the line\'s end?');
  const host = hostOf(given);
  oneOf('compliance', compliance, ['GDPR', 'CCPA']);
  const size = given.batch ?? most;
  if (!(Number.isInteger(size) && size >= 1 && size <= most)) fail('option-invalid', `Option \`batch\` is a whole number of ids from 1 to ${most}.`);
  const { pollEvery, giveUpAfter } = given;
  if (pollEvery !== undefined && !(typeof pollEvery == 'number' && pollEvery > 0)) fail('option-invalid', 'Option `pollEvery` is milliseconds, more than 0.');
  if (giveUpAfter !== undefined && !(typeof giveUpAfter == 'number' && giveUpAfter >= 0)) fail('option-invalid', 'Option `giveUpAfter` is milliseconds, 0 or more.');
  for (const key of ['onProgress', 'sleep', 'fetch', 'now'] as const)
    if (given[key] !== undefined && typeof given[key] != 'function') fail('option-invalid', `Option \`${key}\` is a function.`);
  for (const key of ['withdraw', 'wait', 'dryRun'] as const)
    if (given[key] !== undefined && typeof given[key] != 'boolean') fail('option-invalid', `Option \`${key}\` is true or false.`);
  if (given.disclosure !== undefined) oneOf('disclosure', given.disclosure, ['Data', 'Categories', 'Sources']);
  if (ledger !== undefined && typeof ledger?.ids != 'function') fail('option-invalid', 'Option `ledger` is none: make one with consentLedger().');
  if (given.signal !== undefined && typeof given.signal?.throwIfAborted != 'function') fail('option-invalid', 'Option `signal` is an AbortSignal.');
  if (given.id !== undefined && (typeof given.id != 'string' || !given.id)) fail('option-invalid', 'Option `id` is a text: the name under which the store keeps the job.');
  if ((person === undefined) !== (ledger === undefined)) fail('option-invalid', 'Options `ledger` and `person` belong together: the ledger knows all ids of the person.');
  const named = given.distinctIds ?? [];
  if (!Array.isArray(named)) fail('option-invalid', 'Option `distinctIds` is a list of ids.');
  const jobs = jobsOf(given.store);
  const ids: string[] = [...new Set([...named.map(idOf), ...(ledger ? await ledger.ids(person!) : [])])];
  if (!ids.length) fail('option-invalid', 'There is nobody to ask for: give `distinctIds`, or `ledger` and `person`.');
  const id = given.id ?? (await fingerprint(kind, host, projectToken, compliance, ...[...ids].sort()));
  const all = { ...given, kind, id, host, compliance, ids, size, route, jobs };
  if (dryRun) return new Work(all).receipt();

  // The same job twice at once is one job.
  const name = JSON.stringify([kind, host, projectToken, id]);
  const there = running.get(name);
  if (there) {
    if (given.onProgress) there.listeners.push((job) => harmless('onProgress', given.onProgress, job));
    return there.done;
  }
  const listeners: ((job: EraseJob) => void)[] = given.onProgress ? [given.onProgress] : [];
  const done = new Work({ ...all, onProgress: (job) => { for (const listener of listeners) listener(job); } }).run().finally(() => running.delete(name));
  running.set(name, { done, listeners });
  return done;
}

type Given = EraseOptions & {
  readonly kind: Kind; readonly id: string; readonly host: string; readonly compliance: 'GDPR' | 'CCPA'; readonly ids: readonly string[];
  readonly size: number; readonly route: string; readonly jobs: JobStore | null;
};

/** One job on its way. */
class Work {
  private job: Job;
  private readonly links = new Map<Batch, string>();
  private readonly key: string;
  /** What the store has of it. */
  private text: string | null = null;
  private me = '';
  private last = -Infinity;

  constructor(private readonly o: Given) {
    this.key = KEYS + o.id;
    this.job = {
      id: o.id, kind: o.kind, state: o.dryRun ? 'planned' : 'waiting', host: o.host, compliance: o.compliance, started: this.now(), finished: null, requests: 0,
      batches: Array.from({ length: Math.ceil(o.ids.length / o.size) }, (_, n) => ({
        ids: o.ids.slice(n * o.size, (n + 1) * o.size), tracking: [], status: 'PLANNED', asked: 0, missing: 0, submitted: null, finished: null,
      })),
    };
  }

  private now = () => (this.o.now ?? Date.now)();

  private address(task = '') {
    return `${this.o.host}/api/app/${this.o.route}/v3.0/${task ? `${encodeURIComponent(task)}/` : ''}?token=${encodeURIComponent(this.o.projectToken)}`;
  }

  private asked(batch: Batch) {
    const { kind, compliance, disclosure } = this.o;
    return { distinct_ids: batch.ids, compliance_type: compliance, ...(kind === 'retrieval' && disclosure ? { disclosure_type: disclosure } : {}) };
  }

  /** What comes from outside may repeat what was sent. */
  private clean(text: unknown): string {
    const secrets = [this.o.oauthToken, this.o.projectToken].filter((secret): secret is string => !!secret).flatMap((secret) => [secret, encodeURIComponent(secret)]);
    return secrets.reduce((shown, secret) => shown.split(secret).join('[hidden]'), String(text)).slice(0, 300);
  }

  receipt(): EraseJob {
    const { batches, lease: _, ...rest } = this.job;
    const project = `…${this.o.projectToken.slice(-4)}`;
    const made = {
      ...rest, project, ids: batches.flatMap((batch) => batch.ids),
      batches: batches.map(({ ids, missing: _missing, ...batch }) => ({ ...batch, tracking: [...batch.tracking], count: ids.length })),
      plan: batches.map((batch) => ({ method: 'POST' as const, url: this.address().replace(/token=.*/, `token=${project}`), body: this.asked(batch) })),
    };
    Object.defineProperty(made, 'links', { value: batches.flatMap((batch) => this.links.get(batch) ?? []), enumerable: false });
    Object.defineProperty(made, 'toString', { value: print, enumerable: false });
    return made as unknown as EraseJob;
  }

  private async sleep(ms: number): Promise<void> {
    // A long wait is written into the lease, so that no other program takes the job over meanwhile.
    if (ms > LEASE / 4) await this.save(ms);
    await (this.o.sleep ?? pause)(ms, this.o.signal);
  }

  private async save(silent = 0): Promise<void> {
    const { jobs } = this.o;
    if (!jobs) return;
    if (jobs.swap) this.job.lease = { by: this.me, until: this.now() + silent + LEASE };
    const text = JSON.stringify(this.job);
    const kept = jobs.swap ? await jobs.swap(this.key, this.text, text) : await jobs.set(this.key, text);
    if (kept === false) fail('job-unkept', `The store did not keep the job \`${this.job.id}\`, or another program has gone on with it; run it again when the store can be reached.`);
    this.text = text;
  }

  private async progress(): Promise<void> {
    await this.save();
    this.o.onProgress?.(this.receipt());
  }

  /** Takes the job over, where it is that of nobody else; answers whether it is ours. */
  private async claim(): Promise<boolean> {
    const { jobs, kind, host, id } = this.o;
    if (!jobs) return true;
    this.me = await self();
    for (let followed = false; ; followed = true) {
      const text = await jobs.get(this.key);
      let kept: Job | undefined;
      try {
        const made: unknown = typeof text == 'string' ? JSON.parse(text) : undefined;
        if (isObject(made) && made['kind'] === kind && made['host'] === host) kept = made as unknown as Job;
      } catch {
        fail('job-unreadable', `What the store has of the job \`${id}\` cannot be read: remove the key \`${this.key}\`, and start again; asking twice deletes nothing more.`);
      }
      this.text = typeof text == 'string' ? text : null;
      if (kept && followed && kept.state !== 'waiting') {
        this.job = kept;
        return false;
      }
      const { lease } = kept ?? {};
      if (kept?.state === 'waiting' && jobs.swap && lease && lease.by !== this.me && lease.until > this.now() && !ended(lease.by, this.me)) {
        this.job = kept;
        // Another program works on this job: this call waits for it and returns its result.
        if (this.o.wait === false) return false;
        await (this.o.sleep ?? pause)(Math.min(this.o.pollEvery ?? POLL, LEASE), this.o.signal);
        continue;
      }
      if (kept?.state === 'waiting') this.job = kept;
      if (!jobs.swap) return true;
      this.job.lease = { by: this.me, until: this.now() + LEASE };
      const mine = JSON.stringify(this.job);
      if (await jobs.swap(this.key, this.text, mine)) {
        this.text = mine;
        return true;
      }
    }
  }

  /** One request, at its pace, tried again for as long as it may be the moment that is wrong. */
  private async request(method: string, task?: string, body?: unknown): Promise<string> {
    const { o } = this;
    const since = this.now();
    for (let wait = FIRST_WAIT, url = this.address(task), redirected = 0; ; ) {
      o.signal?.throwIfAborted();
      const early = this.last + PACE - this.now();
      if (early > 0) await this.sleep(early);
      this.last = this.now();
      this.job.requests++;
      let status = 0;
      let text = '';
      let after: string | null = null;
      let to: string | null = null;
      try {
        const limit = AbortSignal.timeout(REQUEST);
        const response = await (o.fetch ?? globalThis.fetch)(url, {
          method, redirect: 'manual', signal: o.signal ? AbortSignal.any([o.signal, limit]) : limit,
          headers: { authorization: `Bearer ${o.oauthToken}`, accept: 'application/json', ...(body ? { 'content-type': 'application/json' } : {}) },
          ...(body ? { body: JSON.stringify(body) } : {}),
        });
        ({ status } = response);
        after = response.headers.get('retry-after');
        to = response.headers.get('location');
        text = await response.text();
      } catch (error) {
        o.signal?.throwIfAborted();
        status = 0;
        text = told((error as { cause?: unknown } | null)?.cause ?? error);
      }
      if (status >= 300 && status < 400 && to && redirected++ < 3 && URL.canParse(to, url)) {
        const next = new URL(to, url);
        // The token goes to no other host, and never from https to http.
        if (next.origin === new URL(o.host).origin) {
          url = next.href;
          continue;
        }
      }
      if (status >= 200 && status < 300) return text;
      if (status === 404 && task) return '{"results":{"status":"NOT_FOUND"}}';
      const what = `Mixpanel ${status ? `answered ${status}` : 'could not be reached'} (${this.clean(text)})`;
      if (status === 401 || status === 403) fail('erase-unauthorized', `${what}: the OAuth token is wrong or older than a year, or its owner is no owner or admin of this project, or the project is in another region.`);
      if (status && status !== 429 && status < 500) fail('erase-refused', `${what}: look at the ids and at the project token; a project with Group Analytics takes fewer ids at once, see the option \`batch\`.`);
      const later = after === null ? NaN : /^\d+$/.test(after.trim()) ? Number(after) * 1000 : Date.parse(after) - this.now();
      // As long as was asked for; else longer each time, and not in step with others.
      const pausing = later > 0 ? later : wait * (0.5 + Math.random() / 2);
      if (this.now() - since + pausing > (o.giveUpAfter ?? GIVE_UP)) fail(status === 429 ? 'erase-limited' : 'erase-unreachable', `${what}, for ${Math.round((this.now() - since) / 1000)} s now. Run it again with the same \`store\` to go on from here.`);
      await this.sleep(pausing);
      wait = Math.min(wait * 2, LONGEST_WAIT);
    }
  }

  private parsed(text: string): unknown {
    try {
      return JSON.parse(text);
    } catch {
      return fail('erase-unreadable', `Mixpanel's answer is no JSON (${this.clean(text)}). Run it again with the same \`store\` to go on from here.`);
    }
  }

  async run(): Promise<EraseJob> {
    const { o } = this;
    if (!(await this.claim())) return this.receipt();
    if (o.ledger && (o.withdraw ?? true) && o.kind === 'deletion') {
      const none = Object.fromEntries(FEATURE_NAMES.map((feature) => [feature, 'denied' as const])) as Record<(typeof FEATURE_NAMES)[number], 'denied'>;
      await o.ledger.record(o.person!, { event: 'withdrawn', at: this.now(), cmp: 'erasure', consent: none });
    }
    // All batches are submitted before any is waited for: each waits its turn in Mixpanel's queue.
    for (const batch of this.job.batches) if (!batch.tracking.length && batch.status === 'PLANNED') await this.submit(batch);
    while (this.open().length) {
      for (const batch of this.open()) await this.look(batch);
      if (o.wait === false || !this.open().length) break;
      await this.save();
      await this.sleep(o.pollEvery ?? POLL);
    }
    if (!this.open().length) {
      this.job.state = this.job.batches.every((batch) => batch.status === 'SUCCESS') ? 'done' : 'failed';
      this.job.finished = this.now();
    }
    await this.progress();
    if (o.jobs?.swap && this.job.state === 'waiting') {
      // The lease is given back, so that the next program need not wait until it ends.
      delete this.job.lease;
      const text = JSON.stringify(this.job);
      await o.jobs.swap(this.key, this.text, text);
    }
    return this.receipt();
  }

  private open() {
    return this.job.batches.filter((batch) => !OVER.includes(batch.status));
  }

  private async submit(batch: Batch): Promise<void> {
    // The attempt is kept before the request is made, so that a crash in between can be seen afterwards.
    batch.asked++;
    await this.save();
    const text = await this.request('POST', undefined, this.asked(batch));
    const answer = this.parsed(text);
    batch.tracking = [...new Set(Array.from(text.matchAll(/"(?:tracking_id|task_id)"\s*:\s*"?([\w.-]+)"?/g), (match) => match[1]!))];
    if ((isObject(answer) && answer['status'] === 'error') || !batch.tracking.length) fail('erase-refused', `Mixpanel's answer names no task (${this.clean(text)}).`);
    batch.status = 'PENDING';
    batch.submitted = this.now();
    await this.progress();
  }

  private async look(batch: Batch): Promise<void> {
    const states: string[] = [];
    for (const task of batch.tracking) {
      const answer = this.parsed(await this.request('GET', task));
      const results: unknown = isObject(answer) ? answer['results'] : undefined;
      const one: unknown = Array.isArray(results) ? (results.find((some: unknown) => isObject(some) && String(some['tracking_id'] ?? some['task_id']) === task) ?? results[0]) : results;
      const found = isObject(one) ? one : {};
      states.push(String(found['status'] ?? 'UNKNOWN').toUpperCase());
      const link = [found['result'], found['results'], found['destination_url']].find((some) => typeof some == 'string' && some);
      if (this.o.kind === 'retrieval' && typeof link == 'string') this.links.set(batch, link);
    }
    const nowhere = states.some((state) => state === 'NOT_FOUND' || state === 'UNKNOWN');
    batch.missing = nowhere ? batch.missing + 1 : 0;
    const before = batch.status;
    batch.status = states.find((state) => state === 'FAILURE' || state === 'REVOKED') ?? (batch.missing >= MISSING ? 'LOST' : (states.find((state) => state !== 'SUCCESS') ?? 'SUCCESS'));
    if (OVER.includes(batch.status)) batch.finished = this.now();
    if (batch.status !== before) await this.progress();
  }
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
