import { rowKind } from '@weir/columnar/batch.ts';
import type { PlainRow } from '@weir/columnar/row-view.ts';
import {
  bigintType,
  booleanType,
  doubleType,
  textType,
  type Schema,
  type SqlType,
} from '@weir/columnar/sql-type.ts';
import { SeededRandom } from '@weir/testkit/seeded-random.ts';
import { appendMode, type ChangeMode } from '@weir/plan/change-mode.ts';
import type { GroupedCall } from '@weir/plan/nodes/group-aggregate.ts';
import { describe, expect, test } from 'vitest';
import { GroupAggregateOperator } from './aggregate/group-aggregate.ts';
import { MaterializeOperator } from './materialize-operator.ts';
import { NormalizeOperator } from './normalize-operator.ts';
import {
  fold,
  ParallelRun,
  takingBack,
  type Change,
  type ChangeFixture,
} from './testing/change-properties.ts';

/** k, t: few values; v, f: more; b: a filter. NULLs in all. */
const types: readonly SqlType[] = [bigintType, textType, bigintType, doubleType, booleanType];
const input: Schema = {
  fields: types.map((type, index) => ({ name: 'ktvfb'[index] ?? '', type, nullable: true })),
};
const retract: ChangeMode = { kind: 'retract', key: null };

function call(
  name: GroupedCall['function'],
  argument: number | null,
  more: Partial<GroupedCall> = {},
): GroupedCall {
  const argumentType = argument === null ? null : (types[argument] ?? null);
  const type = name === 'count' ? bigintType : name === 'avg' ? doubleType : (argumentType ?? bigintType);
  return { function: name, argument, filter: null, distinct: false, type, argumentType, ...more };
}

const calls: readonly GroupedCall[] = [
  call('count', null),
  call('count', 2, { filter: 4 }),
  call('sum', 2),
  call('avg', 2, { filter: 4 }),
  call('sum', 3),
  call('min', 2),
  call('max', 1),
  call('max', 3, { filter: 4 }),
  call('count', 1, { distinct: true }),
  call('count', 1, { distinct: true, filter: 4 }),
  call('sum', 2, { distinct: true }),
  call('bool_and', 4),
  call('bool_or', 4),
];

function aggregate(
  name: string,
  keys: readonly number[],
  aggregates: readonly GroupedCall[],
  takes: ChangeMode,
  gives: ChangeMode['kind'],
): ChangeFixture {
  const output: Schema = {
    fields: [
      ...keys.map((key) => input.fields[key]!),
      ...aggregates.map(({ type }, index) => ({ name: `a${index}`, type, nullable: true })),
    ],
  };
  const key = keys.map((_, place) => place);
  const mode: ChangeMode = gives === 'append' ? appendMode : { kind: gives, key };
  const node = { kind: 'group_aggregate', keys, aggregates, ttlMs: 0 } as const;
  const make = () => new GroupAggregateOperator(node, input, output, { input: takes, output: mode });
  return { name, input, takes, gives: mode, partition: keys, make };
}

const byKey = { kind: 'upsert', key: [0] } as const;
const fixtures: readonly ChangeFixture[] = [
  aggregate('aggregates by k over changes', [0], calls, retract, 'retract'),
  aggregate('aggregates by t, k, told by their key', [0, 1], calls, retract, 'upsert'),
  aggregate('aggregates of inserts', [1], calls, appendMode, 'retract'),
  aggregate('aggregates without keys', [], calls, retract, 'retract'),
  aggregate('distinct keys of changes', [0, 1], [], retract, 'retract'),
  aggregate('distinct keys of inserts', [0, 1], [], appendMode, 'append'),
  {
    name: 'normalize',
    input,
    takes: byKey,
    gives: { kind: 'retract', key: [0] },
    partition: [0],
    make: () => new NormalizeOperator({ kind: 'normalize', key: [0], ttlMs: 0 }, input),
  },
  {
    name: 'materialize',
    input,
    takes: retract,
    gives: byKey,
    partition: [0],
    make: () => new MaterializeOperator({ kind: 'materialize', key: [0], ttlMs: 0 }, input),
  },
];

/** Dyadic floats: their sums are exact in any order. */
function randomRow(random: SeededRandom): PlainRow {
  const maybe = <T>(value: T): T | null => (random.chance(0.1) ? null : value);
  return [
    maybe(BigInt(random.integer(0, 6))),
    maybe(random.pick(['', 'a', 'abcdefgh', 'abcdefghi', 'ü'])),
    maybe(random.chance(0.1) ? 2n ** 60n + BigInt(random.integer(0, 3)) : BigInt(random.integer(-3, 9))),
    maybe(random.integer(-8, 8) / 4),
    maybe(random.chance(0.5)),
  ];
}

/** A legal history of the rows of an edge: nothing goes that isn't there. */
function randomHistory(random: SeededRandom, takes: ChangeMode): Change[] {
  const standing: PlainRow[] = [];
  const history: Change[] = [];
  for (let step = 0; step < 60; step += 1) {
    const row = randomRow(random);
    const kind = takes.kind === 'append' || standing.length === 0 ? 0 : random.integer(0, 2);
    if (takes.kind === 'upsert') {
      history.push([random.chance(0.3) ? rowKind.delete : rowKind.insert, row]);
      standing.push(row);
    } else if (kind === 0) {
      history.push([rowKind.insert, row]);
      standing.push(row);
    } else {
      const [old = row] = standing.splice(random.integer(0, standing.length - 1), 1);
      history.push([kind === 1 ? rowKind.delete : rowKind.updateBefore, old]);
      if (kind === 2) {
        history.push([rowKind.updateAfter, row]);
        standing.push(row);
      }
    }
  }
  return history;
}

/** Feeds it in random batches (pairs stay together), with snapshots, and restores at other parallelisms, in between. */
function feed(run: ParallelRun, history: readonly Change[], random: SeededRandom, restores: boolean): void {
  for (let from = 0; from < history.length;) {
    let to = Math.min(history.length, from + random.integer(1, 12));
    if (history[to - 1]?.[0] === rowKind.updateBefore) to += 1;
    run.batch(history.slice(from, to));
    from = to;
    if (restores && random.chance(0.2)) run.restore(random.integer(1, 4));
    else if (random.chance(0.2)) run.snapshot();
  }
}

/** The last row that came to a sink key may be any of those that are left: what is known is which keys there are. */
const orderMatters = (name: string): boolean => name === 'materialize';

describe.each(fixtures)('$name', (fixture) => {
  const { takes, gives } = fixture;

  test.each([1, 2, 3, 4, 5, 6, 7, 8])(
    'D43: cuts, snapshots, restores and parallelism change nothing, seed %i',
    (seed) => {
      const random = new SeededRandom(seed);
      const history = randomHistory(random, takes);
      const plain = new ParallelRun(fixture, 1);
      for (const change of history.map((one, index) => [one, history[index + 1]] as const)) {
        const [one, next] = change;
        if (one[0] === rowKind.updateAfter) continue;
        plain.batch(one[0] === rowKind.updateBefore && next !== undefined ? [one, next] : [one]);
      }
      const other = new ParallelRun(fixture, random.integer(1, 4));
      feed(other, history, random, true);
      const expected = fold(plain.changes, gives);
      if (orderMatters(fixture.name)) {
        const keys = (rows: readonly string[]): string[] => rows.map((row) => row.split('|')[0] ?? '');
        expect(keys(fold(other.changes, gives))).toEqual(keys(expected));
      } else expect(fold(other.changes, gives)).toEqual(expected);
    },
  );

  test.skipIf(takes.kind === 'append')(
    'D43: when all is taken back nothing stands, and no state is left',
    () => {
      const random = new SeededRandom(9);
      const history = randomHistory(random, takes);
      const run = new ParallelRun(fixture, 3);
      feed(run, history, random, true);
      const back: Change[] =
        takes.kind === 'upsert'
          ? history.map(([, row]) => [rowKind.delete, row] as const)
          : takingBack(history);
      feed(run, back, random, false);
      run.snapshot();
      const isOneRow = fixture.partition.length === 0;
      expect(fold(run.changes, gives)).toHaveLength(isOneRow ? 1 : 0);
      if (!isOneRow) expect(run.stateBytes).toBe(0);
    },
  );
});
