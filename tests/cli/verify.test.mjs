// `verify` and `detect` as a user runs them: real sites (site.mjs), a real browser, the built command.
// What a page with the bridge does is promised elsewhere (tests/browser); here it is whether the
// command sees what there is to see, and says no more than it saw.

import assert from 'node:assert/strict';
import { copyFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { execFile } from 'node:child_process';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { promisify } from 'node:util';
import { files } from '../../tools/lib.mjs';
import { CLI, TOKEN, cli, cliWith, startSite } from './site.mjs';
import { source } from './source.mjs';

const { BUTTONS } = await source('buttons.ts');

let site;
before(async () => { site = await startSite(); });
after(() => site.close());

const verdicts = ({ results }) => Object.fromEntries(results.map(({ id, verdict }) => [id, verdict]));
const result = (report, id) => report.results.find((one) => one.id === id);
const stored = (report, id) => result(report, id).stored.map(({ area, name }) => `${area} ${name}`).sort();
const SHORT = '0123…cdef';

describe('sites', { concurrency: 3 }, () => {
  test('with the bridge and Klaro every promise is kept', async () => {
    const { code, json } = await cli('verify', site.bridged('klaro'), '--wait', '1', '--json');
    assert.deepEqual(verdicts(json), { before: 'kept', yes: 'kept', reload: 'kept', no: 'kept', withdraw: 'kept', tabs: 'kept', cut: 'kept', again: 'kept', gpc: 'kept' }, JSON.stringify(json.results.map(({ id, why }) => [id, why])));
    assert.equal(code, 0);
    assert.equal(json.exitCode, 0);
    const events = (id) => result(json, id).requests.flatMap((one) => one.events);
    assert.ok(events('yes').includes('Page Loaded'), 'the held event is seen, though its host is the site’s own');
    assert.ok(events('reload').includes('Page Loaded'));
    assert.match(result(json, 'yes').requests[0].distinctId, /^\$device:.{4}….{4}$/);
    assert.ok(stored(json, 'yes').includes(`cookie mp_${SHORT}_mixpanel`));
    for (const id of ['before', 'no', 'withdraw', 'tabs', 'cut', 'gpc']) {
      assert.deepEqual(result(json, id).requests, [], id);
      assert.deepEqual([...stored(json, id), ...result(json, id).passing], [], id);
    }
    assert.ok(result(json, 'withdraw').refusal.some(({ name }) => name === `__mp_opt_in_out_${SHORT}`));
    assert.ok(result(json, 'withdraw').refusal.every(({ refusal, records }) => refusal || records === 0), 'a database may stay, empty');
    const [{ how, readBack, says }] = result(json, 'no').answers;
    assert.deepEqual([how, readBack, says.cmp, says.consent], ['known', 'consent manager', 'klaro', 'denied']);
    // The page's bridge was made by connect(), and no global has it.
    const own = ({ form, consent, mode, code }) => ({ form, consent, mode, code });
    assert.deepEqual(own(result(json, 'yes').bridge), { form: 'connect()', consent: 'granted', mode: 'on', code: 'granted' });
    assert.deepEqual(own(result(json, 'no').bridge), { form: 'connect()', consent: 'denied', mode: 'off', code: 'denied' });
    assert.match(result(json, 'no').bridge.reason, /The visitor said no/);
    assert.match(result(json, 'tabs').notes.join(' '), /In the second tab the visit called track/);
    assert.ok(result(json, 'yes').requests.every(({ answered }) => answered));
    assert.deepEqual(site.received.filter(({ page }) => page === '/klaro'), [], 'and reached nobody');
  });

  test('the snippet at once, opted out by default: broken, and what broke it is named', async () => {
    const { code, out, json } = await cli('verify', await site.naive('naive', { config: { flags: true } }), '--wait', '1', '--json', '--let-through', '--only', 'before,yes,reload,no,withdraw,again,gpc');
    assert.deepEqual(verdicts(json), { before: 'broken', yes: 'kept', reload: 'broken', no: 'broken', withdraw: 'broken', again: 'broken', gpc: 'broken' });
    assert.ok(result(json, 'again').findings.some(({ id }) => id === 'same-id-again'));
    assert.equal(code, 1);
    assert.ok(!out.includes(TOKEN), 'the token is shortened everywhere');
    const first = result(json, 'before');
    assert.deepEqual(first.requests.map(({ kind }) => kind).sort(), ['flags', 'library'], 'flags are fetched while opted out');
    for (const name of [`cookie mp_${SHORT}_mixpanel`, `local __mp_opt_in_out_${SHORT}`, `session mp_tab_id_mixpanel_${SHORT}`, 'database mixpanelFlagsDb']) {
      assert.ok(stored(json, 'before').includes(name), `${name} in ${stored(json, 'before')}`);
    }
    assert.ok(first.passing.some(({ name }) => name.startsWith('__mplss_')), 'what was written and removed again is seen');
    // What somebody refused may be remembered; what a page wrote before nobody may.
    assert.ok(!stored(json, 'no').some((name) => name.includes('__mp_opt_in_out_')));
    assert.ok(result(json, 'no').requests.some(({ nextPage }) => nextPage), 'the page after the no is visited, and asks for the library again');
    assert.ok(result(json, 'no').requests.every(({ nextPage, after: since }) => since >= 0 && typeof nextPage === 'boolean'));
    assert.ok(result(json, 'reload').findings.some(({ id, by }) => id === 'opt-in-each-page' && by.inline && by.file === `${site.origin}/naive`));
    assert.ok(site.received.some(({ route, gpc }) => route === 'flags' && gpc === '1'), 'Sec-GPC was sent');
    assert.ok(site.received.some(({ route, gpc }) => route === 'flags' && gpc === undefined), 'and not by the other visits');
  });

  test('docs/verify.md shows what the command prints, and that fits 80 columns', async () => {
    const { code, out } = await cli('verify', await site.naive('readme'), '--wait', '1', '--only', 'before,no');
    assert.equal(code, 1);
    for (const line of out.split('\n')) assert.ok(line.length <= 80, `longer than 80 columns: ${line}`);
    // What differs from one run to the next, in the same number of columns.
    const same = (text) => text
      .replaceAll(site.origin.slice(7), '127.0.0.1:8080').replaceAll('127.0.0.1:8080/readme', '127.0.0.1:8080/')
      .replace(/^\d{4}-\d\d-\d\d \d\d:\d\d UTC, Chromium[^]*?(?=\nWhat was)/m, '2026-11-24 02:30 UTC, Chromium 156, a fresh profile for each visit, watched for\n1 s after each act. Version 0.1.0 of mixpanel-consent-bridge.')
      .replaceAll(/^( +)\+\d+\.\d\d s/gm, '$1+0.30 s').replaceAll(/__mplss_\w+/g, '__mplss_k3x9').trimEnd();
    const known = Object.keys(BUTTONS).map((id) => `\`${id}\``).join(', ');
    const file = new URL('../../docs/verify.md', import.meta.url);
    const text = await readFile(file, 'utf8');
    const wanted = text
      .replace(/(<!-- verify -->\n```text\n)[^]*?(```\n<!-- \/verify -->)/, (_, head, foot) => `${head}${same(out)}\n${foot}`)
      .replace(/(<!-- buttons -->).*?(<!-- \/buttons -->)/, (_, head, foot) => head + known + foot);
    if (process.env.README_WRITE) await writeFile(file, wanted);
    else assert.ok(text === wanted, 'run README_WRITE=1 node --test tests/cli/verify.test.mjs');
  });

  test('a site that asks nobody’s leave: what it sends after a no is seen; what it calls its things is shown and not obeyed', async () => {
    const page = await site.naive('open', { config: { opt_out_tracking_by_default: false, track_pageview: false }, lines: 'none', event: 'Bought\u001b[31m\u001b[2J<b>\u202e\n  kept' });
    const [{ code, out }, coloured] = await Promise.all([cli('verify', page, '--wait', '1', '--only', 'no'), cliWith({ FORCE_COLOR: '1' }, 'verify', page, '--wait', '1', '--only', 'no')]);
    assert.equal(code, 1);
    assert.match(out, /POST {2}127\.0\.0\.1:\d+\/mp\/track\/ {2}\(Bought\?\[31m\?\[2J<b>\? +k…?/, out);
    assert.ok(!/[\u001b\u202e]/.test(out));
    // Colours where they are wanted, and those of the command alone.
    assert.match(coloured.out, /\u001b\[31mBROKEN\u001b\[0m/);
    assert.match(coloured.out, /Bought\?\[31m\?\[2J/);
    assert.match(out, /stored {2}cookie mp_0123…cdef_mixpanel \(kept 365 days\)/);
    assert.match(out, /Promised: After a no nothing is sent/);
    assert.match(out, /Pressed for no: vanilla-cookieconsent\./);
  });

  test('where nobody is asked, a default is no promise kept; judged by answers alone it is one broken', async () => {
    const page = site.bridged('vanilla-cookieconsent', { path: 'open-by-default', options: { mode: 'implied-open' } });
    const [lenient, strict] = await Promise.all([
      cli('verify', page, '--wait', '8', '--only', 'before,gpc', '--json'),
      cli('verify', page, '--wait', '8', '--only', 'before', '--implied', 'ask', '--json'),
    ]);
    assert.deepEqual([lenient.code, verdicts(lenient.json)], [2, { before: 'default', gpc: 'kept' }]);
    assert.deepEqual([strict.code, verdicts(strict.json)], [1, { before: 'broken' }]);
  });

  test('a dialog of the site’s own is answered by the buttons that are given', async () => {
    const page = site.bridged('manual');
    const { code, json } = await cli('verify', page, '--wait', '1', '--only', 'yes,no,withdraw', '--json',
      '--yes', '#manual-accept', '--no', '#manual-reject', '--withdraw-script', 'window.__manager.open()', '--withdraw', '#manual-reject');
    assert.deepEqual(verdicts(json), { yes: 'kept', no: 'kept', withdraw: 'kept' }, JSON.stringify(json.results.map(({ why }) => why)));
    assert.equal(code, 0);
    assert.deepEqual(result(json, 'no').answers.map(({ how, readBack }) => [how, readBack]), [['given', 'bridge']], 'the page’s own bridge says what it heard');
  });

  test('no button, the wrong button, nobody to ask: not shown, and which option to give', async () => {
    const plain = site.page('plain', '<!doctype html><title>plain</title><h1>Plain</h1>');
    const folder = await mkdtemp(join(tmpdir(), 'report-'));
    const file = join(folder, 'report.html');
    const [nobody, wrong] = await Promise.all([
      cli('verify', `${plain}?Plain?a=1&b="2"`, '--wait', '0.5', '--only', 'before,yes,no', '--no', '#nowhere', '--html', file),
      cli('verify', site.bridged('klaro', { path: 'wrong' }), '--wait', '0.5', '--only', 'yes', '--yes', '#buy', '--json'),
    ]);
    assert.equal(nobody.code, 2);
    assert.match(nobody.out, /^ {2}yes +- +- +NOT SHOWN$/m);
    assert.match(nobody.out, /^ {2}before an answer +- +- +NOT SHOWN$/m, 'Mixpanel was never seen');
    assert.match(nobody.out.replace(/\s+/g, ' '), /yes: not shown\. No consent manager was recognised\. Give `--yes 'css selector'`/);
    assert.match(nobody.out.replace(/\s+/g, ' '), /no, then the next page: not shown\. Nothing that can be seen matches `#nowhere`/);
    const html = await readFile(file, 'utf8');
    await rm(folder, { recursive: true });
    assert.ok(html.includes('Plain?a=1&amp;b=%222%22') && !/<script|<link|src="(?!data:)|url\(/.test(html), 'one file, with nothing to fetch or run');
    assert.deepEqual([wrong.code, verdicts(wrong.json)], [2, { yes: 'not shown' }]);
    assert.deepEqual(result(wrong.json, 'yes').says.sources.map(({ cmp }) => cmp), ['klaro'], 'whom it met is said all the same');
    assert.match(result(wrong.json, 'yes').why, /pressed #buy for yes, and `klaro` then says `unset` \(cmp-asking\)/);
  });

  test('a yes after which nothing is sent is not seen, and nor is what it should have stopped', async () => {
    const page = site.bridged('klaro', { path: 'without', form: 'bare-module', bridge: false, noInit: true, early: undefined });
    const { code, json } = await cli('verify', page, '--wait', '0.5', '--only', 'yes,withdraw', '--json');
    assert.deepEqual([code, verdicts(json)], [2, { yes: 'not shown', withdraw: 'not shown' }], JSON.stringify(json.results.map(({ why }) => why)));
    assert.deepEqual(json.results.map(({ code: why }) => why), ['nothing-sent', 'nothing-sent']);
  });

  // Klaro's are pressed above. Buttons may be drawn before they do anything: on the first of these pages one press is lost.
  const deaf = "<script>window.addEventListener('click', (event) => event.stopImmediatePropagation(), { capture: true, once: true });</script>";
  for (const [id, head] of [['vanilla-cookieconsent', deaf], ['tarteaucitron'], ['orejime'], ['cookieconsent']]) {
    test(`the buttons of ${id} are where the command looks for them`, async () => {
      assert.ok(BUTTONS[id].tried);
      const { json } = await cli('verify', site.bridged(id, { path: `buttons-${id}`, head }), '--wait', '0.5', '--only', 'no,withdraw,again', '--json');
      assert.deepEqual(json.results.map(({ id: visit, verdict, answers }) => [visit, verdict, ...answers.map(({ by, readBack }) => `${by}, ${readBack}`)]), [['no', 'kept', `${id}, consent manager`], ['withdraw', 'kept', ...Array(2).fill(`${id}, consent manager`)], ['again', 'kept', ...Array(3).fill(`${id}, consent manager`)]], JSON.stringify(json.results.map(({ why }) => why)));
    });
  }

  test('detect says who is there, under a policy that forbids eval and inline scripts', async () => {
    const policy = { 'content-security-policy': "script-src 'self'; object-src 'none'; require-trusted-types-for 'script'" };
    const page = site.page('strict', '<!doctype html><title>strict</title><script src="/strict-config.js"></script><script src="/node_modules/klaro/dist/klaro.js"></script>', policy);
    site.page('strict-config.js', "window.klaroConfig = { version: 1, lang: 'en', storageMethod: 'cookie', services: [{ name: 'mixpanel', purposes: ['analytics'] }], translations: { en: { privacyPolicyUrl: '#' } } };", { 'content-type': 'text/javascript' });
    const { code, json: { found } } = await cli('detect', page, '--wait', '1', '--json');
    assert.equal(code, 0);
    assert.deepEqual(found.consentManagers.map(({ cmp, running, consent }) => [cmp, running, consent.tracking]), [['klaro', true, 'unset']]);
    assert.deepEqual([found.code, found.mode, found.mixpanel.here, found.bridge], ['cmp-asking', 'off', false, null]);
    assert.equal(found.use.tag, '<script src="/bridge.js" data-cmp="klaro"></script>');
  });

  test('the category that is asked about is the one that is read', async () => {
    const page = site.page('cookiebot', "<!doctype html><title>c</title><script>Cookiebot = { hasResponse: true, consent: { method: 'explicit', necessary: true, statistics: true, marketing: false } }</script>");
    const says = async (...more) => {
      const { json: { found } } = await cli('detect', page, '--cmp', 'cookiebot', '--wait', '0.5', '--json', ...more);
      return [found.consent, found.mode, found.code];
    };
    assert.deepEqual(await Promise.all([says(), says('--category', 'marketing'), says('--category', 'no-such-category')]), [
      ['granted', 'on', 'granted'], ['denied', 'off', 'denied'], ['unset', 'off', 'category-unknown'],
    ]);
    const { json } = await cli('verify', page, '--cmp', 'cookiebot', '--category', 'marketing', '--wait', '0.5', '--only', 'before', '--json');
    assert.equal(result(json, 'before').says.consent, 'denied', 'verify asks for the same');
  });

  test('a page that comes out of prerendering is looked at, and none of the command\'s errors is left in it', async () => {
    const page = site.page('prerendered', `<!doctype html><title>p</title><script>
      addEventListener('error', (event) => { localStorage.thrown = event.message; });
      addEventListener('load', () => setTimeout(() => {
        Cookiebot = { hasResponse: true, consent: { method: 'explicit', necessary: true, statistics: true } };
        document.dispatchEvent(new Event('prerenderingchange'));
        if (localStorage.thrown) document.cookie = '__mplss_thrown=1';
      }, 1000));
    </script>`);
    const { json: { found } } = await cli('detect', page, '--wait', '2', '--json');
    assert.deepEqual([found.consent, found.mixpanel.stored], ['granted', []]);
  });

  test('detect tells Mixpanel by the snippet from the bridge’s tag, with its state', async () => {
    const [naive, tag] = await Promise.all([
      cli('detect', await site.naive('seen'), '--wait', '3', '--json'),
      cli('detect', site.bridged('klaro', { path: 'tag', form: 'tag', lib: `${site.origin}/library.js` }), '--wait', '3', '--json'),
    ]);
    const { mixpanel, bridge } = naive.json.found;
    assert.deepEqual([mixpanel.here, mixpanel.form, mixpanel.versions, bridge], [true, 'snippet', ['2.83.0'], null]);
    assert.deepEqual(mixpanel.instances.map(({ name, token }) => [name, token]), [['mixpanel', SHORT]]);
    assert.ok(!naive.out.includes(TOKEN));
    const found = tag.json.found;
    assert.deepEqual([found.bridge.form, found.bridge.state.code, found.mixpanel.stored], ['tag', 'cmp-asking', []]);
    assert.deepEqual(found.mixpanel.requests, []);
  });
});

describe('what cannot be run ends with 2, in plain words', { concurrency: 2 }, () => {
  const cases = [
    ['an unknown option', ['verify', 'https://shop.example', '--yse', 'x'], /--yse.*--help/],
    ['an unknown command', ['look', 'https://shop.example'], /`look` is no command: use verify or detect/],
    ['no address', ['verify'], /takes one address/],
    ['an address of no page', ['verify', 'ftp://shop.example'], /`ftp:\/\/shop.example` is no address of a page/],
    ['a password in an address of no page', ['verify', 'https://ann:sesame@shop.example:99999/'], /^(?!.*sesame)`https:\/\/…@shop.example:99999\/` is no address of a page/],
    ['an unknown visit', ['verify', 'shop.example', '--only', 'maybe'], /`maybe`; the visits are before, yes/],
    ['a wait that is no number', ['verify', 'shop.example', '--wait', 'long'], /--wait is `long`/],
    ['half a page', ['verify', 'shop.example', '--pages', '2.5'], /--pages is `2.5`; it is a whole number/],
    ['no visit at all', ['verify', 'shop.example', '--only', ','], /--only names no visit; the visits are before, yes/],
    ['a day that there is not', ['verify', 'shop.example', '--write-baseline', 'x.json', '--until', '2027-02-30'], /--until is `2027-02-30`; it is a day/],
    ['a day that is over', ['verify', 'shop.example', '--write-baseline', 'x.json', '--until', '2020-01-01'], /a baseline holds from today on/],
    ['a day that is too far away', ['verify', 'shop.example', '--write-baseline', 'x.json', '--until', '2099-01-01'], /for 400 days at most/],
    ['a day of no baseline', ['verify', 'shop.example', '--until', '2027-01-31'], /--until is the day until which --write-baseline FILE holds/],
    ['an option that detect has no use for', ['detect', 'shop.example', '--html', 'x.html'], /--html is an option of verify/],
    ['a list for detect', ['detect', '--list', 'x.txt'], /--list is an option of verify/],
    ['a report in no folder', ['verify', 'shop.example', '--html', '/nowhere/x.html'], /`\/nowhere\/x.html` cannot be written/],
    ['a report that is a folder', ['verify', 'shop.example', '--junit', tmpdir()], /cannot be written/],
    ['evidence in a file', ['verify', 'shop.example', '--evidence', CLI], /it is a file, and no folder/],
    ['two reports in one place', ['verify', 'shop.example', '--html', 'report', '--sarif', './report'], /--html and --sarif name the same place/],
    ['an unknown consent manager', ['verify', 'shop.example', '--cmp', 'onetrsut'], /no adapter `onetrsut`.*cmp-unknown/],
    ['a browser that is not there', ['verify', 'shop.example', '--browser', '/nowhere/chrome'], /no browser at `\/nowhere\/chrome`/],
    ['a page that cannot be reached', ['verify', 'http://127.0.0.1:9/', '--only', 'before'], /could not be opened: a browser opens no such address\. \(net::ERR_UNSAFE_PORT\)/],
  ];
  for (const [title, args, expected] of cases) {
    test(title, async () => {
      const { code, out, err } = await cli(...args);
      assert.equal(code, 2);
      // A report is printed where there was a page to visit.
      if (!/shown/.test(out)) assert.equal(out, '');
      assert.match(err, expected);
      assert.ok(!/\n {4}at /.test(err), 'no stack');
    });
  }

  test('a page that answers 404', async () => {
    const { code, err } = await cli('detect', `${site.origin.slice('http://'.length)}/nothing-here`);
    assert.equal(code, 2);
    assert.match(err, /answered 404/);
  });

  test('without Playwright, how to install it', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'alone-'));
    try {
      await copyFile(CLI, join(folder, 'cli.mjs'));
      const failed = await promisify(execFile)(process.execPath, ['cli.mjs', 'verify', 'shop.example'], { cwd: folder }).catch((error) => error);
      assert.equal(failed.code, 2);
      assert.match(failed.stderr, /npm install --save-dev playwright-core/);
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  test('help and version are not failures', async () => {
    const { version } = JSON.parse(await readFile(new URL('../../package.json', import.meta.url), 'utf8'));
    const [help, told] = await Promise.all([cli('--help'), cli('--version')]);
    assert.deepEqual([help.code, told.code, told.out.trim()], [0, 0, version]);
    for (const line of help.out.split('\n')) assert.ok(line.length <= 80, line);
  });
});

test('each button belongs to a consent manager that is known', () => {
  const ids = files('src/cmp/adapters').map((path) => basename(path, '.toml'));
  for (const [id, { yes, no }] of Object.entries(BUTTONS)) {
    assert.ok(ids.includes(id), id);
    assert.ok(yes.length && no.length, id);
  }
});
