// As much of Node's types as these tests need: those of a request.

export interface IncomingMessage {
  headers: { [name: string]: string | string[] | undefined; cookie?: string | undefined; 'set-cookie'?: string[] | undefined };
  method?: string | undefined;
}
