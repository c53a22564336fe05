// Shares a machine among the programs that the tests start. Most of them wait for what must not
// happen in a page, so a processor carries more than one; what compiles takes all that there is.

import { availableParallelism, totalmem } from 'node:os';

/** A browser with its pages, and the server and test beside it, in bytes. */
const EACH = 1.2e9;

/** How many programs that mostly wait run at a time. */
export const PLACES = Math.max(2, Math.min(availableParallelism() * 2 + 1, Math.floor(totalmem() / EACH)));

/**
 * Who runs when: those that take longest begin first, so that none of them is alone at the end.
 * @param places how many there are
 */
export function pool(places = PLACES) {
  let free = places;
  const waiting = [];
  const next = () => {
    // In order: one that needs several is not passed over by those that need one.
    while (waiting.length && waiting[0].takes <= free) {
      const { takes, begin } = waiting.shift();
      free -= takes;
      begin(() => { free += takes; next(); });
    }
  };
  return {
    /** Runs `work` when there is a place, or several, for it. `first`: how early, the higher the earlier. */
    async run(work, { takes = 1, first = 0 } = {}) {
      const done = await new Promise((begin) => {
        const at = waiting.findIndex((other) => other.first < first);
        waiting.splice(at < 0 ? waiting.length : at, 0, { takes: Math.min(takes, places), first, begin });
        next();
      });
      try {
        return await work();
      } finally {
        done();
      }
    },
  };
}

/** One after the other, whoever asks: for what would wait for each other's lock, and keep a place meanwhile. */
export function turns() {
  let last = Promise.resolve();
  return (work) => {
    const mine = last.then(work);
    last = mine.catch(() => {});
    return mine;
  };
}
