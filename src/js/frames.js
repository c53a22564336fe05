// Asks the APIs of the IAB's that a page above this frame has, as the vendors of such frames do:
// the page above shows itself by a frame named `__tcfapiLocator` (or the like), takes
// `{__tcfapiCall: …}` by postMessage and answers with `{__tcfapiReturn: …}`. What is made here is
// called as the API itself is, so the adapters and the core know nothing of it. Loaded only in
// frames; it judges nothing.
//
// Facts: "CMP API v2" of the TCF, "How can vendors that use iframes call the CMP API from an
// iframe?"; "CMP API Specification" of GPP; "USP API".
//
// Only the window that was asked can answer: who posts is what the browser says, and not what the
// message says. That window cannot become another's meanwhile: where a page is left, the frames in
// it end.

/** Milliseconds after which it is asked again whether anybody answers: the first, doubled up to the last. */
const AGAIN = 500;
const SELDOM = 16000;
/** And after which is asked again what tells no changes. */
const POLL = 2000;

/** What stands for the version where the API wants a text. */
const VERSION = '1.1';

/**
 * The nearest page above that has the frame. Of another origin only what is there can be seen; the
 * rest throws.
 */
function located(locator, at) {
  if (at == at.parent) return;
  at = at.parent;
  try {
    if (at.frames[locator]) return at;
  } catch {
    // It has none.
  }
  return located(locator, at);
}

/**
 * What asks one API.
 * @param {string} name `__tcfapi`, `__gpp`, `__uspapi`
 * @param {Window} at who has it
 * @returns {{[name: string]: any, end(f: Function): void}} the object to find it on; and how to
 *   stop, and put all that was asked to a function of the page's own
 */
function ask(name, at) {
  const calls = new Map();
  let alive = name == '__uspapi';
  let ended = false;
  let count = 0;

  // Others on this page may ask too, and all hear each answer.
  const mark = name + Math.random();
  const post = (id, [command, version, parameter]) =>
    at.postMessage({ [name + 'Call']: { command, version, parameter, callId: id } }, '*');

  // The frame may be there before what answers, and a call that nobody heard would be lost; one
  // that is heard late would count twice. So it is asked first whether anybody is there.
  const knock = (wait) => {
    if (alive || ended) return;
    post(mark, ['ping', name == '__tcfapi' ? 2 : VERSION]);
    setTimeout(knock, wait, Math.min(wait * 2, SELDOM));
  };
  // USP has no `ping` and tells no changes, and its cookie is the other page's.
  const poll = (id) => {
    if (ended) return;
    post(id, calls.get(id).words);
    setTimeout(poll, POLL, id);
  };

  const hear = ({ source, origin, data }) => {
    if (source != at) return;
    let answer;
    try {
      answer = (typeof data == 'string' ? JSON.parse(data) : data)[name + 'Return'];
    } catch {
      // Another's message.
    }
    if (!answer) return;
    if (answer.callId === mark && !alive) {
      alive = true;
      for (const [id, { words }] of calls) post(id, words);
    }
    const call = calls.get(answer.callId);
    if (!call) return;
    api.above = origin;
    call.last = answer.returnValue;
    call.callback(answer.success ? call.last : null, !!answer.success);
  };
  addEventListener('message', hear, true);
  knock(AGAIN);

  /** The three differ in the order of the arguments, and not in what they are. */
  const api = (...args) => {
    const callback = args.find((arg) => typeof arg == 'function');
    const words = [args[0], args.find((arg) => typeof arg == 'number') ?? VERSION, args[args.indexOf(callback) + 1]];
    const id = mark + ++count;
    if (words[0] == 'removeEventListener') {
      for (const [id, { last }] of calls) if (last?.listenerId === words[2]) calls.delete(id);
      post(id, words);
      return;
    }
    calls.set(id, { args, words, callback });
    if (name == '__uspapi') poll(id);
    else if (alive) post(id, words);
  };

  return {
    [name]: api,
    end(own) {
      ended = true;
      api.above = '';
      removeEventListener('message', hear, true);
      for (const { args, callback } of calls.values()) {
        // What was answered above counts no more.
        callback(null, false);
        try {
          own.apply(window, args);
        } catch {
          // Then nothing is answered, which opens nothing.
        }
      }
    },
  };
}

/**
 * Offers what pages above this frame have, for as long as this page has none of its own.
 * @param {Map<string, () => object | undefined>} above is given what to find it on, by name
 */
export function offer(above) {
  // Each bridge of a page offers, and they share what is asked.
  if (above.size) return;
  for (const name of ['__tcfapi', '__gpp', '__uspapi']) {
    let found;
    above.set(name, () => {
      const own = window[name];
      if (typeof own == 'function') {
        // It has come after all: who embeds a page has no say where it asks by itself.
        above.set(name, () => {});
        found?.end(own);
        return;
      }
      if (!found) {
        const at = located(name + 'Locator', window);
        if (at) found = ask(name, at);
      }
      return found;
    });
  }
}
