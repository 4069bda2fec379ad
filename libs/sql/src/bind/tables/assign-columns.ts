import type { Field } from '@weir/columnar/sql-type.ts';
import { formatType } from '@weir/columnar/sql-type.ts';
import type { Expression } from '@weir/plan/expression.ts';
import type { Query, QueryBody } from '../../ast/query.ts';
import { fail } from '../../diagnostics/diagnostic.ts';
import { shownType } from '../../types/shown-type.ts';
import type { Span } from '../../lex/span.ts';
import type { Relation } from '../../logical/relation.ts';
import { castKind } from '../../types/casts.ts';
import { castTo, isTextConstant } from '../../types/coerce.ts';
import { keptWithin, type TextBound } from '../../types/text-bound.ts';
import { columnAt } from '../query/project.ts';

/** A column that values go into. */
export type TargetColumn = Field & { readonly bound?: TextBound | null };

/** Where the n-th column of a query's result is written, for messages. */
export function outputSpan(query: Query, index: number): Span {
  let body: QueryBody = query.body;
  for (;;) {
    if (body.kind === 'nested') body = body.query.body;
    else if (body.kind === 'set_operation') body = body.left;
    else break;
  }
  const item =
    body.kind === 'select' && !hasStar(body.items.map(({ value }) => value.kind))
      ? body.items[index]
      : undefined;
  return item?.span ?? body.span;
}

function hasStar(kinds: readonly string[]): boolean {
  return kinds.includes('star');
}

/**
 * A query's visible columns, by position, as values for a table's columns. Casts are made where PostgreSQL makes them on assignment.
 * @throws DiagnosticFailure columnCount, assignmentMismatch, nullAssignment
 */
export function assignColumns(
  relation: Relation,
  targets: readonly TargetColumn[],
  query: Query,
  table: string,
): Expression[] {
  const sources = relation.columns.flatMap((entry, index) =>
    entry.hidden === true ? [] : [{ entry, index }],
  );
  if (sources.length !== targets.length) {
    const names = targets.map(({ name }) => name).join(', ');
    const hint = `${table} takes ${names}`;
    const counts = `the query has ${sources.length} columns, ${table} takes ${targets.length}`;
    fail('columnCount', outputSpan(query, Math.min(sources.length, targets.length)), counts, hint);
  }
  return targets.map((target, position) => {
    const source = sources[position];
    const span = outputSpan(query, position);
    if (source === undefined) return fail('columnCount', span, `${table} takes no column ${position + 1}`);
    return assign(
      constantOf(relation, source.index) ?? columnAt(relation, source.index),
      target,
      span,
      table,
    );
  });
}

/** The constant that a column of a projection is: '5' may go into a BIGINT, a text column may not. */
function constantOf(relation: Relation, index: number): Expression | undefined {
  const { node } = relation;
  const value = node.kind === 'calc' ? node.projections[index] : undefined;
  return value?.kind === 'literal' ? value : undefined;
}

/** One value into one column. */
export function assign(value: Expression, target: TargetColumn, span: Span, table: string): Expression {
  if (value.kind === 'literal' && value.value === null) {
    if (!target.nullable) fail('nullAssignment', span, `column '${target.name}' of ${table} is NOT NULL`);
    return castTo(value, target.type, span);
  }
  const kind = castKind(value.type, target.type);
  if (kind === 'none' || (kind === 'explicit' && !isTextConstant(value))) {
    const types = `column '${target.name}' of ${table} is ${shownType(target.type)}, the query gives ${shownType(value.type)}`;
    const hint = kind === 'explicit' ? `cast it: CAST(… AS ${formatType(target.type)})` : undefined;
    fail('assignmentMismatch', span, types, hint);
  }
  return keptWithin(castTo(value, target.type, span), target.bound ?? null);
}
