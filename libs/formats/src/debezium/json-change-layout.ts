import type { ChangeLayout } from './debezium-encoder.ts';

const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);

/** `{"before":…,"after":…,"op":"c"}` */
export const jsonChangeLayout: ChangeLayout = {
  parts: [utf8('{"before":'), 'before', utf8(',"after":'), 'after', utf8(',"op":"'), 'op', utf8('"}')],
  noRow: utf8('null'),
  rowHead: new Uint8Array(0),
  created: utf8('c'),
  updated: utf8('u'),
  deleted: utf8('d'),
};
