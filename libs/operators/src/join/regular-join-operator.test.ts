import { batchOfRows, type PlainRow } from '@weir/columnar/row-view.ts';
import { BatchBuilder } from '@weir/columnar/column-builder.ts';
import { bigintType, type Schema } from '@weir/columnar/sql-type.ts';
import type { ChangeMode } from '@weir/plan/change-mode.ts';
import { joinStyles, type JoinStyle } from '@weir/plan/nodes/join.ts';
import type { RegularJoinNode } from '@weir/plan/nodes/regular-join.ts';
import { SeededRandom } from '@weir/testkit/seeded-random.ts';
import { describe, expect, test } from 'vitest';
import {
  OperatorHarness,
  PieceStore,
  restoredFrom,
  type HarnessOptions,
} from '../testing/operator-harness.ts';
import { RegularJoinOperator } from './regular-join-operator.ts';

const side: Schema = {
  fields: [
    { name: 'key', type: bigintType, nullable: true },
    { name: 'number', type: bigintType, nullable: false },
  ],
};
const retract: ChangeMode = { kind: 'retract', key: null };

function nodeOf(style: JoinStyle): RegularJoinNode {
  const column = (index: number) => ({ kind: 'column', index, type: bigintType, nullable: false }) as const;
  return {
    kind: 'regular_join',
    style,
    leftKeys: [0],
    rightKeys: [0],
    nullSafe: [false],
    condition: {
      kind: 'call',
      function: 'le',
      arguments: [column(1), column(3)],
      type: { kind: 'boolean' },
      nullable: false,
    },
    columns: style === 'semi' || style === 'anti' ? [0, 1] : [0, 1, 2, 3],
    ttlMs: 0,
  };
}

function makeOperator(style: JoinStyle): RegularJoinOperator {
  const node = nodeOf(style);
  const fields = node.columns.map((_, index) => ({ name: `c${index}`, type: bigintType, nullable: true }));
  return new RegularJoinOperator(
    node,
    side,
    side,
    { fields },
    { inputs: [retract, retract], output: retract },
  );
}

const options: HarnessOptions = { input: side, inputs: 2, changes: retract, emits: retract };
const matches = ([k, a]: PlainRow, [l, b]: PlainRow): boolean =>
  k !== null && k === l && Number(a) <= Number(b);
const nothing: PlainRow = [null, null];

function expected(style: JoinStyle, left: readonly PlainRow[], right: readonly PlainRow[]): PlainRow[] {
  const pairs = left.flatMap((a) => right.filter((b) => matches(a, b)).map((b) => [...a, ...b]));
  const leftAlone = left.filter((a) => !right.some((b) => matches(a, b)));
  const rightAlone = right.filter((b) => !left.some((a) => matches(a, b)));
  const paddedLeft = leftAlone.map((a) => [...a, ...nothing]);
  const paddedRight = rightAlone.map((b) => [...nothing, ...b]);
  switch (style) {
    case 'inner':
      return pairs;
    case 'left':
      return [...pairs, ...paddedLeft];
    case 'right':
      return [...pairs, ...paddedRight];
    case 'full':
      return [...pairs, ...paddedLeft, ...paddedRight];
    case 'semi':
      return left.filter((a) => !leftAlone.includes(a));
    case 'anti':
      return leftAlone;
  }
}

const textOf = (row: PlainRow): string => row.map(String).join(' ');

/** Drives a join by random changes and folds what comes out. */
class Folding {
  harness: OperatorHarness;
  readonly standing = [[], []] as PlainRow[][];
  readonly #folded = new Map<string, number>();
  readonly #style: JoinStyle;
  readonly #random: SeededRandom;
  readonly #builder = new BatchBuilder(side);
  readonly #store = new PieceStore();

  constructor(style: JoinStyle, random: SeededRandom) {
    this.#style = style;
    this.#random = random;
    this.harness = new OperatorHarness(makeOperator(style), options);
  }

  /** A batch of rows that come and go, in any order that never takes away what isn't there. */
  change(input: number, gone: number): void {
    const rows: PlainRow[] = [];
    const kinds: number[] = [];
    const here = this.standing[input] ?? [];
    for (let count = this.#random.integer(1, 8); count > 0; count -= 1) {
      if (here.length > 0 && this.#random.chance(gone)) {
        rows.push(...here.splice(this.#random.integer(0, here.length - 1), 1));
        kinds.push(3);
      } else if (gone < 1) {
        const key = this.#random.chance(0.15) ? null : BigInt(this.#random.integer(1, 3));
        const row = [key, BigInt(this.#random.integer(0, 4))];
        here.push(row);
        rows.push(row);
        kinds.push(0);
      }
    }
    if (rows.length === 0) return;
    const batch = batchOfRows(this.#builder, rows);
    this.harness.process({ ...batch, rowKinds: Uint8Array.from(kinds) }, input);
    this.#fold();
  }

  #fold(): void {
    for (const { row, kind } of this.harness.takeChanges()) {
      const text = textOf(row);
      const sum = (this.#folded.get(text) ?? 0) + (kind % 2 === 1 ? -1 : 1);
      expect(sum, `K3: ${text} was there`).toBeGreaterThanOrEqual(0);
      if (sum === 0) this.#folded.delete(text);
      else this.#folded.set(text, sum);
    }
  }

  restore(): PieceStore {
    this.#store.accept(this.harness.snapshot());
    this.harness = new OperatorHarness(makeOperator(this.#style), {
      ...options,
      restored: restoredFrom([this.#store]),
    });
    return this.#store;
  }

  check(): void {
    const [left = [], right = []] = this.standing;
    const lines = [...this.#folded].flatMap(([text, count]) => Array.from({ length: count }, () => text));
    expect(lines.toSorted()).toEqual(expected(this.#style, left, right).map(textOf).toSorted());
  }
}

describe.each(joinStyles)('%s join', (style) => {
  test.each([1, 2, 3, 4])(
    'D43: rows come and go on both sides, restores in between, seed %i: as by a nested loop at every step, and no state when all is gone',
    (seed) => {
      const random = new SeededRandom(seed);
      const folding = new Folding(style, random);
      for (let step = 0; step < 60; step += 1) {
        folding.change(random.integer(0, 1), 0.4);
        folding.check();
        if (random.chance(0.1)) folding.restore();
      }
      while (folding.standing.some((rows) => rows.length > 0)) {
        folding.change(0, 1);
        folding.change(1, 1);
        folding.check();
      }
      expect(folding.restore().pieces).toEqual([]);
    },
  );
});

test('R4: what goes and was never there is counted and dropped', () => {
  const harness = new OperatorHarness(makeOperator('left'), {
    ...options,
    restored: { writers: [], splits: {} },
  });
  const batch = batchOfRows(new BatchBuilder(side), [[1n, 1n]]);
  harness.process({ ...batch, rowKinds: Uint8Array.of(3) }, 0);
  expect(harness.counters.get('unmatched_changes')).toBe(1);
  expect(harness.takeRows()).toEqual([]);
});
