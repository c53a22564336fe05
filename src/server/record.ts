// The record's cookie on a server: signed where the browser cannot, and written as the browser
// writes it (src/page/look/record.js).

import type { RecordCookieOptions, RecordSigning } from '../api/server.js';
import { ask } from './core.js';
import { fail, isObject, kindOf } from './errors.js';
import { keys, known } from './options.js';

/** A year, as in the browser. */
const AGE = 31536000;

/** What a signature is made with. It holds for the cookie of one project and instance alone. */
function signing(given: RecordSigning): { cookie: string; secrets: string[] } {
  if (!isObject(given)) return fail('option-invalid', 'A record is signed for one project: give { token, key }.');
  return { cookie: recordName(given.token, given.name), secrets: keys('key', given.key) };
}

export function signRecord(value: string, given: RecordSigning): string | null {
  const { cookie, secrets } = signing(given);
  return typeof value == 'string' ? (ask((api) => api.signRecord(cookie, value, secrets[0]!)) ?? null) : null;
}

export function verifyRecord(value: string, given: RecordSigning): boolean {
  const { cookie, secrets } = signing(given);
  return typeof value == 'string' && secrets.some((secret) => ask((api) => api.verifyRecord(cookie, value, secret)));
}

export function recordName(token: string, name?: string): string {
  if (typeof token != 'string' || !token)
    fail('token-missing', 'The name of the record\'s cookie is made of the project token: give it.');
  // The core's module takes a text as a place in its memory and a length; anything else is a place that is not there.
  if (name !== undefined && typeof name != 'string') fail('option-invalid', `Option \`name\` is a text, the name of the instance; this is ${kindOf(name)}.`);
  return ask((api) => api.recordName(token, name));
}

export function recordCookie(given: RecordCookieOptions): string | null {
  known(given, ['token', 'name', 'value', 'key', 'secure'], ' of recordCookie()');
  const { token, name, value, key, secure = true } = given;
  if (typeof secure != 'boolean') fail('option-invalid', 'Option `secure` is true or false.');
  const its = { token, key, ...(name === undefined ? {} : { name }) };
  const { cookie } = signing(its);
  const line = value === '' ? '' : signRecord(value, its);
  if (line === null) return null;
  return `${cookie}=${line}; Path=/; SameSite=Lax; Max-Age=${line ? AGE : 0}${secure ? '; Secure' : ''}`;
}
