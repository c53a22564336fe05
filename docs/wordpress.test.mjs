// The plugin of examples/wordpress and the lines of docs/recipes/wordpress.md, by PHP itself with
// stand-ins for WordPress's functions, and what they print in a page. Where PHP is missing, what needs
// it is skipped and says so. Not run inside of WordPress: docs/recipes/wordpress.md says when it was.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, copyFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { at } from '../tools/lib.mjs';
import { builderOutput } from '../www/builder/code.js';
import { block } from './blocks.mjs';
import { openPages, snippet } from './page.mjs';

const there = spawnSync('php', ['--version']).status === 0;
const skip = there ? false : 'PHP is not installed';
const plugin = at('examples', 'wordpress', 'mixpanel-consent-bridge.php');

// What WordPress has, as far as the plugin asks. Escaping is WordPress's own: `htmlspecialchars` with both quotes.
const WORDPRESS = `<?php
define('ABSPATH', '/');
$GLOBALS['hooks'] = []; $GLOBALS['options'] = json_decode(getenv('OPTIONS') ?: '{}', true);
function add_filter($name, $f) { $GLOBALS['filters'][$name] = $f; }
function plugin_basename($file) { return 'mixpanel-consent-bridge/mixpanel-consent-bridge.php'; }
function admin_url($path) { return '/wp-admin/' . $path; }
function add_action($name, $f, $priority = 10) { $GLOBALS['hooks'][$name][$priority][] = $f; }
function do_action($name) { if (isset($GLOBALS['hooks'][$name])) { ksort($GLOBALS['hooks'][$name]); foreach ($GLOBALS['hooks'][$name] as $all) foreach ($all as $f) $f(); } }
function apply_filters($name, $value) { return $value; }
function get_option($name, $usual = false) { return $GLOBALS['options'][$name] ?? $usual; }
function esc_attr($text) { return htmlspecialchars((string) $text, ENT_QUOTES); }
function esc_html($text) { return htmlspecialchars((string) $text, ENT_QUOTES); }
function esc_url($text) { return htmlspecialchars($text, ENT_QUOTES); }
function sanitize_text_field($text) { return trim(preg_replace('/[\\r\\n\\t ]+/', ' ', strip_tags($text))); }
function plugins_url($path, $file) { return '/wp-content/plugins/mixpanel-consent-bridge/' . $path; }
function get_theme_file_uri($path) { return '/wp-content/themes/shop/' . $path; }
function register_setting($group, $name, $given) { $GLOBALS['setting'] = $given; }
function add_options_page($title, $menu, $may, $slug, $f) { $GLOBALS['page'] = $f; }
function current_user_can($what) { return getenv('MAY') !== 'no'; }
function settings_fields($group) { echo '<input type="hidden" name="_wpnonce" value="x">'; }
function submit_button() { echo '<button type="submit">Save Changes</button>'; }
`;

let folder;
let pages;
before(async () => {
  folder = mkdtempSync(join(tmpdir(), 'wordpress-'));
  writeFileSync(join(folder, 'wordpress.php'), WORDPRESS);
  copyFileSync(plugin, join(folder, 'plugin.php'));
  if (there) pages = await openPages();
});
after(async () => {
  await pages?.close();
  rmSync(folder, { recursive: true, force: true });
});

function php(code, env = {}) {
  writeFileSync(join(folder, 'run.php'), `<?php\nerror_reporting(E_ALL); ini_set('display_errors', 'stderr');\nrequire 'wordpress.php';\n${code}`);
  const { stdout, stderr, status } = spawnSync('php', ['run.php'], { cwd: folder, encoding: 'utf8', env: { ...process.env, ...env } });
  assert.equal(status, 0, stderr);
  assert.equal(stderr, '');
  return stdout;
}
const head = (settings) => php("require 'plugin.php';\ndo_action('wp_head');", { OPTIONS: JSON.stringify(settings === undefined ? {} : { mixpanel_consent_bridge: settings }) });

describe('the WordPress plugin', { skip }, () => {
  test('PHP finds no mistake in it', () => {
    const { status, stdout } = spawnSync('php', ['-l', plugin], { encoding: 'utf8' });
    assert.equal(status, 0, stdout);
  });

  test('without settings it prints the tag alone, first in the head', () => {
    assert.equal(head(), '<script src="/wp-content/plugins/mixpanel-consent-bridge/bridge.all.js"></script>\n');
    assert.match(php("require 'plugin.php';\nadd_action('wp_head', function () { echo 'SNIPPET'; }, 1);\ndo_action('wp_head');"), /<\/script>\nSNIPPET$/);
  });

  test('with the latch beside it, that stands first', () => {
    writeFileSync(join(folder, 'latch.js'), 'latch();\n');
    assert.equal(head(), '<script>latch();</script>\n<script src="/wp-content/plugins/mixpanel-consent-bridge/bridge.all.js"></script>\n');
    rmSync(join(folder, 'latch.js'));
  });

  test('its settings are attributes, and what is as usual is left out', () => {
    assert.equal(head({ cmp: 'complianz', category: 'statistics', token: 'abc', pending: 'hold', gpc: 'strict' }),
      '<script src="/wp-content/plugins/mixpanel-consent-bridge/bridge.all.js" data-cmp="complianz" data-category="statistics" data-token="abc" data-gpc="strict"></script>\n');
  });

  test('settings that are none, or hostile, are neither printed nor stored', () => {
    for (const odd of ['text', 7, null, [], { cmp: 'nothing', pending: ['hold'], gpc: '"><script>', implied: null }]) assert.doesNotMatch(head(odd), /data-/);
    assert.doesNotMatch(head({ token: '"><script>alert(1)</script>', category: "' onload='x" }), /<script>alert|onload='/);
    const stored = php("require 'plugin.php';\ndo_action('admin_init');\necho json_encode(($GLOBALS['setting']['sanitize_callback'])(['cmp' => 'x', 'token' => str_repeat('a', 999), 'more' => '1']));");
    assert.deepEqual({ ...JSON.parse(stored), token: JSON.parse(stored).token.length }, { cmp: '', category: '', token: 200, pending: 'hold', denied: 'off', implied: 'accept', gpc: 'respect' });
  });

  test('the settings page has a label for each field, shows what is stored, and nothing to who may not', () => {
    const page = (env = {}) => php("require 'plugin.php';\ndo_action('admin_menu');\n$GLOBALS['page']();", { OPTIONS: JSON.stringify({ mixpanel_consent_bridge: { cmp: 'complianz', category: 'a"b' } }), ...env });
    const html = page();
    for (const [, id] of html.matchAll(/ id="([\w-]+)"/g)) assert.ok(html.includes(`for="${id}"`), id);
    assert.match(html, /<option value="complianz" selected>/);
    assert.match(html, /value="a&quot;b"/);
    assert.match(html, /bridge\.all\.js is missing/);
    assert.equal(page({ MAY: 'no' }), '');
  });

  const walks = async (html) => {
    const v = await pages.open(`${html.replaceAll(/\/wp-content\/[\w/-]*bridge\.all\.js/g, '/bridge.all.js')}${snippet}<script>mixpanel.init('YOUR_PROJECT_TOKEN');</script>
      <script type="module">import manager from '/fakes/wp-consent-api.js'; await manager.load({ base: '' }); window.manager = manager;</script>`);
    await v.page.waitForFunction(() => window.manager);
    await v.code('cmp-asking');
    await v.page.evaluate(() => window.mixpanel.track('Held'));
    assert.deepEqual(v.asked, []);
    await v.page.evaluate(() => void window.manager.api.acceptAll());
    await v.until(() => v.sent.some(({ event }) => event === 'Held'));
    await v.close();
  };
  test('what it prints holds Mixpanel until the WP Consent API says yes', () => walks(head({ cmp: 'wp-consent-api' })));
  test('the recipe’s lines do, and the builder’s', async () => {
    await walks(php(`${block('docs/recipes/wordpress.md', 'add_action')}\ndo_action('wp_head');`));
    const [{ text }] = builderOutput({ framework: 'wordpress', cmp: 'wp-consent-api', category: "it's", token: '"x"' }).files;
    assert.equal(php(`${text}\ndo_action('wp_head');`), '<script src="/wp-content/themes/shop/bridge.all.js" data-token="&quot;x&quot;" data-cmp="wp-consent-api" data-category="it&#039;s" data-config="{&quot;track_pageview&quot;:true}"></script>\n');
    await walks(php(`${builderOutput({ framework: 'wordpress', cmp: 'wp-consent-api' }).files[0].text}\ndo_action('wp_head');`));
  });
});
