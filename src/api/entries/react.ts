// The bridge's state in a React component. Nothing else: connect() is called once, outside.
// https://react.dev/reference/react/useSyncExternalStore

import { useSyncExternalStore } from 'react';
import { BEFORE } from '../../page/gate/before.js';
import type * as Public from '../react.d.ts';

const before = () => BEFORE;

/** The state, and a new rendering whenever it changes. */
export const useMixpanelConsent: typeof Public.useMixpanelConsent = (bridge) => useSyncExternalStore(bridge.subscribe, () => bridge.state, before);
