// A page with nothing attached to it but the browser's own counters. Playwright observes the network of
// its pages, and then the engine looks up the place in the source of whatever makes a request: some
// milliseconds for each import(), which no visitor pays.

const pause = (ms) => new Promise((done) => { setTimeout(done, ms); });

/**
 * Visitors by name, each with storage and a cache of its own.
 * @param browser of Playwright's, which takes no notice of contexts that it has not made
 */
export async function visitors(browser) {
  const root = await browser.newBrowserCDPSession();
  const contexts = new Map();
  const contextOf = async (name) => {
    if (!contexts.has(name)) contexts.set(name, (await root.send('Target.createBrowserContext')).browserContextId);
    return contexts.get(name);
  };

  /** Opens a page of this visitor's and waits until it says that it is ready. */
  return async function visit(name, url, { slower = 1 } = {}) {
    const { targetId } = await root.send('Target.createTarget', { url: 'about:blank', browserContextId: await contextOf(name) });
    const { sessionId } = await root.send('Target.attachToTarget', { targetId, flatten: false });
    const waiting = new Map();
    let last = 0;
    const heard = ({ sessionId: of, message }) => {
      if (of !== sessionId) return;
      const { id, result, error } = JSON.parse(message);
      const { done, failed } = waiting.get(id) ?? {};
      waiting.delete(id);
      if (error) failed?.(new Error(error.message));
      else done?.(result);
    };
    root.on('Target.receivedMessageFromTarget', heard);
    const send = (method, params = {}) => new Promise((done, failed) => {
      waiting.set(last += 1, { done, failed });
      root.send('Target.sendMessageToTarget', { sessionId, message: JSON.stringify({ id: last, method, params }) }).catch(failed);
    });
    const evaluate = async (expression) => {
      const { result, exceptionDetails } = await send('Runtime.evaluate', { expression, returnByValue: true, awaitPromise: true });
      if (exceptionDetails) throw new Error(`${name}: ${exceptionDetails.exception?.description ?? exceptionDetails.text}`);
      return result.value;
    };
    const until = async (expression, most) => {
      for (const from = Date.now(); Date.now() - from < most; await pause(20)) if (await evaluate(expression)) return true;
      return false;
    };
    // Time of the page's own thread, so that what else the machine does counts less.
    await send('Performance.enable', { timeDomain: 'threadTicks' });
    if (slower > 1) await send('Emulation.setCPUThrottlingRate', { rate: slower });
    await send('Page.navigate', { url });
    // Looking at a page while it loads is not free either.
    await pause(250);
    if (!await until('window.ready', 30_000)) throw new Error(`${name}: its page was not ready after 30 s`);
    return {
      evaluate, until,
      /** Milliseconds of script, without what runs after an `await`, and of everything on the main thread. */
      async spent() {
        const { metrics } = await send('Performance.getMetrics');
        const of = (wanted) => 1000 * metrics.find(({ name: one }) => one === wanted).value;
        return { script: of('ScriptDuration'), thread: of('TaskDuration') };
      },
      /** The next visit is of somebody who has not answered. */
      async leave() {
        await evaluate("localStorage.clear(); for (const pair of document.cookie.split('; ')) document.cookie = `${pair.split('=')[0]}=; max-age=0; path=/`");
        root.off('Target.receivedMessageFromTarget', heard);
        await root.send('Target.closeTarget', { targetId });
      },
    };
  };
}
