import { describe, expect, it } from 'vitest';
import type { AvroRecord, AvroType } from './avro-type.ts';
import { parseAvroSchema } from './parse-avro-schema.ts';

const parse = (schema: unknown, references: string[] = []) =>
  parseAvroSchema(
    JSON.stringify(schema),
    references.map((text) => ({ text })),
  );
const record = (schema: unknown): AvroRecord => {
  const type = parse(schema);
  if (type.kind !== 'record') throw new Error('no record');
  return type;
};
const typeOf = (type: AvroRecord, name: string): AvroType | undefined =>
  type.fields.find((field) => field.name === name)?.type;

describe('names (A2)', () => {
  it('a namespace is inherited, the empty one resets it, a dotted name is whole', () => {
    const outer = record({
      type: 'record',
      name: 'Outer',
      namespace: 'shop',
      fields: [
        { name: 'a', type: { type: 'fixed', name: 'Inner', size: 1 } },
        { name: 'b', type: { type: 'fixed', name: 'Bare', namespace: '', size: 1 } },
        { name: 'c', type: { type: 'fixed', name: 'other.Whole', namespace: 'ignored', size: 1 } },
        { name: 'd', type: 'Inner' },
        { name: 'e', type: 'shop.Inner' },
        { name: 'f', type: 'Bare' },
      ],
    });
    expect(outer.name).toBe('shop.Outer');
    expect(typeOf(outer, 'a')).toMatchObject({ name: 'shop.Inner' });
    expect(typeOf(outer, 'b')).toMatchObject({ name: 'Bare' });
    expect(typeOf(outer, 'c')).toMatchObject({ name: 'other.Whole' });
    expect(typeOf(outer, 'd')).toBe(typeOf(outer, 'a'));
    expect(typeOf(outer, 'e')).toBe(typeOf(outer, 'a'));
    expect(typeOf(outer, 'f')).toBe(typeOf(outer, 'b'));
  });

  it('aliases are in the namespace of their type', () => {
    expect(
      record({ type: 'record', name: 'A', namespace: 'n', aliases: ['B', 'm.C'], fields: [] }).aliases,
    ).toEqual(['n.B', 'm.C']);
  });

  it('a type may be named by a later field, and by a schema that refers to it', () => {
    const street = '{"type":"record","name":"Street","namespace":"geo","fields":[]}';
    const person = parse({ type: 'record', name: 'P', fields: [{ name: 's', type: 'geo.Street' }] }, [
      street,
    ]);
    expect(person).toMatchObject({ fields: [{ type: { kind: 'record', name: 'geo.Street' } }] });
  });

  it('A8: a record may lie inside itself', () => {
    const node = record({ type: 'record', name: 'Node', fields: [{ name: 'next', type: ['null', 'Node'] }] });
    expect(node.fields[0]?.type).toMatchObject({ kind: 'union' });
  });
});

describe('defaults', () => {
  it('A5: of longs are exact', () => {
    const { fields } = record(
      JSON.parse('{"type":"record","name":"R","fields":[{"name":"a","type":"long","default":0}]}'),
    );
    expect(fields[0]?.default).toEqual({ json: 0 });
    const text =
      '{"type":"record","name":"R","fields":[{"name":"a","type":"long","default":9223372036854775807},{"name":"b","type":"double","default":1e300}]}';
    expect((parseAvroSchema(text) as AvroRecord).fields.map((field) => field.default?.json)).toEqual([
      9223372036854775807n,
      1e300,
    ]);
  });

  it('null is a default; none is none', () => {
    const { fields } = record({
      type: 'record',
      name: 'R',
      fields: [
        { name: 'a', type: ['null', 'int'], default: null },
        { name: 'b', type: 'int' },
        { name: '__proto__x', type: 'int', default: 1 },
      ],
    });
    expect(fields.map((field) => field.default)).toEqual([{ json: null }, undefined, { json: 1 }]);
  });

  it('A1: one that is not of its type is no reason to refuse the schema', () => {
    expect(
      record({ type: 'record', name: 'R', fields: [{ name: 'a', type: ['null', 'int'], default: 7 }] })
        .fields,
    ).toHaveLength(1);
  });
});

describe('what registries hold', () => {
  it('A10: attributes that mean nothing here are passed over', () => {
    expect(parse({ type: 'string', 'avro.java.string': 'String', 'connect.name': 'x' })).toEqual({
      kind: 'string',
    });
    expect(parse({ type: { type: 'long', logicalType: 'timestamp-millis' } })).toEqual({
      kind: 'long',
      logical: { kind: 'timestamp', unit: 'millis', local: false },
    });
    expect(parseAvroSchema('string')).toEqual({ kind: 'string' });
  });

  it('a field called __proto__', () => {
    const text = '{"type":"record","name":"R","fields":[{"name":"__proto__","type":"int"}]}';
    expect((parseAvroSchema(text) as AvroRecord).fields[0]?.name).toBe('__proto__');
  });
});

describe('what has no meaning is refused with its place', () => {
  it.each([
    ['no JSON', '{', 'no JSON'],
    ['a number', '1', 'no type'],
    ['an object without a type', '{}', 'without "type"'],
    ['an unknown name', '"Nothing"', "'Nothing'"],
    ['a record without fields', '{"type":"record","name":"R"}', 'fields'],
    ['a record without a name', '{"type":"record","fields":[]}', 'no name'],
    [
      'a field twice',
      '{"type":"record","name":"R","fields":[{"name":"a","type":"int"},{"name":"a","type":"int"}]}',
      "'a'",
    ],
    ['a field of no type', '{"type":"record","name":"R","fields":[{"name":"a"}]}', "'a'"],
    ['a union in a union', '["int",["string"]]', 'union'],
    ['a type twice', '[{"type":"fixed","name":"F","size":1},{"type":"fixed","name":"F","size":2}]', 'twice'],
    ['a symbol twice', '{"type":"enum","name":"E","symbols":["A","A"]}', 'twice'],
    ['a fixed without a size', '{"type":"fixed","name":"F"}', 'size'],
    ['an enormous fixed', '{"type":"fixed","name":"F","size":1e12}', 'size'],
    ['a primitive redefined', '{"type":"fixed","name":"int","size":1}', 'primitive'],
    ['a deep schema', '{"type":"array","items":'.repeat(100) + '"int"' + '}'.repeat(100), 'deep'],
    [
      'a nested one',
      '{"type":"record","name":"R","fields":[{"name":"a","type":{"type":"array","items":"X"}}]}',
      "'a[]'",
    ],
  ])('%s', (_, text, message) => {
    expect(() => parseAvroSchema(text)).toThrow(message);
    expect(() => parseAvroSchema(text)).toThrow(expect.objectContaining({ code: 'WEIR-3120' }) as Error);
  });
});
