import type { Expression } from '@weir/plan/expression.ts';
import { visitColumns } from '@weir/plan/expression-parts.ts';
import { conjunction, mapParts, workOf } from '../logical/expressions.ts';
import type { LogicalCalc, LogicalSink } from '../logical/nodes.ts';
import { castTo } from '../types/coerce.ts';
import { mapGraph, readerCounts } from './graph.ts';

/** Work that may be done twice rather than in an operator of its own. */
const cheap = 1;

/**
 * Puts a calc over a calc into one: the outer condition moves below the inner projection, conditions are joined inner first. Not where the
 * inner one has other readers (it runs once for all), nor where that would compute something expensive twice.
 */
export function fuseCalcs(sinks: readonly LogicalSink[]): LogicalSink[] {
  const readers = readerCounts(sinks);
  return mapGraph(sinks, (node, original) => {
    if (node.kind !== 'calc' || node.input.kind !== 'calc' || original.kind !== 'calc') return node;
    const alone = readers.get(original.input) === 1 || isRenaming(node.input);
    return alone && !repeatsWork(node, node.input) ? fuse(node, node.input) : node;
  });
}

function isRenaming(calc: LogicalCalc): boolean {
  return calc.condition === null && calc.projections.every((projection) => workOf(projection) === 0);
}

function repeatsWork(outer: LogicalCalc, inner: LogicalCalc): boolean {
  const uses = inner.projections.map(() => 0);
  const expressions = outer.condition === null ? outer.projections : [outer.condition, ...outer.projections];
  for (const expression of expressions) {
    visitColumns(expression, (index) => {
      uses[index] = (uses[index] ?? 0) + 1;
    });
  }
  return inner.projections.some((projection, index) => {
    const isStruct = projection.kind === 'call' && projection.function === 'struct';
    return (uses[index] ?? 0) > 1 && !isStruct && workOf(projection) > cheap;
  });
}

function fuse(outer: LogicalCalc, inner: LogicalCalc): LogicalCalc {
  const below = (expression: Expression): Expression => substitute(expression, inner.projections);
  const conditions = [inner.condition, outer.condition === null ? null : below(outer.condition)];
  return {
    kind: 'calc',
    input: inner.input,
    condition: conjunction(conditions.filter((condition) => condition !== null)),
    projections: outer.projections.map(below),
    output: outer.output,
  };
}

/** Puts the expressions of a projection in the place of its columns. */
function substitute(expression: Expression, projections: readonly Expression[]): Expression {
  if (expression.kind === 'column') return projections[expression.index] ?? expression;
  const mapped = foldCast(mapParts(expression, (part) => substitute(part, projections)));
  if (mapped.kind !== 'field' || mapped.argument.kind !== 'call' || mapped.argument.function !== 'struct')
    return mapped;
  return mapped.argument.arguments[mapped.index] ?? mapped;
}

/** A cast of a number or NULL that has become constant. Texts were read where they stand, with their place in the text at hand. */
function foldCast(expression: Expression): Expression {
  if (expression.kind !== 'cast' || expression.argument.kind !== 'literal') return expression;
  if (expression.argument.type.kind === 'text' && expression.argument.value !== null) return expression;
  return castTo(expression.argument, expression.type, { start: 0, end: 0 }, expression.safe);
}
