import { describe, expect, it } from 'vitest';
import { formatType } from '@weir/columnar/sql-type.ts';
import { columnsOfAvro, type ComplexTypes } from './avro-columns.ts';
import { parseAvroSchema } from './parse-avro-schema.ts';

/** `name TYPE [NOT NULL]` of each column of a record with these fields. */
function columns(fields: unknown[], complex: ComplexTypes = 'json'): string[] {
  const schema = parseAvroSchema(JSON.stringify({ type: 'record', name: 'R', fields }));
  return columnsOfAvro(schema, complex).columns.map(
    ({ field }) => `${field.name} ${formatType(field.type)}${field.nullable ? '' : ' NOT NULL'}`,
  );
}

const field = (type: unknown) => ({ name: 'a', type });

describe('types of Avro in SQL', () => {
  it.each([
    ['boolean', 'BOOLEAN NOT NULL'],
    ['int', 'INT NOT NULL'],
    ['long', 'BIGINT NOT NULL'],
    ['float', 'FLOAT NOT NULL'],
    ['double', 'DOUBLE NOT NULL'],
    ['string', 'TEXT NOT NULL'],
    ['bytes', 'BYTEA NOT NULL'],
    [{ type: 'fixed', name: 'F', size: 4 }, 'BYTEA NOT NULL'],
    [{ type: 'enum', name: 'E', symbols: ['A'] }, 'TEXT NOT NULL'],
    [{ type: 'string', logicalType: 'uuid' }, 'TEXT NOT NULL'],
    [{ type: 'fixed', name: 'U', size: 16, logicalType: 'uuid' }, 'TEXT NOT NULL'],
    [{ type: 'int', logicalType: 'date' }, 'DATE NOT NULL'],
    [{ type: 'int', logicalType: 'time-millis' }, 'TIME(3) NOT NULL'],
    [{ type: 'long', logicalType: 'time-micros' }, 'TIME(6) NOT NULL'],
    [{ type: 'long', logicalType: 'timestamp-millis' }, 'TIMESTAMP(3) WITH TIME ZONE NOT NULL'],
    [{ type: 'long', logicalType: 'timestamp-micros' }, 'TIMESTAMP(6) WITH TIME ZONE NOT NULL'],
    [{ type: 'long', logicalType: 'timestamp-nanos' }, 'TIMESTAMP(6) WITH TIME ZONE NOT NULL'],
    [{ type: 'long', logicalType: 'local-timestamp-micros' }, 'TIMESTAMP(6) NOT NULL'],
    [{ type: 'bytes', logicalType: 'decimal', precision: 10, scale: 2 }, 'DECIMAL(10, 2) NOT NULL'],
    [{ type: 'bytes', logicalType: 'decimal', precision: 40 }, 'JSON NOT NULL'],
    [{ type: 'fixed', name: 'D', size: 12, logicalType: 'duration' }, 'BYTEA NOT NULL'],
    [['null', 'long'], 'BIGINT'],
    [['long', 'null'], 'BIGINT'],
    [['long'], 'BIGINT NOT NULL'],
    [['null', 'long', 'string'], 'JSON'],
    [['long', 'string'], 'JSON NOT NULL'],
    [[], 'JSON'],
    ['null', 'JSON'],
    [{ type: 'array', items: 'long' }, 'JSON NOT NULL'],
    [{ type: 'map', values: 'long' }, 'JSON NOT NULL'],
    [{ type: 'record', name: 'S', fields: [{ name: 'x', type: ['null', 'int'] }] }, 'STRUCT<x INT> NOT NULL'],
  ])('A3 %j is %s', (type, sql) => {
    expect(columns([field(type)])).toEqual([`a ${sql}`]);
  });

  it.each([
    ['an unknown logical type', { type: 'long', logicalType: 'fortnight' }, 'BIGINT'],
    ['a date on a long', { type: 'long', logicalType: 'date' }, 'BIGINT'],
    [
      'a decimal with more scale than precision',
      { type: 'bytes', logicalType: 'decimal', precision: 2, scale: 3 },
      'BYTEA',
    ],
    [
      'a decimal too wide for its fixed',
      { type: 'fixed', name: 'F', size: 2, logicalType: 'decimal', precision: 5 },
      'BYTEA',
    ],
    ['a decimal of no digits', { type: 'bytes', logicalType: 'decimal', precision: 0 }, 'BYTEA'],
    [
      'a uuid on a fixed of another size',
      { type: 'fixed', name: 'F', size: 15, logicalType: 'uuid' },
      'BYTEA',
    ],
  ])('A3: %s is its base type', (_, type, sql) => {
    expect(columns([field(type)])).toEqual([`a ${sql} NOT NULL`]);
  });

  it('arrays and maps can be native', () => {
    expect(columns([field({ type: 'array', items: ['null', 'long'] })], 'native')).toEqual([
      'a BIGINT[] NOT NULL',
    ]);
    expect(columns([field({ type: 'map', values: 'string' })], 'native')).toEqual([
      'a MAP<TEXT, TEXT> NOT NULL',
    ]);
  });

  it('A8: a record inside itself is JSON from there on, and the notes say so', () => {
    const schema = parseAvroSchema(
      '{"type":"record","name":"Node","fields":[{"name":"v","type":"int"},{"name":"next","type":["null","Node"]}]}',
    );
    const { columns: found, notes } = columnsOfAvro(schema, 'json');
    expect(found.map(({ field: { type, nullable } }) => [formatType(type), nullable])).toEqual([
      ['INT', false],
      ['JSON', true],
    ]);
    expect(notes).toEqual([{ column: 'next', note: 'record Node lies inside itself' }]);
  });

  it('a schema that is no record is one column', () => {
    const { columns: found } = columnsOfAvro(parseAvroSchema('"string"'), 'json', 'key');
    expect(found).toEqual([
      { field: { name: 'key', type: { kind: 'text' }, nullable: false }, path: [], as: 'native' },
    ]);
  });
});
