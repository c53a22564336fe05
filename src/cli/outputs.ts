// Where the command is to write, looked at before a browser is started: minutes later it would be what
// the visits have shown that is lost.

import { accessSync, closeSync, constants, existsSync, openSync, readdirSync, statSync, unlinkSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import type { Files } from './options.ts';
import { Unable, firstLine } from './types.ts';

/** Throws `Unable` with the first that cannot be written. */
export function writable(files: Files): void {
  const taken = new Map<string, string>();
  for (const [option, path] of Object.entries(files) as [keyof Files, string][]) {
    if (option == 'baseline') continue;
    const place = resolve(path);
    const other = taken.get(place);
    if (other !== undefined) throw new Unable('arguments', `--${other} and --${option} name the same place, \`${path}\`: one would overwrite the other.`);
    taken.set(place, option);
    if (option == 'evidence') empty(path);
    else file(path, option == 'write-baseline' ? 'baseline-unwritable' : 'file-unwritable');
  }
}

function file(path: string, code: string): void {
  try {
    const there = existsSync(path);
    closeSync(openSync(path, 'a'));
    if (!there) unlinkSync(path);
  } catch (error) {
    throw new Unable(code, `\`${path}\` cannot be written (${firstLine(error)}).`);
  }
}

/** A folder that is new or empty, and can be made. */
export function empty(folder: string): void {
  try {
    if (existsSync(folder)) {
      if (!statSync(folder).isDirectory()) throw new Error('it is a file, and no folder');
      if (readdirSync(folder).length) throw new Unable('evidence-not-empty', `\`${folder}\` is not empty. Give a folder that is new: evidence is never overwritten.`);
    }
    let above = resolve(folder);
    while (!existsSync(above)) above = dirname(above);
    if (!statSync(above).isDirectory()) throw new Error(`${above} is a file, and no folder`);
    accessSync(above, constants.W_OK);
  } catch (error) {
    if (error instanceof Unable) throw error;
    throw new Unable('evidence-unwritable', `\`${folder}\` cannot be written (${firstLine(error)}).`);
  }
}
