// When a script arrives, an engine only skims its functions, and it compiles each when it is called
// first, on the main thread. A function that stands in parentheses it takes for one that is called at
// once, and compiles it with the script, which V8 does on a thread of its own. Most functions of the gate
// and of the core are called while a page loads: with the parentheses a page has a quarter less of script
// time, and its first state some milliseconds earlier (docs/weight.md).
//
// V8: https://v8.dev/blog/preparser#pife. esbuild and oxc keep the parentheses when a site's bundle is
// made small; terser drops them, so they are put in behind it.

import { parse } from '@babel/parser';

/** Shorter functions (in characters) take as long to compile as the engine takes to look for them; and each pair of parentheses is a byte of the page's load. */
const SHORT = 80;

/** Calls `see(node, parent)` for each node of a tree. */
function walk(node, see, parent) {
  see(node, parent);
  for (const value of Object.values(node)) {
    for (const child of Array.isArray(value) ? value : [value]) {
      if (typeof child?.type === 'string') walk(child, see, node);
    }
  }
}

/** Whether a function may be an arrow: it knows no `this` and no `arguments` of its own. */
function isPlain(node) {
  let plain = true;
  walk(node, ({ type, name }) => { plain &&= type !== 'ThisExpression' && name !== 'arguments'; });
  return plain;
}

/** The functions of a module as expressions, above whatever uses them: a declaration cannot be in parentheses. */
function asExpressions(text) {
  const imports = [];
  const functions = [];
  const rest = [];
  const source = ({ start, end }) => text.slice(start, end);
  for (const node of parse(text, { sourceType: 'module' }).program.body) {
    if (node.type === 'ImportDeclaration') imports.push(source(node));
    else if (node.type !== 'FunctionDeclaration' || node.generator) rest.push(source(node));
    else {
      const { id, params, body } = node;
      const list = params.map(source).join();
      // V8 looks for the word `function` behind `async`, and skims an arrow.
      const head = node.async ? `async function(${list})` : isPlain(node) ? `${params.length === 1 && params[0].type === 'Identifier' ? list : `(${list})`}=>` : `function(${list})`;
      functions.push(`${id.name}=${head}${source(body)}`);
    }
  }
  if (functions.length) {
    const first = /^var ([^]*?);?$/.exec(rest[0]);
    if (first) rest[0] = `var ${[...functions, first[1]].join()}`;
    else rest.unshift(`var ${functions.join()}`);
  }
  return [...imports, ...rest].map((one) => one.replace(/;$/, '')).join(';');
}

/** The text of a module, with its functions in parentheses. */
export function eager(module) {
  const text = asExpressions(module);
  const brackets = [];
  walk(parse(text, { sourceType: 'module' }).program, ({ type, start, end }) => {
    if (/^(ArrowFunction|Function)Expression$/.test(type) && end - start >= SHORT) brackets.push([start, '('], [end, ')']);
  });
  // Where one ends and another begins, the one ends first.
  brackets.sort(([a, one], [b, other]) => a - b || (one < other ? 1 : -1));
  let from = 0;
  const parts = brackets.map(([at, bracket]) => {
    const part = text.slice(from, at) + bracket;
    from = at;
    return part;
  });
  return parts.join('') + text.slice(from);
}
