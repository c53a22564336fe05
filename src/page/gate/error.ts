// The error that connect() throws for a programmer's mistake. Nothing else is ever thrown
// into the page.

export class BridgeError extends Error {
  constructor(
    /** Stable; for programs. */
    readonly code: string,
    message: string,
  ) {
    super(`${message} (mixpanel-consent-bridge: ${code})`);
    this.name = 'BridgeError';
  }
}
