// The tag: one classic script above the site's Mixpanel snippet. It puts the gate where the
// snippet would put its stub; a snippet that finds a stub there leaves the page alone, so no
// library is fetched before a yes, and the page's own init() and track() come to the gate.
//
// Everything is inlined, and nothing of a module loader is used: a tag manager may write
// this file into the page as text.

import { connect } from './connect.js';
import * as core from './core.js';
import { BridgeError } from './error.js';

const script = document.currentScript as HTMLScriptElement | null;
const page = window as any;
const LIBRARY = 'https://cdn.mxpnl.com/libs/mixpanel-2-latest.min.js';

/** Options from `data-` attributes: `data-hold-limit` is `holdLimit`. */
function attributes() {
  const options: any = {};
  for (const [key, text] of Object.entries({ ...script?.dataset })) {
    let value: any = text;
    const json = key == 'config' || /^[[{]/.test(text!);
    if (json) {
      try {
        value = JSON.parse(text!);
      } catch (error) {
        throw new BridgeError('attribute-invalid', `Attribute \`data-${key}\` is \`${text}\`, which is not JSON: ${error}.`);
      }
    } else if (/^(holdLimit|cmpTimeout)$/.test(key)) value = +text!;
    else if (/^(optInEvent|debug)$/.test(key)) value = text != 'false';
    else if (/^(cmp|category)$/.test(key)) value = text!.split(/[\s,]+/).filter(Boolean);
    if (key == 'config' && (!value || typeof value != 'object' || Array.isArray(value)))
      throw new BridgeError('option-invalid', `Attribute \`data-config\` is \`${text}\`; it may be a JSON object.`);
    options[key] = value;
  }
  return options;
}

/** Fetches the library from where the snippet would have, and starts it as the snippet would. */
const library = (source: string) => () =>
  new Promise((resolve, reject) => {
    const stub: any = Object.assign([], { __SV: 1.2, _i: [], init() {} });
    const facade = page.mixpanel;
    // The library looks for a stub when it arrives, and puts itself in its place when it starts.
    page.mixpanel = stub;
    const element = document.createElement('script');
    element.async = true;
    element.src = source;
    element.nonce = script?.nonce || '';
    element.onload = () => {
      page.mixpanel = facade;
      if (!('init' in stub) || stub.init.length == 0) reject(new Error(`\`${source}\` is not the Mixpanel library`));
      resolve({
        init(token: string, config: any, name?: string) {
          page.mixpanel = stub;
          stub.init(token, config, name);
          const started = page.mixpanel;
          page.mixpanel = facade;
          return name ? started[name] : started;
        },
      });
    };
    element.onerror = () => {
      page.mixpanel = facade;
      reject(new Error(`\`${source}\` could not be fetched`));
    };
    document.head.append(element);
  });

const bridges: Record<string, any> = { __proto__: null as never };
let options: any;
let failed: unknown;

function start(token: string, config: any, name?: string) {
  const key = name || 'mixpanel';
  if (!bridges[key])
    try {
      if (failed) throw failed;
      const { sdk, ...given } = options;
      bridges[key] = connect(
        {
          ...given,
          token: token || given.token,
          config: { ...config, ...given.config },
          name,
          mixpanel: library(sdk || page.MIXPANEL_CUSTOM_LIB_URL || LIBRARY),
        },
        async () => core,
      );
      if (!name) page.mixpanelConsent = bridges[key];
    } catch (error) {
      refuse(error, key);
    }
  return bridges[key].mixpanel;
}

/** Shut, said once, and the page goes on: its calls find methods that do nothing. */
function refuse(error: any, key = 'mixpanel') {
  console.error(error);
  const nothing: any = new Proxy(function () {}, {
    get: (_, name) => (name == Symbol.toPrimitive || name == 'then' ? undefined : name == 'get_group' ? () => nothing : nothing),
    apply: () => undefined,
  });
  const state = Object.freeze({
    consent: 'unset', mode: 'off', cmp: null, code: error.code, reason: error.message, held: 0, at: Date.now(),
  });
  const idle = () => {};
  bridges[key] = {
    mixpanel: nothing,
    state,
    ready: new Promise(idle),
    subscribe: (listener: any) => (listener(state), idle),
    grant: idle,
    deny: idle,
    reset: idle,
    disconnect: idle,
    receipts: () => [],
    explain: () => ({ ...state, toString: () => error.message }),
  };
  page.mixpanelConsent ||= bridges[key];
}

// A second tag on the page finds the first, and leaves it be.
if (!page.mixpanel?.__bridge) {
  page.mixpanel = new Proxy(
    {
      __bridge: true,
      // What the snippet looks for to know that it has run.
      __SV: 1.2,
      _i: [],
      init: start,
      push(item: any) {
        const sdk: any = bridges.mixpanel?.mixpanel;
        if (typeof item == 'function') sdk?.push(item);
        else sdk?.[item[0]]?.(...item.slice(1));
      },
    } as any,
    {
      get(own, key: string) {
        if (key in own) return own[key];
        return key in bridges ? bridges[key].mixpanel : bridges.mixpanel?.mixpanel[key];
      },
    },
  );
  try {
    options = attributes();
  } catch (error) {
    failed = error;
    refuse(error);
  }
  // A page without an init() of its own: the attributes say it all.
  const alone = () => options?.token && !bridges.mixpanel && start(options.token, {});
  if (document.readyState == 'loading') document.addEventListener('DOMContentLoaded', alone);
  else setTimeout(alone);
}
