import type { Bridge, Options } from './index.d.ts';

/** One thing that a bridge with `debug: true` heard, decided or did. */
export interface Entry {
  readonly kind: 'read' | 'decision' | 'command' | 'gate' | 'held' | 'released' | 'dropped' | 'receipt' | 'report' | 'unsupported';
  readonly what: unknown;
  readonly more?: unknown;
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly token: string;
  readonly name?: string;
}

/** Calls `listener` with everything that bridges with `debug: true` do; returns how to stop. */
export function observe(listener: (entry: Entry) => void, of?: { token?: string; name?: string }): () => void;

/**
 * Shows the inspector: a button at the edge of the page, and behind it a panel with the state and its
 * reason, what was read, held calls, what Mixpanel has stored, and what happened. It shows every
 * bridge of the page, needs no `debug`, and changes nothing. Called again it shows the one that is
 * there. `debug: true` calls it.
 * @param options `open`: with the panel open
 * @returns how to remove it
 */
export function inspect(options?: { open?: boolean }): () => void;

/** A bridge of the page, as its register has it: `window[Symbol.for('mixpanel-consent-bridge')]`, a `Map`. */
export interface Listed {
  readonly bridge: Bridge;
  readonly options: Readonly<Options>;
  /** The calls that wait. */
  readonly held: readonly { readonly path: string; readonly args: readonly unknown[]; readonly at: number }[];
}

/** The bridges of the page, of whichever copy of this package, in the order in which they were made. */
export function bridges(): Listed[];
