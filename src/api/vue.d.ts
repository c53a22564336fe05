import type { ShallowRef } from 'vue';
import type { Bridge, State } from './index.js';

/**
 * The bridge's state as a ref, read-only, which changes whenever the state does. It listens from
 * when the component is mounted until it is unmounted; called outside of a component, from now
 * until its effect scope is stopped. `held` is as of the last change.
 *
 * On a server, and in the first rendering of a page that a server rendered, it is `unset` and
 * `off` with the code `starting`, so that both are alike.
 *
 * @example
 * ```vue
 * <script setup>
 * import { useMixpanelConsent } from 'mixpanel-consent-bridge/vue';
 * import { bridge } from './bridge';
 *
 * const state = useMixpanelConsent(bridge);
 * </script>
 * <template><p v-if="state.mode === 'on'">This visit is measured.</p></template>
 * ```
 */
export function useMixpanelConsent(bridge: Bridge): Readonly<ShallowRef<State>>;
