// What a text or a page gives is unknown until it has been looked at; TypeScript's own
// declarations give `any` there. For src/page alone (tsconfig.page.json).

interface JSON {
  parse(text: string): unknown;
}

interface ArrayConstructor {
  isArray(value: unknown): value is unknown[];
}
