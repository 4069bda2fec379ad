import { BatchBuilder } from '@weir/columnar/column-builder.ts';
import { batchOfRows, plainRows, type PlainRow } from '@weir/columnar/row-view.ts';
import {
  bigintType,
  booleanType,
  doubleType,
  formatType,
  intType,
  textType,
  timestampType,
  type Field,
  type SqlType,
} from '@weir/columnar/sql-type.ts';
import { describe, expect, test, vi } from 'vitest';
import { partWithoutHeaders, type Decoder } from '../decoder.ts';
import { csvFormat } from './csv-format.ts';
import { decoderBelowHeader, headerLine } from './csv-header.ts';

// A busy machine may take its time.
vi.setConfig({ testTimeout: 300_000 });

const column = (name: string, type: SqlType, nullable = true): Field => ({ name, type, nullable });
const text = (...names: string[]): Field[] => names.map((name) => column(name, textType));

function run(decoder: Decoder, fields: Field[], records: readonly (string | Uint8Array)[]) {
  const into = new BatchBuilder({ fields });
  const bytes = records.map((record) => (typeof record === 'string' ? Buffer.from(record) : record));
  const data = new Uint8Array(Buffer.concat(bytes));
  const ends = Int32Array.from(bytes, (record) => record.length);
  for (let i = 1; i < ends.length; i += 1) ends[i] = ends[i]! + ends[i - 1]!;
  const starts = Int32Array.from(ends, (_, i) => (i === 0 ? 0 : ends[i - 1]!));
  const errors: string[] = [];
  for (let from = 0; from < records.length;) {
    const part = partWithoutHeaders(data, starts, ends);
    from += decoder.decode(part, from, records.length - from, into);
    if (decoder.error === null) continue;
    errors.push(decoder.error.message);
    from += 1;
  }
  return { rows: plainRows(into.batch()), errors, records: [...into.recordIndex.subarray(0, into.rowCount)] };
}

function read(fields: Field[], records: readonly (string | Uint8Array)[], options = {}) {
  return run(csvFormat.createDecoder({ fields }, options), fields, records);
}

function write(fields: Field[], rows: PlainRow[], options = {}): string[] {
  const encoder = csvFormat.createEncoder({ fields }, options);
  encoder.begin(batchOfRows(new BatchBuilder({ fields }), rows));
  return rows.map((_, row) => {
    const target = new Uint8Array(encoder.bound(row) + 3);
    return Buffer.from(target.subarray(3, encoder.encode(row, target, 3))).toString();
  });
}

test('F12: RFC 4180: quotes, doubled quotes, delimiters and line breaks in quotes', () => {
  const fields = text('a', 'b', 'c');
  const { rows, errors } = read(fields, [
    'x,"y, z",w',
    '"he said ""hi""",two\r\n',
    '"he said ""hi""",2,"line\r\nbreak"\r\n',
    ' spaced , b,"q"',
    'ü,€,😀\n',
  ]);
  expect(rows).toEqual([
    ['x', 'y, z', 'w'],
    ['he said "hi"', '2', 'line\r\nbreak'],
    [' spaced ', ' b', 'q'],
    ['ü', '€', '😀'],
  ]);
  expect(errors).toEqual([expect.stringContaining('it has 2 fields, not 3')]);
});

test('F12: an empty field is NULL, two quotes are an empty text; NULL where that may not be is bad data', () => {
  expect(read(text('a', 'b'), [',""', '"",', '']).rows).toEqual([
    [null, ''],
    ['', null],
  ]);
  expect(read(text('a'), ['', '""']).rows).toEqual([[null], ['']]);
  const required = [column('a', textType, false), column('n', intType)];
  expect(read(required, [',1', 'x,']).errors).toEqual([
    expect.stringMatching(
      /^a is empty \(NULL\), but is NOT NULL, at byte 0 of 2; the record begins with ,1$/,
    ),
  ]);
});

describe('what is no row is bad data, with its place, and the next record is read', () => {
  test.each([
    ['a"b,c', /a quote stands inside a field.*at byte 1 of 5/],
    ['"a"b,c', /bytes follow the quote that ends a field, at byte 3/],
    ['"a,b', /the row ends inside quotes, at byte 0/],
    ['a,b\nc,d', /another line follows, at byte 3/],
    ['a,b,c', /it has 3 fields, not 2/],
    [Buffer.of(0x61, 0x2c, 0xff), /b: \\xff is no TEXT, at byte 2 of 3/],
  ])('%s', (record, message) => {
    const { rows, errors } = read(text('a', 'b'), ['1,2', record, '3,4']);
    expect(errors).toEqual([expect.stringMatching(message)]);
    expect(rows).toEqual([
      ['1', '2'],
      ['3', '4'],
    ]);
  });
});

const types: readonly [SqlType, readonly [string, unknown][], readonly string[]][] = [
  [booleanType, [['true', true], ['F', false], [' yes ', true]], ['maybe', 'ü']],
  [{ kind: 'integer', bits: 8, signed: true }, [['-128', -128n], ['+5', 5n]], ['128', '1.5', '']],
  [bigintType, [['9223372036854775807', 9223372036854775807n], ['007', 7n]], ['9223372036854775808', 'x']],
  [{ kind: 'decimal', precision: 6, scale: 2 }, [['1234.567', 123457n], ['-1', -100n]], ['12345', '1,0']],
  [{ kind: 'float', bits: 32 }, [['0.1', Math.fround(0.1)]], ['1e39']],
  [doubleType, [['1.5e3', 1500], ['NaN', NaN], ['-inf', -Infinity], ['1e-7', 1e-7]], ['1e999', '.', '1..2']],
  [{ kind: 'date' }, [['2026-02-28', 20512n]], ['2026-02-30']],
  [{ kind: 'time', precision: 3 }, [['12:00:00.1239', 43200123000n]], ['25:00']],
  [timestampType, [['2026-01-01T00:00:00.123456Z', 1767225600123456n], ['2026-01-01 01:00:00+01:00', 1767225600000000n]], ['yesterday']],
  [{ kind: 'interval', unit: 'micros' }, [['00:00:01', 1000000n]], ['soon']],
  [{ kind: 'json' }, [['"{""a"": [1, 2]}"', '{"a": [1, 2]}'], ['12', '12']], ['"{""a"""', '{', '1 2']],
  [{ kind: 'bytes' }, [['AAEC', Buffer.of(0, 1, 2)], ['""', Buffer.alloc(0)]], ['A', '!!!!']],
]; // prettier-ignore

describe('a field of each type', () => {
  test.each(types.map((each) => [formatType(each[0]), ...each] as const))('%s', (name, type, good, bad) => {
    const fields = [column('v', type), column('w', textType)];
    const { rows, errors } = read(
      fields,
      good.map(([field]) => `${field.includes(',') && !field.startsWith('"') ? `"${field}"` : field},"a""b"`),
    );
    expect(errors).toEqual([]);
    const plain = (value: unknown): unknown => (value instanceof Uint8Array ? [...value] : value);
    expect(rows.map(([v]) => plain(v))).toEqual(good.map(([, value]) => plain(value)));
    expect(rows.map(([, w]) => w)).toEqual(good.map(() => 'a"b'));
    for (const field of bad.filter((each) => each !== '')) {
      expect(read(fields, [`${field.includes('"') ? field : `"${field}"`},x`]).errors, field).toEqual([
        expect.stringContaining(`is no ${name}`),
      ]);
    }
  });
});

test('values written are read again: NULL, empty, quotes, delimiters, every type', () => {
  const fields = [
    ...text('a', 'b'),
    column('n', bigintType),
    column('d', { kind: 'decimal', precision: 20, scale: 3 }),
    column('f', doubleType),
    column('t', timestampType),
    column('j', { kind: 'json' }),
    column('x', { kind: 'bytes' }),
  ];
  const rows: PlainRow[] = [
    ['', null, -9007199254740993n, 1n, 1.5, 1767225600123456n, '{"a":"b,c"}', Buffer.of(1, 2)],
    ['a"b', 'c\nd', null, null, null, null, null, Buffer.alloc(0)],
    ['x;y', ',', 0n, -1000n, Infinity, 0n, '[]', null],
  ];
  for (const options of [{}, { 'csv.delimiter': ';' }, { 'csv.delimiter': '\\t', 'csv.quote': "'" }]) {
    const records = write(fields, rows, options);
    const again = read(fields, records, options);
    expect(again.errors).toEqual([]);
    expect(again.rows.map((row) => row.map((v) => (v instanceof Uint8Array ? [...v] : v)))).toEqual(
      rows.map((row) => row.map((v) => (v instanceof Uint8Array ? [...v] : v))),
    );
  }
  expect(write(text('a', 'b'), [['x', null]])).toEqual(['x,']);
});

test('STRUCT and lists are written as JSON and refused where they are read', () => {
  const list: SqlType = { kind: 'list', element: column('element', intType) };
  expect(write([column('l', list), column('a', textType)], [[[1n, 2n], 'x']])).toEqual(['"[1,2]",x']);
  expect(csvFormat.check({ fields: [column('l', list)] }, {}, 'read')).toEqual([
    expect.objectContaining({ column: 'l', hint: expect.stringContaining('declare it JSON') as unknown }),
  ]);
});

describe('F12 H23: framing', () => {
  const fields = [column('n', bigintType), column('s', textType)];
  const framed = { framing: 'newline' };

  test('a record of lines is a row for each; line breaks in quotes end none', () => {
    const { rows, records } = read(fields, ['1,a\r\n\r\n2,"b\nc"\n', '3,d'], framed);
    expect(rows).toEqual([[1n, 'a'], [2n, 'b\nc'], [3n, 'd']]); // prettier-ignore
    expect(records).toEqual([0, 0, 1]);
  });

  test('one bad line makes the record bad, once, and none of its rows stays', () => {
    const { rows, errors, records } = read(fields, ['1,a', '2,b\nx,c\ny,d\n3,e', '4,f\n5,"g""h"'], framed);
    expect(errors).toHaveLength(1);
    expect(rows).toEqual([[1n, 'a'], [4n, 'f'], [5n, 'g"h']]); // prettier-ignore
    expect(records).toEqual([0, 2, 2]);
  });

  test('framing.max_length bounds a line', () => {
    const { rows, errors } = read(fields, ['1,aaaaaaaaaa\n', '2,b\n'], {
      ...framed,
      'framing.max_length': '8',
    });
    expect(errors).toEqual([expect.stringMatching(/line 1 has 12 bytes, 'framing.max_length' is 8/)]);
    expect(rows).toEqual([[2n, 'b']]);
  });

  test('all rows of a record are in one batch, which grows; more than 100,000 are too many', () => {
    const lines = (count: number): string => '1,a\n'.repeat(count);
    const decoder = csvFormat.createDecoder({ fields }, framed);
    const data = Buffer.from(lines(10) + lines(9000));
    const part = partWithoutHeaders(data, Int32Array.of(0, 40), Int32Array.of(40, data.length));
    const into = new BatchBuilder({ fields });
    expect(decoder.decode(part, 0, 2, into)).toBe(1);
    expect([into.rowCount, decoder.error]).toEqual([10, null]);
    into.reset();
    expect(decoder.decode(part, 1, 1, into)).toBe(1);
    expect(into.rowCount).toBe(9000);
    expect(read(fields, [lines(100_001)], framed).errors).toEqual([
      expect.stringContaining('more than 100000 lines'),
    ]);
  });
});

describe('csv.header', () => {
  const fields = [column('a', bigintType), column('Name', textType), column('gone', textType)];

  test('says where the fields stand, in any order and case; a column without one is NULL', () => {
    const decoder = decoderBelowHeader({ fields }, {}, Buffer.from('name,"extra ""x""",a\r'));
    expect(run(decoder, fields, ['x,y,1', '"",,2']).rows).toEqual([
      [1n, 'x', null],
      [2n, '', null],
    ]);
    expect(() =>
      decoderBelowHeader({ fields: [column('z', textType, false)] }, {}, Buffer.from('name,a')),
    ).toThrow(/no field for column z, which is NOT NULL/);
  });

  test('is written with quotes where a name needs them', () => {
    expect(Buffer.from(headerLine({ fields: text('a', 'b"c', 'd,e') }, {})).toString()).toBe(
      'a,"b""c","d,e"\n',
    );
  });
});

test('options that mean nothing are refused with what they may be', () => {
  const issues = csvFormat.check(
    { fields: text('a') },
    { 'csv.delimiter': ';;', 'csv.quote': 'ü', framing: 'length', 'framing.max_length': '0' },
    'read',
  );
  expect(issues.map(({ option }) => option)).toEqual([
    'framing',
    'framing.max_length',
    'csv.delimiter',
    'csv.quote',
  ]);
  expect(csvFormat.check({ fields: text('a') }, { 'csv.quote': '' }, 'write')).toHaveLength(1);
  expect(read(text('a', 'b'), ['x"y,"z'], { 'csv.quote': '' }).rows).toEqual([['x"y', '"z']]);
});

test('R8: random, cut and flipped bytes are rows or bad data, never a crash', () => {
  let seed = 7;
  const random = (below: number): number => {
    seed = (Math.imul(seed, 1103515245) + 12345) & 0x7fffffff;
    return (seed >>> 8) % below;
  };
  const signs = Buffer.from(',,,,,,"11\n\r -\xff');
  const fields = [
    column('a', intType),
    column('b', textType),
    column('j', { kind: 'json' }),
    column('x', { kind: 'bytes' }),
  ];
  const inputs = process.env['WEIR_TEST_FULL'] === undefined ? 20_000 : 500_000;
  const records = Array.from({ length: inputs }, () =>
    Uint8Array.from({ length: random(24) }, () =>
      random(9) === 0 ? random(256) : signs[random(signs.length)]!,
    ),
  );
  for (const options of [{}, { framing: 'newline' }]) {
    const decoder = csvFormat.createDecoder({ fields }, options);
    let read = 0;
    for (const record of records) {
      const into = new BatchBuilder({ fields }, 4);
      const part = partWithoutHeaders(record, Int32Array.of(0), Int32Array.of(record.length));
      const consumed = decoder.decode(part, 0, 1, into);
      if ((consumed === 1) !== (decoder.error === null)) expect.fail(Buffer.from(record).toString('hex'));
      read += into.rowCount;
      plainRows(into.batch());
    }
    expect(read).toBeGreaterThan(0);
  }
});
