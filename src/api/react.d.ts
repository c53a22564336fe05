import type { Bridge, State } from './index.js';

/**
 * The bridge's state, and a new rendering whenever it changes. `held` is as of the last change.
 *
 * On a server, and in the first rendering of a page that a server rendered, it is `unset` and
 * `off` with the code `starting`, so that both are alike.
 *
 * @example
 * ```tsx
 * import { useMixpanelConsent } from 'mixpanel-consent-bridge/react';
 * import { bridge } from './bridge';
 *
 * export function Replay() {
 *   const { mode } = useMixpanelConsent(bridge);
 *   return mode === 'on' ? <p>This visit is measured.</p> : null;
 * }
 * ```
 */
export function useMixpanelConsent(bridge: Bridge): State;
