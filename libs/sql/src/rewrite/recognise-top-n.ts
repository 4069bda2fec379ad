import type { Expression } from '@weir/plan/expression.ts';
import { visitColumns } from '@weir/plan/expression-parts.ts';
import { rankFunctions, type RankFunction } from '@weir/plan/nodes/top-n.ts';
import { conjunction } from '../logical/expressions.ts';
import type { LogicalCalc, LogicalNode, LogicalOver, LogicalSink, LogicalTopN } from '../logical/nodes.ts';
import { fuseCalcs } from './fuse-calcs.ts';
import { mapGraph } from './graph.ts';

/**
 * A filter on a row number or rank (`<= N`, `< N`, `= 1`, in WHERE or QUALIFY) over nothing but it: only the first rows of each partition are kept at all.
 * What needs no more than the first row by event time is the first one that there is.
 */
export function recogniseTopN(sinks: readonly LogicalSink[]): LogicalSink[] {
  // Calcs between the filter and the OVER are put into it first.
  return mapGraph(fuseCalcs(sinks), (node) =>
    node.kind === 'calc' && node.input.kind === 'over' ? (topN(node, node.input) ?? node) : node,
  );
}

function topN(calc: LogicalCalc, over: LogicalOver): LogicalNode | null {
  const [call, ...more] = over.calls;
  const how = rankFunctions.find((known) => known === call?.function);
  if (how === undefined || more.length > 0 || calc.condition === null) return null;
  const place = over.output.length - 1;
  const conditions = calc.condition;
  const flat =
    conditions.kind === 'call' && conditions.function === 'and' ? conditions.arguments : [conditions];
  const limits = flat.map((condition) => limitOf(condition, place));
  const limit = Math.min(...limits.map((found) => found ?? Infinity));
  if (!Number.isFinite(limit) || limit < 1) return null;
  // What is only a bound is kept by the Top-N itself; `= 2` is asked again.
  const rest = flat.filter((_, index) => limits[index] === undefined || !isBound(flat[index], limit));
  const used = usedColumns([...rest, ...calc.projections]);
  const rank = used.has(place);
  const node = topNOf(over, how, limit, rank);
  return { ...calc, input: node, condition: conjunction(rest) };
}

function usedColumns(expressions: readonly Expression[]): Set<number> {
  const used = new Set<number>();
  for (const expression of expressions) visitColumns(expression, (index) => used.add(index));
  return used;
}

function topNOf(over: LogicalOver, how: RankFunction, limit: number, rank: boolean): LogicalTopN {
  const { input, partition, order, windowEnd, byTime, output, span } = over;
  const first = how === 'row_number' && limit === 1 && byTime !== null && order.length === 1;
  const emit = windowEnd !== null ? 'window' : first ? 'first' : 'updates';
  return {
    kind: 'top_n',
    input,
    emit,
    partition,
    order,
    function: how,
    limit,
    rank,
    time: emit === 'window' ? windowEnd : emit === 'first' ? byTime : null,
    output: rank ? output : output.slice(0, -1),
    span,
  };
}

/** `rank <= N`, `rank < N`, `rank = N`, `N >= rank`, `rank BETWEEN 1 AND N`: the greatest rank that passes. */
function limitOf(condition: Expression, rank: number): number | undefined {
  if (condition.kind !== 'call') return undefined;
  const [a, b, c] = condition.arguments;
  if (condition.function === 'between' && isRank(a, rank)) return whole(c);
  const turned = { le: 'ge', lt: 'gt', ge: 'le', gt: 'lt', eq: 'eq' }[condition.function];
  if (turned === undefined) return undefined;
  const [how, bound] = isRank(a, rank)
    ? [condition.function, whole(b)]
    : isRank(b, rank)
      ? [turned, whole(a)]
      : [null, undefined];
  if (bound === undefined) return undefined;
  if (how === 'le' || how === 'eq') return bound;
  return how === 'lt' ? bound - 1 : undefined;
}

/** Is it fulfilled by every rank from 1 to the limit? */
function isBound(condition: Expression | undefined, limit: number): boolean {
  if (condition?.kind !== 'call') return false;
  if (condition.function === 'eq') return limit === 1;
  if (condition.function !== 'between') return true;
  return (whole(condition.arguments[1]) ?? 0) <= 1;
}

function isRank(value: Expression | undefined, place: number): boolean {
  if (value?.kind === 'cast') return isRank(value.argument, place);
  return value?.kind === 'column' && value.index === place;
}

function whole(value: Expression | undefined): number | undefined {
  if (value?.kind === 'cast') return whole(value.argument);
  if (value?.kind !== 'literal' || value.type.kind !== 'integer' || value.value === null) return undefined;
  const number = Number(value.value);
  return Number.isSafeInteger(number) ? number : undefined;
}
