import { expect, test } from 'vitest';
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
