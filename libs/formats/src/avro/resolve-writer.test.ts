import { describe, expect, test } from 'vitest';
import { formatType, type Field, type SqlType } from '@weir/columnar/sql-type.ts';
import { avroFormat } from './avro-format.ts';
import { describeAvro } from './avro-type.ts';
import { parseAvroSchema } from './parse-avro-schema.ts';
import { resolveWriter } from './resolve-writer.ts';
import { writeConversion } from './write-conversion.ts';

const int = (bits: 8 | 16 | 32 | 64, signed = true): SqlType => ({ kind: 'integer', bits, signed });
const float = (bits: 32 | 64): SqlType => ({ kind: 'float', bits });
const decimal = (precision: number, scale: number): SqlType => ({ kind: 'decimal', precision, scale });
const stamp = (precision: number): SqlType => ({ kind: 'timestamp', precision, zoned: false });
const time = (precision: number): SqlType => ({ kind: 'time', precision });
const text: SqlType = { kind: 'text' };
const bytes: SqlType = { kind: 'bytes' };
const date: SqlType = { kind: 'date' };

const logical = (type: string, logicalType: string, more: object = {}) =>
  JSON.stringify({ type, logicalType, ...more });
const avroDecimal = (precision: number, scale: number) => logical('bytes', 'decimal', { precision, scale });
const fixed = (size: number, more: object = {}) =>
  JSON.stringify({ type: 'fixed', name: 'f', size, ...more });

describe('G2: a column becomes what is there without a loss, or is refused', () => {
  test.each<[SqlType, string, 'same' | 'wider' | 'no']>([
    [int(32), '"int"', 'same'],
    [int(16, false), '"int"', 'same'],
    [int(32, false), '"int"', 'no'],
    [int(32, false), '"long"', 'same'],
    [int(32), '"long"', 'wider'],
    [int(64), '"int"', 'no'],
    [int(64), '"double"', 'wider'],
    [int(64, false), '"long"', 'no'],
    [int(64, false), avroDecimal(20, 0), 'same'],
    [int(64, false), avroDecimal(19, 0), 'no'],
    [int(64), logical('long', 'timestamp-millis'), 'no'],
    [float(32), '"float"', 'same'],
    [float(32), '"double"', 'wider'],
    [float(64), '"float"', 'no'],
    [decimal(10, 2), avroDecimal(10, 2), 'same'],
    [decimal(10, 2), avroDecimal(12, 4), 'wider'],
    [decimal(10, 2), avroDecimal(10, 4), 'no'],
    [decimal(10, 2), avroDecimal(10, 0), 'no'],
    [decimal(10, 2), fixed(5, { logicalType: 'decimal', precision: 10, scale: 2 }), 'same'],
    [decimal(10, 2), '"double"', 'no'],
    [text, '"string"', 'same'],
    [text, JSON.stringify({ type: 'enum', name: 'e', symbols: ['A'] }), 'wider'],
    [text, fixed(16, { logicalType: 'uuid' }), 'wider'],
    [text, '"bytes"', 'wider'],
    [text, '"int"', 'no'],
    [bytes, '"bytes"', 'same'],
    [bytes, fixed(3), 'wider'],
    [bytes, '"string"', 'no'],
    [bytes, avroDecimal(3, 0), 'no'],
    [date, logical('int', 'date'), 'same'],
    [date, '"int"', 'wider'],
    [date, '"long"', 'no'],
    [time(3), logical('int', 'time-millis'), 'same'],
    [time(6), logical('int', 'time-millis'), 'no'],
    [time(6), logical('long', 'time-micros'), 'same'],
    [stamp(3), logical('long', 'timestamp-millis'), 'same'],
    [stamp(3), logical('long', 'local-timestamp-micros'), 'wider'],
    [stamp(6), logical('long', 'timestamp-micros'), 'same'],
    [stamp(6), logical('long', 'timestamp-millis'), 'no'],
    [stamp(6), logical('long', 'timestamp-nanos'), 'wider'],
    [stamp(6), '"long"', 'wider'],
    [{ kind: 'boolean' }, '"boolean"', 'same'],
    [{ kind: 'boolean' }, '"string"', 'no'],
  ])('%j as %s: %s', (type, schema, expected) => {
    const avro = parseAvroSchema(schema);
    const found = writeConversion(type, avro);
    const verdict =
      found === null ? 'no'
      : found.rank === 0 ? 'same'
      : 'wider'; // prettier-ignore
    expect(verdict, `${formatType(type)} as ${describeAvro(avro)}`).toBe(expected);
  });
});

const column = (name: string, type: SqlType = text): Field => ({ name, type, nullable: true });
const record = (...fields: object[]) => JSON.stringify({ type: 'record', name: 'shop.Order', fields });

describe('G2: a union takes the branch of the same type, else the first that it may become', () => {
  test.each<[SqlType, string, number]>([
    [int(32), '["null", "double", "long"]', 2],
    [int(32), '["null", "double", "long", "int"]', 3],
    [text, '["bytes", "string"]', 1],
    [
      stamp(3),
      '["long", {"type": "long", "logicalType": "timestamp-millis"}]'.replace('"long", ', '"string", '),
      1,
    ],
  ])('%j in %s', (type, union, index) => {
    const resolved = resolveWriter(
      [column('v', type)],
      parseAvroSchema(`{"type":"record","name":"r","fields":[{"name":"v","type":${union}}]}`),
    );
    expect(resolved).toMatchObject({ of: { fields: [{ value: { branch: Uint8Array.of(index * 2) } }] } });
  });
});

describe('G2: what has no place is told when the pipeline is compiled', () => {
  test.each<[string, Field[], string, { column?: string; option?: string; message: RegExp; hint: RegExp }]>([
    [
      'a field without a column and a default',
      [column('id')],
      record({ name: 'id', type: 'string' }, { name: 'amount', type: 'long' }),
      {
        option: 'avro.schema',
        message: /field amount .* no column and no default/,
        hint: /add a column amount/,
      },
    ],
    [
      'a column without a field',
      [column('id'), column('note')],
      record({ name: 'id', type: 'string' }),
      { column: 'note', message: /column note has no field in record shop.Order/, hint: /its fields are id/ },
    ],
    [
      'another type',
      [column('at', stamp(6))],
      record({ name: 'at', type: ['null', { type: 'long', logicalType: 'timestamp-millis' }] }),
      {
        column: 'at',
        message: /column at: TIMESTAMP\(6\) can't be written as union/,
        hint: /TIMESTAMP\(3\)/,
      },
    ],
    [
      'another type inside a struct',
      [column('who', { kind: 'struct', fields: [column('age', int(64))] })],
      record({
        name: 'who',
        type: { type: 'record', name: 'Who', fields: [{ name: 'age', type: 'int' }] },
      }),
      { column: 'who.age', message: /BIGINT can't be written as int/, hint: /CAST/ },
    ],
    [
      'a schema that can not be read',
      [column('id')],
      '{',
      { option: 'avro.schema', message: /no JSON/, hint: /.*/ },
    ],
    [
      'an interval',
      [column('took', { kind: 'interval', unit: 'micros' })],
      record(),
      { column: 'took', message: /no type for INTERVAL/, hint: /TEXT/ },
    ],
  ])('%s', (_, fields, schema, { message, hint, ...place }) => {
    const [issue, ...others] = avroFormat.check({ fields }, { 'avro.schema': schema }, 'write');
    expect(others).toEqual([]);
    expect(issue).toMatchObject(place);
    expect(issue?.message).toMatch(message);
    expect(issue?.hint ?? '').toMatch(hint);
  });

  test('columns go to fields of another case, and to the names that Avro makes of theirs', () => {
    const schema = record({ name: 'OrderId', type: 'string' }, { name: 'user_id', type: 'string' });
    const fields = [column('user id'), column('orderid')];
    expect(avroFormat.check({ fields }, { 'avro.schema': schema }, 'write')).toEqual([]);
    expect(resolveWriter(fields, parseAvroSchema(schema))).toMatchObject({
      of: { fields: [{ column: 1 }, { column: 0 }] },
    });
  });
});
