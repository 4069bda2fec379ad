import avsc from 'avsc';
import { expect, test } from 'vitest';
import type { Field, SqlType } from '@weir/columnar/sql-type.ts';
import { avroOfColumns } from './avro-of-columns.ts';

const column = (name: string, type: SqlType, nullable = false): Field => ({ name, type, nullable });
const text: SqlType = { kind: 'text' };

test('G3: each type has its one form; what may be NULL has the default null, nothing else has one', () => {
  const { schema } = avroOfColumns(
    [
      column('small', { kind: 'integer', bits: 16, signed: true }),
      column('big', { kind: 'integer', bits: 64, signed: true }, true),
      column('huge', { kind: 'integer', bits: 64, signed: false }),
      column('price', { kind: 'decimal', precision: 12, scale: 3 }, true),
      column('day', { kind: 'date' }),
      column('noon', { kind: 'time', precision: 3 }),
      column('ms', { kind: 'timestamp', precision: 3, zoned: true }),
      column('us', { kind: 'timestamp', precision: 6, zoned: false }),
      column('doc', { kind: 'json' }),
      column('raw', { kind: 'bytes' }),
      column('tags', { kind: 'list', element: column('element', text, true) }),
      column('byName', {
        kind: 'map',
        key: column('key', text),
        value: column('value', { kind: 'boolean' }),
      }),
    ],
    'orders_value',
  );
  expect(schema).toEqual({
    type: 'record',
    name: 'orders_value',
    fields: [
      { name: 'small', type: 'int' },
      { name: 'big', type: ['null', 'long'], default: null },
      { name: 'huge', type: { type: 'bytes', logicalType: 'decimal', precision: 20, scale: 0 } },
      {
        name: 'price',
        type: ['null', { type: 'bytes', logicalType: 'decimal', precision: 12, scale: 3 }],
        default: null,
      },
      { name: 'day', type: { type: 'int', logicalType: 'date' } },
      { name: 'noon', type: { type: 'long', logicalType: 'time-micros' } },
      { name: 'ms', type: { type: 'long', logicalType: 'timestamp-millis' } },
      { name: 'us', type: { type: 'long', logicalType: 'timestamp-micros' } },
      { name: 'doc', type: 'string' },
      { name: 'raw', type: 'bytes' },
      { name: 'tags', type: { type: 'array', items: ['null', 'string'] } },
      { name: 'byName', type: { type: 'map', values: 'boolean' } },
    ],
  });
});

test('names are made legal, stable and different, and notes say which were changed', () => {
  const street = { kind: 'struct', fields: [column('street no', text)] } as const;
  const columns = [
    column('user id', text),
    column('user_id', text),
    column('1st', text),
    column('größe', text),
    column('a', { kind: 'struct', fields: [column('b_c', street)] }),
    column('a_b', { kind: 'struct', fields: [column('c', street)] }),
  ];
  const made = avroOfColumns(columns, 'orders_value');
  expect(made.names).toEqual(['user_id_2', 'user_id', '_1st', 'gr__e', 'a', 'a_b']);
  expect(made.notes.map(({ column: of }) => of)).toEqual([
    'user id',
    '1st',
    'größe',
    'a.b_c.street no',
    'a_b.c',
    'a_b.c.street no',
  ]);
  expect(JSON.stringify(made)).toBe(JSON.stringify(avroOfColumns(columns, 'orders_value')));
  expect(JSON.stringify(made.schema)).toContain('"orders_value_a_b_c_2"');
  // Strict as other readers are.
  avsc.Type.forSchema(made.schema as avsc.Schema, { noAnonymousTypes: true });
});

test('what Avro has no type for is refused', () => {
  const interval: SqlType = { kind: 'interval', unit: 'micros' };
  expect(() =>
    avroOfColumns([column('took', { kind: 'list', element: column('e', interval) })], 'r'),
  ).toThrow(/column took\[\]: Avro has no type for INTERVAL/);
});
