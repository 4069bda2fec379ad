import { Ajv } from 'ajv';
import { expect, test, vi } from 'vitest';
import { formatType, type Field, type SqlType } from '@weir/columnar/sql-type.ts';
import { RandomRows } from '@weir/columnar/testing/random-rows.ts';
import { jsonSchemaOfColumns } from '@weir/formats/json/json-schema-of-columns.ts';
import { encodedRows } from '@weir/formats/testing/encoded-rows.ts';
import { columnsOfJsonSchema } from './infer/json-schema-columns.ts';

// A busy machine may take its time.
vi.setConfig({ testTimeout: 120_000 });

const seed = Number(process.env['WEIR_SEED'] ?? 20261126);
const column = (name: string, type: SqlType, nullable = false): Field => ({ name, type, nullable });
const text: SqlType = { kind: 'text' };

test('G4: the schema of columns says their order, what may be NULL, and what JSON has no word for', () => {
  const columns = [
    column('id', { kind: 'integer', bits: 64, signed: true }),
    column('2', { kind: 'decimal', precision: 10, scale: 2 }, true),
    column('at', { kind: 'timestamp', precision: 3, zoned: true }),
    column('tags', { kind: 'list', element: column('element', text, true) }, true),
  ];
  expect(JSON.parse(jsonSchemaOfColumns(columns, 'orders-value', {}))).toEqual({
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: 'orders-value',
    type: 'object',
    properties: {
      id: { type: 'integer', 'connect.type': 'int64', 'connect.index': 0 },
      '2': {
        oneOf: [
          { type: 'null' },
          {
            type: 'number',
            title: 'org.apache.kafka.connect.data.Decimal',
            'connect.parameters': { scale: '2', 'connect.decimal.precision': '10' },
          },
        ],
        'connect.index': 1,
      },
      at: { type: 'string', format: 'date-time', 'connect.index': 2 },
      tags: {
        oneOf: [
          { type: 'null' },
          { type: 'array', items: { oneOf: [{ type: 'null' }, { type: 'string' }] } },
        ],
        'connect.index': 3,
      },
    },
    required: ['id', 'at', 'tags'].slice(0, 2),
  });
  const options = { 'json.timestamp_format': 'unix_millis', 'json.decimal_encoding': 'string' };
  const { properties } = JSON.parse(jsonSchemaOfColumns(columns, 't', options)) as { properties: object };
  expect(properties).toMatchObject({ at: { type: 'integer' }, '2': { oneOf: [{}, { type: 'string' }] } });
});

test('J3: columns read back from it are the same, in their order, integers and decimals of their width', () => {
  const columns = [
    column('z', { kind: 'integer', bits: 16, signed: true }),
    column('10', { kind: 'decimal', precision: 20, scale: 4 }, true),
    column('2', { kind: 'float', bits: 32 }),
    column('b', { kind: 'bytes' }, true),
    column('d', { kind: 'date' }),
    column('who', { kind: 'struct', fields: [column('1', text), column('0', { kind: 'boolean' }, true)] }),
  ];
  const read = columnsOfJsonSchema(jsonSchemaOfColumns(columns, 't', {})).columns;
  expect(read.map(({ name, type, nullable }) => [name, formatType(type), nullable])).toEqual(
    columns.map(({ name, type, nullable }) => [name, formatType(type), nullable]),
  );
});

test.each([{}, { 'json.decimal_encoding': 'string', 'json.timestamp_format': 'sql' }])(
  'G4: rows of all types are valid by it, for a validator that knows nothing of us: %j',
  (options) => {
    const random = new RandomRows(seed);
    for (let round = 0; round < 60; round += 1) {
      const { fields } = random.schema();
      const schema = jsonSchemaOfColumns(fields, 't', options);
      const ajv = new Ajv({ strict: false, validateFormats: false });
      const validate = ajv.compile(JSON.parse(schema) as object);
      for (const record of encodedRows('json', fields, random.rows({ fields }, 5), options)) {
        const value = JSON.parse(Buffer.from(record!).toString()) as unknown;
        expect(
          validate(value),
          `seed ${seed}, round ${round}: ${JSON.stringify(validate.errors)} ${schema}`,
        ).toBe(true);
      }
    }
  },
);

test('G5: values of a registry have the five bytes of their frame', () => {
  const fields = [column('v', text)];
  const writer = {
    format: 'json',
    text: '{}',
    references: [],
    origin: { kind: 'ddl' },
    columns: [],
    writerId: 258,
  } as const;
  const [record] = encodedRows('json', fields, [['x']], {}, { framing: 'confluent', writer });
  expect([...record!.subarray(0, 5)]).toEqual([0, 0, 0, 1, 2]);
  expect(Buffer.from(record!.subarray(5)).toString()).toBe('{"v":"x"}');
});
