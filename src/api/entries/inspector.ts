// What `debug: true` shows, for pages that want it otherwise; importing it touches nothing.

export { bridges, inspect } from '../../page/inspect/inspect.ts';
export { observe } from '../../page/inspect/observe.ts';
