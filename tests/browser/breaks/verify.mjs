// The same for the command. Its tests are in tests/cli.

import { named } from './point.mjs';

export const VERIFY = [
  ['verify: cookies are not looked at', '../cli/verify', 'opted out by default', [
    named('device.all').call('cookies.map').is('[]'),
  ]],
  ['verify: what is written and removed again is not seen', '../cli/verify', 'opted out by default', [
    named('hooks.ts.install').call('wrap', 'setItem').gone(),
  ]],
  ['verify: requests are known by Mixpanel\'s hosts alone', '../cli/verify', 'Klaro every promise', [
    named('mixpanel.ts.request').condition('own', 'shaped').is('!own'),
  ]],
  ['verify: the library of a site\'s own copy is not Mixpanel\'s', '../cli/verify', 'opted out by default', [
    named('Watched.requests.known').choice('custom').is('[]'),
  ]],
  ['verify: what could not be run has passed', '../cli/verify', 'no button', [
    named('visitOnce').call('Object.assign', 'verdict').value('verdict').is("'kept'"),
  ]],
  ['verify: any button will do', '../cli/verify', 'no button', [
    named('answer.ts.answer').choice('open', 'on', '!bridge').is('open || $it'),
  ]],
  ['verify: a yes that sends nothing is kept', '../cli/verify', 'nothing is sent', [
    named('judgeYes').condition('some', '!isData').is('true'),
  ]],
  ['verify: what a default allows is kept', '../cli/verify', 'nobody is asked', [
    named('judgeVisit').value('result.verdict', 'default').literal('default').is("'kept'"),
  ]],
  ['verify: a refusal that nobody gave may be there', '../cli/verify', 'opted out by default', [
    named('collect.refused').is('true'),
  ]],
  ['verify: the page after a no is not visited', '../cli/verify', 'opted out by default', [
    named('take.nextPage').call('goto').gone(),
  ]],
  ['verify: Global Privacy Control is not sent', '../cli/verify', 'opted out by default', [
    named('context.extraHTTPHeaders').entry('Sec-GPC').gone(),
  ]],
  ['verify: tokens are told', '../cli/verify', 'opted out by default', [
    named('say.ts.plain').call('shortened').is('String($1)'),
  ]],
  ['verify: the category is not handed to the core', '../cli/verify', 'category that is asked', [
    named('judge.ts').operand('chosen', 'feature').is('[]'),
  ]],
  ['verify: a second tab does nothing', '../cli/visits', 'second tab', [
    named('page.ts.act').returns('1'),
  ]],
  ['verify: what goes to Mixpanel reaches it', '../cli/visits', 'reaches no project', [
    named('Watched.begin').call('intercept').gone(),
  ]],
  ['verify: what is sent at the last moment reaches Mixpanel', '../cli/visits', 'reaches no project', [
    named('hooks.ts.install').condition('held').is('false'),
  ]],
  ['verify: silence of a page without Mixpanel is a promise kept', '../cli/visits', 'without Mixpanel', [
    named('index.ts.silent').condition('met').is('true'),
  ]],
  ['verify: a button that is drawn before it works is pressed once', '../cli/verify', 'buttons of vanilla', [
    named('answer.still').operand('last', '!visible').is('false'),
  ]],
];
