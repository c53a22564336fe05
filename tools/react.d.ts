// The one function of React that src/api/entries/react.ts calls; React itself brings no types.
declare module 'react' {
  export function useSyncExternalStore<T>(subscribe: (listener: () => void) => () => void, snapshot: () => T, server: () => T): T;
}
