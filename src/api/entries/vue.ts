// The bridge's state in a Vue component. Nothing else: connect() is called once, outside.
// https://vuejs.org/guide/scaling-up/ssr.html#hydration-mismatch

import { getCurrentInstance, onMounted, onScopeDispose, shallowReadonly, shallowRef } from 'vue';
import { BEFORE } from '../../page/gate/before.js';
import type { State } from '../index.d.ts';
import type * as Public from '../vue.d.ts';

/** The state as a ref, read-only, which changes whenever the state does. */
export const useMixpanelConsent: typeof Public.useMixpanelConsent = (bridge) => {
  const state = shallowRef<State>(BEFORE);
  let stop: (() => void) | undefined;
  const start = () => (stop = bridge.subscribe((next) => (state.value = next)));
  // After the hydration, so that the first rendering is the server's. Without a component (a
  // store, an effect scope) there is none.
  if (getCurrentInstance()) onMounted(start);
  else start();
  onScopeDispose(() => stop?.());
  return shallowReadonly(state);
};
