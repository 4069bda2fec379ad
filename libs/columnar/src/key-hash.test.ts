import { expect, test } from 'vitest';
import { BatchBuilder } from './column-builder.ts';
import { hashKeys } from './key-hash.ts';
import { keyGroupOf, subtaskOf } from './key-groups.ts';
import { BatchPartitioner } from './partition-batch.ts';
import { RandomRows } from './testing/random-rows.ts';
import { batchOfRows, type PlainRow } from './row-view.ts';
import { bigintType, doubleType, textType, type Schema, type SqlType } from './sql-type.ts';

function schemaOf(...types: SqlType[]): Schema {
  return { fields: types.map((type, index) => ({ name: `c${index}`, type, nullable: true })) };
}

function hashes(schema: Schema, rows: PlainRow[], columns = schema.fields.map((_, i) => i)): number[] {
  const batch = batchOfRows(new BatchBuilder(schema), rows);
  const into = new Int32Array(rows.length);
  hashKeys(batch, columns, into);
  return [...into];
}

test('hashes never change: they stand in snapshots', () => {
  expect(
    hashes(schemaOf(bigintType, textType), [
      [0n, ''],
      [1n, 'a'],
      [-1n, 'abcd'],
      [2n ** 40n, 'abcdefgh€'],
      [null, null],
    ]),
  ).toMatchInlineSnapshot(`
    [
      392708813,
      1887706066,
      -1706754417,
      1835299108,
      1833830414,
    ]
  `);
  expect(
    hashes(schemaOf(doubleType, { kind: 'boolean' }), [
      [1.5, true],
      [NaN, null],
    ]),
  ).toMatchInlineSnapshot(`
    [
      163768907,
      214802801,
    ]
  `);
  expect(hashes(schemaOf(bigintType), [[2n ** 63n - 1n], [-(2n ** 63n)]])).toMatchInlineSnapshot(`
    [
      640624727,
      1730618926,
    ]
  `);
});

test('an integer has one hash, alone or beside one that needs bigints', () => {
  const schema = schemaOf(bigintType);
  for (const value of [0n, 5n, -5n, 2n ** 31n, -(2n ** 31n) - 1n, 2n ** 53n - 1n, -(2n ** 53n) + 1n]) {
    const [alone] = hashes(schema, [[value]]);
    const [beside] = hashes(schema, [[value], [2n ** 62n]]);
    expect(beside).toBe(alone);
  }
});

test('equal values have equal hashes: 0 and -0, maps in any order', () => {
  const [zero, minus] = hashes(schemaOf(doubleType), [[0], [-0]]);
  expect(minus).toBe(zero);
  const map: SqlType = {
    kind: 'map',
    key: { name: 'key', type: textType, nullable: false },
    value: { name: 'value', type: bigintType, nullable: true },
  };
  const [ab, ba, other] = hashes(schemaOf(map), [
    [[['a', 1n], ['b', 2n]]],
    [[['b', 2n], ['a', 1n]]],
    [[['b', 1n], ['a', 2n]]],
  ]); // prettier-ignore
  expect(ba).toBe(ab);
  expect(other).not.toBe(ab);
});

test('partitioning sends each row to the subtask that owns its key group, in order, and spreads them', () => {
  const random = new RandomRows(7);
  const schema = schemaOf(bigintType, textType);
  const rows: PlainRow[] = Array.from({ length: 5000 }, (_, index) => [BigInt(index), random.text()]);
  const batch = batchOfRows(new BatchBuilder(schema), rows);
  const expected = new Int32Array(rows.length);
  hashKeys(batch, [0], expected);
  const partitioner = new BatchPartitioner(3, 128);
  partitioner.partition(batch, [0]);
  let total = 0;
  for (let target = 0; target < 3; target += 1) {
    const count = partitioner.count(target);
    expect(count).toBeGreaterThan(1300);
    const selected = [...partitioner.selection(target).subarray(0, count)];
    expect(selected).toEqual(selected.toSorted((a, b) => a - b));
    for (const row of selected) {
      expect(subtaskOf(keyGroupOf(expected[row] ?? 0, 128), 3, 128)).toBe(target);
    }
    total += count;
  }
  expect(total).toBe(rows.length);
});
