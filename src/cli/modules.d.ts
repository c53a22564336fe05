// The virtual modules of tools/bundle.mjs for the command: a script for a page, as text, whose exports
// are at `page`; and what is known of the package when it is bundled.

declare module 'page:*' {
  const text: string;
  export default text;
}

declare const PACKAGE: { version: string; homepage: string };
