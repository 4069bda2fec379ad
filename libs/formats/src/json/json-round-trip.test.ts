import { partWithoutHeaders } from '../decoder.ts';
import { BatchBuilder } from '@weir/columnar/column-builder.ts';
import { plainRows, type PlainRow } from '@weir/columnar/row-view.ts';
import {
  bigintType,
  booleanType,
  doubleType,
  textType,
  timestampType,
  type Field,
  type SqlType,
} from '@weir/columnar/sql-type.ts';
import { expect, test } from 'vitest';
import { jsonFormat } from './json-format.ts';

const nullable = (name: string, type: SqlType): Field => ({ name, type, nullable: true });

function decode(fields: Field[], records: string[], options = {}): PlainRow[] {
  const decoder = jsonFormat.createDecoder({ fields }, options);
  const into = new BatchBuilder({ fields });
  const data = new TextEncoder().encode(records.join(''));
  const starts = new Int32Array(records.length);
  const ends = new Int32Array(records.length);
  let at = 0;
  records.forEach((record, index) => {
    starts[index] = at;
    at += new TextEncoder().encode(record).length;
    ends[index] = at;
  });
  const consumed = decoder.decode(partWithoutHeaders(data, starts, ends), 0, records.length, into);
  if (decoder.error !== null) throw decoder.error;
  expect(consumed).toBe(records.length);
  return plainRows(into.batch());
}

const flat = [
  nullable('a', bigintType),
  nullable('b', textType),
  nullable('c', doubleType),
  nullable('d', timestampType),
  nullable('e', booleanType),
];

test('flat records in any order, with white space, missing and unknown fields', () => {
  expect(
    decode(flat, [
      '{"a":1,"b":"x","c":1.5,"d":"2026-01-01T00:00:00.123Z","e":true}',
      ' { "e" : false , "zz": [1,{"q":"\\n"}], "a" : -7 } ',
      '{"b":"q\\"\\u00e9\\ud83d\\ude00","a":9223372036854775807}',
      '{"a":2,"a":3}',
    ]),
  ).toEqual([
    [1n, 'x', 1.5, 1767225600123000n, true],
    [-7n, null, null, null, false],
    [9223372036854775807n, 'q"é😀', null, null, null],
    [3n, null, null, null, null],
  ]);
});

test('what is decoded is encoded again', () => {
  const records = [
    '{"a":1,"b":"x","c":1.5,"d":"2026-01-01T00:00:00.123Z","e":true}',
    '{"a":9223372036854775807,"b":"q\\"\\n\\u0001","c":1e+21,"d":null,"e":null}',
  ];
  const decoder = jsonFormat.createDecoder({ fields: flat }, {});
  const into = new BatchBuilder({ fields: flat });
  const data = new TextEncoder().encode(records.join(''));
  const cut = records[0]!.length;
  decoder.decode(
    partWithoutHeaders(data, Int32Array.of(0, cut), Int32Array.of(cut, data.length)),
    0,
    2,
    into,
  );
  expect(decoder.error).toBe(null);
  const encoder = jsonFormat.createEncoder({ fields: flat }, {});
  encoder.begin(into.batch());
  const target = new Uint8Array(1000);
  const end = encoder.encode(0, target, 10);
  expect(end - 10).toBeLessThanOrEqual(encoder.bound(0));
  const end2 = encoder.encode(1, target, end);
  expect(end2 - end).toBeLessThanOrEqual(encoder.bound(1));
  expect(Buffer.from(target.subarray(10, end)).toString()).toBe(records[0]);
  expect(Buffer.from(target.subarray(end, end2)).toString()).toBe(records[1]);
});
