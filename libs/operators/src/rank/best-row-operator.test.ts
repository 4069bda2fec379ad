import { rowKind } from '@weir/columnar/batch.ts';
import type { PlainRow } from '@weir/columnar/row-view.ts';
import { bigintType, textType, type Schema } from '@weir/columnar/sql-type.ts';
import type { TopNNode } from '@weir/plan/nodes/top-n.ts';
import { SeededRandom } from '@weir/testkit/seeded-random.ts';
import { expect, test } from 'vitest';
import { OperatorHarness, PieceStore, restoredFrom } from '../testing/operator-harness.ts';
import { BestRowOperator } from './best-row-operator.ts';

const input: Schema = {
  fields: [
    { name: 'key', type: bigintType, nullable: true },
    { name: 'price', type: bigintType, nullable: true },
    { name: 'note', type: textType, nullable: true },
  ],
};
const node: TopNNode = {
  kind: 'top_n',
  emit: 'updates',
  partition: [0],
  order: [{ column: 1, descending: true, nullsFirst: false }],
  function: 'row_number',
  limit: 1,
  rank: false,
  time: null,
  ttlMs: 0,
};
const emits = { kind: 'upsert', key: [0] } as const;

test.each([1, 2, 3])(
  'D43: any batches, restores in between, seed %i: the last row sent of each key is its best',
  (seed) => {
    const random = new SeededRandom(seed);
    const store = new PieceStore();
    let harness = new OperatorHarness(new BestRowOperator(node, input), { input, emits });
    const best = new Map<string, PlainRow>();
    const sent = new Map<string, PlainRow>();
    for (let step = 0; step < 60; step += 1) {
      const rows = Array.from({ length: random.integer(1, 7) }, (_, index): PlainRow => {
        const price = random.chance(0.1) ? null : BigInt(random.integer(0, 9999));
        return [BigInt(random.integer(1, 4)), price, `${step} ${index}`];
      });
      for (const row of rows) {
        const known = best.get(String(row[0]));
        if (known === undefined || Number(row[1] ?? -1) > Number(known[1] ?? -1))
          best.set(String(row[0]), row);
      }
      harness.rows(rows);
      for (const { row, kind } of harness.takeChanges()) {
        expect(kind).toBe(sent.has(String(row[0])) ? rowKind.updateAfter : rowKind.insert);
        sent.set(String(row[0]), row);
      }
      expect([...sent].map(([key, row]) => [key, row[1]])).toEqual(
        expect.arrayContaining([...best].map(([key, row]) => [key, row[1]])),
      );
      if (!random.chance(0.1)) continue;
      store.accept(harness.snapshot());
      harness = new OperatorHarness(new BestRowOperator(node, input), {
        input,
        emits,
        restored: restoredFrom([store]),
      });
    }
  },
);
