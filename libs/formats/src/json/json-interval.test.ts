import { describe, expect, it } from 'vitest';
import { BatchBuilder } from '@weir/columnar/column-builder.ts';
import { batchOfRows, plainRows } from '@weir/columnar/row-view.ts';
import type { Schema } from '@weir/columnar/sql-type.ts';
import { partWithoutHeaders } from '../decoder.ts';
import { jsonFormat } from './json-format.ts';

const day = 86_400_000_000n;
const schemaOf = (unit: 'months' | 'micros'): Schema => ({
  fields: [{ name: 'i', type: { kind: 'interval', unit }, nullable: true }],
});

function written(value: bigint | null, unit: 'months' | 'micros'): string {
  const schema = schemaOf(unit);
  const batch = batchOfRows(new BatchBuilder(schema), [[value]]);
  const encoder = jsonFormat.createEncoder(schema, {});
  encoder.begin(batch);
  const target = new Uint8Array(encoder.bound(0));
  return Buffer.from(target.subarray(0, encoder.encode(0, target, 0))).toString();
}

function read(text: string, unit: 'months' | 'micros'): unknown {
  const schema = schemaOf(unit);
  const data = Buffer.from(text);
  const into = new BatchBuilder(schema);
  const decoder = jsonFormat.createDecoder(schema, {});
  const part = partWithoutHeaders(data, new Int32Array([0]), new Int32Array([data.length]));
  return decoder.decode(part, 0, 1, into) === 1 ? plainRows(into.batch())[0]?.[0] : decoder.error?.message;
}

describe('fault 1.1.18: an interval in JSON is the text that CAST gives', () => {
  it.each([
    [0n, 'micros', '00:00:00'],
    [1n, 'micros', '00:00:00.000001'],
    [-1_500_000n, 'micros', '-00:00:01.5'],
    [3n * day + 14_706_500_000n, 'micros', '3 days 04:05:06.5'],
    [-day, 'micros', '-1 day'],
    [-2n * day - 1_000_000n, 'micros', '-2 days -00:00:01'],
    [9_223_372_036_854_775_807n, 'micros', '106751991 days 04:00:54.775807'],
    [-9_223_372_036_854_775_808n, 'micros', '-106751991 days -04:00:54.775808'],
    [14n, 'months', '1 year 2 mons'],
    [-25n, 'months', '-2 years -1 mon'],
    [0n, 'months', '00:00:00'],
    [9_007_199_254_740_991n, 'months', '750599937895082 years 7 mons'],
  ] as const)('%s %s is %s, and is read back', (value, unit, text) => {
    expect(written(value, unit)).toBe(`{"i":"${text}"}`);
    expect(read(`{"i":"${text}"}`, unit)).toBe(value);
    expect(read(`{ "other": [1], "i" : "${text}" }`, unit)).toBe(value);
  });

  it('NULL is null', () => {
    expect(written(null, 'micros')).toBe('{"i":null}');
    expect(read('{"i":null}', 'micros')).toBeNull();
  });

  it.each(['{"i":"1 month"}', '{"i":5}', '{"i":"soon"}', '{"i":{}}'])('%s is no INTERVAL of days', (text) => {
    expect(read(text, 'micros')).toContain('INTERVAL like');
  });
});
