// The record's cookie on a server: signed where the browser cannot, and written as the browser
// writes it (src/page/look/record.js).

import type { RecordCookieOptions } from './types.js';
import { BridgeError } from '../page/gate/error.js';
import { ask } from './core.js';
import { keys } from './options.js';

/** A year, as in the browser. */
const AGE = 31536000;

const one = (given: any): string => keys(given)[0] ?? keys([''])[0]!;

export function signRecord(value: string, key: string | readonly string[]): string | null {
  const secret = one(key);
  return ask((api) => api.signRecord(String(value), secret)) ?? null;
}

export function verifyRecord(value: string, key: string | readonly string[]): boolean {
  return keys(key).some((secret) => ask((api) => api.verifyRecord(String(value), secret)));
}

export function recordName(token: string, name?: string): string {
  if (typeof token != 'string' || !token)
    throw new BridgeError('token-missing', 'The name of the record\'s cookie is made of the project token: give it.');
  return ask((api) => api.recordName(token, name));
}

export function recordCookie({ token, name, value, key, secure = true }: RecordCookieOptions): string | null {
  const cookie = recordName(token, name);
  const line = value && signRecord(value, key);
  if (line === null) return null;
  return `${cookie}=${line}; Path=/; SameSite=Lax; Max-Age=${line ? AGE : 0}${secure ? '; Secure' : ''}`;
}
