// What real consent managers stored (tests/seen, ids made up), read by the published server part:
// each reads as one of the answers that would be right. tests/cmp/seen.rs asks the same natively,
// and of what only a page can see.

import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { describe, test } from 'node:test';
import { at } from '../../tools/lib.mjs';

const { readConsent } = await import(at('dist', 'server.js'));

describe('what real visitors had stored, on a server', () => {
  for (const file of readdirSync(at('tests', 'seen')).sort()) {
    const cmp = file.slice(0, -5);
    test(cmp, () => {
      for (const { what, cookie, category, gpc, reads } of JSON.parse(readFileSync(at('tests', 'seen', file), 'utf8'))) {
        const headers = { cookie: cookie ?? '', ...(gpc && { 'sec-gpc': '1' }) };
        const { consent, reason } = readConsent({ headers }, { cmp, ...(category && { category }) });
        // Local storage is not sent: a server may know less, and never something else.
        assert.ok(reads.includes(consent) || (!cookie && consent === 'unset'), `${what}: ${consent} (${reason}), not ${reads}`);
      }
    });
  }
});
