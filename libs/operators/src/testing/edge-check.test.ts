import { rowKind } from '@weir/columnar/batch.ts';
import { BatchBuilder } from '@weir/columnar/column-builder.ts';
import { batchOfRows } from '@weir/columnar/row-view.ts';
import { bigintType, type Schema } from '@weir/columnar/sql-type.ts';
import type { ChangeMode } from '@weir/plan/change-mode.ts';
import { expect, test } from 'vitest';
import { EdgeCheck } from './edge-check.ts';

const { insert, updateBefore, updateAfter, delete: del } = rowKind;
const schema: Schema = { fields: ['id', 'n'].map((name) => ({ name, type: bigintType, nullable: false })) };
const retract: ChangeMode = { kind: 'retract', key: [0] };
const upsert: ChangeMode = { kind: 'upsert', key: [0] };

type Change = readonly [kind: number, id: number, n: number];
const batchOf = (changes: readonly Change[]) => ({
  ...batchOfRows(
    new BatchBuilder(schema),
    changes.map(([, id, n]) => [BigInt(id), BigInt(n)]),
  ),
  rowKinds: Uint8Array.from(changes, ([kind]) => kind),
});

test.each<[string, ChangeMode, readonly Change[], RegExp]>([
  ['K1', { kind: 'append' }, [[insert, 1, 1]], /K1.*row kinds/],
  [
    'K2',
    retract,
    [
      [insert, 1, 1],
      [updateBefore, 1, 1],
    ],
    /K2.*row 1 has no update-after/,
  ],
  [
    'K2 behind a row',
    retract,
    [
      [insert, 1, 1],
      [updateAfter, 1, 2],
    ],
    /K2.*no update-before/,
  ],
  [
    'K2 of an upsert',
    upsert,
    [
      [updateBefore, 1, 1],
      [updateAfter, 1, 2],
    ],
    /K2.*an upsert edge/,
  ],
  [
    'K3',
    retract,
    [
      [insert, 1, 1],
      [del, 1, 2],
    ],
    /K3: the edge: \["1n","2n"\] is taken away/,
  ],
])('%s is told', (_, mode, changes, message) => {
  expect(() => new EdgeCheck('the edge', mode).rows(batchOf(changes))).toThrow(message);
});

test('K4: the changes of a key stay on one channel', () => {
  const check = new EdgeCheck('the edge', upsert);
  check.rows(batchOf([[insert, 1, 1]]), 0);
  check.rows(batchOf([[insert, 2, 1]]), 1);
  check.rows(
    batchOf([
      [updateAfter, 1, 2],
      [del, 1, 0],
    ]),
    0,
  );
  expect(() => check.rows(batchOf([[insert, 1, 3]]), 1)).toThrow(/K4.*channels 0 and 1/);
});

test('a history that keeps to its mode passes; after a restore rows may go that came before', () => {
  const history: readonly Change[] = [
    [insert, 1, 1],
    [insert, 1, 1],
    [updateBefore, 1, 1],
    [updateAfter, 1, 2],
    [del, 1, 2],
    [del, 1, 1],
  ];
  new EdgeCheck('the edge', retract).rows(batchOf(history));
  new EdgeCheck('the edge', retract, false).rows(batchOf([[del, 9, 9]]));
  new EdgeCheck('the edge', { kind: 'append' }).rows({ ...batchOf(history), rowKinds: null });
});
