import { expect, test } from 'vitest';
import { rowKind } from './batch.ts';
import { BatchBuilder } from './column-builder.ts';
import { hashKeys } from './key-hash.ts';
import { keyGroupOf, subtaskOf } from './key-groups.ts';
import { BatchPartitioner } from './partition-batch.ts';
import { isMinus, kindsOfPassing, splitBySign, withoutEmptyPairs } from './row-kinds.ts';
import { batchOfRows, plainRows } from './row-view.ts';
import { sameRow } from './same-row.ts';
import { bigintType, doubleType, textType, type Schema } from './sql-type.ts';

const { insert, updateBefore, updateAfter, delete: del } = rowKind;
const schema: Schema = {
  fields: [
    { name: 'key', type: bigintType, nullable: false },
    { name: 'note', type: textType, nullable: true },
  ],
};
const batchOf = (keys: readonly number[], kinds: readonly number[] | null) => ({
  ...batchOfRows(
    new BatchBuilder(schema),
    keys.map((key, index) => [BigInt(key), `row ${index}`]),
  ),
  rowKinds: kinds === null ? null : Uint8Array.from(kinds),
});

test('the sign of a row says whether it comes or goes', () => {
  expect([insert, updateBefore, updateAfter, del].map(isMinus)).toEqual([false, true, false, true]);
  const [plus, minus] = [new Int32Array(4), new Int32Array(4)];
  expect(splitBySign(batchOf([1, 2, 3, 4], [insert, updateBefore, updateAfter, del]), plus, minus)).toBe(2);
  expect([[...plus.subarray(0, 2)], [...minus.subarray(0, 2)]]).toEqual([
    [0, 2],
    [1, 3],
  ]);
  expect(splitBySign(batchOf([1, 2], null), plus, minus)).toBe(2);
});

test.each([
  ['both halves pass', [updateBefore, updateAfter], [0, 1], [updateBefore, updateAfter]],
  ['the old one alone', [updateBefore, updateAfter, insert], [0, 2], [del, insert]],
  ['the new one alone', [insert, updateBefore, updateAfter], [0, 2], [insert, insert]],
  [
    'the old one of one pair before the new one of the next',
    [updateBefore, updateAfter, updateBefore, updateAfter],
    [0, 3],
    [del, insert],
  ],
  ['an upsert, which has no old one', [updateAfter, updateAfter, del], [1, 2], [updateAfter, del]],
])('of a pair at a filter: %s', (_, kinds, passing, expected) => {
  const into = new Uint8Array(passing.length);
  kindsOfPassing(Uint8Array.from(kinds), Int32Array.from(passing), passing.length, into);
  expect([...into]).toEqual(expected);
});

test('a pair whose halves go to different subtasks becomes a delete and an insert; others stay, and so does the batch', () => {
  const parallelism = 3;
  const hashes = new Int32Array(64);
  const keys = Array.from({ length: 64 }, (_, index) => index);
  hashKeys(batchOf(keys, null), [0], hashes);
  const target = (key: number): number => subtaskOf(keyGroupOf(hashes[key] ?? 0, 128), parallelism, 128);
  const [first = 0] = keys;
  const near = keys.find((key) => key > first && target(key) === target(first)) ?? -1;
  const far = keys.find((key) => target(key) !== target(first)) ?? -1;
  const partitioner = new BatchPartitioner(parallelism, 128);
  const kinds = [updateBefore, updateAfter, updateBefore, updateAfter, del];
  const batch = batchOf([first, near, first, far, far], kinds);
  const cut = partitioner.partition(batch, [0]);
  expect([...(cut.rowKinds?.subarray(0, 5) ?? [])]).toEqual([updateBefore, updateAfter, del, insert, del]);
  expect([...(batch.rowKinds ?? [])]).toEqual(kinds);
  expect([...partitioner.selection(target(first)).subarray(0, partitioner.count(target(first)))]).toEqual([
    0, 1, 2,
  ]);
  const inserts = batchOf([first, far], null);
  expect(partitioner.partition(inserts, [0])).toBe(inserts);
});

test('a pair that changed nothing goes', () => {
  const rows = [
    [1n, 'x', NaN],
    [1n, 'x', NaN],
    [2n, null, 0],
    [2n, '', 0],
    [3n, null, 1],
    [3n, null, 1],
  ] as const;
  const wide: Schema = {
    fields: [...schema.fields, { name: 'rate', type: doubleType, nullable: false }],
  };
  const batch = batchOfRows(new BatchBuilder(wide), rows);
  const same = (row: number, next: number): boolean => sameRow(batch.columns, row, next);
  const selection = new Int32Array(6);
  const pairs = Uint8Array.of(updateBefore, updateAfter, updateBefore, updateAfter, insert, insert);
  expect(withoutEmptyPairs(pairs, 6, same, selection)).toBe(4);
  expect([...selection.subarray(0, 4)]).toEqual([2, 3, 4, 5]);
  expect(plainRows(batch)[4]).toEqual([3n, null, 1]);
});
