import { rowKind } from '@weir/columnar/batch.ts';
import type { PlainRow } from '@weir/columnar/row-view.ts';
import { bigintType, type Schema } from '@weir/columnar/sql-type.ts';
import type { ChangeMode } from '@weir/plan/change-mode.ts';
import { rankFunctions, type RankFunction, type TopNNode } from '@weir/plan/nodes/top-n.ts';
import { SeededRandom } from '@weir/testkit/seeded-random.ts';
import { describe, expect, test } from 'vitest';
import { OperatorHarness, PieceStore, restoredFrom } from '../testing/operator-harness.ts';
import { TopNOperator } from './top-n-operator.ts';

const input: Schema = {
  fields: ['key', 'price', 'number'].map((name) => ({ name, type: bigintType, nullable: true })),
};
const retract: ChangeMode = { kind: 'retract', key: null };

function nodeOf(how: RankFunction, limit: number, rank: boolean): TopNNode {
  const order = [{ column: 1, descending: true, nullsFirst: false }];
  return {
    kind: 'top_n',
    emit: 'updates',
    partition: [0],
    order,
    function: how,
    limit,
    rank,
    time: null,
    ttlMs: 0,
  };
}

function makeOperator(node: TopNNode): TopNOperator {
  const rank = { name: 'rank', type: bigintType, nullable: false };
  const fields = node.rank ? [...input.fields, rank] : input.fields;
  return new TopNOperator(node, input, { fields }, retract);
}

/** Ranks by counting. */
function ranksOf(how: RankFunction, rows: readonly PlainRow[]): number[] {
  const prices = rows.map((row) => Number(row[1]));
  return prices.map((price) => {
    const before = prices.filter((other) => other > price);
    return how === 'dense_rank' ? new Set(before).size + 1 : before.length + 1;
  });
}

const textOf = (row: PlainRow): string => row.map(String).join(' ');

const cases = rankFunctions.flatMap((how) =>
  [1, 3].flatMap((limit) => [true, false].map((rank) => ({ how, limit, rank }))),
);

describe.each(cases)('the first $limit by $how, rank $rank', ({ how, limit, rank }) => {
  test.each([1, 2, 3])(
    'D43: any batches, restores in between, seed %i: what stands is what counting gives, at every step',
    (seed) => {
      const random = new SeededRandom(seed);
      const node = nodeOf(how, limit, rank);
      const store = new PieceStore();
      let harness = new OperatorHarness(makeOperator(node), { input, emits: retract });
      const all: PlainRow[] = [];
      const standing = new Map<string, number>();
      for (let step = 0; step < 40; step += 1) {
        // Row numbers of ties are told apart by content, which counting can't: no ties there.
        const rows = Array.from({ length: random.integer(1, 6) }, (_, index): PlainRow => {
          const number = all.length + index;
          const price = how === 'row_number' ? (number * 7919) % 10_007 : random.integer(0, 5);
          return [BigInt(random.integer(1, 3)), BigInt(price), BigInt(number)];
        });
        all.push(...rows);
        harness.rows(rows);
        for (const { row, kind } of harness.takeChanges()) {
          const text = textOf(row);
          const sum = (standing.get(text) ?? 0) + (kind % 2 === 1 ? -1 : 1);
          expect(sum).toBeGreaterThanOrEqual(0);
          if (sum === 0) standing.delete(text);
          else standing.set(text, sum);
        }
        const expected = [1n, 2n, 3n].flatMap((key) => {
          const own = all.filter((row) => row[0] === key);
          const ranks = ranksOf(how, own);
          return own.flatMap((row, index) =>
            (ranks[index] ?? 0) <= limit ? [textOf(rank ? [...row, BigInt(ranks[index] ?? 0)] : row)] : [],
          );
        });
        expect([...standing.keys()].toSorted()).toEqual(expected.toSorted());
        if (!random.chance(0.1)) continue;
        store.accept(harness.snapshot());
        harness = new OperatorHarness(makeOperator(node), {
          input,
          emits: retract,
          restored: restoredFrom([store]),
        });
      }
    },
  );
});

test('D7: a batch gives the net change: one update of the first row, however often it was bettered', () => {
  const harness = new OperatorHarness(makeOperator(nodeOf('row_number', 1, false)), {
    input,
    emits: retract,
  });
  harness.rows([[1n, 5n, 0n]]);
  harness.takeChanges();
  harness.rows([6n, 9n, 7n].map((price, index): PlainRow => [1n, price, BigInt(index)]));
  expect(harness.takeChanges()).toEqual([
    { row: [1n, 5n, 0n], kind: rowKind.updateBefore },
    { row: [1n, 9n, 1n], kind: rowKind.updateAfter },
  ]);
  harness.rows([[1n, 8n, 3n]]);
  expect(harness.takeChanges()).toEqual([]);
});
