// The tag's options: its `data-` attributes, or what stands behind the `#` of its own address,
// which is all that a tag manager's template and many a CMS can set.

import { BridgeError } from '../gate/error.js';
import { KINDS } from '../look/options.js';
import type { Config } from '../rooms.js';

/** Options of connect(), not yet checked, and what the tag alone has. */
export interface TagOptions {
  [option: string]: unknown;
  token?: string;
  config?: Config;
  /** Where the library comes from. */
  sdk?: string;
  integrity?: string;
  /** Where the build without WebAssembly is. */
  noWasm?: string;
}

// An attribute is a text: what is a function or an object for connect() has none.
const OURS = [...Object.keys(KINDS).filter((key) => key != 'mixpanel' && KINDS[key] != 'function'), 'sdk', 'integrity', 'noWasm'];
/** Written by proxies, frameworks and consent managers onto every script, for themselves. */
const FOREIGN = /^(cfa|cookie|cky|gtm|nscript|no[A-Z]|no(min|opt)|rocket|turbo|vue|wp|astro|ot[A-Z]|usercentrics|cmp(Src|Vendor|Ab)$)/;

/** How many letters lie between two words (Levenshtein's distance), by one row of the table. */
const apart = (a: string, b: string) => {
  let row = [...Array(b.length + 1).keys()];
  [...a].forEach((letter, i) => {
    let corner = i;
    row = row.map((above, j) => {
      const least = j ? Math.min(above + 1, row[j - 1]! + 1, corner + +(letter != b[j - 1])) : i + 1;
      corner = above;
      row[j] = least;
      return least;
    });
  });
  return row[b.length]!;
};

/** An option as it is written in HTML. */
const written = (key: string) => 'data-' + key.replace(/[A-Z]/g, (letter) => '-' + letter.toLowerCase());

/** Whether an attribute is meant for the bridge; throws for one that is meant to be. */
function isOurs(key: string) {
  if (OURS.includes(key)) return true;
  const meant = OURS.find((one) => apart(one.toLowerCase(), key.toLowerCase()) <= Math.ceil(one.length / 3));
  if (meant)
    throw new BridgeError('attribute-invalid', `There is no attribute \`${written(key)}\`; is \`${written(meant)}\` meant?`);
  if (!FOREIGN.test(key))
    console.warn('mixpanel-consent-bridge: option-unknown', `Attribute \`${written(key)}\` is none of the bridge's, and is passed over. There are ${OURS.map(written).join(', ')}; what \`mixpanel.init()\` takes goes into \`data-config\`.`);
  return false;
}

/** Options from attributes: `data-hold-limit` is `holdLimit`. */
export function attributes(script: HTMLScriptElement | null) {
  if (!script)
    throw new BridgeError('attribute-invalid', 'The tag cannot see its attributes: it runs as a module, through `eval` or in a shadow tree. Write it as a classic script: `<script src="…/bridge.js" data-…></script>`.');
  // A polluted prototype names no file.
  const options = { __proto__: null } as TagOptions;
  const address = Object.fromEntries(new URLSearchParams(script.src.split('#')[1]));
  for (const [key, text] of Object.entries({ ...address, ...script.dataset }) as [string, string][]) {
    if (!isOurs(key)) continue;
    let value: unknown = text;
    const json = key == 'config' || /^[[{]/.test(text);
    if (json) {
      try {
        value = JSON.parse(text);
      } catch (error) {
        throw new BridgeError('attribute-invalid', `Attribute \`${written(key)}\` is \`${text}\`, which is not JSON: ${error}.`);
      }
    } else if (/^(holdLimit|cmpTimeout)$/.test(key)) value = +text;
    else if (/^(optInEvent|debug)$/.test(key)) value = text != 'false';
    else if (/^(cmp|category)$/.test(key)) value = text.split(/[\s,]+/).filter(Boolean);
    if (key == 'config' && (!value || typeof value != 'object' || Array.isArray(value)))
      throw new BridgeError('option-invalid', `Attribute \`data-config\` is \`${text}\`; it may be a JSON object.`);
    options[key] = value;
  }
  return options;
}
