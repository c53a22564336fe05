// The inspector in every engine, by what its own tree says: it opens and takes the focus, says why, follows an answer
// and closes by Escape; axe looks at it. How a person uses it, at two widths and two colours, is inspector.test.mjs.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { noPageError, open } from './harness/index.mjs';

const axe = readFileSync(new URL('../../node_modules/axe-core/axe.min.js', import.meta.url), 'utf8');
let harness;
before(async () => {
  harness = await open();
});
after(() => harness.close());

test('the inspector: opened, it says why; it follows a yes, a no, and Escape', () =>
  harness.during({ cmp: 'klaro', connect: { cmp: 'klaro', debug: true }, calls: [['track', 'Cart opened']] }, async (v) => {
    const within = (expression) => `(() => { const root = document.querySelector('mixpanel-consent-inspector')?.shadowRoot; return root && (${expression}); })()`;
    const panel = "root.querySelector('[role=dialog]')";
    const says = (text) => v.page.waitForFunction(within(`${panel}.checkVisibility() && ${panel}.textContent.includes(${JSON.stringify(text)})`), undefined, { timeout: 10_000 });

    await v.until({ code: 'cmp-asking' });
    await v.page.waitForFunction(within("root.querySelector('.toggle')"));
    const toggle = () => v.page.evaluate(within("root.querySelector('.toggle').click()"));
    await toggle();
    await says('Nothing has ever been granted here');
    await says("track('Cart opened')");
    assert.equal(await v.page.evaluate(within('root.activeElement.textContent')), 'Mixpanel and consent');
    const read = await v.page.evaluate(within(`${panel}.textContent`));
    assert.match(read, /klaro\.getManager\(function\)/);
    assert.doesNotMatch(read, /undefined/);

    // Trusted Types and the like aside, axe is a text that is run.
    await v.page.evaluate(`(() => { ${axe} ; return 0; })()`);
    const found = await v.page.evaluate(`window.axe.run(document.querySelector('mixpanel-consent-inspector'), { resultTypes: ['violations'] }).then(({ violations }) => violations.map(({ id }) => id))`);
    assert.deepEqual(found, []);

    // It stands above the page, a dialog of the consent manager too: who answers closes it first.
    const escape = async () => {
      await v.page.evaluate(within("root.activeElement.dispatchEvent(new KeyboardEvent('keydown', { key: 'Escape', bubbles: true, composed: true }))"));
      await v.page.waitForFunction(within(`!${panel}.checkVisibility()`));
    };
    await escape();
    await v.answer('yes');
    await v.until({ consent: 'granted', mode: 'on' });
    await toggle();
    await says('Mixpanel runs');
    await says('The answer was kept: given, told by klaro');
    await escape();
    await v.answer('no');
    await toggle();
    await says('The visitor said no.');
    noPageError(v);
  }));
