import { formatType } from '@weir/columnar/sql-type.ts';
import { describe, expect, test } from 'vitest';
import { messageAt, messageNamed } from './message-index.ts';
import { parseProtoSchema } from './parse-proto-schema.ts';
import { describeProto, type ProtoField } from './proto-type.ts';
import { columnsOfProtobuf } from './protobuf-columns.ts';

const columnsOf = (text: string, message?: string): string[] =>
  columnsOfProtobuf(messageNamed(parseProtoSchema(text), message)).columns.map(
    ({ field }) => `${field.name} ${formatType(field.type)}${field.nullable ? '' : ' NOT NULL'}`,
  );

test('B1: what has presence may be NULL: optional, messages, members of a oneof, wrappers; scalars of proto3 may not', () => {
  const text = `syntax = "proto3"; import "google/protobuf/wrappers.proto"; import "google/protobuf/timestamp.proto";
    message M {
      int32 a = 1; optional int32 b = 2; oneof c { string d = 3; N e = 4; } N f = 5; google.protobuf.Int64Value g = 6;
      google.protobuf.Timestamp h = 7; message N { string s = 1; }
    }`;
  expect(columnsOf(text)).toEqual([
    'a INT NOT NULL',
    'b INT',
    'd TEXT',
    'e STRUCT<s TEXT>',
    'f STRUCT<s TEXT>',
    'g BIGINT',
    'h TIMESTAMP(6) WITH TIME ZONE',
  ]);
  expect(columnsOf('message M { required int32 a = 1; optional int32 b = 2 [default = 5]; }')).toEqual([
    'a INT',
    'b INT',
  ]);
  const edition = `edition = "2023"; message M { int32 a = 1; int32 b = 2 [features.field_presence = IMPLICIT]; }`;
  expect(columnsOf(edition)).toEqual(['a INT', 'b INT NOT NULL']);
});

test('each type has its column; what SQL has none for is JSON, and the notes say why', () => {
  const scalars = ['double', 'float', 'int32', 'int64', 'uint32', 'uint64', 'sint32', 'sint64', 'fixed32', 'fixed64', 'sfixed32', 'sfixed64', 'bool', 'string', 'bytes']; // prettier-ignore
  const text = `syntax = "proto3"; message M { ${scalars.map((type, at) => `${type} f${at} = ${at + 1};`).join(' ')} }`;
  expect(columnsOf(text).map((column) => column.replace(/^f\d+ | NOT NULL$/g, ''))).toEqual([
    'DOUBLE', 'FLOAT', 'INT', 'BIGINT', 'INT UNSIGNED', 'BIGINT UNSIGNED', 'INT', 'BIGINT', 'INT UNSIGNED',
    'BIGINT UNSIGNED', 'INT', 'BIGINT', 'BOOLEAN', 'TEXT', 'BYTEA',
  ]); // prettier-ignore
  const nested = `syntax = "proto3"; import "google/protobuf/struct.proto"; import "google/protobuf/any.proto"; import "google/protobuf/duration.proto";
    enum E { ZERO = 0; }
    message Tree { Tree left = 1; repeated int32 r = 2; map<string, Tree> m = 3; E e = 4; google.protobuf.Struct s = 5;
      google.protobuf.Any any = 6; google.protobuf.Duration d = 7; Nothing n = 8; message Nothing {} }`;
  const { columns, notes } = columnsOfProtobuf(messageNamed(parseProtoSchema(nested), undefined));
  expect(columns.map(({ field, as }) => `${field.name} ${formatType(field.type)} ${as}`)).toEqual([
    'left JSON json', 'r JSON json', 'm JSON json', 'e TEXT native', 's JSON json', 'any JSON json', 'd INTERVAL native', 'n JSON json',
  ]); // prettier-ignore
  expect(notes.map(({ column, note }) => `${column}: ${note}`)).toEqual([
    'left: message Tree lies inside itself',
    'r: repeated int32 is JSON',
    'm: map<string, message Tree> is JSON',
    's: google.protobuf.Struct is JSON',
    'any: google.protobuf.Any is JSON',
    'n: message Tree.Nothing has no fields',
  ]);
});

describe('B8: indexes count the messages of the main text, in its order', () => {
  const text = `syntax = "proto2"; package shop; import "other.proto"; enum E { A = 0; }
    message First { optional E e = 1; map<string, int32> m = 2; enum F { B = 0; } message In { message Deep {} } message In2 {} repeated group G = 3 {} }
    extend First { optional int32 ext = 100; }
    service S { rpc Do(First) returns (Second); }
    message Second { optional other.X x = 1; }`;
  const references = [
    {
      name: 'other.proto',
      text: 'package shop; message Before {} package other; message X {}'.replace(
        'package shop; message Before {} ',
        '',
      ),
    },
  ];
  const schema = parseProtoSchema(text, references);

  test.each([
    [[0], 'shop.First'],
    [[1], 'shop.Second'],
    [[0, 0], 'shop.First.In'],
    [[0, 0, 0], 'shop.First.In.Deep'],
    [[0, 1], 'shop.First.In2'],
  ])('%j is %s', (indexes, name) => {
    const message = messageAt(schema, indexes);
    expect(message?.name).toBe(name);
  });

  test('neither enums, groups, entries of maps nor messages of other texts', () => {
    for (const indexes of [[2], [0, 2], [0, 0, 0, 0]]) expect(messageAt(schema, indexes)).toBeUndefined();
    expect(schema.byName.get('other.X')).toBeDefined();
    // An extension is an unknown field.
    expect(schema.messages[0]?.fields.map(({ name }) => name)).toEqual(['e', 'm', 'g']);
  });
});

test('names are looked up from the innermost scope outwards', () => {
  const text = `syntax = "proto3"; package a.b; message X { int32 outer = 1; }
    message M { message X { int32 inner = 1; } X x = 1; a.b.X y = 2; .a.b.X z = 3; b.X w = 4; }`;
  expect(columnsOf(text, 'M').map((each) => /inner|outer/.exec(each)?.[0])).toEqual([
    'inner',
    'outer',
    'outer',
    'outer',
  ]);
});

test('a message is named in full or within its package; of several one must be', () => {
  const schema = parseProtoSchema('syntax = "proto3"; package p; message A { message B {} } message C {}');
  expect(messageNamed(schema, 'p.A').name).toBe('p.A');
  expect(messageNamed(schema, 'C').name).toBe('p.C');
  expect(messageNamed(schema, 'p.A.B').name).toBe('p.A.B');
  expect(() => messageNamed(schema, undefined)).toThrow(
    expect.objectContaining({
      code: 'WEIR-3120',
      hint: expect.stringContaining('p.A, p.A.B, p.C') as unknown,
    }),
  );
  expect(() => messageNamed(schema, 'D')).toThrow(/declares no message D/);
});

describe('a schema of a stranger', () => {
  test.each([
    ['not a schema', '{', /can't be read/],
    [
      'a type that is nowhere',
      'syntax = "proto3"; message M { Nowhere n = 1; }',
      /field n of M is of type Nowhere, which is nowhere/,
    ],
    [
      'an import that nobody brings',
      'syntax = "proto3"; import "file:///etc/passwd"; message M { x.Y n = 1; }',
      /of type x.Y, which is nowhere/,
    ],
    ['no message', 'syntax = "proto3"; enum E { A = 0; }', /declares no message/],
    [
      'messages too deep in each other',
      `syntax = "proto3"; ${'message M { '.repeat(100_000)}`,
      /can't be read/,
    ],
    [
      'a text that is too long',
      `syntax = "proto3"; // ${'x'.repeat(1024 * 1024)}`,
      /longer than 1048576 characters/,
    ],
  ])('%s is an error', (_name, text, message) => {
    expect(() => messageNamed(parseProtoSchema(text), undefined)).toThrow(message);
  });

  test('an import without use is no matter; names like those of every object are names', () => {
    const text = `syntax = "proto3"; import "confluent/meta.proto"; option (confluent.file_meta).doc = "x";
      message M { option (confluent.message_meta).doc = "y"; int32 constructor = 1 [(confluent.field_meta).tags = "PII"]; string toString = 2; }`;
    expect(columnsOf(text)).toEqual(['constructor INT NOT NULL', 'toString TEXT NOT NULL']);
  });

  test('a few lines that mean billions of fields are told', () => {
    const levels = Array.from({ length: 14 }, (_, at) => {
      const fields = Array.from({ length: 4 }, (__, each) => `L${at + 1} f${each} = ${each + 1};`);
      return `message L${at} { ${fields.join(' ')} }`;
    });
    const text = `syntax = "proto3"; ${levels.join('\n')} message L14 { int32 x = 1; }`;
    expect(() => columnsOf(text, 'L0')).toThrow(/more than 10000 fields/);
  });
});

describe('a compiled schema in base64, as some serializers register it', () => {
  const proto3 = `syntax="proto3"; package shop.v1; import "google/protobuf/timestamp.proto";
    enum Kind { NONE = 0; BIG = -1; ALSO = 5; }
    message Before { int32 a = 1; }
    message Order { message Item { string sku = 1; repeated int32 n = 2 [packed=false]; } enum In { A = 0; }
      int64 id = 1; optional string note = 2; oneof c { string x = 3; Item y = 4; } map<string, Item> m = 5; repeated Item items = 6; Kind kind = 7; In inn = 8;
      google.protobuf.Timestamp at = 9; sint64 s = 10; fixed32 f = 11; bytes b = 12; repeated double d = 13; bool o = 14; Order self = 15; message After {} }`;
  const proto2 = `syntax="proto2"; message M { required int32 a = 1; optional group G = 2 { optional int32 x = 1; } repeated int32 p = 3 [packed=true]; repeated int32 q = 4; optional string s = 5 [default="x"]; }`;
  /** As protoc compiles them. */
  const compiled: readonly (readonly [string, string])[] = [
    [
      proto3,
      'CgdtLnByb3RvEgdzaG9wLnYxGh9nb29nbGUvcHJvdG9idWYvdGltZXN0YW1wLnByb3RvIhYKBkJlZm9yZRIMCgFhGAEgASgFUgFhIq4ECgVPcmRlchIOCgJpZBgBIAEoA1ICaWQSFwoEbm90ZRgCIAEoCUgBUgRub3RliAEBEg4KAXgYAyABKAlIAFIBeBIjCgF5GAQgASgLMhMuc2hvcC52MS5PcmRlci5JdGVtSABSAXkSIwoBbRgFIAMoCzIVLnNob3AudjEuT3JkZXIuTUVudHJ5UgFtEikKBWl0ZW1zGAYgAygLMhMuc2hvcC52MS5PcmRlci5JdGVtUgVpdGVtcxIhCgRraW5kGAcgASgOMg0uc2hvcC52MS5LaW5kUgRraW5kEiMKA2lubhgIIAEoDjIRLnNob3AudjEuT3JkZXIuSW5SA2lubhIqCgJhdBgJIAEoCzIaLmdvb2dsZS5wcm90b2J1Zi5UaW1lc3RhbXBSAmF0EgwKAXMYCiABKBJSAXMSDAoBZhgLIAEoB1IBZhIMCgFiGAwgASgMUgFiEgwKAWQYDSADKAFSAWQSDAoBbxgOIAEoCFIBbxIiCgRzZWxmGA8gASgLMg4uc2hvcC52MS5PcmRlclIEc2VsZhoqCgRJdGVtEhAKA3NrdRgBIAEoCVIDc2t1EhAKAW4YAiADKAVCAhAAUgFuGkkKBk1FbnRyeRIQCgNrZXkYASABKAlSA2tleRIpCgV2YWx1ZRgCIAEoCzITLnNob3AudjEuT3JkZXIuSXRlbVIFdmFsdWU6AjgBGgcKBUFmdGVyIgsKAkluEgUKAUEQAEIDCgFjQgcKBV9ub3RlKiwKBEtpbmQSCAoETk9ORRAAEhAKA0JJRxD///////////8BEggKBEFMU08QBWIGcHJvdG8z',
    ],
    [
      proto2,
      'CgdtLnByb3RvImkKAU0SDAoBYRgBIAIoBVIBYRISCgFnGAIgASgKMgQuTS5HUgFnEhAKAXAYAyADKAVCAhABUgFwEgwKAXEYBCADKAVSAXESDwoBcxgFIAEoCToBeFIBcxoRCgFHEgwKAXgYASABKAVSAXg=',
    ],
  ];

  test.each(compiled)('means what its text means: %s', (text, base64) => {
    const [of, from] = [parseProtoSchema(text), parseProtoSchema(base64)];
    const shown = (field: ProtoField): string =>
      `${describeProto(field)} ${field.name} = ${field.number} ${field.presence} ${field.packed} ${field.group} ${field.oneof}`;
    const shape = ({ messages }: typeof of): unknown =>
      messages.map(({ name, fields, nested }) => [
        name,
        fields.map(shown),
        nested.map((each) => [each.name, each.fields.map(shown)]),
      ]);
    expect(shape(from)).toEqual(shape(of));
  });

  test('that is cut or other bytes is an error', () => {
    for (const text of ['AAAA', compiled[0]![1].slice(0, 400), 'Zm9vYmFyYmF6'])
      expect(() => messageNamed(parseProtoSchema(text), undefined)).toThrow(
        expect.objectContaining({ code: 'WEIR-3120' }),
      );
  });
});
