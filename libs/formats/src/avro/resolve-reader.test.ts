import type { Field, SqlType } from '@weir/columnar/sql-type.ts';
import { describe, expect, test } from 'vitest';
import { framed, readAvro, SchemasById, tableOf } from '../testing/avro-records.ts';

const column = (name: string, type: SqlType, nullable = true): Field => ({ name, type, nullable });
const int: SqlType = { kind: 'integer', bits: 32, signed: true };
const text: SqlType = { kind: 'text' };
const json: SqlType = { kind: 'json' };

function record(fields: readonly object[], name = 'R'): string {
  return JSON.stringify({ type: 'record', name, fields });
}

/** Rows of values of a writer's schema in a table made from the reader's. */
function evolved(writer: string, reader: string, ...values: number[][]) {
  const table = tableOf(reader);
  const records = values.map((value) => framed(1, Uint8Array.from(value)));
  return readAvro(table.fields, records, { reader: table.reader, writers: new SchemasById({ 1: writer }) });
}

/** Rows of values of a writer's schema in a table that declares its columns. */
function declared(fields: readonly Field[], writer: string, ...values: number[][]) {
  const records = values.map((value) => framed(1, Uint8Array.from(value)));
  return readAvro(fields, records, { writers: new SchemasById({ 1: writer }) });
}

describe('F7: fields', () => {
  const ab = record([
    { name: 'a', type: 'int' },
    { name: 'b', type: 'int' },
  ]);

  test('are matched by name, whatever their order and the name of the record', () => {
    const reader = record(
      [
        { name: 'b', type: 'int' },
        { name: 'a', type: 'int' },
      ],
      'other.Name',
    );
    expect(evolved(ab, reader, [2, 4])).toEqual([[2n, 1n]]);
  });

  test('are matched by an alias of the reader, and aliases may cross', () => {
    const renamed = record([{ name: 'c', aliases: ['b'], type: 'int' }]);
    expect(evolved(ab, renamed, [2, 4])).toEqual([[2n]]);
    const crossed = record([
      { name: 'a', aliases: ['b'], type: 'int' },
      { name: 'b', aliases: ['a'], type: 'int' },
    ]);
    expect(evolved(ab, crossed, [2, 4])).toEqual([[2n, 1n]]);
  });

  test('aliases mean nothing where writer and reader are the same, nor for a record of another name', () => {
    const same = record([
      { name: 'c', aliases: ['a'], type: 'int' },
      { name: 'a', type: 'int', default: 4 },
    ]);
    expect(evolved(same, same, [2, 4])).toEqual([[1n, 2n]]);
    const renamed = [{ name: 'c', aliases: ['a'], type: 'int' }];
    expect(evolved(ab, record(renamed, 'Other'), [2, 4])[0]).toContain("no field 'c'");
    const known = JSON.stringify({ type: 'record', name: 'Other', aliases: ['R'], fields: renamed });
    expect(evolved(ab, known, [2, 4])).toEqual([[1n]]);
  });

  test('that the writer lacks are their default, of any type', () => {
    const reader = record([
      { name: 'a', type: 'int' },
      { name: 'l', type: 'long', default: 7 },
      { name: 's', type: 'string', default: 'é"' },
      { name: 'x', type: 'bytes', default: '\u00ff\u0001' },
      { name: 'e', type: { type: 'enum', name: 'E', symbols: ['A', 'B'] }, default: 'B' },
      {
        name: 'd',
        type: { type: 'bytes', logicalType: 'decimal', precision: 5, scale: 1 },
        default: '\u00ff',
      },
      { name: 't', type: { type: 'long', logicalType: 'timestamp-millis' }, default: 5 },
      { name: 'm', type: { type: 'map', values: 'int' }, default: { k: 1 } },
      { name: 'n', type: ['null', 'string'], default: null },
      { name: 'u', type: ['null', 'string'], default: 'second branch' },
      { name: 'f', type: 'double', default: 1 },
    ]);
    const row = [7n, 'é"', Uint8Array.of(255, 1), 'B', -1n, 5000n, '{"k":1}', null, 'second branch', 1];
    expect(evolved(ab, reader, [2, 4], [4, 4])).toEqual([
      [1n, ...row],
      [2n, ...row],
    ]);
  });

  test('A5: a default of a long is exact', () => {
    const reader =
      '{"type":"record","name":"R","fields":[{"name":"z","type":"long","default":-9223372036854775808}]}';
    expect(evolved(ab, reader, [2, 4])).toEqual([[-(1n << 63n)]]);
  });

  test('that the writer lacks are NULL where they may be, without a default too', () => {
    const reader = record([
      { name: 'a', type: 'int' },
      { name: 'n', type: ['null', 'string'] },
    ]);
    expect(evolved(ab, reader, [2, 4])).toEqual([[1n, null]]);
  });

  test('that are NOT NULL, without a default and not written are an error of every record, with the schema id and the field', () => {
    const reader = record([{ name: 'missing', type: 'string' }]);
    const [first, second] = evolved(ab, reader, [2, 4], [2, 4]);
    expect(first).toContain("no field 'missing'");
    expect(first).toContain('schema 1');
    expect(second).toBe(first);
  });

  test('nobody reads are passed over, whatever they are', () => {
    const writer = record([
      { name: 'u', type: ['null', 'int', 'string'] },
      { name: 'l', type: { type: 'array', items: 'string' } },
      { name: 'm', type: { type: 'map', values: ['null', 'double'] } },
      { name: 'r', type: { type: 'record', name: 'S', fields: [{ name: 'x', type: 'long' }] } },
      { name: 'x', type: { type: 'fixed', name: 'F', size: 2 } },
      { name: 'e', type: { type: 'enum', name: 'E', symbols: ['A'] } },
      { name: 'b', type: 'boolean' },
      { name: 'a', type: 'int' },
    ]);
    const bytes = [4, 2, 97, 2, 2, 98, 0, 2, 2, 99, 0, 0, 0xff, 0x01, 1, 2, 0, 1, 6];
    expect(declared([column('a', int)], writer, bytes)).toEqual([[3n]]);
  });

  test('A11: of columns that people declare are found by their exact name, else by the only one that differs in case', () => {
    const writer = record([
      { name: 'ID', type: 'int' },
      { name: 'id', type: 'int' },
      { name: 'Name', type: 'int' },
    ]);
    const fields = [column('id', int), column('name', int), column('iD', int)];
    expect(declared(fields, writer, [2, 4, 6])).toEqual([[2n, 3n, null]]);
  });
});

describe('F7: unions and enums', () => {
  const enumOf = (symbols: readonly string[], more: object = {}, name = 'E') =>
    record([{ name: 'e', type: { type: 'enum', name, symbols, ...more } }]);

  test('a branch that the reader lacks is an error of the records that have it', () => {
    const writer = record([{ name: 'a', type: ['null', 'int', 'string'] }]);
    const reader = record([{ name: 'a', type: ['null', 'int'] }]);
    const [number, string, none] = evolved(writer, reader, [2, 6], [4, 2, 97], [0]);
    expect(number).toEqual([3n]);
    expect(string).toContain("a: string was written, which can't be read as");
    expect(none).toEqual([null]);
  });

  test('null in a column that is NOT NULL is an error of the record', () => {
    const writer = record([{ name: 'a', type: ['null', 'int'] }]);
    const reader = record([{ name: 'a', type: 'int' }]);
    const [none, number] = evolved(writer, reader, [0], [2, 6]);
    expect(none).toContain('a: null was written, but a is NOT NULL');
    expect(number).toEqual([3n]);
  });

  test('A9: a symbol that the reader does not know is its default, which is not that of a missing field', () => {
    const writer = enumOf(['A', 'NEW']);
    expect(evolved(writer, enumOf(['A', 'OLD'], { default: 'OLD' }), [0], [2])).toEqual([['A'], ['OLD']]);
    const [known, unknown] = evolved(writer, enumOf(['A', 'OLD']), [0], [2]);
    expect(known).toEqual(['A']);
    expect(unknown).toContain("there is no symbol 'NEW'");
    const [absent] = evolved(record([]), enumOf(['A'], { default: 'A' }), []);
    expect(absent).toContain("no field 'e'");
  });

  test('enums and fixed are the same by their short names', () => {
    expect(evolved(enumOf(['A'], {}, 'a.b.E'), enumOf(['A'], {}, 'c.E'), [0])).toEqual([['A']]);
    expect(evolved(enumOf(['A'], {}, 'E'), enumOf(['A'], {}, 'Other'), [0])[0]).toContain("can't be read");
    const fixed = (name: string, size: number) =>
      record([{ name: 'x', type: { type: 'fixed', name, size } }]);
    expect(evolved(fixed('n.F', 1), fixed('F', 1), [9])).toEqual([[Uint8Array.of(9)]]);
    expect(evolved(fixed('F', 2), fixed('F', 1), [9, 9])[0]).toContain("can't be read");
  });

  test('enums and fixed are nothing else, and nothing else is them', () => {
    const one = (type: unknown) => record([{ name: 'e', type }]);
    const fixed = { type: 'fixed', name: 'F', size: 1 };
    for (const [writer, reader, bytes] of [
      [one('string'), enumOf(['A']), [2, 65]],
      [enumOf(['A']), one('string'), [0]],
      [one('bytes'), one(fixed), [2, 65]],
      [one(fixed), one('bytes'), [65]],
    ] as const)
      expect(evolved(writer, reader, [...bytes])[0], writer).toContain("can't be read");
    const several = one([
      { type: 'enum', name: 'a.E', symbols: ['X'] },
      { type: 'enum', name: 'b.E', symbols: ['A'] },
    ]);
    expect(evolved(enumOf(['A'], {}, 'b.E'), several, [0])).toEqual([['"A"']]);
    const aliased = enumOf(['A'], { aliases: ['E'] }, 'n.Other');
    expect(evolved(enumOf(['A'], {}, 'n.E'), aliased, [0])).toEqual([['A']]);
    expect(evolved(enumOf(['A'], {}, 'E'), aliased, [0])[0]).toContain("can't be read");
  });

  test('a union of records that the reader has one of: names are not compared', () => {
    const union = (name: string) =>
      record([{ name: 'r', type: ['null', { type: 'record', name, fields: [{ name: 'x', type: 'int' }] }] }]);
    expect(evolved(union('A'), union('B'), [2, 8], [0])).toEqual([[[4n]], [null]]);
    const inner = (name: string) => ({ type: 'record', name, fields: [{ name: 'x', type: 'int' }] });
    const several = record([{ name: 'r', type: ['null', 'string', inner('B')] }]);
    expect(evolved(record([{ name: 'r', type: inner('A') }]), several, [8])).toEqual([['{"x":4}']]);
    const two = record([{ name: 'r', type: ['null', inner('B'), inner('n.A')] }]);
    expect(evolved(record([{ name: 'r', type: inner('A') }]), two, [8])).toEqual([['{"x":4}']]);
    expect(evolved(record([{ name: 'r', type: inner('C') }]), two, [8])).toEqual([['{"x":4}']]);
    const other = { type: 'record', name: 'C', fields: [{ name: 'y', type: 'int' }] };
    const [unknown] = evolved(record([{ name: 'r', type: other }]), two, [8]);
    expect(unknown).toContain(
      "record C was written, which can't be read as union of null, record B, record n.A",
    );
  });

  test('a union at the top: records of each branch', () => {
    const writer = JSON.stringify([
      JSON.parse(record([{ name: 'a', type: 'int' }], 'A')),
      JSON.parse(record([{ name: 'b', type: 'string' }], 'B')),
    ]);
    const fields = [column('a', int), column('b', text)];
    expect(declared(fields, writer, [0, 2], [2, 2, 97])).toEqual([
      [1n, null],
      [null, 'a'],
    ]);
  });
});

describe('F7: numbers, texts and times', () => {
  const one = (type: unknown) => record([{ name: 'a', type }]);
  const logical = (type: string, logicalType: string, more: object = {}) =>
    one({ type, logicalType, ...more });
  const timestamp = (precision: number): Field => column('a', { kind: 'timestamp', precision, zoned: false });

  test("Avro's promotions", () => {
    expect(evolved(one('int'), one('long'), [2])).toEqual([[1n]]);
    expect(evolved(one('int'), one('double'), [3])).toEqual([[-2]]);
    expect(evolved(one('long'), one('float'), [2])).toEqual([[1]]);
    expect(evolved(one('float'), one('double'), [0, 0, 0xc0, 0x3f])).toEqual([[1.5]]);
    expect(evolved(one('string'), one('bytes'), [2, 97])).toEqual([[Uint8Array.of(97)]]);
    expect(evolved(one('bytes'), one('string'), [2, 97])).toEqual([['a']]);
    expect(evolved(one('double'), one('long'), [0, 0, 0, 0, 0, 0, 0, 0])[0]).toContain(
      "can't be read as BIGINT",
    );
    expect(evolved(one('string'), one('int'), [2, 97])[0]).toContain("can't be read as INT");
  });

  test('a long goes into a smaller integer where it fits', () => {
    const small = column('a', { kind: 'integer', bits: 8, signed: true });
    const [fits, no] = declared([small], one('long'), [0xff, 0x01], [0x80, 0x02]);
    expect(fits).toEqual([-128n]);
    expect(no).toContain('128 is out of range for TINYINT');
    expect(evolved(one('long'), one(['null', 'int']), [2])).toEqual([[1n]]);
    const unsigned = column('a', { kind: 'integer', bits: 64, signed: false });
    expect(declared([unsigned], one('long'), [1])[0]).toContain('-1 is out of range for BIGINT UNSIGNED');
  });

  test('times of one unit become those of another', () => {
    expect(declared([timestamp(6)], logical('long', 'timestamp-millis'), [3])).toEqual([[-2000n]]);
    expect(declared([timestamp(3)], logical('long', 'timestamp-micros'), [3])).toEqual([[-1000n]]);
    expect(declared([timestamp(6)], logical('long', 'timestamp-nanos'), [3])).toEqual([[-1n]]);
    expect(evolved(logical('long', 'timestamp-millis'), logical('long', 'timestamp-micros'), [2])).toEqual([
      [1000n],
    ]);
    const time = column('a', { kind: 'time', precision: 6 });
    expect(declared([time], logical('int', 'time-millis'), [2])).toEqual([[1000n]]);
    expect(declared([time], logical('int', 'time-millis'), [1])[0]).toContain(
      '-1 is out of range for TIME(6)',
    );
  });

  test('a bare long counts milliseconds of a TIMESTAMP(3), else microseconds', () => {
    expect(declared([timestamp(3)], one('long'), [2])).toEqual([[1000n]]);
    expect(declared([timestamp(6)], one('long'), [2])).toEqual([[1n]]);
  });

  test('milliseconds beyond 64 bits of microseconds are an error of the record', () => {
    const most = [0xfe, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01];
    const [far, near] = declared([timestamp(6)], logical('long', 'timestamp-millis'), most, [2]);
    expect(far).toContain('is out of range for TIMESTAMP(6)');
    expect(near).toEqual([1000n]);
  });

  test('decimals of another scale are rescaled where that is exact', () => {
    const decimal = column('a', { kind: 'decimal', precision: 6, scale: 2 });
    const writer = (scale: number) => logical('bytes', 'decimal', { precision: 9, scale });
    expect(declared([decimal], writer(1), [2, 0xfb])).toEqual([[-50n]]);
    const [exact, inexact] = declared([decimal], writer(3), [2, 10], [2, 11]);
    expect(exact).toEqual([1n]);
    expect(inexact).toContain("0.011 doesn't fit DECIMAL(6, 2) exactly");
    expect(declared([decimal], writer(2), [6, 0x0f, 0x42, 0x40])[0]).toContain("10000.00 doesn't fit");
    expect(declared([decimal], one('int'), [2])).toEqual([[100n]]);
  });

  test('a UUID in a fixed is its text', () => {
    const writer = one({ type: 'fixed', name: 'U', size: 16, logicalType: 'uuid' });
    const bytes = Array.from({ length: 16 }, (_, index) => index * 16 + index);
    expect(declared([column('a', text)], writer, bytes)).toEqual([['00112233-4455-6677-8899-aabbccddeeff']]);
  });

  test('columns read from text that is a slice in one schema and made in another, in one batch', () => {
    const schemas = new SchemasById({
      1: one('string'),
      2: one({ type: 'enum', name: 'E', symbols: ['RED', 'BLUE'] }),
      3: record([{ name: 'other', type: 'long' }]),
    });
    const string = framed(1, Uint8Array.of(4, 0x68, 0x69));
    const symbol = framed(2, Uint8Array.of(2));
    const records = [string, symbol, string, framed(3, Uint8Array.of(2)), string, symbol];
    expect(readAvro([column('a', text)], records, { writers: schemas }, 100)).toEqual([
      ['hi'],
      ['BLUE'],
      ['hi'],
      [null],
      ['hi'],
      ['BLUE'],
    ]);
  });

  test('a JSON column is resolved, too: defaults, aliases, promotions inside it', () => {
    const inner = (fields: object[]) => ({ type: 'array', items: { type: 'record', name: 'I', fields } });
    const writer = one(
      inner([
        { name: 'x', type: 'int' },
        { name: 'gone', type: 'string' },
      ]),
    );
    const reader = one(
      inner([
        { name: 'y', aliases: ['x'], type: 'long' },
        { name: 'added', type: 'string', default: 'd' },
      ]),
    );
    expect(evolved(writer, reader, [2, 4, 2, 97, 0])).toEqual([['[{"y":2,"added":"d"}]']]);
    expect(tableOf(reader).fields[0]?.type).toEqual(json);
  });
});

describe('schemas of strangers', () => {
  const circle = (name: string, others: readonly string[]) => ({
    type: 'record',
    name,
    fields: others.map((other, index) => ({ name: `f${index}`, type: other })),
  });

  test('records that lie in themselves without end are resolved, and no data is of them', () => {
    const writer = JSON.stringify(circle('A', ['A', 'A']));
    const reader = JSON.stringify({
      type: 'record',
      name: 'R',
      fields: [
        {
          name: 'f0',
          type: [{ type: 'record', name: 'B', fields: [{ name: 'f0', type: ['B', 'R'] }] }, 'R'],
        },
      ],
    });
    const [row] = evolved(writer, reader, [0]);
    expect(row).toContain('values lie more than 64 deep');
  });

  test('defaults that lie in each other without end are none', () => {
    const branches = [
      { type: 'record', name: 'X', fields: [{ name: 'x', type: ['X', 'Y', 'R'], default: {} }] },
      { type: 'record', name: 'Y', fields: [{ name: 'y', type: ['X', 'Y', 'R'], default: {} }] },
    ];
    const reader = JSON.stringify({
      type: 'record',
      name: 'R',
      fields: [
        { name: 'a', type: branches, default: {} },
        { name: 'b', type: ['null', 'int'], default: null },
      ],
    }).replaceAll('"X","Y","R"', '"X","R"');
    const [row] = evolved(record([]), reader, []);
    expect(row).toContain("no field 'a'");
  });

  test('a few lines that mean billions of columns are refused', () => {
    const levels = Array.from({ length: 40 }, (_, level) => level).reduce<unknown>(
      (inner, level) => ({
        type: 'record',
        name: `L${level}`,
        fields: [
          { name: 'a', type: inner },
          { name: 'b', type: level === 0 ? 'int' : `L${level - 1}` },
        ],
      }),
      'int',
    );
    expect(() => tableOf(JSON.stringify(levels))).toThrow('more than 10000 fields');
    // People may still declare what they read of it.
    const [row] = declared([column('c', int)], JSON.stringify(levels), [0]);
    expect(row).toContain('the record ends before');
  });
});
