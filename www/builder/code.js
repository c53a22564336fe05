// What the builder writes: from a consent manager, a framework and a policy to code that works as
// it is copied. Plain functions of plain values, so that the tests run every output.
// No defaults of the package are repeated in the code: what is as usual is left out.

/** The frameworks, in the order in which they are offered. `lang` is that of the first file. */
export const FRAMEWORKS = [
  { id: 'bundler', label: 'A bundler (Vite, webpack, esbuild)' },
  { id: 'tag', label: 'A script tag above Mixpanel’s snippet' },
  { id: 'tag-alone', label: 'A script tag, without Mixpanel’s snippet' },
  { id: 'gtm', label: 'Google Tag Manager' },
  { id: 'react', label: 'React' },
  { id: 'next', label: 'Next.js' },
  { id: 'vue', label: 'Vue' },
  { id: 'nuxt', label: 'Nuxt' },
  { id: 'astro', label: 'Astro' },
  { id: 'sveltekit', label: 'SvelteKit' },
  { id: 'wordpress', label: 'WordPress' },
  { id: 'node', label: 'A Node server' },
];

/** The policy's questions: the option, what is asked, and the answers with the usual one first. */
export const POLICY = [
  { option: 'pending', label: 'Before an answer', answers: [['hold', 'keep calls in memory'], ['drop', 'drop calls'], ['cookieless', 'send events without storage']] },
  { option: 'denied', label: 'After a no', answers: [['off', 'send nothing'], ['cookieless', 'send events without storage']] },
  { option: 'implied', label: 'Where visitors are not asked', answers: [['accept', 'Mixpanel runs by default'], ['ask', 'wait for an explicit yes']] },
  { option: 'gpc', label: 'Global Privacy Control', answers: [['respect', 'closes a default'], ['strict', 'closes an explicit yes too'], ['ignore', 'is ignored']] },
];

export const REGIONS = [['', 'United States'], ['https://api-eu.mixpanel.com', 'European Union'], ['https://api-in.mixpanel.com', 'India']];

const quote = (text) => `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'").replaceAll('\n', ' ')}'`;
const attribute = (text) => text.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;');
const php = (text) => text.replaceAll('\\', '\\\\').replaceAll("'", "\\'");

/** A text in a script element: nothing in it may end the element. */
const inScript = (code) => code.replaceAll('</', '<\\/');

/** Names as people write them: with commas between. */
const names = (text) => text.split(',').map((name) => name.trim()).filter(Boolean);

const categoryOf = (text) => {
  const list = names(text);
  return list.length === 0 ? null : list.length === 1 ? quote(list[0]) : `[${list.map(quote).join(', ')}]`;
};

/**
 * The files to copy: `{ name, lang, text }` each, and `notes`, a sentence each.
 * @param choice `{ cmp, framework, token, category, apiHost, pageviews, policy: { pending, denied, implied, gpc } }`
 */
export function builderOutput(choice) {
  const given = { cmp: 'auto', framework: 'bundler', token: '', category: '', apiHost: '', pageviews: true, policy: {}, ...choice };
  const token = given.token.trim() || 'YOUR_PROJECT_TOKEN';
  const policy = POLICY.flatMap(({ option, answers }) => {
    const value = given.policy[option] ?? answers[0][0];
    return value === answers[0][0] ? [] : [[option, value]];
  });
  const write = WRITERS[given.framework];
  if (!write) throw new Error(`There is no framework \`${given.framework}\`.`);
  const files = write({ ...given, token, policy });
  return { files, notes: notesOf({ ...given, token, policy }) };
}

function notesOf({ cmp, framework, category, token, policy }) {
  const notes = [];
  if (token === 'YOUR_PROJECT_TOKEN') notes.push('Replace YOUR_PROJECT_TOKEN by the token of your Mixpanel project.');
  if (['tag', 'tag-alone'].includes(framework)) notes.push('Copy dist/bridge.js of the package and the folder beside it, whose name begins with bridge-, to your site, to the address in the code. If you can have only one file there, take dist/bridge.all.js.');
  if (['gtm', 'wordpress'].includes(framework)) notes.push('Copy dist/bridge.all.js of the package to your site, to the address in the code.');
  if (framework === 'tag') notes.push('Keep Mixpanel’s snippet and its init() below the tag, as they are.');
  if (cmp === 'manual' && framework !== 'node') notes.push('Call grant() and deny() from your dialog’s buttons; the recipe “Your own banner” has the whole dialog.');
  if (names(category).length > 1) notes.push('All of these categories must be allowed.');
  if (policy.some(([, value]) => value === 'cookieless')) notes.push('Events without storage still carry the visitor’s address and browser. Ask your counsel.');
  if (framework === 'node' && policy.some(([option]) => option === 'pending')) notes.push('On a server nothing waits: without an answer nothing is sent.');
  return notes;
}

// ---- the options, as each way in writes them -----------------------------------------------------------------------

function config({ apiHost, pageviews }, { routed = false } = {}) {
  return [
    ...(apiHost ? [`api_host: ${quote(apiHost)}`] : []),
    ...(pageviews ? [`track_pageview: ${routed ? "'url-with-path'" : 'true'}`] : []),
  ];
}

/** The lines of `connect({ … })`, indented. */
function connect(given, { token = quote(given.token), routed = false, indent = '' } = {}) {
  const category = categoryOf(given.category);
  const inside = config(given, { routed });
  return [
    'connect({',
    `  token: ${token},`,
    "  mixpanel: () => import('mixpanel-browser'),",
    ...(inside.length ? [`  config: { ${inside.join(', ')} },`] : []),
    ...(given.cmp === 'auto' ? [] : [`  cmp: ${quote(given.cmp)},`]),
    ...(category && given.cmp !== 'manual' ? [`  category: ${category},`] : []),
    ...given.policy.map(([option, value]) => `  ${option}: ${quote(value)},`),
    '})',
  ].map((line, index) => (index === 0 ? line : indent + line)).join('\n');
}

/** The attributes of the tag, without its address. */
function attributes(given, { withToken = false } = {}) {
  const list = names(given.category);
  const plain = list.every((name) => !/[\s,]/.test(name));
  const inside = Object.fromEntries([...(given.apiHost ? [['api_host', given.apiHost]] : []), ...(given.pageviews ? [['track_pageview', true]] : [])]);
  return [
    ...(withToken ? [['token', given.token]] : []),
    ...(given.cmp === 'auto' ? [] : [['cmp', given.cmp]]),
    ...(list.length && given.cmp !== 'manual' ? [['category', plain ? list.join(',') : JSON.stringify(list)]] : []),
    ...given.policy,
    ...(withToken && Object.keys(inside).length ? [['config', JSON.stringify(inside)]] : []),
  ];
}

const tag = (given, options) => `<script src="/bridge.js"${attributes(given, options).map(([name, value]) => ` data-${name}="${attribute(value)}"`).join('')}></script>`;

const bridgeModule = (given, options) => `import { connect } from 'mixpanel-consent-bridge';\n\nexport const bridge = ${connect(given, options)};\n`;

// ---- the ways in -------------------------------------------------------------------------------------------------

const WRITERS = {
  bundler: (given) => [
    { name: 'bridge.ts', lang: 'ts', text: bridgeModule(given) },
    { name: 'anywhere.ts', lang: 'ts', text: "import { bridge } from './bridge.js';\n\nbridge.mixpanel.track('Page Loaded');\n" },
  ],
  tag: (given) => [{ name: 'your page, above the snippet', lang: 'html', text: `${tag(given)}\n` }],
  'tag-alone': (given) => [{ name: 'your page', lang: 'html', text: `${tag(given, { withToken: true })}\n<script>\n  mixpanel.track('Landed');\n</script>\n` }],
  gtm: (given) => [{
    name: 'Custom HTML tag, trigger “Consent Initialization - All Pages”',
    lang: 'html',
    text: inScriptTag(['(function () {', "  var tag = document.createElement('script');", "  tag.src = '/bridge.all.js';", ...attributes(given, { withToken: true }).map(([name, value]) => `  tag.dataset.${name} = ${quote(value)};`), '  document.head.appendChild(tag);', '})();']),
  }],
  react: (given) => [
    { name: 'bridge.ts', lang: 'ts', text: bridgeModule(given) },
    {
      name: 'Consent.tsx',
      lang: 'tsx',
      text: "import { useMixpanelConsent } from 'mixpanel-consent-bridge/react';\nimport { bridge } from './bridge.js';\n\nexport function Consent() {\n  const { consent } = useMixpanelConsent(bridge);\n  return <button onClick={() => bridge.mixpanel.track('Bought')}>{consent}</button>;\n}\n",
    },
  ],
  next: (given) => [
    { name: 'app/bridge.ts', lang: 'ts', text: bridgeModule(given, { token: envOr('process.env.NEXT_PUBLIC_MIXPANEL_TOKEN', given), routed: true }) },
    {
      name: 'app/consent.tsx',
      lang: 'tsx',
      text: "'use client';\nimport { useMixpanelConsent } from 'mixpanel-consent-bridge/react';\nimport { bridge } from './bridge';\n\nexport function Consent() {\n  const { consent } = useMixpanelConsent(bridge);\n  return <button onClick={() => bridge.mixpanel.track('Bought')}>{consent}</button>;\n}\n",
    },
  ],
  vue: (given) => [
    { name: 'bridge.ts', lang: 'ts', text: bridgeModule(given) },
    {
      name: 'Consent.vue',
      lang: 'vue',
      text: `<script setup lang="ts">\nimport { useMixpanelConsent } from 'mixpanel-consent-bridge/vue';\nimport { bridge } from './bridge.js';\n\nconst state = useMixpanelConsent(bridge);\n</script>\n\n<template>\n  <button @click="bridge.mixpanel.track('Bought')">{{ state.consent }}</button>\n</template>\n`,
    },
  ],
  nuxt: (given) => [{
    name: 'app/plugins/bridge.ts',
    lang: 'ts',
    text: `import { connect } from 'mixpanel-consent-bridge';\n\nexport default defineNuxtPlugin(() => ({\n  provide: {\n    bridge: ${connect(given, { routed: true, indent: '    ' })},\n  },\n}));\n`,
  }],
  astro: (given) => [{
    name: 'src/layouts/Layout.astro',
    lang: 'html',
    text: `<script>\n  import { connect } from 'mixpanel-consent-bridge';\n\n  ${inScript(connect(given, { indent: '  ' }))};\n</script>\n`,
  }],
  sveltekit: (given) => [
    { name: 'src/lib/bridge.ts', lang: 'ts', text: bridgeModule(given, { routed: true }) },
    {
      name: 'src/routes/Consent.svelte',
      lang: 'svelte',
      text: "<script>\n  import { bridge } from '$lib/bridge';\n</script>\n\n<button onclick={() => bridge.mixpanel.track('Bought')}>{$bridge.consent}</button>\n",
    },
  ],
  wordpress: (given) => [{
    name: 'functions.php of your (child) theme',
    lang: 'php',
    text: [
      "add_action('wp_head', function () {",
      "    printf('<script src=\"%s\"', esc_url(get_theme_file_uri('bridge.all.js')));",
      ...attributes(given, { withToken: given.token !== 'YOUR_PROJECT_TOKEN' }).map(([name, value]) => `    printf(' data-${name}="%s"', esc_attr('${php(value)}'));`),
      "    echo \"></script>\\n\";",
      '}, 1);',
      '',
    ].join('\n'),
  }],
  node: (given) => {
    const category = categoryOf(given.category);
    const options = [
      `token: ${quote(given.token)}`,
      ...(given.cmp === 'auto' ? [] : [`cmp: ${quote(given.cmp)}`]),
      ...(category && given.cmp !== 'manual' ? [`category: ${category}`] : []),
      ...given.policy.filter(([option]) => option !== 'pending').map(([option, value]) => `${option}: ${quote(value)}`),
    ];
    return [{
      name: 'server.js',
      lang: 'js',
      text: [
        "import { readConsent } from 'mixpanel-consent-bridge/server';",
        '',
        '// request: a fetch Request, or what Express, Fastify and Node hand to you.',
        'export function mayTrack(request) {',
        `  const { mode, code } = readConsent(request, { ${options.join(', ')} });`,
        "  if (mode !== 'on') console.log(`not sent: ${code}`);",
        "  return mode === 'on';",
        '}',
        '',
      ].join('\n'),
    }];
  },
};

function inScriptTag(lines) {
  return `<script>\n${lines.map((line) => `  ${inScript(line)}`).join('\n')}\n</script>\n`;
}

function envOr(place, { token }) {
  return token === 'YOUR_PROJECT_TOKEN' ? `${place} ?? ''` : quote(token);
}
