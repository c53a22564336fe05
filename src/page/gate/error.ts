// A programmer's mistake. connect() throws none of it into the page: it stands at `bridge.error`.

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
