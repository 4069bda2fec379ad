import { describe, expect, test } from 'vitest';
import { formatType } from '@weir/columnar/sql-type.ts';
import { columnsOfJsonSchema } from './json-schema-columns.ts';

function columns(schema: unknown): Record<string, string> {
  const { columns: fields } = columnsOfJsonSchema(JSON.stringify(schema));
  return Object.fromEntries(
    fields.map((f) => [f.name, `${formatType(f.type)}${f.nullable ? '' : ' NOT NULL'}`]),
  );
}

test.each([
  [{ type: 'boolean' }, 'BOOLEAN'],
  [{ type: 'integer' }, 'BIGINT'],
  [{ type: 'number' }, 'DOUBLE'],
  [{ type: 'string' }, 'TEXT'],
  [{ type: 'string', format: 'date-time' }, 'TIMESTAMP(6)'],
  [{ type: 'string', format: 'date' }, 'DATE'],
  [{ type: 'string', format: 'time' }, 'TIME(6)'],
  [{ type: 'string', contentEncoding: 'base64' }, 'BYTEA'],
  [{ type: ['integer', 'null'] }, 'BIGINT'],
  [{ oneOf: [{ type: 'null' }, { type: 'string' }] }, 'TEXT'],
  [{ enum: ['a', 'b'] }, 'TEXT'],
  [{ enum: ['a', 1] }, 'JSON'],
  [{ type: 'object', properties: { x: { type: 'integer' } } }, 'STRUCT<x BIGINT>'],
  [{ type: 'object', additionalProperties: { type: 'string' } }, 'JSON'],
  [{ type: 'array', items: { type: 'number' } }, 'DOUBLE[]'],
  [{ $ref: '#/$defs/money' }, 'DOUBLE'],
  [{ $ref: '#/$defs/missing' }, 'JSON'],
  [{ $ref: '#/$defs/loop' }, 'JSON'],
  [{ anyOf: [{ type: 'integer' }, { type: 'string' }] }, 'JSON'],
])('%j is %s', (property, expected) => {
  const schema = {
    type: 'object',
    properties: { c: property },
    $defs: { money: { type: 'number' }, loop: { $ref: '#/$defs/loop' } },
  };
  expect(columns(schema)).toEqual({ c: expected });
});

test('required properties are not nullable, unless they allow null', () => {
  expect(
    columns({
      type: 'object',
      required: ['a', 'b'],
      properties: { a: { type: 'integer' }, b: { type: ['integer', 'null'] }, c: { type: 'integer' } },
    }),
  ).toEqual({ a: 'BIGINT NOT NULL', b: 'BIGINT', c: 'BIGINT' });
});

test('a structure that contains itself becomes JSON and says so', () => {
  const { notes } = columnsOfJsonSchema(
    JSON.stringify({ type: 'object', properties: { value: { type: 'integer' }, next: { $ref: '#' } } }),
  );
  expect(notes.length).toBeGreaterThan(0);
  expect(notes[0]?.note).toMatch(/JSON, since/);
});

test.each([
  ['{', 'WEIR-3401'],
  ['[]', 'WEIR-3402'],
  ['{"type": "string"}', 'WEIR-3402'],
])('%s is refused with %s', (text, code) => {
  expect(() => columnsOfJsonSchema(text)).toThrow(expect.objectContaining({ code }));
});

describe('json-columns: what documents of strangers hold', () => {
  const table: [string, object, Record<string, string>][] = [
    [
      'J1: what stands beside a reference means nothing before 2019-09',
      {
        $schema: 'http://json-schema.org/draft-07/schema#',
        definitions: { n: { type: 'integer' } },
        properties: { c: { $ref: '#/definitions/n', type: 'string' } },
      },
      { c: 'BIGINT' },
    ],
    [
      'J1: and counts from then on',
      { $defs: { n: {} }, properties: { c: { $ref: '#/$defs/n', type: 'string', format: 'date' } } },
      { c: 'DATE' },
    ],
    [
      'J2: an address of its own, inside which # means another root',
      {
        $id: 'https://shop/order.json',
        properties: { c: { $ref: 'parts/line.json#/properties/n' }, d: { $ref: '#price' } },
        $defs: {
          line: {
            $id: 'https://shop/parts/line.json',
            properties: { n: { $ref: '#/$defs/count' } },
            $defs: { count: { type: 'integer' } },
          },
          price: { $anchor: 'price', type: 'number' },
        },
      },
      { c: 'BIGINT', d: 'DOUBLE' },
    ],
    [
      'J2: tuples, boolean schemas, nullable',
      {
        required: ['a', 'b', 'c', 'd', 'e'],
        properties: {
          a: { type: 'array', items: [{ type: 'integer' }] },
          b: { type: 'array', prefixItems: [{ type: 'integer' }] },
          c: true,
          d: { type: 'integer', nullable: true },
          e: { type: 'array', items: { type: 'integer' } },
        },
      },
      { a: 'JSON', b: 'JSON', c: 'JSON', d: 'BIGINT', e: 'BIGINT[] NOT NULL' },
    ],
    [
      'J4: all ways to allow null',
      {
        required: ['a', 'b', 'c', 'd', 'e'],
        definitions: { o: { type: 'object', properties: { x: { type: 'integer' } } } },
        properties: {
          a: { oneOf: [{ type: 'null' }, { $ref: '#/definitions/o' }] },
          b: { enum: ['x', null] },
          c: { anyOf: [{ const: null }, { type: 'boolean' }] },
          d: { type: ['string', 'null'] },
          e: { const: 'x' },
        },
      },
      { a: 'STRUCT<x BIGINT>', b: 'TEXT', c: 'BOOLEAN', d: 'TEXT', e: 'TEXT NOT NULL' },
    ],
    [
      'a schema that is another one',
      { properties: { c: { allOf: [{ type: 'integer' }] }, d: { allOf: [{}, {}] } } },
      { c: 'BIGINT', d: 'JSON' },
    ],
    [
      'a decimal of Kafka Connect',
      {
        properties: {
          c: {
            type: 'number',
            title: 'org.apache.kafka.connect.data.Decimal',
            'connect.parameters': { scale: '2' },
          },
        },
      },
      { c: 'DECIMAL(38, 2)' },
    ],
  ];
  test.each(table)('%s', (_, schema, expected) => {
    expect(columns({ type: 'object', ...schema })).toEqual(expected);
  });

  test('J3: columns stand in the order of the text, whatever they are called', () => {
    const text =
      '{"type": "object", "properties": {"b": {"type": "string"}, "10": {"type": "string"}, "__proto__": {"type": "integer"}, "a": {"type": "string"}}}';
    expect(columnsOfJsonSchema(text).columns.map(({ name }) => name)).toEqual(['b', '10', '__proto__', 'a']);
  });

  test('J3: or as Kafka Connect numbers them', () => {
    const properties = {
      a: { type: 'string', 'connect.index': 1 },
      b: { type: 'string', 'connect.index': 0 },
    };
    expect(Object.keys(columns({ type: 'object', properties }))).toEqual(['b', 'a']);
  });

  test('R7, C6: references of the registry are followed by their names; nothing else is fetched', () => {
    const text = JSON.stringify({
      $id: 'https://shop/order.json',
      type: 'object',
      properties: {
        c: { $ref: 'customer.json' },
        d: { $ref: 'customer.json#/properties/n' },
        e: { $ref: 'https://elsewhere/x.json' },
      },
    });
    const customer = JSON.stringify({ type: 'object', properties: { n: { $ref: 'name' } } });
    const references = [
      { name: 'name', text: '{"type":"string"}' },
      { name: 'customer.json', text: customer },
    ];
    const { columns: fields, notes } = columnsOfJsonSchema(text, references);
    expect(fields.map(({ name, type }) => `${name} ${formatType(type)}`)).toEqual([
      'c STRUCT<n TEXT>',
      'd TEXT',
      'e JSON',
    ]);
    expect(notes).toMatchObject([{ column: 'e', note: expect.stringContaining('leads nowhere') as string }]);
  });

  test('a document that means more fields than any table has is refused', () => {
    const $defs: Record<string, object> = { l0: { type: 'object', properties: { x: { type: 'string' } } } };
    for (let level = 1; level < 15; level += 1) {
      const below = { $ref: `#/$defs/l${level - 1}` };
      $defs[`l${level}`] = { type: 'object', properties: { a: below, b: below, c: below } };
    }
    expect(() => columns({ type: 'object', properties: { c: { $ref: '#/$defs/l14' } }, $defs })).toThrow(
      expect.objectContaining({ code: 'WEIR-3402' }) as Error,
    );
  });
});
