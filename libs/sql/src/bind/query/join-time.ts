import type { Expression } from '@weir/plan/expression.ts';
import { keepsUnmatched, type JoinStyle } from '@weir/plan/nodes/join.ts';
import type { WindowSpec } from '@weir/plan/nodes/window-aggregate.ts';
import { call, column } from '../../logical/expressions.ts';
import type { Relation, WindowColumns } from '../../logical/relation.ts';
import {
  findTimeBounds,
  holdOfPairs,
  type JoinSideName,
  type TimeBounds,
  type TimeFact,
} from '../../logical/time-bounds.ts';

/** What a join knows of time. Columns are those of the left side followed by the right side's. */
export interface JoinTime {
  readonly leftUntil: Expression;
  readonly rightUntil: Expression;
  readonly holdMicros: number;
  readonly eventTime: number | null;
  readonly window: WindowColumns | null;
}

/** How the conditions of a join bound its sides by event time; null: they don't. */
export function joinTime(
  style: JoinStyle,
  conditions: readonly Expression[],
  left: Relation,
  right: Relation,
): JoinTime | null {
  const width = left.columns.length;
  const facts = [
    ...timeFacts(left),
    ...timeFacts(right).map((fact) => ({ ...fact, column: fact.column + width })),
  ];
  const conjuncts = conditions.map((condition) => startsOf(condition, left, right));
  const bounds = findTimeBounds(conjuncts, width, facts);
  if (bounds === null) return null;
  const until = { leftUntil: bounds.left.until, rightUntil: bounds.right.until };
  const joined = joinsWindows(conjuncts, left, right);
  const side: JoinSideName = style === 'right' ? 'right' : 'left';
  if (joined && style !== 'full') {
    const window = side === 'left' ? left.window : moveWindow(right.window, width);
    return { ...until, holdMicros: 0, eventTime: window?.time ?? null, window };
  }
  const time = style === 'full' ? null : timeOfPairs(style, bounds, left, right);
  return { ...until, holdMicros: time?.holdMicros ?? 0, eventTime: time?.column ?? null, window: null };
}

/** What is known of rows that are still to come. A window comes out before the watermark that reaches its end: later ones end above it. */
function timeFacts({ eventTime, window }: Relation): TimeFact[] {
  const facts: TimeFact[] = [];
  if (window !== null) {
    facts.push({ column: window.end, holdMicros: -1 }, { column: window.time, holdMicros: 999 });
    // A session may be as long as it likes.
    if (window.spec.kind !== 'session')
      facts.push({ column: window.start, holdMicros: window.spec.sizeMicros - 1 });
  }
  if (eventTime !== null && !facts.some(({ column: known }) => known === eventTime))
    facts.push({ column: eventTime, holdMicros: 0 });
  return facts;
}

/** `a.w = b.w` of window structs says that the windows begin together. */
function startsOf(condition: Expression, left: Relation, right: Relation): Expression {
  if (condition.kind !== 'call' || condition.function !== 'eq') return condition;
  const [a, b] = condition.arguments.map((side) => structStart(side, left, right));
  return a === undefined || b === undefined ? condition : call('eq', [a, b], condition.type, false);
}

function structStart(value: Expression, left: Relation, right: Relation): Expression | undefined {
  if (value.kind !== 'column') return undefined;
  const width = left.columns.length;
  const [relation, base] = value.index < width ? [left, 0] : [right, width];
  const { window } = relation;
  if (window?.struct !== value.index - base) return undefined;
  const entry = relation.columns[window.start];
  return entry === undefined ? undefined : column(window.start + base, entry.type, entry.nullable);
}

/** Do the conditions say that the windows of both sides are the same? */
function joinsWindows(conditions: readonly Expression[], left: Relation, right: Relation): boolean {
  const [ours, theirs] = [left.window, right.window];
  if (ours === null || theirs === null) return false;
  const width = left.columns.length;
  const sameSize = haveOneLength(ours.spec, theirs.spec);
  const equal = (a: number, b: number): boolean =>
    conditions.some((condition) => {
      if (condition.kind !== 'call' || condition.function !== 'eq') return false;
      const [x, y] = condition.arguments;
      if (x?.kind !== 'column' || y?.kind !== 'column') return false;
      return (x.index === a && y.index === b + width) || (y.index === a && x.index === b + width);
    });
  const starts = equal(ours.start, theirs.start);
  const ends = equal(ours.end, theirs.end) || equal(ours.time, theirs.time);
  return sameSize ? starts || ends : starts && ends;
}

/** Is one end of a window enough to tell it? */
function haveOneLength(a: WindowSpec, b: WindowSpec): boolean {
  const lengthOf = (spec: WindowSpec): number | null =>
    spec.kind === 'tumble' || spec.kind === 'hop' ? spec.sizeMicros : null;
  return lengthOf(a) !== null && lengthOf(a) === lengthOf(b);
}

function moveWindow(window: WindowColumns | null, by: number): WindowColumns | null {
  if (window === null) return null;
  const { spec, start, end, time, struct } = window;
  const moved = { spec, start: start + by, end: end + by, time: time + by };
  return struct === undefined ? moved : { ...moved, struct: struct + by };
}

/** The event time that pairs have: of the side that is behind the watermarks the least. */
function timeOfPairs(
  style: JoinStyle,
  bounds: TimeBounds,
  left: Relation,
  right: Relation,
): { readonly column: number; readonly holdMicros: number } | null {
  const width = left.columns.length;
  const sides: JoinSideName[] =
    style === 'right' ? ['right'] : style === 'inner' ? ['left', 'right'] : ['left'];
  const found = sides.flatMap((side) => {
    const relation = side === 'left' ? left : right;
    if (relation.eventTime === null) return [];
    const at = relation.eventTime + (side === 'left' ? 0 : width);
    const fact = { column: at, holdMicros: relation.window === null ? 0 : 999 };
    const hold = holdOfPairs(fact, side, bounds, keepsUnmatched(style, side));
    return hold === null ? [] : [{ column: at, holdMicros: hold }];
  });
  return found.toSorted((a, b) => a.holdMicros - b.holdMicros)[0] ?? null;
}
