// A worker on a queue: there is no request, so the ledger alone says what its person allows. A job
// that may not be sent is done; one of which nobody knows, because the store was down, is put back.

/** Codes that another try may change. */
const AGAIN = new Set(['ledger-unreachable', 'ledger-stale', 'guard-full']);

/** Takes one job, and answers whether it is done. */
export const work = ({ mixpanel }, { id, invoice, paidAt }) => new Promise((done, fail) => {
  mixpanel.track('Invoice paid', { distinct_id: id, invoice, time: paidAt }, (error) => {
    if (!error) return done('sent');
    if (!error.blocked) return fail(error);
    done(AGAIN.has(error.code) ? 'again' : 'not sent');
  });
});

/** Works until there is nothing left, then lets the last events leave. `queue` has `take()` and `putBack(job)`. */
export async function run(parts, queue) {
  for (let job = await queue.take(); job; job = await queue.take()) if ((await work(parts, job)) === 'again') await queue.putBack(job);
  await parts.mixpanel.flush(10_000);
}
