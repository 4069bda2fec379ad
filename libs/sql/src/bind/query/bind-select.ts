import type { Expression } from '@weir/plan/expression.ts';
import type { Expr, Select, SelectItem } from '../../ast/query.ts';
import { formatName } from '../../ast/identifier.ts';
import { fail } from '../../diagnostics/diagnostic.ts';
import { conjunction } from '../../logical/expressions.ts';
import type { Relation } from '../../logical/relation.ts';
import { isAggregate } from '../../functions/aggregates.ts';
import { bindExpression } from '../expression/bind-expression.ts';
import { asBoolean } from '../expression/operand.ts';
import { resolveName } from '../scope.ts';
import { Attempts } from './attempts.ts';
import { bindAggregate } from './bind-aggregate.ts';
import { bindFrom, treeScope } from './bind-from.ts';
import { buildJoin } from './build-join.ts';
import { conjunctsOf, placeConditions, type JoinTree } from './join-tree.ts';
import { distinctRows } from './updating-aggregate.ts';
import { type Output, project } from './project.ts';
import type { QueryPlace } from './query-place.ts';
import { expandStar, outputName } from './select-outputs.ts';

/** SELECT [DISTINCT] … FROM … WHERE … GROUP BY … HAVING …. Several mistakes are reported at once. */
export function bindSelect(select: Select, place: QueryPlace): Relation {
  const rows = bindRows(select, place);
  return select.distinct === null ? rows : distinctRows(rows, select.distinct.span);
}

function bindRows(select: Select, place: QueryPlace): Relation {
  refuseClauses(select);
  const tree = bindFrom(select.from, place);
  if (tree === undefined) {
    return fail('notPlanned', select.span, 'SELECT without FROM is not supported yet', 'select from a table');
  }
  const attempts = new Attempts(place.report);
  const { where } = select;
  const scope = treeScope(tree);
  const wanted =
    where === null ? null : attempts.try(() => bindCondition(where, scope, 'the WHERE condition'));
  const { input, condition } = joinRows(tree, wanted ?? null);
  if (
    select.groupBy.length > 0 ||
    select.having !== null ||
    select.items.some(({ value }) => hasAggregate(value))
  ) {
    const relation = attempts.try(() => bindAggregate(select, input, condition, place));
    attempts.finish();
    if (relation !== undefined) return relation;
  }
  const outputs = select.items.flatMap(
    (item, index) => attempts.try(() => bindItem(item, index, input)) ?? [],
  );
  attempts.finish();
  return project(input, condition, outputs, 'this query');
}

/** The rows of FROM, and what WHERE says of them beside what its joins take of it. */
function joinRows(
  tree: JoinTree,
  condition: Expression | null,
): { readonly input: Relation; readonly condition: Expression | null } {
  if (tree.kind === 'leaf') return { input: tree.relation, condition };
  const placed = placeConditions(tree, conjunctsOf(condition));
  return { input: buildJoin(placed.tree), condition: conjunction(placed.rest) };
}

function refuseClauses(select: Select): void {
  if (select.distinct !== null && select.distinct.on.length > 0) {
    const hint = 'GROUP BY the columns, and take max(…) or last_value(…) of the others';
    fail('notPlanned', select.distinct.span, 'DISTINCT ON is not supported yet', hint);
  }
  if (select.qualify !== null)
    fail(
      'notPlanned',
      select.qualify.span,
      'QUALIFY is not supported yet',
      'aggregate by a window in GROUP BY instead',
    );
  const [window] = select.windows;
  if (window !== undefined)
    fail(
      'notPlanned',
      window.span,
      'OVER windows are not supported yet',
      'aggregate by a window in GROUP BY instead',
    );
}

function bindCondition(expr: Expr, input: Relation, what: string): Expression {
  const value = bindExpression(expr, { resolve: (name) => resolveName(input, name.parts) });
  return asBoolean({ value, span: expr.span }, what);
}

function bindItem(item: SelectItem, index: number, input: Relation): Output[] {
  if (item.value.kind === 'star') return expandStar(item.value, input);
  const value = bindExpression(item.value, { resolve: (name) => resolveName(input, name.parts) });
  return [{ name: item.alias?.name ?? outputName(item.value, index), value }];
}

/** Does an aggregate stand in it (not inside a subquery)? */
function hasAggregate(expr: Expr): boolean {
  if (expr.kind === 'call') {
    if (isAggregate(formatName(expr.name).toLowerCase()) && expr.over === null) return true;
    return expr.arguments.some((argument) => argument.kind === 'value' && hasAggregate(argument.value));
  }
  return childrenOf(expr).some(hasAggregate);
}

function childrenOf(expr: Expr): readonly Expr[] {
  switch (expr.kind) {
    case 'unary':
    case 'is':
    case 'cast':
    case 'at_time_zone':
    case 'collate':
      return [expr.operand];
    case 'binary':
    case 'is_distinct':
      return [expr.left, expr.right];
    case 'between':
      return [expr.operand, expr.low, expr.high];
    case 'in_list':
      return [expr.operand, ...expr.items];
    case 'like':
      return [expr.operand, expr.pattern];
    case 'case':
      return [
        ...(expr.operand === null ? [] : [expr.operand]),
        ...expr.branches.flatMap(({ when, then }) => [when, then]),
        ...(expr.otherwise === null ? [] : [expr.otherwise]),
      ];
    case 'extract':
      return [expr.from];
    case 'field':
    case 'subscript':
    case 'slice':
      return [expr.of];
    case 'row':
      return expr.items.map(({ value }) => value);
    case 'array':
    case 'map':
      return expr.items;
    default:
      return [];
  }
}
