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
