// The process that visits: a browser, and one job after another as they come in (crew.ts).

import { launch, type Started } from './browser.ts';
import type { FromVisitor, Job, ToVisitor } from './crew.ts';
import { detect } from './detect.ts';
import { judge, type Judge } from './judge.ts';
import { discover } from './pages.ts';
import { NotShown, Unable, type Settings } from './types.ts';
import { visitOnce } from './verify.ts';
import { Visit } from './visit.ts';

export function visitor(): void {
  const say = (message: FromVisitor): void => {
    if (process.connected) process.send?.(message);
  };
  const failed = (n: number | null, error: unknown): void => {
    const kind = error instanceof Unable ? 'unable' : error instanceof NotShown ? 'not shown' : 'other';
    const code = error instanceof Unable || error instanceof NotShown ? error.code : '';
    say({ op: 'failed', n, kind, code, message: String(error instanceof Error ? (kind == 'other' ? error.stack : error.message) : error) });
  };
  // The driver answers for pages that go away at any moment; a rejection nobody waits for is no reason to end.
  process.on('unhandledRejection', () => {});
  let ready: { started: Started; settings: Settings; core: Judge } | undefined;

  async function work(job: Job): Promise<unknown> {
    if (!ready) throw new Error('A job came before the browser.');
    const { started, settings, core } = ready;
    const tell = (text: string): void => say({ op: 'line', text });
    if (job.do == 'visit') return visitOnce(started, settings, core, job.page, job.id, tell);
    if (job.do == 'detect') return detect(started, settings, core, job.page, tell);
    const v = await Visit.begin(started, settings, core, { url: job.page });
    return discover(v, job.most).finally(() => v.close());
  }

  process.on('message', (given) => {
    const message = given as ToVisitor;
    if (message.op == 'job') {
      const { n, job } = message;
      work(job).then((value) => say({ op: 'done', n, value }), (error: unknown) => failed(n, error));
      return;
    }
    const { settings } = message;
    launch(settings).then(
      (started) => {
        ready = { started, settings, core: judge(settings.policy) };
        say({ op: 'started', version: started.version, sandbox: started.sandbox });
      },
      (error: unknown) => failed(null, error),
    );
  });
  process.on('disconnect', () => {
    const end = (): never => process.exit(0);
    setTimeout(end, 3_000).unref();
    if (ready) ready.started.browser.close().then(end, end);
    else end();
  });
}
