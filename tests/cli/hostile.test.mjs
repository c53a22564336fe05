// Pages that mean harm, or are broken as badly as if they did: the command ends within its time, with a
// sentence and the documented exit code, writes nothing of theirs to the terminal, keeps nothing.

import assert from 'node:assert/strict';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { cli, startSite } from './site.mjs';

let site;
let folder;
before(async () => {
  site = await startSite();
  folder = await mkdtemp(join(tmpdir(), 'hostile-'));
});
after(async () => {
  await site.close();
  await rm(folder, { recursive: true });
});

const page = (name, script, more = '') => site.page(name, `<!doctype html><title>${name}</title>${more}<script>${script}</script>`);
/** Nothing that a terminal would obey, on either stream. */
const quiet = ({ out, err }) => assert.ok(!/[\0-\x09\x0b-\x1f\x7f-\x9f\u202e]/.test(out + err), JSON.stringify(out + err));
const timed = async (...args) => {
  const began = Date.now();
  const run = await cli(...args);
  quiet(run);
  return Object.defineProperty(run, 'seconds', { value: (Date.now() - began) / 1000 });
};

describe('hostile pages', { concurrency: 3 }, () => {
  test('a page that loops is given up, in both commands, and the others of a list are visited', async () => {
    const loop = page('loop', 'setTimeout(() => { for (;;); }, 300)');
    const [detect, verify] = await Promise.all([
      timed('detect', loop, '--wait', '1'),
      timed('verify', loop, '--wait', '1', '--only', 'before,no', '--json', '--quiet'),
    ]);
    assert.equal(detect.code, 2);
    assert.match(detect.err, /keeps its thread busy/);
    assert.deepEqual(verify.json.results.map(({ verdict, code }) => [verdict, code]), [['not shown', 'page-busy'], ['not shown', 'page-busy']]);
    assert.equal(verify.code, 2);
    for (const { seconds } of [detect, verify]) assert.ok(seconds < 60, `${seconds} s`);
  });

  test('a page that never answers is over when the visit’s time is', async () => {
    const never = site.page('never', () => {});
    const { code, json, seconds } = await timed('verify', never, '--limit', '5', '--only', 'before', '--json', '--quiet');
    assert.deepEqual([code, json.results[0].verdict], [2, 'not shown']);
    assert.match(json.results[0].code, /^page-(hangs|unreachable)$/);
    assert.ok(seconds < 40, `${seconds} s`);
  });

  test('a page that never comes to rest is visited all the same', async () => {
    // Often enough that its network is never idle, and no more: on a busy machine a request every 20 ms keeps the page's thread busy, which is another verdict.
    const restless = site.page('restless', (_, response) => { response.writeHead(200, { 'content-type': 'text/html' }); response.write('<!doctype html><title>r</title><h1>r</h1><img src="/restless-picture"><script>setInterval(() => fetch("/nothing").catch(() => {}), 200)</script>'); response.end(); });
    site.page('restless-picture', () => {});
    // One that waits for the page's rest is ended by its limit (123 s), as `page-hangs`.
    const { code, json, seconds } = await timed('verify', restless, '--wait', '0.5', '--only', 'before', '--json', '--quiet');
    assert.deepEqual([code, json.results[0].code], [2, 'mixpanel-not-seen']);
    assert.ok(seconds < 110, `${seconds} s`);
  });

  test('a page that floods takes nothing down but itself', async () => {
    const flood = page('flood', `
      const long = 'x'.repeat(1e6);
      setInterval(() => { for (let i = 0; i < 300; i++) { console.trace(long); localStorage.setItem('__mpq_' + i % 9, i); } }, 0);
      for (let i = 0; i < 3000; i++) fetch('/nothing-' + i).catch(() => {});
      setInterval(() => open('/flood'), 10);`);
    const { code, seconds, out, err } = await timed('verify', flood, '--wait', '1', '--limit', '12', '--only', 'before', '--quiet');
    assert.ok([1, 2].includes(code), `${code} ${err}`);
    assert.ok(!/should not happen/.test(err), err);
    assert.match(out, /before an answer/);
    assert.ok(seconds < 100, `${seconds} s`);
  });

  test('what the command hears of a page cannot be called, forged or broken by it', async () => {
    const forge = page('forge', `
      for (const name of ['__consentVisit', '__playwright__binding__']) try { window[name]('{"kind":"bridge"}'); window[name]('nonsense'); } catch {}
      for (const text of ['{"kind":"bridge"}', 'nonsense', '{"kind":"write","area":"cookie","name":"mp_x_mixpanel"}']) console.trace(text, text);
      JSON.stringify = () => { throw new Error('\\x1b]0;PWN\\x07'); };
      Array.prototype.map = () => { throw new Error('\\x1b[2J'); };
      Object.defineProperty(window, 'mixpanel', { get() { throw new Error('\\x1b[31m'); } });
      Symbol.for = () => { throw new Error('\\x1b]0;PWN\\x07'); };
      Date.now = () => NaN;
      addEventListener('beforeunload', (event) => { event.preventDefault(); event.returnValue = 'stay'; });`);
    const [detect, verify] = await Promise.all([timed('detect', forge, '--wait', '1'), timed('verify', forge, '--wait', '1', '--only', 'before', '--json', '--quiet')]);
    assert.equal(verify.json.results[0].verdict, 'not shown');
    assert.deepEqual(verify.json.results[0].stored, []);
    for (const { code, err } of [detect, verify]) {
      assert.ok([0, 2].includes(code), err);
      assert.ok(!/should not happen/.test(err), err);
    }
  });

  test('titles, reasons and errors that a page makes up are shown and not obeyed', async () => {
    const escape = page('escape', `Object.keys = () => { throw new Error('\\x1b]0;PWN\\x07\\u202e'); }; document.title = '\\x1b[2J';`, '<meta name="robots" content="\u001b[2J">');
    const run = await timed('detect', escape, '--wait', '0.5');
    assert.ok(!/should not happen/.test(run.err), run.err);
  });

  test('nothing is kept, no file of the machine is opened, and a debugger statement stops nobody', async () => {
    const keep = page('keep', `
      debugger;
      const a = document.createElement('a'); a.href = URL.createObjectURL(new Blob(['x'])); a.download = 'kept.txt'; document.documentElement.append(a); a.click();
      location.href = 'file:///etc/passwd';
      setTimeout(() => { location.href = '/keep-file'; }, 200);
      setInterval(() => alert('x'), 50);`);
    site.page('keep-file', (_, response) => response.writeHead(200, { 'content-type': 'application/octet-stream', 'content-disposition': 'attachment; filename=kept.bin' }).end('x'));
    const { code, json } = await timed('verify', keep, '--wait', '1', '--only', 'before', '--json', '--quiet');
    assert.equal(code, 2);
    assert.equal(json.results[0].code, 'mixpanel-not-seen');
    assert.deepEqual(await readdir(folder), []);
    const { err } = await timed('verify', 'file:///etc/passwd');
    assert.match(err, /is no address of a page/);
  });

  // What is wrong with it, as whoever asked has to be told.
  for (const [name, what, code, says] of [
    ['a page that crashes its tab', () => page('deep', 'let one = document.body; for (let i = 0; i < 1e5; i++) { const next = document.createElement("div"); one.append(next); one = next; }', '<p>'), 'page-crashes', /crashed the tab/],
    ['a page that opens itself for ever', () => page('circles', 'location.href = "/circles?" + Math.random()'), 'page-restless', /again and again/],
    ['redirects without an end', () => site.page('onwards', (_, response) => response.writeHead(302, { location: '/onwards' }).end()), 'page-unreachable', /without an end\. \(net::ERR_TOO_MANY_REDIRECTS\)/],
    ['a dialog that comes back', () => page('dialogs', 'for (;;) alert(1)'), 'page-hangs', /not at its end after 10 s/],
    ['a page that asks for a password', () => site.page('door', (_, response) => response.writeHead(401, { 'www-authenticate': 'Basic realm="door"' }).end()), 'page-unreachable', /https:\/\/name:password@/],
    ['no host of that name', () => 'http://nobody.invalid/', 'page-unreachable', /no host of that name/],
    ['nobody at that port', () => 'http://127.0.0.1:1024/', 'page-unreachable', /nothing answers at that host and port/],
  ]) test(`${name}: ${code}`, async () => {
    const run = await timed('verify', what(), '--wait', '0.5', '--limit', '10', '--only', 'before', '--json', '--quiet');
    const [result] = run.json.results;
    assert.deepEqual([run.code, result.verdict, result.code], [2, 'not shown', code], result.why);
    assert.match(result.why, says);
    assert.ok(run.seconds < 60, `${run.seconds} s`);
  });

  test('a name and a password in the address open the page, go nowhere else, and stand in no report', async () => {
    const asked = [];
    const door = site.page('behind', (request, response) => {
      asked.push(request.headers.authorization);
      if (!request.headers.authorization) response.writeHead(401, { 'www-authenticate': 'Basic realm="behind"' }).end();
      else response.writeHead(200, { 'content-type': 'text/html' }).end('<!doctype html><title>behind</title><h1>behind</h1>');
    });
    const { code, json, out, err } = await timed('verify', door.replace('://', '://who%40shop:open%3Asesame@'), '--wait', '0.5', '--only', 'before', '--json');
    assert.deepEqual([code, json.results[0].code, json.url], [2, 'mixpanel-not-seen', door]);
    assert.ok(asked.includes(`Basic ${Buffer.from('who@shop:open:sesame').toString('base64')}`), String(asked));
    assert.doesNotMatch(out + err, /sesame/);
    assert.match(err, /before an answer: nothing of Mixpanel seen/);
  });

  test('the sandbox is never off without a word', async () => {
    const { err, json } = await timed('verify', page('sand', ''), '--no-sandbox', '--wait', '0.5', '--only', 'before', '--json', '--quiet');
    assert.match(err, /without its sandbox \(--no-sandbox\)/);
    assert.equal(json.sandbox, false);
    if (process.getuid?.() === 0) assert.match((await timed('detect', page('sand', ''), '--wait', '0.5')).err, /without its sandbox \(it cannot be had as root/);
  });
});
