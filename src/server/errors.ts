// The error that the server part throws. Its codes are the public ones (types.d.ts), so that a code
// that no type names does not compile.

import type { BridgeErrorCode } from '../api/server.js';

export class BridgeError extends Error {
  constructor(
    /** Stable; for programs. */
    readonly code: BridgeErrorCode,
    message: string,
    options?: { cause?: unknown },
  ) {
    super(`${message} (mixpanel-consent-bridge: ${code})`, options);
    this.name = 'BridgeError';
  }
}

/** Throws one, where an expression stands. */
export const fail = (code: BridgeErrorCode, message: string, cause?: unknown): never => {
  throw new BridgeError(code, message, cause === undefined ? {} : { cause });
};

/** What was thrown, in words. */
export const told = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** Calls what a site gave: what it throws, or rejects with, is printed and harms nobody. */
export function harmless<A extends unknown[]>(name: string, call: ((...args: A) => unknown) | undefined, ...args: A): void {
  const print = (error: unknown) => console.error(`mixpanel-consent-bridge: ${name} failed:`, error);
  try {
    const made = call?.(...args);
    if (made instanceof Object && 'then' in made) void Promise.resolve(made).catch(print);
  } catch (error) {
    print(error);
  }
}

/** What a site gave in the place of something else, for people. Its content may be a secret and is not said. */
export const kindOf = (value: unknown): string =>
  value === undefined || value === null ? 'nothing' : Array.isArray(value) ? 'a list' : typeof value == 'string' ? 'a text' : typeof value == 'object' ? 'an object' : `a ${typeof value}`;

/** An object, and neither a list nor null. */
export const isObject = (value: unknown): value is Record<string, unknown> => !!value && typeof value == 'object' && !Array.isArray(value);
