import { bigintType, booleanType, formatType, type SqlType, doubleType } from '@weir/columnar/sql-type.ts';
import type { OverCall, OverFrame } from '@weir/plan/nodes/over.ts';
import type { Expression } from '@weir/plan/expression.ts';
import { formatName } from '../../ast/identifier.ts';
import type { CallExpr, Expr, FrameBound, WindowDefinition } from '../../ast/query.ts';
import { fail } from '../../diagnostics/diagnostic.ts';
import { aggregateType, plannedAggregate, takesDoubles } from '../../functions/aggregates.ts';
import type { Relation } from '../../logical/relation.ts';
import { literal } from '../../types/constants.ts';
import { castTo } from '../../types/coerce.ts';
import { bindExpression } from '../expression/bind-expression.ts';
import { resolveName } from '../scope.ts';

export interface BoundOverCall {
  readonly call: OverCall;
  readonly name: string;
  readonly nullable: boolean;
  /** Of lag and lead: a call that is NULL where there is no such row, and what stands for it then. */
  readonly standIn?: { readonly marker: OverCall; readonly value: Expression };
}

/** Where a call stands. */
export interface OverPlace {
  readonly input: Relation;
  /** The column that holds a value over the input's columns. */
  readonly place: (value: Expression) => number;
  /** The type of the first column that rows are sorted by; null: they aren't. */
  readonly sortType: SqlType | null;
}

const ranks = ['row_number', 'rank', 'dense_rank'] as const;
const offsets = ['lag', 'lead'] as const;
const values = ['first_value', 'last_value'] as const;

/** Gives a call with OVER its meaning. @throws DiagnosticFailure */
export function overCall(expr: CallExpr, definition: WindowDefinition, place: OverPlace): BoundOverCall {
  const name = formatName(expr.name).toLowerCase();
  if (expr.distinct || expr.filter !== null || expr.nulls !== null) {
    const what = expr.distinct ? 'DISTINCT' : expr.filter !== null ? 'FILTER' : 'IGNORE NULLS';
    fail('notPlanned', expr.span, `${what} with OVER is not supported yet`, 'use CASE in the argument');
  }
  const rank = ranks.find((known) => known === name);
  if (rank !== undefined) {
    if (expr.arguments.length > 0) fail('wrongArguments', expr.span, `${name}() takes no arguments`);
    if (definition.orderBy.length === 0 && rank !== 'row_number')
      fail('badWindow', expr.span, `${name}() needs an ORDER BY in its OVER`);
    return { name, nullable: false, call: { ...bare, function: rank, type: bigintType } };
  }
  const offset = offsets.find((known) => known === name);
  if (offset !== undefined) return offsetCall(expr, offset, place);
  const frame = frameOf(definition, place);
  const value = values.find((known) => known === name);
  if (value !== undefined) {
    const argument = onlyArgument(expr, place);
    const { type } = argument;
    const call = {
      ...bare,
      function: value,
      argument: place.place(argument),
      argumentType: type,
      frame,
      type,
    };
    return { name, nullable: true, call };
  }
  return aggregateCall(expr, name, frame, place);
}

const bare = {
  argument: null,
  argumentType: null,
  frame: { unit: 'rows', from: null, to: 0 },
  offset: 0,
} as const;

function bindArgument(expr: Expr, place: OverPlace): Expression {
  return bindExpression(expr, { resolve: (part) => resolveName(place.input, part.parts) });
}

function plainArguments(expr: CallExpr): Expr[] {
  return expr.arguments.flatMap((argument) => (argument.kind === 'value' ? [argument.value] : []));
}

function onlyArgument(expr: CallExpr, place: OverPlace): Expression {
  const [argument, ...more] = plainArguments(expr);
  if (argument === undefined || more.length > 0 || argument.kind === 'star')
    return fail('wrongArguments', expr.span, `${formatName(expr.name)}() takes one value`);
  return bindArgument(argument, place);
}

function offsetCall(expr: CallExpr, name: 'lag' | 'lead', place: OverPlace): BoundOverCall {
  const [argument, distance, fallback, ...more] = plainArguments(expr);
  if (argument === undefined || argument.kind === 'star' || more.length > 0)
    return fail('wrongArguments', expr.span, `${name}() takes a value, perhaps an offset and a default`);
  const value = bindArgument(argument, place);
  const { type } = value;
  const standIn = fallback === undefined ? null : castTo(bindArgument(fallback, place), type, fallback.span);
  const call: OverCall = {
    ...bare,
    function: name,
    argument: place.place(value),
    argumentType: type,
    offset: distance === undefined ? 1 : wholeNumber(distance, 'the offset'),
    type,
  };
  if (standIn === null) return { name, nullable: true, call };
  const there = literal(true, booleanType);
  const marker = { ...call, argument: place.place(there), argumentType: booleanType, type: booleanType };
  return { name, nullable: true, call, standIn: { marker, value: standIn } };
}

function aggregateCall(expr: CallExpr, name: string, frame: OverFrame, place: OverPlace): BoundOverCall {
  const id = plannedAggregate(name);
  if (id === undefined) return fail('notPlanned', expr.name.span, `${name}() with OVER is not supported yet`);
  const [argument] = plainArguments(expr);
  if (id === 'count' && (argument === undefined || argument.kind === 'star'))
    return { name, nullable: false, call: { ...bare, function: id, frame, type: bigintType } };
  const value = onlyArgument(expr, place);
  const type = aggregateType(id, value.type);
  if (type === undefined)
    return fail('noSuchOverload', expr.span, `${name}() doesn't take ${formatType(value.type)}`);
  const taken = takesDoubles(id) ? castTo(value, doubleType, expr.span) : value;
  const call = {
    ...bare,
    function: id,
    argument: place.place(taken),
    argumentType: taken.type,
    frame,
    type,
  };
  return { name, nullable: id !== 'count', call };
}

function frameOf({ frame, orderBy }: WindowDefinition, place: OverPlace): OverFrame {
  if (frame === null) {
    // All rows of the partition, or those up to the row and its equals.
    return orderBy.length === 0
      ? { unit: 'rows', from: null, to: null }
      : { unit: 'range', from: null, to: 0 };
  }
  if (frame.unit === 'groups')
    return fail('notPlanned', frame.span, 'GROUPS frames are not supported yet', 'write ROWS or RANGE');
  const { unit } = frame;
  const from = boundOf(frame.start, unit, place);
  const to = frame.end === null ? 0 : boundOf(frame.end, unit, place);
  if (frame.start.kind === 'unbounded_following' || frame.end?.kind === 'unbounded_preceding')
    return fail('badWindow', frame.span, 'the frame ends before it begins');
  return { unit, from, to };
}

function boundOf(
  { kind, offset, span }: FrameBound,
  unit: OverFrame['unit'],
  place: OverPlace,
): number | null {
  if (kind === 'current_row') return 0;
  if (offset === null) return null;
  const distance = unit === 'rows' ? wholeNumber(offset, 'a bound of ROWS') : intervalOf(offset, place);
  if (distance < 0) fail('badWindow', span, 'a bound of a frame is not negative');
  return kind === 'preceding' ? -distance : distance;
}

function constantOf(expr: Expr, what: string): Expression {
  return bindExpression(expr, {
    resolve: (name) => fail('badWindow', name.span, `${what} must be constant`),
  });
}

function wholeNumber(expr: Expr, what: string): number {
  const value = constantOf(expr, what);
  const number = value.kind === 'literal' && value.type.kind === 'integer' ? Number(value.value) : NaN;
  if (!Number.isSafeInteger(number) || number < 0 || number > 1_000_000)
    return fail('badWindow', expr.span, `${what} must be a whole number from 0 to 1,000,000`);
  return number;
}

function intervalOf(expr: Expr, { sortType }: OverPlace): number {
  const value = constantOf(expr, 'a bound of RANGE');
  const micros =
    value.kind === 'literal' && value.type.kind === 'interval' && value.type.unit === 'micros'
      ? Number(value.value)
      : NaN;
  if (sortType?.kind !== 'timestamp' || !Number.isSafeInteger(micros)) {
    const hint = "ORDER BY a timestamp, and write RANGE BETWEEN INTERVAL '1' HOUR PRECEDING AND CURRENT ROW";
    return fail('badWindow', expr.span, 'a bound of RANGE is an interval before or after a timestamp', hint);
  }
  return micros;
}
