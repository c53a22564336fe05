// The TCF API as a hosted product installs it: a stub that queues, then the API, which drains the queue. Part of fakes;
// the IAB's own library runs in www/managers/iab-tcf.js.
// Facts: IAB TCF "CMP API v2", "Consent string and vendor list formats v2" (GitHub, InteractiveAdvertisingBureau).

const PURPOSES = { analytics: [1, 7, 8, 9, 10], marketing: [1, 2, 3, 4], functional: [1, 5, 6] };

const purposes = (state) => Object.keys(PURPOSES).filter(state.on).flatMap((category) => PURPOSES[category]);

/** The beginning of a TC string, to its purposes; the rest zero, which is no vendor and no restriction. */
export function tcString(cmpId, state) {
  const allowed = purposes(state);
  const fields = [[2, 6], [15_000_000_000, 36], [15_000_000_000, 36], [cmpId, 12], [1, 12], [1, 6], [4 * 64 + 13, 12], [48, 12], [4, 6], [1, 1], [0, 1], [0, 12]];
  const bits = fields.map(([value, width]) => value.toString(2).padStart(width, '0')).join('')
    + Array.from({ length: 24 }, (_, index) => (allowed.includes(index + 1) ? '1' : '0')).join('')
    + '0'.repeat(88);
  const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
  return bits.match(/.{6}/g).map((six) => letters[parseInt(six, 2)]).join('');
}

export function tcf(cmpId, more = {}) {
  const listeners = new Map();
  let next = 0;
  let current;
  const payload = (listenerId) => ({ ...current, listenerId });
  return {
    stub() {
      const queue = [];
      window.__tcfapi = (...args) => {
        if (!args.length) return queue;
        if (args[0] === 'ping') args[2]({ gdprApplies: undefined, cmpLoaded: false, cmpStatus: 'stub' }, true);
        else queue.push(args);
        return undefined;
      };
    },
    script() {
      const queue = window.__tcfapi?.() ?? [];
      window.__tcfapi = (command, version, callback, parameter) => {
        if (command === 'ping') callback({ gdprApplies: current?.gdprApplies, cmpLoaded: true, cmpStatus: 'loaded', cmpId }, true);
        else if (command === 'addEventListener') {
          const id = next++;
          listeners.set(id, callback);
          if (current) callback(payload(id), true);
        } else if (command === 'removeEventListener') callback(listeners.delete(parameter), true);
        else if (more[command]) callback(more[command](), true);
        else callback(null, false);
      };
      queue.forEach((args) => window.__tcfapi(...args));
    },
    /** `why` as in a fake's `tell`. */
    tell(why, state) {
      const applies = state.mode !== 'implied-open';
      const consents = Object.fromEntries(purposes(state).map((purpose) => [purpose, true]));
      current = {
        cmpId, cmpVersion: 1, tcfPolicyVersion: 4, gdprApplies: applies, cmpStatus: 'loaded',
        eventStatus: why === 'change' ? 'useractioncomplete' : state.answered || !applies ? 'tcloaded' : 'cmpuishown',
        ...(applies ? { tcString: tcString(cmpId, state), purpose: { consents, legitimateInterests: {} }, vendor: { consents: {} } } : {}),
      };
      for (const [id, callback] of listeners) callback(payload(id), true);
    },
  };
}
