// What `window.mixpanelConsent` is until there is a bridge, which needs a token: that of the attributes
// is taken when the document has been read, and the page's own init() may come later still. A dialog of the
// site's own is there before, and what a visitor answers to it must not throw, nor be lost.

import { BridgeError } from '../gate/error.js';
import type { PublicBridge, State } from '../rooms.js';

/** What is said to the stand-in, by the names of the bridge. */
type Act = 'grant' | 'deny' | 'reset';

/**
 * @param mixpanel what stands in Mixpanel's place
 * @param manual whether the site's own dialog answers
 * @returns the stand-in, and how it hands over to the bridge
 */
export function standIn(mixpanel: unknown, manual: boolean) {
  const state: State = Object.freeze({
    consent: 'unset', mode: 'off', cmp: null, code: 'starting', reason: 'The tag waits for mixpanel.init(), or for the document to be read; calls are held.', held: 0, at: Date.now(),
  });
  /** The bridge; one that an empty token has made is shown, until the page's own init() makes another. */
  let real: PublicBridge | undefined;
  const serves = () => real && !real.error;
  /** The last answer. */
  let said: Act | undefined;
  /** How each listener stops, where it is one of the bridge's by now. */
  const listeners = new Map<(state: State) => void, (() => void) | undefined>();
  let settle: (state: State | PromiseLike<State>) => void;
  const act = (name: Act) => () => {
    if (serves()) return real![name]();
    if (!manual) throw new BridgeError('cmp-decides', 'The consent manager decides; this is for `cmp: "manual"`.');
    said = name;
  };
  const bridge: PublicBridge = {
    get mixpanel() {
      return (real ? real.mixpanel : mixpanel) as PublicBridge['mixpanel'];
    },
    get state() {
      return real ? real.state : state;
    },
    get error() {
      return real ? real.error : null;
    },
    ready: new Promise((resolve) => (settle = resolve)),
    subscribe(listener) {
      if (serves()) return real!.subscribe(listener);
      listeners.set(listener, real?.subscribe(listener));
      if (!real)
        try {
          listener(state);
        } catch (error) {
          console.warn('mixpanel-consent-bridge: subscriber-threw', listener, error);
        }
      return () => {
        listeners.get(listener)?.();
        listeners.delete(listener);
      };
    },
    grant: act('grant'),
    deny: act('deny'),
    reset: act('reset'),
    explain: () => (real ? real.explain() : { ...state, toString: () => state.reason }) as ReturnType<PublicBridge['explain']>,
    receipts: () => (real ? real.receipts() : []),
    disconnect: () => real?.disconnect(),
  };
  return {
    bridge,
    /** Whether somebody has answered who has not been heard yet. */
    isWaiting: () => !serves() && !!said,
    /** From here on it is this one. */
    handOver(to: PublicBridge) {
      if (serves()) return;
      real = to;
      for (const [listener, stop] of listeners) {
        stop?.();
        listeners.set(listener, to.subscribe(listener));
      }
      if (to.error) return;
      settle(to.ready);
      if (said) to[said]();
    },
  };
}
