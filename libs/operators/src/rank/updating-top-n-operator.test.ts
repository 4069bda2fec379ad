import { BatchBuilder } from '@weir/columnar/column-builder.ts';
import { batchOfRows, type PlainRow } from '@weir/columnar/row-view.ts';
import { bigintType, type Schema } from '@weir/columnar/sql-type.ts';
import type { ChangeMode } from '@weir/plan/change-mode.ts';
import { rankFunctions, type TopNNode } from '@weir/plan/nodes/top-n.ts';
import { SeededRandom } from '@weir/testkit/seeded-random.ts';
import { describe, expect, test } from 'vitest';
import { OperatorHarness, PieceStore, restoredFrom } from '../testing/operator-harness.ts';
import { UpdatingTopNOperator } from './updating-top-n-operator.ts';

const input: Schema = {
  fields: ['key', 'price', 'number'].map((name) => ({ name, type: bigintType, nullable: true })),
};
const retract: ChangeMode = { kind: 'retract', key: null };
const textOf = (row: PlainRow): string => row.map(String).join(' ');

const cases = rankFunctions.flatMap((how) =>
  [1, 3].flatMap((limit) => [true, false].map((rank) => ({ how, limit, rank }))),
);

describe.each(cases)(
  'the first $limit by $how, rank $rank, of rows that come and go',
  ({ how, limit, rank }) => {
    const node: TopNNode = {
      kind: 'top_n',
      emit: 'updates',
      partition: [0],
      order: [{ column: 1, descending: true, nullsFirst: false }],
      function: how,
      limit,
      rank,
      time: null,
      ttlMs: 0,
    };
    const fields = rank
      ? [...input.fields, { name: 'rank', type: bigintType, nullable: false }]
      : input.fields;
    const makeOperator = () => new UpdatingTopNOperator(node, input, { fields }, retract);

    /** Ranks by counting, of one partition. */
    function first(rows: readonly PlainRow[]): string[] {
      const prices = rows.map((row) => Number(row[1]));
      return rows.flatMap((row, index) => {
        const before = prices.filter((price) => price > (prices[index] ?? 0));
        const place = how === 'dense_rank' ? new Set(before).size + 1 : before.length + 1;
        return place <= limit ? [textOf(rank ? [...row, BigInt(place)] : row)] : [];
      });
    }

    test.each([1, 2, 3])(
      'D43: random changes, restores in between, seed %i: what stands is what counting gives, and no state when all is gone',
      (seed) => {
        const random = new SeededRandom(seed);
        const store = new PieceStore();
        const options = { input, changes: retract, emits: retract };
        let harness = new OperatorHarness(makeOperator(), options);
        const here: PlainRow[] = [];
        const standing = new Map<string, number>();
        let number = 0;
        for (let step = 0; step < 80; step += 1) {
          const gone = step < 50 ? 0.4 : 1;
          const rows: PlainRow[] = [];
          const kinds: number[] = [];
          for (let count = random.integer(1, 6); count > 0; count -= 1) {
            if (here.length > 0 && random.chance(gone)) {
              rows.push(...here.splice(random.integer(0, here.length - 1), 1));
              kinds.push(3);
            } else if (gone < 1) {
              number += 1;
              // Ties of row numbers are told apart by content, which counting can't: no ties there.
              const price = how === 'row_number' ? (number * 7919) % 10_007 : random.integer(0, 4);
              const row = [
                BigInt(random.integer(1, 2)),
                BigInt(price),
                BigInt(how === 'row_number' ? number : price),
              ];
              here.push(row);
              rows.push(row);
              kinds.push(0);
            }
          }
          if (rows.length > 0) {
            const batch = batchOfRows(new BatchBuilder(input), rows);
            harness.process({ ...batch, rowKinds: Uint8Array.from(kinds) });
          }
          for (const { row, kind } of harness.takeChanges()) {
            const sum = (standing.get(textOf(row)) ?? 0) + (kind % 2 === 1 ? -1 : 1);
            expect(sum, `K3: ${textOf(row)}`).toBeGreaterThanOrEqual(0);
            if (sum === 0) standing.delete(textOf(row));
            else standing.set(textOf(row), sum);
          }
          const lines = [...standing].flatMap(([text, count]) => Array.from({ length: count }, () => text));
          const expected = [1n, 2n].flatMap((key) => first(here.filter((row) => row[0] === key)));
          expect(lines.toSorted()).toEqual(expected.toSorted());
          if (!random.chance(0.1)) continue;
          store.accept(harness.snapshot());
          harness = new OperatorHarness(makeOperator(), { ...options, restored: restoredFrom([store]) });
        }
        while (here.length > 0) {
          const batch = batchOfRows(new BatchBuilder(input), here.splice(0));
          harness.process({ ...batch, rowKinds: new Uint8Array(batch.rowCount).fill(3) });
        }
        store.accept(harness.snapshot());
        expect(store.pieces).toEqual([]);
      },
    );
  },
);
