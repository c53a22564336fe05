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
function located(locator: string, from: Window): Window | undefined {
  if (from == from.parent) return;
  const at = from.parent;
  try {
    if ((at.frames as unknown as Record<string, unknown>)[locator]) return at;
  } catch {
    // It has none.
  }
  return located(locator, at);
}

/** What a page above answered with, or a callback's payload. */
type Answer = { callId?: string; returnValue?: { listenerId?: unknown }; success?: unknown };
type Callback = (value: unknown, success: boolean) => void;
type Api = ((...args: unknown[]) => unknown) & { above?: string };
/** What is asked: as it came, as the page above takes it, and what was answered last. */
interface Asked {
  args: unknown[];
  words: unknown[];
  callback: Callback;
  last?: Answer['returnValue'];
}

/**
 * What asks one API.
 * @param name `__tcfapi`, `__gpp`, `__uspapi`
 * @returns the object to find it on; what looks for a page above that has it; and how to put all
 *   that is asked to a function of the page's own
 */
function ask(name: string) {
  const calls = new Map<string, Asked>();
  let at: Window | undefined;
  let alive = name == '__uspapi';
  let own: Api | undefined;
  let count = 0;

  // Others on this page may ask too, and all hear each answer.
  const mark = name + Math.random();
  const post = (id: string, [command, version, parameter]: unknown[]) =>
    at!.postMessage({ [name + 'Call']: { command, version, parameter, callId: id } }, '*');

  // The frame may be there before what answers, and a call that nobody heard would be lost; one
  // that is heard late would count twice. So it is asked first whether anybody is there.
  const knock = (wait: number) => {
    if (alive) return;
    post(mark, ['ping', name == '__tcfapi' ? 2 : VERSION]);
    setTimeout(knock, wait, Math.min(wait * 2, SELDOM));
  };
  // USP has no `ping` and tells no changes, and its cookie is the other page's.
  const poll = (id: string) => {
    if (at) post(id, calls.get(id)!.words);
    setTimeout(poll, POLL, id);
  };

  const hear = ({ source, origin, data }: MessageEvent<unknown>) => {
    if (source != at) return;
    let answer: Answer | undefined;
    try {
      answer = ((typeof data == 'string' ? JSON.parse(data) : data) as Record<string, Answer | undefined>)[name + 'Return'];
    } catch {
      // Another's message.
    }
    if (!answer) return;
    if (answer.callId === mark && !alive) {
      alive = true;
      for (const [id, { words }] of calls) post(id, words);
    }
    const call = calls.get(answer.callId!);
    if (!call) return;
    call.last = answer.returnValue;
    if (own) {
      askOwn(call);
      return;
    }
    api.above = origin;
    call.callback(answer.success ? call.last : null, !!answer.success);
  };
  const askOwn = ({ args }: Asked) => {
    try {
      own!.apply(window, args);
    } catch {
      // Then nothing is answered, which opens nothing.
    }
  };
  /** The three differ in the order of the arguments, and not in what they are. */
  const api: Api = (...args) => {
    const callback = args.find((arg) => typeof arg == 'function') as Callback;
    const words = [args[0], args.find((arg) => typeof arg == 'number') ?? VERSION, args[args.indexOf(callback) + 1]];
    const id = mark + ++count;
    const call: Asked = { args, words, callback };
    // What it throws is for who asks; they try again.
    if (own) own.apply(window, args);
    if (words[0] == 'removeEventListener') {
      for (const [other, { callback: given, last }] of calls)
        if (given == callback && calls.delete(other) && last) post(id, [words[0], words[1], last.listenerId]);
      return;
    }
    calls.set(id, call);
    if (name == '__uspapi') poll(id);
    else if (alive) post(id, words);
  };

  return {
    [name]: api as unknown,
    seek() {
      if (at) return at;
      at = located(name + 'Locator', window);
      if (at) {
        addEventListener('message', hear, true);
        knock(AGAIN);
      }
      return at;
    },
    // What is said above is then a reason to ask again, and no more: what the page has may be a
    // proxy like this one, and the specification's sample of one hands on a single answer.
    prefer(given: Api) {
      const first = !own;
      own = given;
      api.above = '';
      // One that takes another's place has its queue.
      if (first) for (const call of calls.values()) {
        // What was answered above counts no more.
        call.callback(null, false);
        askOwn(call);
      }
    },
  };
}

/**
 * Offers what pages above this frame have. Where this page has its own, that alone answers.
 * @param above is given what to find it on, by name
 */
export function offer(above: Map<string, () => object | undefined>) {
  // Each bridge of a page offers, and they share what is asked.
  if (above.size) return;
  for (const name of ['__tcfapi', '__gpp', '__uspapi']) {
    const api = ask(name);
    above.set(name, () => {
      const own = (window as unknown as Record<string, unknown>)[name];
      const there = api.seek();
      if (typeof own == 'function') api.prefer(own as Api);
      else if (!there) return;
      return api;
    });
  }
}
