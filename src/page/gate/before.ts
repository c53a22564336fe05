// What a component shows before anything is known: on a server, and in the browser while it
// takes over what the server rendered. The two must be alike, or the framework throws the markup
// away; so it is neither the server's own state nor the page's, which may have moved on.

import type { State } from '../rooms.js';

export const BEFORE: State = Object.freeze({
  consent: 'unset',
  mode: 'off',
  cmp: null,
  code: 'starting',
  reason: 'The core is loading; calls are held.',
  held: 0,
  at: 0,
});
