import type { Expression } from '@weir/plan/expression.ts';
import type { Expr, Query, Select } from '../../ast/query.ts';
import { diagnosticCodes } from '../../diagnostics/codes.ts';
import { DiagnosticFailure, fail } from '../../diagnostics/diagnostic.ts';
import type { Span } from '../../lex/span.ts';
import { shiftColumns } from '../../logical/expressions.ts';
import type { Relation } from '../../logical/relation.ts';
import { sideOf } from '../../logical/time-bounds.ts';
import { bindExpression } from '../expression/bind-expression.ts';
import { asBoolean } from '../expression/operand.ts';
import { bindComparison } from '../expression/predicates.ts';
import { resolveName } from '../scope.ts';
import { bindFrom, treeScope } from './bind-from.ts';
import { buildJoin } from './build-join.ts';
import { hasAggregate, overCalls } from './expr-parts.ts';
import {
  conjunctsOf,
  filtered,
  leafOf,
  placeConditions,
  placeOn,
  type JoinBranch,
  type JoinTree,
} from './join-tree.ts';
import type { QueryPlace } from './query-place.ts';

/** A condition of WHERE that asks another query about each row: `x [NOT] IN (SELECT …)`, `[NOT] EXISTS (SELECT …)`. */
interface SubqueryCondition {
  readonly query: Query;
  /** Rows stay that have a match; else those that have none. */
  readonly wanted: boolean;
  /** What is looked for; null for EXISTS. */
  readonly operand: Expr | null;
  readonly span: Span;
}

/** What a WHERE says of its rows alone, and what it asks other queries. */
export function splitWhere(where: Expr | null): {
  readonly plain: readonly Expr[];
  readonly asked: readonly SubqueryCondition[];
} {
  if (where === null) return { plain: [], asked: [] };
  const plain: Expr[] = [];
  const asked: SubqueryCondition[] = [];
  for (const part of andParts(where)) {
    const condition = subqueryCondition(part, true);
    if (condition === undefined) plain.push(part);
    else asked.push(condition);
  }
  // What asks nothing is one condition.
  return asked.length === 0 ? { plain: [where], asked } : { plain, asked };
}

function andParts(expr: Expr): Expr[] {
  const parts: Expr[] = [];
  let at = expr;
  while (at.kind === 'binary' && at.operator === 'AND') {
    parts.push(at.right);
    at = at.left;
  }
  parts.push(at);
  return parts.toReversed();
}

function subqueryCondition(expr: Expr, wanted: boolean): SubqueryCondition | undefined {
  const { span } = expr;
  if (expr.kind === 'exists') return { query: expr.query, wanted, operand: null, span };
  if (expr.kind === 'in_query')
    return { query: expr.query, wanted: wanted !== expr.not, operand: expr.operand, span };
  if (expr.kind === 'unary' && expr.operator === 'NOT') return subqueryCondition(expr.operand, !wanted);
  if (expr.kind === 'quantified' && expr.rightIsQuery && isEquality(expr)) {
    const query = expr.right;
    if (!('body' in query)) return undefined;
    return { query, wanted: wanted === (expr.quantifier === 'any'), operand: expr.left, span };
  }
  return undefined;
}

/** `= ANY` is IN, `<> ALL` is NOT IN. */
function isEquality(expr: Extract<Expr, { kind: 'quantified' }>): boolean {
  return expr.quantifier === 'any' ? expr.operator === '=' : expr.operator === '<>' || expr.operator === '!=';
}

/** The rows of a tree that fulfil such a condition: a semi join, or an anti join. */
export function askSubquery(tree: JoinTree, condition: SubqueryCondition, place: QueryPlace): JoinTree {
  const outer = treeScope(tree);
  const { wanted, operand, span } = condition;
  const inner = innerRows(condition, outer, place);
  const conditions = [...inner.conditions];
  if (operand !== null) {
    const [value] = inner.values;
    if (value === undefined || inner.values.length > 1) {
      return fail(
        'columnCount',
        span,
        `a query after IN gives one column, this one gives ${inner.values.length}`,
      );
    }
    const own = bindExpression(operand, { resolve: (name) => resolveName(outer, name.parts) });
    if (!wanted) refuseNulls(own, value, span);
    const theirs = { value: shiftColumns(value, (index) => index + outer.columns.length), span };
    conditions.push(bindComparison('=', { value: own, span: operand.span }, theirs, span));
  }
  const branch: JoinBranch = {
    kind: 'branch',
    style: wanted ? 'semi' : 'anti',
    left: tree,
    right: leafOf(inner.relation),
    conditions,
    span,
    merged: [],
    above: [],
  };
  return placeOn(branch);
}

/** NULL anywhere makes `NOT IN` unknown for all rows: that is about the whole set, which no partition knows. */
function refuseNulls(own: Expression, theirs: Expression, span: Span): void {
  if (!own.nullable && !theirs.nullable) return;
  const hint = 'write NOT EXISTS (SELECT … WHERE b.x = a.x), or declare both sides NOT NULL';
  fail('notInNulls', span, 'NOT IN is unknown for every row as soon as one value is NULL', hint);
}

/** Rows of a query inside another, its select list, and conditions that name the outer row, over its columns followed by the inner rows'. */
interface InnerRows {
  readonly relation: Relation;
  readonly values: readonly Expression[];
  readonly conditions: readonly Expression[];
}

function innerRows({ query, operand }: SubqueryCondition, outer: Relation, place: QueryPlace): InnerRows {
  const { body } = query;
  const simple = body.kind === 'select' && query.with.length === 0 && isPlain(body);
  if (simple) return correlatedRows(body, operand !== null, outer, place);
  const relation = place.query(query, place);
  const values = relation.columns.flatMap((entry, index) =>
    entry.hidden === true
      ? []
      : [{ kind: 'column' as const, index, type: entry.type, nullable: entry.nullable }],
  );
  return { relation, values, conditions: [] };
}

/** Nothing but rows of FROM, filtered: only those may name the outer row. */
function isPlain(select: Select): boolean {
  const asks = select.items.some(({ value }) => hasAggregate(value) || overCalls(value).length > 0);
  return !asks && select.groupBy.length === 0 && select.having === null && select.qualify === null;
}

function correlatedRows(select: Select, asked: boolean, outer: Relation, place: QueryPlace): InnerRows {
  const tree = bindFrom(select.from, place);
  if (tree === undefined)
    return fail(
      'notPlanned',
      select.span,
      'a subquery without FROM is not supported yet',
      'write the value itself',
    );
  const inner = treeScope(tree);
  const width = outer.columns.length;
  /** Names of the inner query go before those of the outer one. */
  const resolve = (name: Extract<Expr, { kind: 'name' }>): Expression => {
    try {
      return shiftColumns(resolveName(inner, name.parts), (index) => index + width);
    } catch (error) {
      const unknown =
        error instanceof DiagnosticFailure && error.diagnostic.code === diagnosticCodes.unknownColumn;
      if (!unknown) throw error;
      try {
        return resolveName(outer, name.parts);
      } catch {
        throw error;
      }
    }
  };
  const { plain, asked: nested } = splitWhere(select.where);
  const conditions = plain.flatMap((expr) =>
    conjunctsOf(
      asBoolean({ value: bindExpression(expr, { resolve }), span: expr.span }, 'the WHERE condition'),
    ),
  );
  const own = conditions.filter((condition) => sideOf(condition, width) === 'right');
  const placed = placeConditions(
    tree,
    own.map((condition) => shiftColumns(condition, (index) => index - width)),
  );
  const all = nested.reduce((rows, condition) => askSubquery(rows, condition, place), placed.tree);
  const relation = filtered(buildJoin(all), placed.rest);
  const values = asked ? select.items.map((item) => innerValue(item.value, relation)) : [];
  return { relation, values, conditions: conditions.filter((condition) => !own.includes(condition)) };
}

function innerValue(expr: Expr, relation: Relation): Expression {
  if (expr.kind === 'star') return fail('starNotAllowed', expr.span, 'a query after IN names its one column');
  return bindExpression(expr, { resolve: (name) => resolveName(relation, name.parts) });
}
