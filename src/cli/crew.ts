// The visits run in a process of their own, with a bound on its memory and a clock outside of it: a
// page that floods or hangs may end that process, and the command goes on and says so.

import { fork, type ChildProcess } from 'node:child_process';
import type { Summary } from './detect.ts';
import { isCheck } from './checks.ts';
import { NotShown, Unable, type Result, type Settings, type VisitId } from './types.ts';

export const MARK = 'MIXPANEL_CONSENT_VISITOR';
/** Memory of the process that visits, in megabytes, and how long after a visit's own limit it is ended. */
const MEMORY = 1536;
const GRACE = 20_000;

export type Job = { do: 'visit'; page: string; id: VisitId } | { do: 'detect'; page: string } | { do: 'discover'; page: string; most: number };
export type ToVisitor = { op: 'start'; settings: Settings } | { op: 'job'; n: number; job: Job };
export type FromVisitor =
  | { op: 'started'; version: string; sandbox: boolean }
  | { op: 'line'; text: string }
  | { op: 'done'; n: number; value: unknown }
  | { op: 'failed'; n: number | null; kind: 'unable' | 'not shown' | 'other'; code: string; message: string };

interface Answer {
  visit: Result;
  detect: Summary;
  discover: string[];
}

interface Pending {
  job: Job;
  alone: boolean;
  timer?: NodeJS.Timeout;
  late: boolean;
  resolve(value: unknown): void;
  reject(error: Error): void;
}

const known = (kind: string, code: string, message: string): Error =>
  kind == 'not shown' && isCheck(code) ? new NotShown(code, message) : kind == 'unable' ? new Unable(code, message) : new Error(message);

export class Crew {
  private child: ChildProcess | undefined;
  private starting: Promise<{ version: string; sandbox: boolean }> | undefined;
  private readonly pending = new Map<number, Pending>();
  private count = 0;
  private told = '';

  constructor(
    private readonly settings: Settings,
    private readonly tell: (line: string) => void,
  ) {
    process.on('exit', () => this.child?.kill('SIGKILL'));
  }

  /** Starts the browser, if it is not there. */
  start(): Promise<{ version: string; sandbox: boolean }> {
    this.starting ??= new Promise((resolve, reject) => {
      const child = fork(process.argv[1] ?? '', [], {
        env: { ...process.env, [MARK]: '1' }, execArgv: [`--max-old-space-size=${MEMORY}`], stdio: ['ignore', 'ignore', 'pipe', 'ipc'], serialization: 'advanced',
      });
      this.child = child;
      this.told = '';
      child.stderr?.on('data', (chunk: Buffer) => (this.told = (this.told + chunk.toString('utf8')).slice(-4_000)));
      child.on('message', (given) => {
        const message = given as FromVisitor;
        if (message.op == 'started') resolve({ version: message.version, sandbox: message.sandbox });
        else if (message.op == 'line') this.tell(message.text);
        else if (message.op == 'done') this.take(message.n)?.resolve(message.value);
        else if (message.n === null) reject(known(message.kind, message.code, message.message));
        else this.take(message.n)?.reject(known(message.kind, message.code, message.message));
      });
      child.on('error', reject);
      child.on('exit', (code, signal) => {
        reject(new Unable('browser-failed', `The process that visits ended before it began (${signal ?? code}). ${this.told.split('\n')[0] ?? ''}`));
        this.lost(child);
      });
      this.send(child, { op: 'start', settings: this.settings });
    });
    return this.starting;
  }

  private send(child: ChildProcess, message: ToVisitor): void {
    // A process that has just gone is noticed by its end.
    if (child.connected) child.send(message, () => {});
  }

  private take(n: number): Pending | undefined {
    const one = this.pending.get(n);
    clearTimeout(one?.timer);
    this.pending.delete(n);
    return one;
  }

  /** What was under way is done once more, one by one, so that only what ends the process again is given up. */
  private lost(child: ChildProcess): void {
    if (this.child !== child) return;
    this.child = this.starting = undefined;
    const all = [...this.pending.keys()].flatMap((n) => this.take(n) ?? []);
    const again = all.filter((one) => {
      if (one.late) one.reject(new NotShown('page-hangs', `The visit of \`${one.job.page}\` did not end, and was ended after ${Math.round((this.settings.limit + GRACE) / 1000)} s.`));
      else if (one.alone) one.reject(new NotShown('page-crashes', `\`${one.job.page}\` ended the process that visited it${/heap out of memory/i.test(this.told) ? ': it told more than fits into its memory' : ''}.`));
      return !one.late && !one.alone;
    });
    void (async () => {
      for (const one of again) await this.dispatch(one.job, true).then(one.resolve, one.reject);
    })();
  }

  private async dispatch(job: Job, alone: boolean): Promise<unknown> {
    await this.start();
    const { child } = this;
    return new Promise((resolve, reject) => {
      if (!child) return reject(new NotShown('page-crashes', 'The process that visits has gone.'));
      const n = (this.count += 1);
      const one: Pending = { job, alone, late: false, resolve, reject };
      one.timer = setTimeout(() => {
        one.late = true;
        child.kill('SIGKILL');
      }, this.settings.limit + GRACE);
      this.pending.set(n, one);
      this.send(child, { op: 'job', n, job });
    });
  }

  run<K extends Job['do']>(job: Job & { do: K }): Promise<Answer[K]> {
    return this.dispatch(job, false) as Promise<Answer[K]>;
  }

  end(): void {
    const { child } = this;
    this.child = undefined;
    child?.disconnect();
    // It closes its browser and goes; one that cannot is ended.
    const timer = setTimeout(() => child?.kill('SIGKILL'), 5_000);
    timer.unref();
    child?.unref();
    child?.once('exit', () => clearTimeout(timer));
  }
}
