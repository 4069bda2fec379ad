import type { Field, Schema, SqlType } from '@weir/columnar/sql-type.ts';
import { byKind, flag, index, listOf, name, shapeOf, only, ref, type ShapeSchema } from './shape-schema.ts';

type TypeOf<K extends SqlType['kind']> = Extract<SqlType, { readonly kind: K }>;

const fraction: ShapeSchema = { type: 'integer', minimum: 0, maximum: 9 };
const digits: ShapeSchema = { type: 'integer', minimum: 0, maximum: 1000 };

const types: { readonly [K in SqlType['kind']]: ShapeSchema } = {
  null: shapeOf<TypeOf<'null'>>({ kind: only('null') }),
  boolean: shapeOf<TypeOf<'boolean'>>({ kind: only('boolean') }),
  integer: shapeOf<TypeOf<'integer'>>({ kind: only('integer'), bits: only(8, 16, 32, 64), signed: flag }),
  float: shapeOf<TypeOf<'float'>>({ kind: only('float'), bits: only(32, 64) }),
  decimal: shapeOf<TypeOf<'decimal'>>({ kind: only('decimal'), precision: digits, scale: digits }),
  text: shapeOf<TypeOf<'text'>>({ kind: only('text') }),
  bytes: shapeOf<TypeOf<'bytes'>>({ kind: only('bytes') }),
  json: shapeOf<TypeOf<'json'>>({ kind: only('json') }),
  date: shapeOf<TypeOf<'date'>>({ kind: only('date') }),
  time: shapeOf<TypeOf<'time'>>({ kind: only('time'), precision: fraction }),
  timestamp: shapeOf<TypeOf<'timestamp'>>({ kind: only('timestamp'), precision: fraction, zoned: flag }),
  interval: shapeOf<TypeOf<'interval'>>({ kind: only('interval'), unit: only('months', 'micros') }),
  struct: shapeOf<TypeOf<'struct'>>({ kind: only('struct'), fields: listOf(ref('field')) }),
  list: shapeOf<TypeOf<'list'>>({ kind: only('list'), element: ref('field') }),
  map: shapeOf<TypeOf<'map'>>({ kind: only('map'), key: ref('field'), value: ref('field') }),
};

/** Definitions that `ref('type')`, `ref('field')` and `ref('schema')` mean. */
export const typeDefinitions: ShapeSchema = {
  type: byKind(Object.values(types)),
  field: shapeOf<Field>({ name, type: ref('type'), nullable: flag }),
  schema: shapeOf<Schema>({ fields: listOf(ref('field')), eventTime: index }, ['eventTime']),
};
