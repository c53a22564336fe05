// How the core opens and shuts the gate. It is the gate's own, and travels with the core, because
// nothing is released before that is there.

import { FLOW_HOLD, FLOW_PASS } from '../contract.ts';
import type { Calls, Gate } from '../rooms.js';

/**
 * @param flow a letter for each feature: drop, hold or pass
 */
export function release({ calls, sdk, note, report }: Omit<Gate, 'calls'> & { calls: Calls }, flow: string) {
  const { held } = calls;
  calls.flow = flow;
  note('gate', flow);
  if (calls.releasing) return;
  // What the site does with an SDK that is there comes before what it did while there was none.
  if (flow[0] == FLOW_PASS) sdk.driver!.siteLoaded();
  calls.releasing = true;
  for (let i = 0; i < held.length; ) {
    // Read again for each: a released call may run code of the page's that ends in a no.
    const letter = calls.flow[held[i]!.featureNumber!];
    if (letter == FLOW_HOLD) i++;
    else {
      const made = held.splice(i, 1)[0]!;
      note(letter == FLOW_PASS ? 'released' : 'dropped', made.path);
      if (letter == FLOW_PASS)
        try {
          sdk.driver!.invoke(made, true);
        } catch (error) {
          report('sdk-threw', made.path, error);
        }
    }
  }
  calls.releasing = false;
}
