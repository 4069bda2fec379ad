import { BatchBuilder } from '@weir/columnar/column-builder.ts';
import { plainRows } from '@weir/columnar/row-view.ts';
import { bigintType, textType, type Schema } from '@weir/columnar/sql-type.ts';
import { describe, expect, test } from 'vitest';
import type { DecoderSettings, RecordPart } from './decoder.ts';
import { jsonFormat } from './json/json-format.ts';

const schema: Schema = {
  fields: [
    { name: 'id', type: bigintType, nullable: false },
    { name: 'note', type: textType, nullable: true },
  ],
};
const settings: DecoderSettings = {
  part: 'value',
  framing: 'confluent',
  reader: null,
  writers: null,
  nullValue: 'skip',
};

const byId = (text: string): Buffer => Buffer.concat([Buffer.of(0, 0, 0, 0, 7), Buffer.from(text)]);
const byGuid = (text: string): Buffer =>
  Buffer.concat([Buffer.of(1), Buffer.alloc(16, 9), Buffer.from(text)]);

/** Records whose headers, if any, hold the schema's id. */
function partOf(values: readonly (Buffer | null)[], headers: readonly Buffer[] = []): RecordPart {
  const parts: Buffer[] = [];
  let at = 0;
  const place = (bytes: Buffer): [number, number] => {
    parts.push(bytes);
    at += bytes.length;
    return [at - bytes.length, at];
  };
  const placed = values.map((value) => (value === null ? ([-1, 0] as const) : place(value)));
  const placedHeaders = values.map((_, index) => place(headers[index] ?? Buffer.alloc(0)));
  return {
    data: new Uint8Array(Buffer.concat(parts)),
    starts: Int32Array.from(placed, ([start]) => start),
    ends: Int32Array.from(placed, ([, end]) => end),
    headerStarts: Int32Array.from(placedHeaders, ([start]) => start),
    headerEnds: Int32Array.from(placedHeaders, ([, end]) => end),
  };
}

/** Each record's row, or why it has none, as a source reads them. */
function readAll(part: RecordPart, capacity: number): unknown[] {
  const decoder = jsonFormat.createDecoder(schema, {}, settings);
  const into = new BatchBuilder(schema, capacity);
  const read: unknown[] = [];
  const count = part.starts.length;
  for (let from = 0; from < count;) {
    into.reset();
    from += decoder.decode(part, from, count - from, into);
    read.push(...plainRows(into.batch()));
    if (decoder.error === null) continue;
    read.push(`${decoder.error.code} ${decoder.error.message}`);
    from += 1;
  }
  return read;
}

describe('json-with-registry', () => {
  test('H9: what names the schema is left out, in all its forms, and the registry is not asked', () => {
    const header = Buffer.concat([
      Buffer.of(2, 36),
      Buffer.from('__value_schema_id'),
      Buffer.of(10, 0, 0, 0, 0, 9),
    ]);
    header[1] = 17 * 2;
    const values = [
      byId('{"id":1}'),
      byId('{"id":2,"note":"n"}'),
      byGuid('{"id":3}'),
      null,
      Buffer.from('{"id":4}'),
    ];
    const none = Buffer.alloc(0);
    const part = partOf(values, [none, none, none, none, header]);
    for (const capacity of [1, 2, 64]) {
      expect(readAll(part, capacity)).toEqual([
        [1n, null],
        [2n, 'n'],
        [3n, null],
        [4n, null],
      ]);
    }
  });

  test('W3: a record that names no schema is bad data and says why; those around it are rows', () => {
    const part = partOf([
      byId('{"id":1}'),
      Buffer.from('{"id":2}'),
      byId('{"id":3}'),
      Buffer.of(0, 1),
      byId('{"id":"x"}'),
    ]);
    for (const capacity of [1, 64]) {
      expect(readAll(part, capacity)).toEqual([
        [1n, null],
        expect.stringMatching(/^WEIR-3106 .*begins like JSON/),
        [3n, null],
        expect.stringMatching(/^WEIR-3106 .*it has 2 bytes/),
        expect.stringMatching(/^WEIR-3102 /),
      ]);
    }
  });

  test('rows that are there get their columns from framed keys', () => {
    const part = partOf([byId('{"id":1}'), byId('{"id":2}'), Buffer.from('x')]);
    const decoder = jsonFormat.createDecoder(schema, {}, { ...settings, part: 'key' });
    const into = new BatchBuilder(schema);
    into.reset();
    into.recordIndex.set([0, 1, 2]);
    into.rowCount = 3;
    expect(decoder.decodeRows(part, into, 0, 3)).toBe(2);
    expect(decoder.error?.code).toBe('WEIR-3106');
    into.truncate(2);
    expect(plainRows(into.batch())).toEqual([
      [1n, null],
      [2n, null],
    ]);
  });
});
