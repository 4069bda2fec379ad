import type { Field, Schema, SqlType } from '@weir/columnar/sql-type.ts';
import { byKind, flag, index, listOf, name, objectOf, only, ref, type JsonSchema } from './json-schema.ts';

type TypeOf<K extends SqlType['kind']> = Extract<SqlType, { readonly kind: K }>;

const fraction: JsonSchema = { type: 'integer', minimum: 0, maximum: 9 };
const digits: JsonSchema = { type: 'integer', minimum: 0, maximum: 1000 };

const types: { readonly [K in SqlType['kind']]: JsonSchema } = {
  null: objectOf<TypeOf<'null'>>({ kind: only('null') }),
  boolean: objectOf<TypeOf<'boolean'>>({ kind: only('boolean') }),
  integer: objectOf<TypeOf<'integer'>>({ kind: only('integer'), bits: only(8, 16, 32, 64), signed: flag }),
  float: objectOf<TypeOf<'float'>>({ kind: only('float'), bits: only(32, 64) }),
  decimal: objectOf<TypeOf<'decimal'>>({ kind: only('decimal'), precision: digits, scale: digits }),
  text: objectOf<TypeOf<'text'>>({ kind: only('text') }),
  bytes: objectOf<TypeOf<'bytes'>>({ kind: only('bytes') }),
  json: objectOf<TypeOf<'json'>>({ kind: only('json') }),
  date: objectOf<TypeOf<'date'>>({ kind: only('date') }),
  time: objectOf<TypeOf<'time'>>({ kind: only('time'), precision: fraction }),
  timestamp: objectOf<TypeOf<'timestamp'>>({ kind: only('timestamp'), precision: fraction, zoned: flag }),
  interval: objectOf<TypeOf<'interval'>>({ kind: only('interval'), unit: only('months', 'micros') }),
  struct: objectOf<TypeOf<'struct'>>({ kind: only('struct'), fields: listOf(ref('field')) }),
  list: objectOf<TypeOf<'list'>>({ kind: only('list'), element: ref('field') }),
  map: objectOf<TypeOf<'map'>>({ kind: only('map'), key: ref('field'), value: ref('field') }),
};

/** Definitions that `ref('type')`, `ref('field')` and `ref('schema')` mean. */
export const typeDefinitions: JsonSchema = {
  type: byKind(Object.values(types)),
  field: objectOf<Field>({ name, type: ref('type'), nullable: flag }),
  schema: objectOf<Schema>({ fields: listOf(ref('field')), eventTime: index }, ['eventTime']),
};
