// What was measured, as tables for docs/weight.md and for the console.

import { SUBJECTS, spread } from './measure.mjs';

const number = (value, digits) => value.toLocaleString('en', { minimumFractionDigits: digits, maximumFractionDigits: digits });
const figure = (value, digits) => (value === undefined ? '–' : `${number(value.mid, digits)} (${number(value.low, digits)}–${number(value.high, digits)})`);

/** The rows that a reader compares, by measure: how it is told, of what, and how many digits it has. */
const MEASURES = [
  { key: 'bytes', title: 'bytes before an answer', unit: 'KB', digits: 1, of: (one, blank) => one.bytes !== undefined && spread([(one.bytes - blank.bytes) / 1024]) },
  { key: 'script', title: 'script at load, over an empty page', unit: 'ms', digits: 2, of: (one, blank) => over(one.loads, blank.loads) },
  { key: 'slowScript', title: 'the same, processor 4× slower', unit: 'ms', digits: 1, of: (one, blank) => over(one.slow, blank.slow) },
  { key: 'idleScript', title: 'script at load and when the page is idle then', unit: 'ms', digits: 2, of: (one, blank) => over(one.loads, blank.loads, 'idleScript') },
  { key: 'thread', title: 'main thread at load, over an empty page', unit: 'ms', digits: 1, of: (one, blank) => over(one.loads, blank.loads, 'thread') },
  { key: 'state', title: 'start to first state', unit: 'ms', digits: 2, of: (one) => spread(one.loads.map(({ state }) => state)) },
  { key: 'event', title: 'consent event to the held call', unit: 'ms', digits: 2, of: (one) => spread(one.loads.map(({ event }) => event)) },
  { key: 'slowEvent', title: 'the same, processor 4× slower', unit: 'ms', digits: 1, of: (one) => spread(one.slow.map(({ event }) => event)) },
  { key: 'held', title: 'a held call, its name alone', unit: 'µs', digits: 2, of: (one) => spread(one.calls.map(({ warm }) => warm)) },
  { key: 'flat', title: 'a held call with three properties', unit: 'µs', digits: 2, of: (one) => spread(one.calls.map(({ flat }) => flat)) },
  { key: 'open', title: 'a call that goes through', unit: 'µs', digits: 3, of: (one) => spread(one.calls.map(({ open }) => open)) },
  { key: 'rest', title: 'script of an open page, answered', unit: 'ms/s', digits: 3, of: (one) => one.rest !== undefined && spread([one.rest]) },
  { key: 'asking', title: 'script of an open page that asks', unit: 'ms/s', digits: 3, of: (one) => spread([one.asking]) },
  { key: 'heap', title: 'memory, over an empty page', unit: 'KB', digits: 0, of: (one, blank) => one.heap !== undefined && spread([(one.heap - blank.heap) / 1024]) },
];

function over(all, blank, key = 'script') {
  const base = spread(blank.map((one) => one[key]));
  return base && spread(all.map((one) => one[key] - base.mid));
}

const COMPARED = ['vanilla', 'floor', 'floor-opted-out', 'bridge-named', 'bridge-alone', 'bridge-opted-out', 'bridge-auto', 'bridge-manual', 'segment', 'walkeros', 'c15t', 'mixpanel'];
const PEERS = ['floor', 'segment', 'walkeros', 'c15t'];

/** @returns the browser's part as Markdown */
export function browserTables({ found, version }, { rounds, about }) {
  const { blank } = found;
  const of = (measure, name) => measure.of(found[name], blank) || undefined;
  // What a subject adds to the consent manager that all but c15t and the SDK alone have on their page.
  const lines = [
    `Measured with Chromium ${version}, ${about}, ${rounds} visits of each in turn: the median, and between brackets the middle half.`,
    'Every page but those of c15t (which is a consent manager itself) and of mixpanel-browser alone has vanilla-cookieconsent 3.1.0 in it, whose own row says how much of it that is. One row of the bridge has an object in its place, and no other script.',
    'Until the answer the SDK is an object that does nothing, so what is measured is none of its own time. A yes starts the real one, which is at hand by then: the time to the held call has its start in it, also of the twenty lines. The starts that are opted out and the row of mixpanel-browser alone have the real one from the beginning.',
    'Script is what the browser counts as such, which leaves out what runs after an `await`; the main thread is everything: script, what comes after an `await`, compiling, files that arrive, layout and paint.',
    '',
  ];
  for (const group of [MEASURES.slice(0, 8), MEASURES.slice(8)]) {
    lines.push(`| a page with | ${group.map(({ title, unit }) => `${title} (${unit})`).join(' | ')} |`, `|---|${group.map(() => '---:').join('|')}|`);
    for (const name of COMPARED) lines.push(`| ${SUBJECTS[name]} | ${group.map((measure) => figure(of(measure, name), measure.digits)).join(' | ')} |`);
    lines.push('');
  }
  const ratios = (name, peer) => MEASURES.map((measure) => {
    const [ours, theirs] = [of(measure, name), of(measure, peer)];
    return ours && theirs && theirs.mid > 0.0005 ? number(ours.mid / theirs.mid, 2) : '–';
  });
  lines.push('The bridge with `cmp` named, as a ratio to each (below 1 it is lighter or faster):', '', `| a page with | ${MEASURES.map(({ title }) => title).join(' | ')} |`, `|---|${MEASURES.map(() => '---:').join('|')}|`);
  for (const peer of [...PEERS, 'mixpanel']) lines.push(`| ${SUBJECTS[peer]} | ${ratios('bridge-named', peer).join(' | ')} |`);
  lines.push('');
  const losses = MEASURES.flatMap((measure) => {
    const ours = of(measure, 'bridge-named');
    const better = PEERS.filter((peer) => { const theirs = of(measure, peer); return ours && theirs && theirs.mid < ours.mid * 0.95 && ours.mid - theirs.mid > 0.002; });
    return better.length ? [`${measure.title}: behind ${better.map((peer) => `${SUBJECTS[peer]} (${number(of(measure, peer).mid, measure.digits)} against ${number(ours.mid, measure.digits)} ${measure.unit})`).join(', ')}`] : [];
  });
  if (losses.length) lines.push('**What the bridge loses**, by medians:', '', ...losses.map((loss) => `- ${loss}`), '');
  const soaked = ['floor', 'bridge-named', 'walkeros'].filter((name) => found[name].soak !== undefined).map((name) => `${SUBJECTS[name]} ${number(found[name].soak / 1024, 0)} KB`);
  lines.push(`After 2,000 more changes of mind in one page its memory has grown by: ${soaked.join(', ')}.`);
  lines.push(`Where no consent manager ever comes, the bridge with \`auto\` takes ${number(found.nobody.asking, 3)} ms of script a second from the twelfth second on, and less later.`);
  return lines.join('\n');
}

/** @returns the server's part as Markdown */
export function serverTable({ cases, cold }) {
  const lines = ['| on a server, a request | µs | × the first |', '|---|---:|---:|'];
  for (const { title, rows } of cases) {
    lines.push(`| **${title}** | | |`);
    for (const { name, us, ratio, low, high } of rows) lines.push(`| ${name.startsWith('readConsent') ? `\`${name}\`` : name} | ${number(us, 2)} | ${ratio === 1 ? '1' : `${number(ratio, 2)} (${number(low, 2)}–${number(high, 2)})`} |`);
  }
  lines.push('', `From nothing to the first answer, a process of its own: ${figure(cold.first, 1)} ms, of which the import is ${figure(cold.load, 1)} ms; \`@iabtcf/core\` to its first string ${figure(cold.iab, 1)} ms.`);
  return lines.join('\n');
}
