import type { Expression } from '@weir/plan/expression.ts';
import type { Expr, Select, SelectItem } from '../../ast/query.ts';
import { fail } from '../../diagnostics/diagnostic.ts';
import { conjunction } from '../../logical/expressions.ts';
import type { Relation } from '../../logical/relation.ts';
import { bindExpression, type ExpressionPlace } from '../expression/bind-expression.ts';
import { asBoolean } from '../expression/operand.ts';
import { matches, resolveName } from '../scope.ts';
import { Attempts } from './attempts.ts';
import { bindAggregate } from './bind-aggregate.ts';
import { bindFrom, treeScope } from './bind-from.ts';
import { bindOver } from './bind-over.ts';
import { buildJoin } from './build-join.ts';
import { hasAggregate, overCalls } from './expr-parts.ts';
import { isColumn } from './group-by.ts';
import { conjunctsOf, filtered, placeConditions, type JoinTree } from './join-tree.ts';
import { joinScalars } from './scalar-subquery.ts';
import { askSubquery, splitWhere } from './subquery-conditions.ts';
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
  const from = bindFrom(select.from, place);
  if (from === undefined) {
    return fail('notPlanned', select.span, 'SELECT without FROM is not supported yet', 'select from a table');
  }
  const attempts = new Attempts(place.report);
  const { plain, asked } = splitWhere(select.where);
  const exprs = [...plain, ...select.items.map(({ value }) => value)];
  const { tree: joined, values } = joinScalars(from, exprs, place);
  const scalars: BindPart = (part) => (part.kind === 'subquery' ? values.get(part) : undefined);
  const scope = treeScope(joined);
  const wanted = plain.flatMap((expr) => {
    const value = attempts.try(() => bindCondition(expr, scope, 'the WHERE condition', scalars));
    return value ?? [];
  });
  const tree = asked.reduce(
    (rows, condition) => attempts.try(() => askSubquery(rows, condition, place)) ?? rows,
    joined,
  );
  const { input, condition } = joinRows(tree, wanted);
  if (
    select.groupBy.length > 0 ||
    select.having !== null ||
    select.items.some(({ value }) => hasAggregate(value))
  ) {
    attempts.try(() => refuseQualify(select));
    const relation = attempts.try(() => bindAggregate(select, input, condition, place));
    attempts.finish();
    if (relation !== undefined) return relation;
  }
  const ranked = attempts.try(() => bindRanked(select, input, condition, scalars));
  if (ranked !== undefined && ranked !== null) {
    const { relation, bindPart } = ranked;
    const outputs = bindItems(select, relation, attempts, bindPart);
    const { qualify } = select;
    const kept =
      qualify === null ? null : attempts.try(() => bindQualify(qualify, select, relation, bindPart));
    attempts.finish();
    return project(relation, kept ?? null, outputs, 'this query');
  }
  const outputs = bindItems(select, input, attempts, scalars);
  attempts.finish();
  return project(input, condition, outputs, 'this query');
}

/** The rows of FROM, and what WHERE says of them beside what its joins take of it. */
function joinRows(
  tree: JoinTree,
  conditions: readonly Expression[],
): { readonly input: Relation; readonly condition: Expression | null } {
  const [only, ...more] = conditions;
  if (tree.kind === 'leaf')
    return { input: tree.relation, condition: more.length === 0 ? (only ?? null) : conjunction(conditions) };
  const placed = placeConditions(tree, conditions.flatMap(conjunctsOf));
  return { input: buildJoin(placed.tree), condition: conjunction(placed.rest) };
}

function refuseClauses(select: Select): void {
  if (select.distinct !== null && select.distinct.on.length > 0) {
    const hint = 'GROUP BY the columns, and take max(…) or last_value(…) of the others';
    fail('notPlanned', select.distinct.span, 'DISTINCT ON is not supported yet', hint);
  }
}

function refuseQualify({ qualify }: Select): void {
  if (qualify === null) return;
  const hint = 'put the grouped query into FROM, and QUALIFY around it';
  fail('notPlanned', qualify.span, 'QUALIFY of a grouped query is not supported yet', hint);
}

function bindCondition(expr: Expr, input: Relation, what: string, intercept: BindPart): Expression {
  const value = bindExpression(expr, { resolve: (name) => resolveName(input, name.parts), intercept });
  return asBoolean({ value, span: expr.span }, what);
}

type BindPart = NonNullable<ExpressionPlace['intercept']>;

function bindItems(select: Select, input: Relation, attempts: Attempts, intercept: BindPart): Output[] {
  return select.items.flatMap(
    (item, index) => attempts.try(() => bindItem(item, index, input, intercept)) ?? [],
  );
}

/** The rows with what OVER says of them; null where nothing does. */
function bindRanked(
  select: Select,
  input: Relation,
  condition: Expression | null,
  scalars: BindPart,
): { readonly relation: Relation; readonly bindPart: BindPart } | null {
  const asked = select.qualify === null ? [] : [select.qualify];
  const calls = [...select.items.map(({ value }) => value), ...asked].flatMap(overCalls);
  if (calls.length === 0 && select.qualify === null) return null;
  const rows = filtered(input, condition === null ? [] : [condition]);
  const { relation, results } = bindOver(calls, select.windows, rows);
  return {
    relation,
    bindPart: (part, bind) => (part.kind === 'call' ? results.get(part) : undefined) ?? scalars(part, bind),
  };
}

/** QUALIFY may name what the select list calls its columns. */
function bindQualify(expr: Expr, select: Select, input: Relation, intercept: BindPart): Expression {
  const place: ExpressionPlace = {
    intercept,
    resolve: (name) => {
      const [first, ...more] = name.parts;
      const item = select.items.find(
        ({ alias }) => alias !== null && first !== undefined && matches(first, alias.name),
      );
      const isOwn = more.length === 0 && item !== undefined && !isColumn(name, input);
      return isOwn ? bindExpression(item.value, place) : resolveName(input, name.parts);
    },
  };
  return asBoolean({ value: bindExpression(expr, place), span: expr.span }, 'the QUALIFY condition');
}

function bindItem(item: SelectItem, index: number, input: Relation, intercept: BindPart): Output[] {
  if (item.value.kind === 'star') return expandStar(item.value, input);
  const value = bindExpression(item.value, {
    resolve: (name) => resolveName(input, name.parts),
    intercept,
  });
  return [{ name: item.alias?.name ?? outputName(item.value, index), value }];
}
