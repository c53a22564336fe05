// Names a place in the sources, and what is to be done there, without quoting a line: a function,
// constant or property by its name, something in it by what it is (a call, a condition, a value)
// and by the words in it. So code may be moved and laid out anew; a place that is gone, or that is
// meant twice, is an error that says so.
//
//   named('start.clean').call('sweepUp').is('Promise.resolve()')
//
// A name is a path as far as it takes to be the only one: `clean` inside `start`. A file is named
// with its ending: `named('tag.ts')`. A word with `!` before it must not be there. In the code given to `is` and `before`, `$it` is what stood
// there, `$1` the first argument of a call, `$args` all of them.

import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { parse, parseExpression } from '@babel/parser';
import { files, root } from '../../../tools/lib.mjs';

/** Where points are looked for. */
const FOLDERS = ['src/page', 'src/cli', 'src/api/entries'];
const PLUGINS = { sourceType: 'module', allowReturnOutsideFunction: true, plugins: ['typescript'] };

const isNode = (value) => typeof value?.type === 'string' && typeof value.start === 'number' && !value.type.startsWith('Comment');
const children = (node) => Object.values(node).flat().filter(isNode);
function* within(node) {
  yield node;
  for (const child of children(node)) yield* within(child);
}

/** What TypeScript adds to an expression without changing it. */
const bare = (node) => (/^(TSNonNull|TSAs|TSSatisfies|Parenthesized)/.test(node?.type) ? bare(node.expression) : node);

/** The name of a function, a member or a key, as people write it: `held.push`. */
function nameOf(node) {
  const at = bare(node);
  if (!at) return '';
  if (at.type === 'Identifier') return at.name;
  if (at.type === 'StringLiteral') return at.value;
  if (at.type === 'ThisExpression') return 'this';
  if (/MemberExpression$/.test(at.type)) return [nameOf(at.object), nameOf(at.property)].filter(Boolean).join('.');
  if (at.type === 'PrivateName') return `#${at.id.name}`;
  return '';
}
/** Whether a thing of this name may be called `name`: the last steps of it. */
const called = (node, name) => `.${nameOf(node)}`.endsWith(`.${name}`);

/** The words in a piece of code: names, texts, numbers, the words of patterns. */
function* words(node) {
  for (const { type, name, value, pattern, label } of within(node)) {
    if (type === 'Identifier') yield name;
    else if (type === 'RegExpLiteral') yield* pattern.split(/\W+/);
    else if (type === 'TemplateElement') yield* value.raw.split(/\W+/);
    else if (/^(String|Numeric|Boolean)Literal$/.test(type)) yield String(value);
    else if (label) yield label.name;
  }
}
const mentions = (node, wanted) => {
  const found = new Set(words(node));
  return wanted.every((word) => (/^!/.test(word) ? !found.has(word.slice(1)) : found.has(String(word))));
};

// ---- names ----------------------------------------------------------------------------------

/** What a node declares, and the node of its value. */
function declared(node) {
  if (/^(Function|Class)Declaration$/.test(node.type) && node.id) return { name: node.id.name, value: node };
  if (node.type === 'VariableDeclarator' && node.id.type === 'Identifier') return { name: node.id.name, value: node.init };
  if (/^Object(Property|Method)$|^Class(Private)?(Property|Method)$/.test(node.type) && !node.shorthand) return { name: nameOf(node.key), value: node.value ?? node };
  return undefined;
}

function* declarations(node, chain) {
  // What is taken apart, declares nothing that has a value of its own.
  if (node.type === 'ObjectPattern') return;
  const found = declared(node);
  const here = found?.name ? [...chain, found.name] : chain;
  if (found?.name) yield { chain: here, node: found.value ?? node, whole: node };
  for (const child of children(node)) yield* declarations(child, here);
}

/** Sources by path, parsed. */
export const sourcesOf = (given) => Object.entries(given).map(([path, text]) => {
  const { program } = parse(text, PLUGINS);
  return { path, text, program, names: [...declarations(program, [basename(path)])], words: new Set(words(program)) };
});

let tree;
const sources = () => (tree ??= sourcesOf(Object.fromEntries(
  files(...FOLDERS).filter((path) => /\.tsx?$/.test(path) && !path.endsWith('.d.ts')).map((path) => [path, readFileSync(join(root, path), 'utf8')]),
)));

const follows = (chain, steps) => {
  let at = 0;
  for (const name of chain) if (name === steps[at]) at += 1;
  return at === steps.length && chain.at(-1) === steps.at(-1);
};

const line = (text, at) => text.slice(0, at).split('\n').length;

function declaration(name, all) {
  const steps = /\.tsx?$/.test(name) ? [name] : name.split(/\.(?!tsx?\b)/);
  const found = all.flatMap((source) => [
    ...(basename(source.path) === steps.at(-1) ? [{ source, node: source.program }] : []),
    ...source.names.filter(({ chain }) => follows(chain, steps)).map((one) => ({ source, ...one })),
  ]);
  if (found.length === 1) return found[0];
  const places = found.map(({ source, node }) => `${source.path}:${line(source.text, node.start)}`).join(', ');
  throw new Error(found.length ? `\`${name}\` is the name of several: ${places}` : `nothing in ${FOLDERS.join(', ')} has the name \`${name}\``);
}

// ---- what is in them ------------------------------------------------------------------------

const KINDS = {
  /** A call of `name`, with these words in it. */
  call: (name, ...wanted) => (node) => /^(Optional)?CallExpression$|^NewExpression$/.test(node.type) && called(node.callee, name) && mentions(node, wanted) && node,
  /** What an `if` or a `? :` asks. */
  condition: (...wanted) => (node) => /^(If|While)Statement$|^ConditionalExpression$/.test(node.type) && mentions(node.test, wanted) && node.test,
  /** A whole `? :`. */
  choice: (...wanted) => (node) => node.type === 'ConditionalExpression' && mentions(node, wanted) && node,
  comparison: (...wanted) => (node) => node.type === 'BinaryExpression' && /^([!=]==?|[<>]=?)$/.test(node.operator) && mentions(node, wanted) && node,
  /** One of several that are joined by `&&`, `||`, `??` or `|`. */
  operand: (...wanted) => (node, parent) => isJoin(parent) && !isJoin(node) && mentions(node, wanted) && node,
  /** What a property, a constant, a variable or a default of this name is given. */
  value: (name, ...wanted) => (node) => {
    const [left, right] = { ObjectProperty: [node.key, node.value], VariableDeclarator: [node.id, node.init], AssignmentExpression: [node.left, node.right], AssignmentPattern: [node.left, node.right] }[node.type] ?? [];
    return right && right.type !== 'AssignmentPattern' && called(left, name) && mentions(right, wanted) && bare(right);
  },
  /** An entry of an object or of a list, by its name. */
  entry: (name) => (node, parent) => {
    if (parent?.type === 'ObjectExpression') return node.key && nameOf(node.key) === name && node;
    return parent?.type === 'ArrayExpression' && (nameOf(node) === name || (node.type === 'StringLiteral' && node.value === name)) && node;
  },
  /** A text or a number, as it is. */
  literal: (value) => (node) => /^(String|Numeric)Literal$/.test(node.type) && node.value === value && node,
  pattern: () => (node) => node.type === 'RegExpLiteral' && node,
  returned: (...wanted) => (node) => node.type === 'ReturnStatement' && (wanted.length ? node.argument && mentions(node.argument, wanted) : true) && (node.argument ?? node),
  thrown: (...wanted) => (node) => node.type === 'ThrowStatement' && mentions(node, wanted) && node,
  caught: () => (node) => node.type === 'CatchClause' && node.body,
  /** What a function of an expression gives. */
  result: (...wanted) => (node, parent, top) => parent === top && parent.body === node && node.type !== 'BlockStatement' && mentions(node, wanted) && node,
};
const isJoin = (node) => node?.type === 'LogicalExpression' || (node?.type === 'BinaryExpression' && node.operator === '|');

function select(source, node, kind, given) {
  const match = KINDS[kind](...given);
  const found = new Set();
  const walk = (at, parent) => {
    const hit = match(at, parent, node);
    if (hit) found.add(hit);
    for (const child of children(at)) walk(child, at);
  };
  walk(node);
  if (found.size === 1) return [...found][0];
  const lines = [...found].map(({ start }) => line(source.text, start));
  const what = `${kind}(${given.map((word) => JSON.stringify(word)).join(', ')})`;
  throw new Error(found.size
    ? `${source.path}: ${what} is several, in lines ${lines.join(', ')}: name another word of the one that is meant`
    : `${source.path}:${line(source.text, node.start)}: there is no ${what} in it`);
}

// ---- what is done there ---------------------------------------------------------------------

/** The nodes around one, from the innermost. */
function around(program, node) {
  let path = [];
  const walk = (at, chain) => {
    if (at === node) path = chain;
    else for (const child of children(at)) if (child.start <= node.start && child.end >= node.end) walk(child, [at, ...chain]);
  };
  walk(program, []);
  return path;
}

const GLOBALS = /^(undefined|NaN|arguments|this)$/;
/** Names that code uses and does not make: each must be one of the file, or of a browser. */
function strangers(code, source) {
  const { program } = parse(code, PLUGINS);
  const own = new Set();
  const used = new Set();
  const walk = (node, parent) => {
    if (/Function/.test(node.type)) for (const param of node.params) for (const word of words(param)) own.add(word);
    if (node.type === 'VariableDeclarator') for (const word of words(node.id)) own.add(word);
    const isMember = (/MemberExpression$/.test(parent?.type) && parent.property === node && !parent.computed) || (parent?.type === 'ObjectProperty' && parent.key === node && !parent.computed);
    if (node.type === 'Identifier' && !isMember) used.add(node.name);
    for (const child of children(node)) walk(child, node);
  };
  walk(program);
  const browser = ['window', 'document', 'localStorage', 'location', 'AbortController'];
  return [...used].filter((name) => !own.has(name) && !source.words.has(name) && !GLOBALS.test(name) && !(name in globalThis) && !browser.includes(name));
}

const text = (source, { start, end }) => source.text.slice(start, end);

function filled(code, source, node) {
  const given = node.arguments ?? [];
  const made = code
    .replace(/\$it\b/g, () => `(${text(source, node)})`)
    .replace(/\$args\b/g, () => given.map((one) => text(source, one)).join(', '))
    .replace(/\$(\d)/g, (_, number) => {
      if (!given[number - 1]) throw new Error(`${source.path}:${line(source.text, node.start)}: there is no argument ${number}`);
      return text(source, given[number - 1]);
    });
  // A name that nobody knows would throw, and a test that fails by that has noticed nothing.
  const unknown = strangers(code.replace(/\$(it|args)\b/g, 'undefined').replace(/\$\d/g, 'undefined'), source);
  if (unknown.length) throw new Error(`${source.path}:${line(source.text, node.start)}: \`${code}\` uses \`${unknown[0]}\`, which is not there`);
  return made;
}

const ACTIONS = {
  is(source, node, code) {
    const made = filled(code, source, node);
    if (node.type === 'ObjectMethod') {
      const key = text(source, node.key);
      return [{ ...span(node), text: `${node.computed ? `[${key}]` : key}: (${made})` }];
    }
    if (/Statement$/.test(node.type)) return [{ ...span(node), text: made }];
    parseExpression(made, PLUGINS);
    return [{ ...span(node), text: `(${made})` }];
  },
  before(source, node, code) {
    const statement = [node, ...around(source.program, node)].find(({ type }) => /Statement$|Declaration$/.test(type) && type !== 'BlockStatement');
    return [{ start: statement.start, end: statement.start, text: `${filled(code, source, node)}\n` }];
  },
  gone(source, node) {
    const chain = around(source.program, node);
    if (/Statement$/.test(node.type)) return [{ ...span(node), text: ';' }];
    const [parent] = chain;
    if (/^(Object|Array)Expression$/.test(parent?.type)) {
      const list = parent.properties ?? parent.elements;
      const next = list[list.indexOf(node) + 1];
      return [{ start: node.start, end: next ? next.start : node.end, text: '' }];
    }
    // A call that is a whole statement, be it awaited.
    const whole = chain.find(({ type }) => !/^(Await|Unary)Expression$|^TSNonNull/.test(type));
    if (whole?.type === 'ExpressionStatement') return [{ ...span(whole), text: ';' }];
    return [{ ...span(node), text: '(undefined)' }];
  },
  returns(source, node, code = '') {
    const body = node.body;
    if (!body) throw new Error(`${source.path}:${line(source.text, node.start)}: it is no function`);
    filled(code || 'undefined', source, node);
    if (body.type === 'BlockStatement') return [{ start: body.start + 1, end: body.start + 1, text: ` return ${code};` }];
    return [{ ...span(body), text: `(${code || 'undefined'})` }];
  },
};
const span = ({ start, end }) => ({ start, end });

class Point {
  constructor(name, steps = [], action) {
    Object.assign(this, { name, steps, action });
  }

  /** What is to be written where: `[{ path, start, end, text }]`. Throws where there is no such place. */
  edits(all) {
    const { source, node } = declaration(this.name, all);
    const [action, ...given] = this.action ?? [];
    if (!action) throw new Error(`\`${this.name}\`: nothing is done to it`);
    let at = node;
    for (const [kind, ...wanted] of this.steps) at = select(source, at, kind, wanted);
    return ACTIONS[action](source, at, ...given).map((edit) => ({ path: source.path, ...edit }));
  }

  // Done to it: it is something else; something comes before its statement; it is left out; the
  // function returns at once.
  is(code) { return new Point(this.name, this.steps, ['is', code]); }
  before(code) { return new Point(this.name, this.steps, ['before', code]); }
  gone() { return new Point(this.name, this.steps, ['gone']); }
  returns(code) { return new Point(this.name, this.steps, ['returns', code]); }
}
for (const kind of Object.keys(KINDS))
  Point.prototype[kind] = function step(...given) {
    return new Point(this.name, [...this.steps, [kind, ...given]]);
  };

/** A function, a constant, a property or a file, by its name. */
export const named = (name) => new Point(name);

/** The files that the points change: `[path, text]` of each. By default in the sources of the tree. */
export function changed(points, all = sources()) {
  const files = new Map();
  for (const edit of points.flatMap((point) => point.edits(all))) files.set(edit.path, [...(files.get(edit.path) ?? []), edit]);
  return [...files].map(([path, edits]) => {
    let { text: code } = all.find((source) => source.path === path);
    edits.sort((a, b) => b.start - a.start);
    edits.forEach((edit, index) => {
      if (index && edit.end > edits[index - 1].start) throw new Error(`${path}: two edits of one place`);
      code = code.slice(0, edit.start) + edit.text + code.slice(edit.end);
    });
    parse(code, PLUGINS);
    return [path, code];
  });
}
