'use client';

import { useMixpanelConsent } from 'mixpanel-consent-bridge/react';
import { bridge } from './bridge.js';

// A site with a consent manager needs none of this: name the manager in `cmp`.
export function Consent() {
  const { consent, mode } = useMixpanelConsent(bridge);
  return (
    <section>
      <p>
        Analytics: <output id="answer">{consent} {mode}</output>
      </p>
      <button id="yes" type="button" onClick={() => bridge.grant()}>Allow</button>
      <button id="no" type="button" onClick={() => bridge.deny()}>Refuse</button>
      <button id="buy" type="button" onClick={() => bridge.mixpanel.track('Bought', { n: 1 })}>Buy</button>
    </section>
  );
}
