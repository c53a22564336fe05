// The bridge's state in a React component. Nothing else: connect() is called once, outside.
// https://react.dev/reference/react/useSyncExternalStore

import { useSyncExternalStore } from 'react';
import { BEFORE } from '../page/gate/before.js';

const before = () => BEFORE;

/** The state, and a new rendering whenever it changes. */
export const useMixpanelConsent = (bridge: any) => useSyncExternalStore(bridge.subscribe, () => bridge.state, before);
