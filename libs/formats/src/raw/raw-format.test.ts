import { partWithoutHeaders } from '../decoder.ts';
import { BatchBuilder } from '@weir/columnar/column-builder.ts';
import { batchOfRows, plainRows } from '@weir/columnar/row-view.ts';
import { textType, type Schema } from '@weir/columnar/sql-type.ts';
import { describe, expect, test } from 'vitest';
import { formatNamed } from '../formats.ts';

const text: Schema = { fields: [{ name: 'value', type: textType, nullable: true }] };
const bytes: Schema = { fields: [{ name: 'value', type: { kind: 'bytes' }, nullable: true }] };

function index(records: readonly Uint8Array[]) {
  const ends = Int32Array.from(records, (record) => record.length);
  for (let i = 1; i < ends.length; i += 1) ends[i] = (ends[i] ?? 0) + (ends[i - 1] ?? 0);
  const starts = Int32Array.from(ends, (_, i) => (i === 0 ? 0 : (ends[i - 1] ?? 0)));
  return { data: new Uint8Array(Buffer.concat(records)), starts, ends };
}

test('a record is a row; one that is no UTF-8 is an error and the next ones go on', () => {
  const decoder = formatNamed('raw_string').createDecoder(text, {});
  const { data, starts, ends } = index([Buffer.from('a"b'), Buffer.of(0xff), Buffer.from('ü')]);
  const into = new BatchBuilder(text);
  expect(decoder.decode(partWithoutHeaders(data, starts, ends), 0, 3, into)).toBe(1);
  expect(decoder.error?.message).toMatch(/no UTF-8 text; it begins with \\xff/);
  expect(decoder.decode(partWithoutHeaders(data, starts, ends), 2, 1, into)).toBe(1);
  expect(plainRows(into.batch())).toEqual([['a"b'], ['ü']]);
  expect([...into.recordIndex.subarray(0, 2)]).toEqual([0, 2]);
});

test('with framing = newline each line is a row, however many there are', () => {
  const decoder = formatNamed('raw_bytes').createDecoder(bytes, { framing: 'newline' });
  const { data, starts, ends } = index([Buffer.from('a\r\n\nb\n'), Buffer.from('c')]);
  const into = new BatchBuilder(bytes, 2);
  expect(decoder.decode(partWithoutHeaders(data, starts, ends), 0, 2, into)).toBe(2);
  expect(plainRows(into.batch()).flat().map(String)).toEqual(['97', '', '98', '99']);
  expect([...into.recordIndex.subarray(0, 4)]).toEqual([0, 0, 0, 1]);
});

describe('fault 1.1.12: a tombstone in a raw format', () => {
  const tombstones = { data: Buffer.from('ab'), starts: Int32Array.of(0, -1, 1), ends: Int32Array.of(1, -1, 2) };

  test.each(['raw_string', 'raw_bytes'])('%s: NULL in a nullable column', (name) => {
    const schema = name === 'raw_string' ? text : bytes;
    for (const options of [{}, { framing: 'newline' }]) {
      const into = new BatchBuilder(schema);
      const decoder = formatNamed(name).createDecoder(schema, options);
      const { data, starts, ends } = tombstones;
      for (let round = 0; round < 2; round += 1) {
        into.reset();
        expect(decoder.decode(partWithoutHeaders(data, starts, ends), 0, 3, into)).toBe(3);
        expect(decoder.error).toBeNull();
        expect(plainRows(into.batch()).map(([value]) => value === null)).toEqual([false, true, false]);
        expect([...into.recordIndex.subarray(0, 3)]).toEqual([0, 1, 2]);
      }
    }
  });

  test('bad data where the column is NOT NULL; the records behind it are read', () => {
    const schema: Schema = { fields: [{ name: 'value', type: textType, nullable: false }] };
    const decoder = formatNamed('raw_string').createDecoder(schema, {});
    const { data, starts, ends } = tombstones;
    const into = new BatchBuilder(schema);
    expect(decoder.decode(partWithoutHeaders(data, starts, ends), 0, 3, into)).toBe(1);
    expect(decoder.error).toMatchObject({ code: 'WEIR-3103', hint: expect.stringContaining('without NOT NULL') as unknown });
    expect(decoder.decode(partWithoutHeaders(data, starts, ends), 2, 1, into)).toBe(1);
    expect(plainRows(into.batch())).toEqual([['a'], ['b']]);
  });
}); // prettier-ignore

test('rows are written as they are; NULL is an error', () => {
  const encoder = formatNamed('raw_string').createEncoder(text, {});
  encoder.begin(batchOfRows(new BatchBuilder(text), [['x\ny'], [null]]));
  const target = new Uint8Array(encoder.bound(0));
  expect(encoder.encode(0, target, 0)).toBe(3);
  expect(Buffer.from(target).toString()).toBe('x\ny');
  expect(() => encoder.encode(1, target, 0)).toThrow(/COALESCE|is NULL/);
});

test('other columns, other framings and other formats are refused with what to do', () => {
  const issues = formatNamed('raw_string').check(bytes, { framing: 'length' }, 'read');
  expect(issues.map((issue) => issue.hint)).toEqual([
    "use 'newline' (a row for each line), or leave it out (a row for each record)",
    'declare the table with (value TEXT)',
  ]);
  expect(() => formatNamed('raw_bytes').createDecoder(text, {})).toThrow(/takes one column of type BYTEA/);
  expect(() => formatNamed('xml')).toThrow(/no format 'xml'/);
});
