import { BatchBuilder } from '@weir/columnar/column-builder.ts';
import { bigintType, textType, timestampType, type Field } from '@weir/columnar/sql-type.ts';
import { expect, test } from 'vitest';
import { readJsonOptions } from './json-options.ts';
import { ScanBuffer } from './scan-buffer.ts';
import { SpeculativeReader } from './speculative-reader.ts';

const nullable = (name: string, type: Field['type']): Field => ({ name, type, nullable: true });
const fields: Field[] = [
  nullable('a', bigintType),
  nullable('b', textType),
  nullable('s', { kind: 'struct', fields: [nullable('t', timestampType), nullable('u', textType)] }),
];

/** Learns from the first record; says how many of the others the generated code reads in one go. */
function readTogether(records: readonly string[]): number {
  const into = new BatchBuilder({ fields });
  const reader = new SpeculativeReader(fields, into.columns, readJsonOptions({}).options);
  const data = new TextEncoder().encode(records.join(''));
  const ends = Int32Array.from(records, (_, i) => Buffer.byteLength(records.slice(0, i + 1).join('')));
  const starts = Int32Array.from(ends, (_, i) => (i === 0 ? 0 : (ends[i - 1] ?? 0)));
  const scan = new ScanBuffer();
  scan.use(data, -1);
  scan.end = ends[0] ?? 0;
  expect(reader.ready).toBe(false);
  reader.sawSlow(scan, 0);
  expect(reader.ready).toBe(true);
  return reader.run(scan, starts, ends, 0, 1, records.length, into) - 1;
}

test.each([
  ['compact', (a: number, b: string, u: string) => `{"a":${a},"x":"${b}","b":"${b}","s":{"t":"2026-01-01T00:00:0${a}.5Z","u":"${u}"}}`],
  ['spaced', (a: number, b: string, u: string) => `{"a": ${a}, "b": "${b}", "s": {"u": "${u}"}}`],
  ['with a line break behind it', (a: number, b: string, u: string) => `{ "b" : "${b}${u}" , "a" : ${a} }\n`],
])('records that look alike are read by generated code: %s', (_, write) => {
  expect(readTogether([write(1, 'x', ''), write(2, 'yü', 'z'.repeat(50)), write(3, '', '€')])).toBe(2);
}); // prettier-ignore

test.each([
  ['another order', '{"b":"x","a":1}'],
  ['a missing field', '{"a":1}'],
  ['one more field', '{"a":1,"b":"x","c":2}'],
  ['other white space', '{"a":1, "b":"x"}'],
  ['cut off', '{"a":1,"b":"x"'],
  ['something behind it', '{"a":1,"b":"x"}}'],
  ['a fraction', '{"a":1.5,"b":"x"}'],
  ['a leading zero', '{"a":01,"b":"x"}'],
  ['a control character', '{"a":1,"b":"\u0001"}'],
  ['nothing', ''],
])('a record that looks otherwise is left to the other readers: %s', (_, record) => {
  expect(readTogether(['{"a":1,"b":"x"}', '{"a":7,"b":"y"}', record, '{"a":8,"b":"z"}'])).toBe(1);
});

test('null where an object was, and an object of a known look after a null', () => {
  expect(readTogether(['{"a":1,"s":{"u":"x"}}', '{"a":1,"s":null}', '{"a":1,"s":{"u":"y"}}'])).toBe(2);
});
