// Waiting. The platform's timers take 2^31 - 1 milliseconds at most and fire at once beyond it.

const LONGEST = 2 ** 31 - 1;

/** Resolves after so many milliseconds, however many. */
export function pause(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((done, stop) => {
    let timer: ReturnType<typeof setTimeout>;
    const over = () => {
      clearTimeout(timer);
      stop(signal?.reason);
    };
    const step = (left: number) => {
      timer = setTimeout(() => {
        if (left > LONGEST) return step(left - LONGEST);
        signal?.removeEventListener('abort', over);
        done();
      }, Math.min(left, LONGEST));
    };
    if (signal?.aborted) return over();
    signal?.addEventListener('abort', over, { once: true });
    step(ms);
  });
}

/** The same as `work`, or rejects when it has not settled within so many milliseconds. */
export function within<T>(ms: number, work: () => Promise<T>, late: () => Error): Promise<T> {
  // A timer cannot be set for longer than 24 days, and no caller waits so long: there is no limit then.
  if (ms > LONGEST) return work();
  return new Promise((done, fail) => {
    const timer = setTimeout(() => fail(late()), ms);
    const end = <V>(settle: (value: V) => void) => (value: V) => {
      clearTimeout(timer);
      settle(value);
    };
    try {
      work().then(end(done), end(fail));
    } catch (error) {
      end(fail)(error);
    }
  });
}
