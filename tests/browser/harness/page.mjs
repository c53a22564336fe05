// The page of one situation, as HTML. A site as sites are: links, a form, a consent manager,
// Mixpanel in one of the forms in which it is used, and calls made at once. The forms:
//
//   loader       connect({ mixpanel: () => import(...) })
//   object       the module is imported, its object is given
//   getter       the same, given by a function
//   stub         the vendor's snippet stands in the page, the site has not called init
//   stub-init    the same, and the site has called init and track as the vendor tells it to
//   initialised  the site has called init on the module before it connects
//   tag          the script tag above the vendor's snippet, the site's own init and calls; or
//                above (`site`) and below (`above`) whatever HTML the test gives instead
//   bare-module, bare-snippet   no bridge at all: what Mixpanel does by itself

import { sdkSnippet } from './server.mjs';

const inline = (value) => JSON.stringify(value).replaceAll('<', '\\u003c');
const attribute = (value) =>
  String(value).replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;');
const kebab = (name) => name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);

const tagOf = ({ token, name, connect, attributes, tag, type }) => {
  const data = { token, name, ...connect, ...attributes };
  const text = Object.entries(data)
    .filter(([, value]) => value !== undefined && value !== null)
    .map(([key, value]) =>
      `data-${kebab(key)}="${attribute(typeof value === 'object' ? JSON.stringify(value) : value)}"`);
  return `<script ${type ? `type="${type}" ` : ''}src="/dist/${tag ?? 'bridge'}.js" ${text.join(' ')}></script>`;
};

const snippetOf = async ({ sdk, lib }) =>
  `<script>${lib ? `window.MIXPANEL_CUSTOM_LIB_URL = ${inline(lib)};` : ''}${await sdkSnippet(sdk)}</script>`;

// Runs in the page; sees `S`, the situation.
const PREAMBLE = `
  const call = (target, [method, ...args]) => {
    const path = method.split('.');
    const last = path.pop();
    const owner = path.reduce((object, key) => object[key], target);
    return owner[last](...args);
  };
  const each = (target, calls) => { window.__calledAt ??= Date.now(); for (const one of calls ?? []) call(target, one); };
  const thrown = (error) => {
    window.__thrown = { name: error?.name, code: error?.code, message: String(error?.message ?? error) };
  };
  const manager = async () => {
    if (!S.cmp) return;
    const { id, from, options } = S.cmp;
    const { default: cmp } = await import(from ?? '/managers/' + id + '.js');
    window.__manager = cmp;
    await cmp.load({ base: '', bridge: () => window.__bridge, ...options });
    window.__cmpReady = true;
  };
`;

const CONNECT = `
  const connected = async () => {
    const { connect, BridgeError } = await import('mixpanel-consent-bridge');
    window.__BridgeError = BridgeError;
    const options = { ...S.connect };
    if (S.token !== null) options.token = S.token;
    if (S.config) options.config = S.config;
    if (S.name) options.name = S.name;
    // An adapter of the site's own has functions, which a situation cannot carry.
    if (window.__own) options.cmp = window.__own;
    const module = '/sdk/' + S.sdk + '/module.js';
    if (S.form === 'loader') options.mixpanel = () => import(S.module ?? module);
    if (S.form === 'object') options.mixpanel = (await import(module)).default;
    if (S.form === 'getter') {
      const { default: mixpanel } = await import(module);
      options.mixpanel = () => mixpanel;
    }
    if (S.form === 'initialised') {
      const mixpanel = (await import(module)).default;
      mixpanel.init(S.token, S.config, S.name);
      each(S.name ? mixpanel[S.name] : mixpanel, S.before);
      options.mixpanel = mixpanel;
      window.__sdk = mixpanel;
    }
    try {
      const bridge = connect(options);
      window.__bridge = bridge;
      window.__mp = bridge.mixpanel;
      bridge.subscribe((state) => (window.__states ??= []).push({ ...state }));
      each(bridge.mixpanel, S.early);
    } catch (error) {
      thrown(error);
    }
  };
`;

export async function pageOf(situation) {
  const { form, cmp, bridge } = situation;
  // A manager that comes `late` (its option) must not hold the page's own script up.
  const order = {
    before: 'await manager(); await connected();',
    after: 'await connected(); await manager();',
    beside: 'await connected(); manager().catch(thrown);',
  }[cmp?.when ?? 'after'];
  const head = [];
  const body = [];
  const S = `<script>window.S = ${inline(situation)};</script>`;
  const init = `<script>window.__calledAt = Date.now(); mixpanel.init(${[situation.token, situation.config, situation.name]
    .filter((value) => value !== undefined)
    .map(inline)
    .join(', ')});\n${(situation.before ?? [])
    .map(([method, ...args]) =>
      `mixpanel${situation.name ? `.${situation.name}` : ''}.${method}(${args.map(inline).join(', ')});`)
    .join('\n')}</script>`;
  if (form === 'tag') head.push(situation.above ?? '', tagOf(situation));
  if (situation.twice) head.push(tagOf(situation));
  if (situation.site !== undefined) head.push(situation.site);
  else if (['stub', 'stub-init', 'tag', 'bare-snippet'].includes(form)) head.push(await snippetOf(situation));
  if (situation.site === undefined && ['stub-init', 'tag', 'bare-snippet'].includes(form)) head.push(init);
  if (form === 'tag') {
    body.push(`<script type="module">${PREAMBLE}
      // A page without an init() of its own has it a moment later.
      Object.defineProperty(window, '__bridge', { configurable: true, get: () => window.mixpanelConsent });
      try {
        window.__bridge?.subscribe((state) => (window.__states ??= []).push({ ...state }));
      } catch (error) { thrown(error); }
      await manager(); window.__ready = true;</script>`);
  } else if (bridge === false) {
    body.push(`<script type="module">${PREAMBLE}
      ${form === 'bare-module'
        ? `const mixpanel = (await import('/sdk/' + S.sdk + '/module.js')).default;
           window.__mp = mixpanel;
           if (!S.noInit) { mixpanel.init(S.token, S.config, S.name); each(mixpanel, S.before); }`
        : 'window.__mp = undefined;'}
      try { await manager(); } catch (error) { thrown(error); }
      window.__ready = true;</script>`);
  } else {
    body.push(`<script type="module">${PREAMBLE}${CONNECT}
      try { ${order} } catch (error) { thrown(error); }
      ${situation.lines ?? ''}
      window.__ready = true;</script>`);
  }
  const html = `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>${attribute(situation.title ?? 'Shop')}</title>
<link rel="icon" href="data:,">
${S}
<script type="importmap">{"imports":{"mixpanel-consent-bridge":"/dist/${situation.entry ?? 'index'}.js"}}</script>
${situation.head ?? ''}
${head.join('\n')}
</head><body>
<main><h1>Shop</h1><a id="link" href="#more">More</a> <button id="buy" type="button">Buy</button>
<form id="form" onsubmit="return false"><input id="field" name="field"><button>Send</button></form></main>
${body.join('\n')}
</body></html>`;
  // Where a policy asks for it.
  return situation.nonce ? html.replaceAll('<script', `<script nonce="${situation.nonce}"`) : html;
}
