// The core's chunk: the wasm module, inlined so that every bundler carries it without a
// setting, its glue, and what can only run once the core is there. Fetched by the gate with
// a dynamic import, off the page's critical path.

import hex from 'wasm:bridge';
import * as core from '../../pkg/bridge.js';
import { arrive } from './arrive.js';
import { replay } from './replay.js';

/** Codes that a developer must hear of once, without looking for them. */
const TROUBLE = /^(cmp-(missing|unreadable|disagree)|category-unknown|sdk-)/;

const bytes = () => {
  const native = (Uint8Array as any).fromHex;
  if (native) return native.call(Uint8Array, hex);
  const array = new Uint8Array(hex.length / 2);
  for (let i = 0; i < array.length; i++) array[i] = parseInt(hex.substr(i * 2, 2), 16);
  return array;
};

let ready: Promise<unknown> | undefined;

/** Starts the core for one bridge. */
export async function start(host: any) {
  ready ||= WebAssembly.compile(bytes()).then((module) => core.initSync({ module }));
  await ready;
  let id: number;
  const warned = new Set<string>();
  const say = host.say;
  host.say = (...told: any[]) => {
    say(...told);
    if (TROUBLE.test(told[3]) && !warned.has(told[3])) {
      warned.add(told[3]);
      host.report(told[3], told[4]);
    }
  };
  host.optedIn = () => host.target?.track('$opt_in', {}, { send_immediately: true });
  host.receipt = (receipt: any) => {
    host.trace('receipt', receipt);
    try {
      host.onReceipt?.(receipt);
    } catch (error) {
      host.report('receipt-threw', 'onReceipt', error);
    }
    if (host.receiptEndpoint)
      fetch(host.receiptEndpoint, {
        method: 'POST',
        keepalive: true,
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(receipt),
      }).catch((error) => host.report('receipt-not-posted', host.receiptEndpoint, error));
  };
  replay(host);
  arrive(host, (found) => core.arrived(id, found));
  id = core.connect(host);
  return {
    answer: (yes: boolean) => core.answer(id, yes),
    reset: () => core.reset(id),
    receipts: () => core.receipts(id),
    disconnect: () => core.disconnect(id),
    explain: (state: any) => ({ ...state, dropped: host.dropped, ...core.explain(id), toString: print }),
  };
}

function print(this: any) {
  const lines = [
    `Mixpanel is ${this.mode}: ${this.reason} (${this.code})`,
    `consent ${this.consent}, decided by ${this.cmp || 'nobody yet'}; the SDK is ${this.sdk}`,
    `gate ${JSON.stringify(this.gate)}, ${this.held} held, ${this.dropped} dropped over the limit`,
    `Global Privacy Control ${this.gpc ? 'on' : 'off'}, Do Not Track ${this.dnt ? 'on' : 'off'}`,
  ];
  for (const source of this.sources)
    lines.push(
      `${source.cmp} (${source.live ? 'running' : 'stored'}): ${JSON.stringify(source.consent)}`,
      `  categories ${JSON.stringify(source.categories)}${source.others ? `, others ${source.others}` : ''}`,
      `  read from ${JSON.stringify(source.raw)}`,
    );
  return lines.join('\n');
}
