import type { Expression } from '@weir/plan/expression.ts';
import { visitColumns } from '@weir/plan/expression-parts.ts';
import { literal } from '../types/constants.ts';
import { strictCall } from './expressions.ts';

/** Rows that are still to come of a side have `column >= watermark - holdMicros`. */
export interface TimeFact {
  readonly column: number;
  readonly holdMicros: number;
}

export type JoinSideName = 'left' | 'right';

/** Until when rows of a side can match rows that are still to come of the other. */
interface Bound {
  /** Over the columns of both sides; names its own side's only. */
  readonly until: Expression;
  readonly holdMicros: number;
  /** A column of its own side that is never less than the other side's watermark minus `slackMicros` in a pair. */
  readonly own: { readonly column: number; readonly slackMicros: number } | null;
}

/** How conditions bound the event time of the two sides of a join by each other. */
export interface TimeBounds {
  readonly left: Bound;
  readonly right: Bound;
  /** All bounds that were found: each holds for every pair. */
  readonly all: Readonly<Record<JoinSideName, readonly Bound[]>>;
}

/**
 * Bounds of both sides, or null where one has none: `b.ts BETWEEN a.ts AND a.expires`, `a.ts = b.ts`, `b.ts <= a.ts + INTERVAL '1' HOUR AND …`.
 * Columns are those of the left side followed by the right side's.
 * @param width columns of the left side
 * @param facts of both, by these columns
 */
export function findTimeBounds(
  conjuncts: readonly Expression[],
  width: number,
  facts: readonly TimeFact[],
): TimeBounds | null {
  const all: Record<JoinSideName, Bound[]> = { left: [], right: [] };
  for (const [low, high] of conjuncts.flatMap(inequalities)) {
    const [from, to] = [sideOf(low, width), sideOf(high, width)];
    if (from === null || to === null || from === to) continue;
    const time = plainTime(low);
    const fact = time === null ? undefined : facts.find(({ column }) => column === time.column);
    if (time === null || fact === undefined) continue;
    const own = plainTime(high);
    all[to].push({
      until: plusMicros(high, fact.holdMicros - time.offset),
      holdMicros: fact.holdMicros,
      own:
        own === null ? null : { column: own.column, slackMicros: fact.holdMicros + own.offset - time.offset },
    });
  }
  const [left, right] = [tightest(all.left), tightest(all.right)];
  return left === undefined || right === undefined ? null : { left, right, all };
}

function tightest(bounds: readonly Bound[]): Bound | undefined {
  return bounds.toSorted((a, b) => a.holdMicros - b.holdMicros)[0];
}

/**
 * How far behind the inputs' watermarks a column of the pairs may be; null where that isn't bounded.
 * @param kept rows of the column's side come out unmatched, when they go
 */
export function holdOfPairs(
  fact: TimeFact,
  side: JoinSideName,
  bounds: TimeBounds,
  kept: boolean,
): number | null {
  const usable = kept ? [bounds[side]] : bounds.all[side];
  const slacks = usable.flatMap(({ own }) => (own?.column === fact.column ? [own.slackMicros] : []));
  if (slacks.length === 0) return null;
  return Math.max(0, fact.holdMicros, Math.min(...slacks));
}

/** `low <= high`, as often as a condition says that; of timestamps alone. */
function inequalities(conjunct: Expression): [Expression, Expression][] {
  if (conjunct.kind !== 'call') return [];
  const [a, b, c] = conjunct.arguments;
  if (a === undefined || b === undefined || a.type.kind !== 'timestamp') return [];
  switch (conjunct.function) {
    case 'eq':
      return [
        [a, b],
        [b, a],
      ];
    case 'lt':
    case 'le':
      return [[a, b]];
    case 'gt':
    case 'ge':
      return [[b, a]];
    case 'between':
      return c === undefined
        ? []
        : [
            [b, a],
            [a, c],
          ];
    default:
      return [];
  }
}

/** The side whose columns an expression names; null: both or none. */
export function sideOf(expression: Expression, width: number): JoinSideName | null {
  let left = false;
  let right = false;
  visitColumns(expression, (index) => {
    if (index < width) left = true;
    else right = true;
  });
  return left === right ? null : left ? 'left' : 'right';
}

/** A timestamp column, perhaps with a constant added or taken away; casts to another precision don't matter. */
function plainTime(expression: Expression): { readonly column: number; readonly offset: number } | null {
  if (expression.type.kind !== 'timestamp') return null;
  if (expression.kind === 'column') return { column: expression.index, offset: 0 };
  if (expression.kind === 'cast') return plainTime(expression.argument);
  if (expression.kind !== 'call') return null;
  const sign = { add: 1, sub: -1 }[expression.function];
  const [time, interval] = expression.arguments;
  if (sign === undefined || time === undefined || interval?.kind !== 'literal') return null;
  if (interval.type.kind !== 'interval' || interval.type.unit !== 'micros') return null;
  const below = plainTime(time);
  const micros = Number(interval.value ?? NaN);
  if (below === null || !Number.isSafeInteger(micros)) return null;
  return { column: below.column, offset: below.offset + sign * micros };
}

function plusMicros(time: Expression, micros: number): Expression {
  if (micros === 0) return time;
  return strictCall('add', [time, literal(String(micros), { kind: 'interval', unit: 'micros' })], time.type);
}
