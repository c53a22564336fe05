// Speed of the server part, of what dist/ holds: from a request's headers to what may be sent,
// beside what people write by hand and beside @iabtcf/core for TC strings. Never asserted. Times are
// of the processor, collecting garbage included. All take turns in one run, so that what else the
// machine does meets all of them; what is compared is the ratio within a round.
//
// The headers are as browsers send them: other cookies of a shop before those of the consent
// manager (OneTrust's from its documentation, a TC string with 700 vendors as a European site has).

import { execFileSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import { spread } from './bench/measure.mjs';
import { at, main, started } from './lib.mjs';

const ROUNDS = 25;
const CALLS = 4000;

const OTHERS = [
  '_ga=GA1.1.1234567890.1700000000', '_ga_ABCDEF1234=GS1.1.1700000000.1.1.1700000100.60.0.0', '_gid=GA1.2.1234567890.1700000000', '_fbp=fb.1.1700000000000.1234567890',
  'session=eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9PlFUP0THsR8U', 'csrftoken=abcdef0123456789', 'theme=dark', 'lang=en-GB',
  'cart=3fa85f64-5717-4562-b3fc-2c963f66afa6',
];
const ONETRUST = [
  'OptanonAlertBoxClosed=2026-11-23T10:00:00.000Z',
  'OptanonConsent=isGpcEnabled=0&datestamp=Mon+Nov+23+2026+11%3A00%3A00+GMT%2B0100&version=202409.1.0&browserGpcFlag=0&isIABGlobal=false&hosts=&consentId=2b1e0f0c-8a7b-4c4d-9a35-6f2f2b1f6d11&interactionCount=1&isAnonUser=1&landingPath=NotLandingPage&groups=C0001%3A1%2CC0002%3A1%2CC0003%3A1%2CC0004%3A0&AwaitingReconsent=false',
];
const KLARO = ['klaro=%7B%22mixpanel%22%3Atrue%2C%22matomo%22%3Afalse%2C%22youtube%22%3Atrue%2C%22intercom%22%3Afalse%7D'];

/** What stands in many a code base. */
const byHand = {
  cookies(header) {
    const jar = {};
    for (const pair of header.split(';')) {
      const at = pair.indexOf('=');
      if (at > 0) jar[pair.slice(0, at).trim()] ??= pair.slice(at + 1).trim();
    }
    return jar;
  },
  onetrust(header) {
    const { OptanonConsent: text, OptanonAlertBoxClosed: answered } = byHand.cookies(header);
    if (!text || !answered) return false;
    return decodeURIComponent(new URLSearchParams(text).get('groups') ?? '').split(',').includes('C0002:1');
  },
  klaro(header) {
    try { return JSON.parse(decodeURIComponent(byHand.cookies(header).klaro)).mixpanel === true; } catch { return false; }
  },
};

function tcString({ GVL, TCModel, TCString }) {
  const numbers = (n) => Object.fromEntries(Array.from({ length: n }, (_, i) => [i + 1, { id: i + 1, name: '', description: '', illustrations: [] }]));
  const vendors = Object.fromEntries(Array.from({ length: 700 }, (_, i) => [i + 1, {
    id: i + 1, name: '', purposes: [1], legIntPurposes: [], flexiblePurposes: [], specialPurposes: [], features: [], specialFeatures: [], policyUrl: '', usesCookies: true,
  }]));
  const gvl = new GVL({
    gvlSpecificationVersion: 3, vendorListVersion: 1, tcfPolicyVersion: 5, lastUpdated: '2026-01-01T00:00:00Z',
    purposes: numbers(11), specialPurposes: numbers(3), features: numbers(3), specialFeatures: numbers(2), vendors, stacks: {}, dataCategories: {},
  });
  const model = new TCModel(gvl);
  Object.assign(model, { cmpId: 10, cmpVersion: 1 });
  model.purposeConsents.set([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]);
  model.vendorConsents.set(Array.from({ length: 700 }, (_, i) => i + 1).filter((id) => id % 3));
  return TCString.encode(model);
}

const median = (values) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];

/** Microseconds a call of each, and the ratio of each to the first with its middle half, by rounds. */
function compare(all) {
  const names = Object.keys(all);
  const rounds = [];
  for (let round = -3; round < ROUNDS; round += 1) {
    const times = {};
    for (const name of names) {
      const run = all[name];
      const from = process.cpuUsage();
      for (let i = 0; i < CALLS; i += 1) run();
      const { user, system } = process.cpuUsage(from);
      times[name] = (user + system) / CALLS;
    }
    // The first ones are the engine's to learn from.
    if (round >= 0) rounds.push(times);
  }
  return names.map((name) => {
    const ratios = rounds.map((times) => times[name] / times[names[0]]).sort((a, b) => a - b);
    const part = (q) => ratios[Math.floor((ratios.length - 1) * q)];
    return { name, us: median(rounds.map((times) => times[name])), ratio: median(ratios), low: part(0.25), high: part(0.75) };
  });
}

/** Milliseconds of a fresh process: until the module is there, and until the first answer. */
export async function coldStart(times = 9) {
  const header = ONETRUST.join('; ');
  const ours = `const from = performance.now(); const { readConsent } = await import(${JSON.stringify(pathToFileURL(at('dist', 'server.js')).href)});
    const load = performance.now() - from; readConsent({ cookie: ${JSON.stringify(header)} }, { cmp: 'onetrust', category: 'C0002' }); console.log(JSON.stringify([load, performance.now() - from]));`;
  const text = tcString(createRequire(import.meta.url)('@iabtcf/core'));
  const iab = `const from = performance.now(); const { TCString } = await import(${JSON.stringify(pathToFileURL(createRequire(import.meta.url).resolve('@iabtcf/core')).href)}).then((it) => it.default ?? it);
    TCString.decode(${JSON.stringify(text)}); console.log(JSON.stringify([0, performance.now() - from]));`;
  const once = (code) => JSON.parse(execFileSync(process.execPath, ['--input-type=module', '-e', code], { encoding: 'utf8' }));
  const all = { load: [], first: [], iab: [] };
  for (let round = 0; round < times; round += 1) {
    const [load, first] = once(ours);
    all.load.push(load);
    all.first.push(first);
    all.iab.push(once(iab)[1]);
  }
  return Object.fromEntries(Object.entries(all).map(([name, values]) => [name, spread(values)]));
}

/** @returns each case with what was compared in it */
export async function measureServer() {
  const { readConsent } = await import(at('dist', 'server.js'));
  const iab = createRequire(import.meta.url)('@iabtcf/core');
  const headers = (...own) => ({ host: 'shop.example', accept: 'text/html', 'accept-language': 'en', 'user-agent': 'Mozilla/5.0', cookie: [...OTHERS, ...own].join('; ') });
  const onetrust = headers(...ONETRUST);
  const klaro = headers(...KLARO);
  const tcf = headers(`euconsent-v2=${tcString(iab)}`);
  const nothing = headers();
  const cases = {
    [`OneTrust, a header of ${onetrust.cookie.length} bytes`]: {
      "readConsent(…, { cmp: 'onetrust', category: 'C0002' })": () => readConsent(onetrust, { cmp: 'onetrust', category: 'C0002' }),
      'readConsent(…), every consent manager': () => readConsent(onetrust),
      'by hand, this one alone': () => byHand.onetrust(onetrust.cookie),
    },
    [`Klaro, JSON in ${klaro.cookie.length} bytes`]: {
      "readConsent(…, { cmp: 'klaro' })": () => readConsent(klaro, { cmp: 'klaro' }),
      'by hand, this one alone': () => byHand.klaro(klaro.cookie),
    },
    [`TCF, a TC string of 700 vendors in ${tcf.cookie.length} bytes`]: {
      "readConsent(…, { cmp: 'iab-tcf' })": () => readConsent(tcf, { cmp: 'iab-tcf' }),
      '@iabtcf/core, decode and look at purposes': () => {
        const { purposeConsents } = iab.TCString.decode(byHand.cookies(tcf.cookie)['euconsent-v2']);
        return [1, 8, 9].every((purpose) => purposeConsents.has(purpose));
      },
    },
    [`nobody has answered, ${nothing.cookie.length} bytes`]: {
      'readConsent(…), every consent manager': () => readConsent(nothing),
      'cookies by hand': () => byHand.cookies(nothing.cookie),
    },
  };
  return Object.entries(cases).map(([title, all]) => {
    for (const run of Object.values(all)) {
      const said = run();
      if ((said.mode ? said.mode === 'on' : said === true) !== (title !== Object.keys(cases).at(-1)) && typeof said !== 'object') throw new Error(`${title}: not what it should say`);
    }
    return { title, rows: compare(all) };
  });
}

if (started(import.meta)) {
  await main(async () => {
    const { build } = await import('./build.mjs');
    const { serverTable } = await import('./bench/report.mjs');
    await build();
    console.log(serverTable({ cases: await measureServer(), cold: await coldStart() }));
  });
}
