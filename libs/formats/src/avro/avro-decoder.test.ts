import { BatchBuilder } from '@weir/columnar/column-builder.ts';
import { plainRows } from '@weir/columnar/row-view.ts';
import type { Field, SqlType } from '@weir/columnar/sql-type.ts';
import { WeirError } from '@weir/kernel/errors.ts';
import { describe, expect, test } from 'vitest';
import { partWithoutHeaders, type DecoderSettings } from '../decoder.ts';
import { framed, readAvro, SchemasById, tableOf } from '../testing/avro-records.ts';
import { avroFormat } from './avro-format.ts';
import { ReaderCache } from '../reader-cache.ts';

const column = (name: string, type: SqlType, nullable = true): Field => ({ name, type, nullable });
const int: SqlType = { kind: 'integer', bits: 32, signed: true };
const text: SqlType = { kind: 'text' };

function one(type: unknown): string {
  return JSON.stringify({ type: 'record', name: 'R', fields: [{ name: 'a', type }] });
}

/** Values of one field, in the columns that its schema gives. */
function read(type: unknown, complex: 'json' | 'native', ...values: number[][]) {
  const written = one(type);
  const { fields } = tableOf(written, complex);
  return readAvro(
    fields,
    values.map((value) => Uint8Array.from(value)),
    { written },
  ).map((row) => (typeof row === 'string' ? row : row[0]));
}

describe('numbers', () => {
  test('a long is exact to its last bit, among others', () => {
    const most = [0xfe, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01];
    const least = [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01];
    const odd = [0x82, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x20];
    expect(read('long', 'json', [2], most, least, odd, [3])).toEqual([
      1n,
      (1n << 63n) - 1n,
      -(1n << 63n),
      (1n << 53n) + 1n,
      -2n,
    ]);
  });

  test('a long of nine bytes before bytes that would fit without its last one', () => {
    const written = JSON.stringify({
      type: 'record',
      name: 'R',
      fields: [
        { name: 'l', type: 'long' },
        { name: 's', type: 'string' },
      ],
    });
    const record = Uint8Array.of(...Array.from({ length: 8 }, () => 0x80), 4, 2, 0x61);
    expect(readAvro(tableOf(written).fields, [record], { written })).toEqual([[1n << 57n, 'a']]);
  });

  test('a number of more bits than its type has is an error', () => {
    const [long] = read('long', 'json', [0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x02]);
    expect(long).toContain('a number is longer than 64 bits');
    const [fits, no] = read('int', 'json', [0xff, 0xff, 0xff, 0xff, 0x0f], [0x80, 0x80, 0x80, 0x80, 0x10]);
    expect(fits).toBe(-0x80000000n);
    expect(no).toContain('an int has 32 bits, 2147483648 has more');
  });

  test('a boolean of 2 is an error', () => {
    const [yes, no] = read('boolean', 'json', [1], [2]);
    expect(yes).toBe(true);
    expect(no).toContain('a boolean is the byte 0 or 1, not 2');
  });

  test("A4: decimals are two's complement, big-endian, sign-extended in a fixed", () => {
    const bytes = { type: 'bytes', logicalType: 'decimal', precision: 38, scale: 0 };
    const wide = [0x01, ...Array.from({ length: 14 }, () => 0)];
    expect(read(bytes, 'json', [0], [2, 0], [2, 0xff], [4, 0x00, 0x80], [30, ...wide])).toEqual([
      0n,
      0n,
      -1n,
      128n,
      1n << 112n,
    ]);
    const fixed = { type: 'fixed', name: 'F', size: 8, logicalType: 'decimal', precision: 10, scale: 2 };
    const extended = [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x38];
    expect(read(fixed, 'json', extended)).toEqual([-200n]);
  });
});

describe('text and bounds', () => {
  test('text that is no UTF-8 is an error, short and long', () => {
    const long = Array.from({ length: 20 }, () => 0x61);
    const [short, cut, good] = read(
      'string',
      'json',
      [2, 0xff],
      [42, ...long, 0xc3],
      [44, ...long, 0xc3, 0xa9],
    );
    expect(short).toContain('a: a string is no UTF-8 text');
    expect(cut).toContain('a: a string is no UTF-8 text');
    expect(good).toBe(`${'a'.repeat(20)}é`);
  });

  test('a record that ends too early, and one with bytes behind it', () => {
    const [empty, cut, negative, more] = read('string', 'json', [], [4, 0x61], [1], [2, 0x61, 0x00]);
    expect(empty).toContain('the record ends before its last value does');
    expect(cut).toContain('2 bytes were to follow, the record ends after 1');
    expect(negative).toContain('-1 is no length');
    expect(more).toContain('1 bytes follow its last value');
  });

  test('A6: blocks with a negative count carry their bytes, and skipping by them stays inside the record', () => {
    const array = { type: 'array', items: 'int' };
    expect(read(array, 'native', [3, 4, 2, 4, 0])).toEqual([[1n, 2n]]);
    expect(read(array, 'json', [3, 4, 2, 4, 2, 6, 0])).toEqual(['[1,2,3]']);
    const written = JSON.stringify({
      type: 'record',
      name: 'R',
      fields: [
        { name: 'skipped', type: array },
        { name: 'b', type: 'int' },
      ],
    });
    const records = [
      [3, 4, 2, 4, 0, 8],
      [3, 0x80, 0x08, 2, 4, 0, 8],
      [1, 3, 0, 8],
    ];
    const [good, far, back] = readAvro(
      [column('b', int)],
      records.map((bytes) => Uint8Array.from(bytes)),
      { written },
    );
    expect(good).toEqual([4n]);
    expect(far).toContain('a block of 512 bytes was to follow');
    expect(back).toContain('a block of -2 bytes was to follow');
  });

  test('A7: items without bytes are bounded for the record, not for each array', () => {
    const million = [0x80, 0x89, 0x7a];
    for (const complex of ['native', 'json'] as const) {
      const [many] = read({ type: 'array', items: 'null' }, complex, [...million, 0]);
      expect(many).toContain('more than 65536 values without bytes');
    }
    const nested = { type: 'array', items: { type: 'array', items: { type: 'fixed', name: 'Z', size: 0 } } };
    const tenThousand = [0xa0, 0x9c, 0x01, 0];
    const [sum] = read(nested, 'native', [20, ...Array.from({ length: 10 }, () => tenThousand).flat(), 0]);
    expect(sum).toContain('more than 65536 values without bytes');
    const [few] = read({ type: 'array', items: 'null' }, 'json', [4, 0]);
    expect(few).toBe('[null,null]');
  });

  test('A7: records in records that take no bytes are values without bytes, too', () => {
    const levels = Array.from({ length: 40 }, (_, level) => level).reduce<unknown>(
      (inner, level) => ({
        type: 'record',
        name: `L${level}`,
        fields: [
          { name: 'a', type: inner },
          { name: 'b', type: level === 0 ? 'null' : `L${level - 1}` },
        ],
      }),
      'null',
    );
    const written = one(levels);
    const json = readAvro([column('a', { kind: 'json' })], [Uint8Array.of()], { written });
    expect(json[0]).toContain('more than 65536 values without bytes');
    const skipped = readAvro([column('other', int)], [Uint8Array.of()], { written });
    expect(skipped[0]).toContain('more than 65536 values without bytes');
  });

  test('a batch ends before the texts that are made for it are too long; one that no batch has room for is an error', () => {
    const symbol = 'S'.repeat(500_000);
    const written = one({ type: 'enum', name: 'E', symbols: [symbol, 's'] });
    const records = Array.from({ length: 100 }, (_, index) => Uint8Array.of(index % 10 === 0 ? 2 : 0));
    const rows = readAvro([column('a', text)], records, { written }, 4096);
    expect(rows.map(([value]) => String(value).length)).toEqual(
      records.map(([index]) => (index === 2 ? 1 : symbol.length)),
    );
    const items = one({ type: 'array', items: { type: 'enum', name: 'E', symbols: [symbol] } });
    const long = Uint8Array.of(0x80, 0x02, ...Array.from({ length: 128 }, () => 0), 0);
    const outcomes = readAvro(
      [column('a', { kind: 'json' })],
      [Uint8Array.of(0), long, Uint8Array.of(0)],
      { written: items },
      4096,
    );
    expect(outcomes).toEqual([['[]'], expect.stringContaining('its text takes more than'), ['[]']]);
  });

  test('A8: data of a recursive schema lies 64 deep at most', () => {
    const node = {
      type: 'record',
      name: 'Node',
      fields: [{ name: 'next', type: ['null', 'Node'] }],
    };
    const deep = (depth: number) => [...Array.from({ length: depth }, () => 2), 0];
    const [few, many] = read(['null', node], 'json', [2, ...deep(2)], [2, ...deep(200)]);
    expect(JSON.stringify(few)).toContain('{');
    expect(many).toContain('values lie more than 64 deep');
  });
});

describe('F8: JSON columns', () => {
  const json = (type: unknown, bytes: number[]) => read({ type: 'array', items: type }, 'json', bytes)[0];

  test('unions are their values, longs and decimals have all their digits', () => {
    expect(json(['null', 'int', 'string'], [6, 0, 2, 5, 4, 4, 0x22, 0x0a, 0])).toBe('[null,-3,"\\"\\n"]');
    const most = [0xfe, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01];
    expect(json('long', [2, ...most, 0])).toBe('[9223372036854775807]');
    const decimal = { type: 'bytes', logicalType: 'decimal', precision: 50, scale: 2 };
    expect(json(decimal, [2, 4, 0xff, 0x38, 0])).toBe('[-2.00]');
  });

  test('bytes are base64, enums text, times as the JSON format writes them, NaN a string', () => {
    expect(json('bytes', [2, 4, 0xff, 0x00, 0])).toBe('["/wA="]');
    expect(json({ type: 'enum', name: 'E', symbols: ['A', 'B'] }, [2, 2, 0])).toBe('["B"]');
    expect(json({ type: 'int', logicalType: 'date' }, [2, 2, 0])).toBe('["1970-01-02"]');
    expect(json({ type: 'int', logicalType: 'time-millis' }, [2, 2, 0])).toBe('["00:00:00.001"]');
    expect(json({ type: 'long', logicalType: 'timestamp-micros' }, [2, 1, 0])).toBe(
      '["1969-12-31T23:59:59.999999Z"]',
    );
    expect(json('double', [2, 0, 0, 0, 0, 0, 0, 0xf8, 0x7f, 0])).toBe('["NaN"]');
  });

  test('a map is an object, a record one with its fields in the order of the schema', () => {
    expect(read({ type: 'map', values: 'int' }, 'json', [2, 2, 0x6b, 2, 0])).toEqual(['{"k":1}']);
    const record = {
      type: 'record',
      name: 'I',
      fields: [
        { name: 'z', type: 'int' },
        { name: 'a', type: 'boolean' },
      ],
    };
    expect(json(record, [2, 2, 1, 0])).toBe('[{"z":1,"a":true}]');
  });
});

describe('F10: which schema a record was written with', () => {
  const fields = [column('a', int)];
  const guid = '00010203-0405-0607-0809-0a0b0c0d0e0f';
  const guidBytes = Array.from({ length: 16 }, (_, index) => index);
  const writers = new SchemasById(
    { 1: one('int'), 2: one('long'), [guid]: one('int'), '-5': one('int'), 4: '{"type":"nonsense"}' },
    { 9: new WeirError('WEIR-3510', 'there is no schema 9') },
  );
  const outcome = (bytes: number[]) => readAvro(fields, [Uint8Array.from(bytes)], { writers })[0];

  test('an id, or a GUID', () => {
    const records = [
      framed(1, Uint8Array.of(2)),
      framed(2, Uint8Array.of(4)),
      Uint8Array.of(1, ...guidBytes, 6),
    ];
    expect(readAvro(fields, records, { writers })).toEqual([[1n], [2n], [3n]]);
  });

  test('one that is not known yet stops there, without a row and without an error; one that is refused is an error', () => {
    const records = [1, 77, 9, 1].map((id) => framed(id, Uint8Array.of(2)));
    expect(readAvro(fields, records, { writers })).toEqual([
      [1n],
      'missing 77',
      'there is no schema 9',
      [1n],
    ]);
  });

  test('one that can not be read is an error of its records, which names it', () => {
    const records = [framed(4, Uint8Array.of(2)), framed(1, Uint8Array.of(2))];
    const [bad, good] = readAvro(fields, records, { writers });
    expect(bad).toContain('written with schema 4: the Avro schema');
    expect(good).toEqual([1n]);
  });

  test('F10: an empty value is an error', () => {
    expect(outcome([])).toContain('it has 0 bytes');
    expect(outcome([0, 0, 0])).toContain('it has 3 bytes');
  });

  test('W3: JSON without the frame says so', () => {
    expect(outcome([...Buffer.from('{"a":1}')])).toContain('begins like JSON');
  });

  test('W4: an id may look negative', () => {
    expect(outcome([0, 0xff, 0xff, 0xff, 0xfb, 2])).toEqual([1n]);
    expect(outcome([0, 0xff, 0xff, 0xff, 0xff, 2])).toBe('missing -1');
  });

  test('W5: container files and single objects are told apart', () => {
    expect(outcome([0x4f, 0x62, 0x6a, 1, 0, 0])).toContain('an Avro container file');
    expect(outcome([0xc3, 1, 0, 0, 0, 0])).toContain('single-object encoding');
    expect(outcome([7, 0, 0, 0, 0, 0])).toContain('its first byte is 7');
  });

  test('W2: a header says it first, the last one of its name; the value has no prefix then', () => {
    const header = (name: string, value: number[]) => [
      name.length * 2,
      ...Buffer.from(name),
      value.length * 2,
      ...value,
    ];
    const headers = [
      6,
      ...header('__value_schema_id', [0, 0, 0, 0, 99]),
      ...header('__value_schema_id', [1, ...guidBytes]),
      ...header('__key_schema_id', [0, 0, 0, 0, 98]),
    ];
    const data = Uint8Array.from([...headers, 8, 0, 0, 0, 0, 1, 10]);
    const end = headers.length;
    const part = {
      data,
      starts: Int32Array.of(end, end + 1),
      ends: Int32Array.of(end + 1, end + 7),
      headerStarts: Int32Array.of(0, 0),
      headerEnds: Int32Array.of(end, 0),
    };
    const decoder = avroFormat.createDecoder(
      { fields },
      {},
      { part: 'value', framing: 'confluent', reader: null, writers },
    );
    const into = new BatchBuilder({ fields });
    expect(decoder.decode(part, 0, 2, into)).toBe(2);
    expect(plainRows(into.batch())).toEqual([[4n], [5n]]);
  });

  test('W2: bytes that look like a prefix belong to the value where a header says which schema it is', () => {
    const padded = JSON.stringify({
      type: 'record',
      name: 'R',
      fields: [
        { name: 'pad', type: { type: 'fixed', name: 'F', size: 6 } },
        { name: 'a', type: 'int' },
      ],
    });
    const name = Buffer.from('__value_schema_id');
    const header = [2, name.length * 2, ...name, 10, 0, 0, 0, 0, 6];
    const data = Uint8Array.from([...header, 0, 0, 0, 0, 1, 10, 0, 0, 0, 0, 1, 2, 14]);
    const end = header.length;
    const part = {
      data,
      starts: Int32Array.of(end, end + 6),
      ends: Int32Array.of(end + 6, end + 13),
      headerStarts: Int32Array.of(0, 0),
      headerEnds: Int32Array.of(0, end),
    };
    const schemas = new SchemasById({ 1: one('int'), 6: padded });
    const decoder = avroFormat.createDecoder(
      { fields },
      {},
      { part: 'value', framing: 'confluent', reader: null, writers: schemas },
    );
    const into = new BatchBuilder({ fields });
    expect(decoder.decode(part, 0, 2, into)).toBe(2);
    expect(plainRows(into.batch())).toEqual([[5n], [7n]]);
  });
});

describe('Decoder', () => {
  test('nothing of a bad record is left in the row that the next one gets', () => {
    const written = JSON.stringify({
      type: 'record',
      name: 'R',
      fields: [
        { name: 'a', type: ['null', 'int'] },
        { name: 'b', type: 'string' },
        { name: 'c', type: { type: 'array', items: ['null', 'int'] } },
      ],
    });
    const { fields: columns } = tableOf(written, 'native');
    const good = Uint8Array.of(2, 2, 2, 0x78, 2, 2, 4, 0);
    const bad = [Uint8Array.of(0, 2), Uint8Array.of(0, 2, 0x79, 4, 0, 0, 4), Uint8Array.of(0, 2, 0xff, 0)];
    const rows = readAvro(columns, [good, ...bad, good], { written }, 100);
    expect(rows.map((row) => typeof row)).toEqual(['object', 'string', 'string', 'string', 'object']);
    expect([rows[0], rows[4]]).toEqual([
      [1n, 'x', [2n]],
      [1n, 'x', [2n]],
    ]);
  });

  const fields = [column('a', text), column('k', text)];
  const settings: DecoderSettings = {
    columns: [1],
    part: 'key',
    framing: 'confluent',
    reader: null,
    writers: new SchemasById({
      1: JSON.stringify({ type: 'record', name: 'K', fields: [{ name: 'k', type: 'string' }] }),
      2: JSON.stringify({
        type: 'record',
        name: 'K',
        fields: [{ name: 'k', type: { type: 'enum', name: 'E', symbols: ['SYM'] } }],
      }),
    }),
  };

  test('F2: keys fill their columns of rows that are there', () => {
    const keys = [
      framed(1, Uint8Array.of(2, 0x78)),
      framed(2, Uint8Array.of(0)),
      framed(1, Uint8Array.of(2, 0xff)),
    ];
    const data = Uint8Array.from(Buffer.concat(keys));
    const starts = Int32Array.of(0, 7, -1, 13);
    const ends = Int32Array.of(7, 13, -1, 20);
    const into = new BatchBuilder({ fields });
    into.rowCount = 4;
    into.recordIndex.set([0, 1, 2, 3]);
    const decoder = avroFormat.createDecoder({ fields }, {}, settings);
    expect(decoder.decodeRows(partWithoutHeaders(data, starts, ends), into, 0, 4)).toBe(3);
    expect(decoder.error?.message).toContain('k: a string is no UTF-8 text');
    into.truncate(3);
    expect(plainRows(into.batch()).map((row) => row[1])).toEqual(['x', 'SYM', null]);
  });

  test('a value that is not there: an error, left out, or NULL in its columns', () => {
    const data = Uint8Array.of(2, 0x61);
    const part = partWithoutHeaders(data, Int32Array.of(-1, 0), Int32Array.of(-1, 2));
    const outcome = (nullValue: 'error' | 'skip' | 'row') => {
      const decoder = avroFormat.createDecoder(
        { fields: [fields[0]!] },
        { 'avro.schema': one('string') },
        { part: 'value', framing: 'none', reader: null, writers: null, nullValue },
      );
      const into = new BatchBuilder({ fields: [fields[0]!] });
      const consumed = decoder.decode(part, 0, 2, into);
      return [consumed, decoder.error?.code, decoder.nullValues, plainRows(into.batch())];
    };
    expect(outcome('error')).toEqual([0, 'WEIR-3103', 0, []]);
    expect(outcome('skip')).toEqual([2, undefined, 1, [['a']]]);
    expect(outcome('row')).toEqual([2, undefined, 0, [[null], ['a']]]);
  });

  test('F1: of compiled readers the least used go, and one that could not be made is kept as its error', () => {
    const cache = new ReaderCache<object>(2);
    const made: string[] = [];
    const get = (key: string) => cache.get(key, () => (made.push(key), {}));
    for (const key of ['a', 'b', 'a', 'c', 'a', 'b']) get(key);
    expect(made).toEqual(['a', 'b', 'c', 'b']);
    let tries = 0;
    const fail = () => {
      tries += 1;
      throw new WeirError('WEIR-3120', 'no schema');
    };
    expect([cache.get('x', fail), cache.get('x', fail)]).toEqual([
      expect.any(WeirError),
      expect.any(WeirError),
    ]);
    expect(tries).toBe(1);
  });

  test('text of a schema never becomes code', () => {
    const name = '"];throw 1;//`${process.exit(1)}';
    const written = JSON.stringify({ type: 'record', name: 'R', fields: [{ name, type: 'int' }] });
    expect(readAvro([column(name, int)], [Uint8Array.of(2)], { written })).toEqual([[1n]]);
  });

  test('what the format refuses, it says before anything runs', () => {
    const check = (columns: Field[], options: Record<string, string>, direction: 'read' | 'write' = 'read') =>
      avroFormat
        .check({ fields: columns }, options, direction)
        .map(({ option, column: at, message }) => [option ?? at, message]);
    const schema = { 'avro.schema': one('string') };
    expect(check([column('a', text)], schema)).toEqual([]);
    expect(check([column('a', text)], schema, 'write')).toEqual([]);
    expect(check([column('a', text)], {}, 'write')).toEqual([]);
    expect(check([column('a', int)], schema, 'write')).toEqual([
      ['a', "column a: INT can't be written as string"],
    ]);
    expect(check([column('a', text)], {})[0]?.[0]).toBe('avro.schema');
    expect(check([column('a', text)], { 'avro.schema': '{' })[0]?.[1]).toContain('it is no JSON');
    expect(check([column('a', int)], schema)).toEqual([
      ['a', "string was written, which can't be read as INT"],
    ]);
    expect(check([column('b', text, false)], schema)[0]?.[1]).toContain("no field 'b'");
    expect(check([column('a', { kind: 'interval', unit: 'micros' })], schema)[0]?.[0]).toBe('a');
    expect(check([column('a', text)], { ...schema, 'avro.confluent_schema_registry': 'true' })[0]?.[0]).toBe(
      'schema_registry.endpoint',
    );
  });
});
