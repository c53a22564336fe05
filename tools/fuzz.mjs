// Goes on with what the suite does shortly: noise on stored texts (tests/cmp/fuzz.rs), hostile
// pages (tests/wasm/fuzz.test.mjs) and cookies that nobody wrote, read by a server and by a page
// (tests/server/read-fuzz.mjs), each with a new seed, until the time is over or something is
// wrong. What it prints then repeats it.
//
//   npm run fuzz            for ten minutes
//   npm run fuzz -- 3600    for so many seconds

import { spawn } from 'node:child_process';
import { build } from './build.mjs';
import { Failure, at, main, root, started } from './lib.mjs';

/** One round of each takes this long, in seconds. */
const ROUND = 60;

const run = (command, args, env) => new Promise((done, fail) => {
  const child = spawn(command, args, { cwd: root, env: { ...process.env, ...env }, stdio: ['ignore', 'inherit', 'inherit'] });
  child.on('error', fail);
  child.on('close', (code) => (code === 0 ? done() : fail(new Failure(`\`${command} ${args.join(' ')}\` found something; repeat it with ${Object.entries(env).map((pair) => pair.join('=')).join(' ')}.`))));
});

if (started(import.meta)) {
  await main(async () => {
    const seconds = Number(process.argv[2] ?? 600);
    if (!(seconds > 0)) throw new Failure(`\`${process.argv[2]}\` is no number of seconds: run \`npm run fuzz -- 600\`.`);
    await build();
    const end = Date.now() + seconds * 1000;
    for (let seed = Date.now() % 1_000_000_007; Date.now() < end; seed += 1) {
      const round = Math.max(1, Math.min(ROUND, Math.round((end - Date.now()) / 3000)));
      const env = { FUZZ_SEED: String(seed), FUZZ_SECONDS: String(round) };
      await run('cargo', ['test', '--release', '--locked', '--test', 'cmp', 'noise', '--', '--nocapture'], env);
      await run(process.execPath, ['--test', '--test-reporter=spec', at('tests', 'wasm', 'fuzz.test.mjs')], env);
      await run(process.execPath, [at('tests', 'server', 'read-fuzz.mjs')], env);
    }
    console.log(`\nNothing found in ${seconds} seconds.`);
  });
}
