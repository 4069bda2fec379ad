import { bigintType, booleanType } from '@weir/columnar/sql-type.ts';
import type { OverCall } from '@weir/plan/nodes/over.ts';
import type { SortOrder } from '@weir/plan/nodes/sort-order.ts';
import type { Expression } from '@weir/plan/expression.ts';
import type { Expr, Query, SortKey } from '../../ast/query.ts';
import { fail } from '../../diagnostics/diagnostic.ts';
import { call, column, conjunction, sameExpression } from '../../logical/expressions.ts';
import type { LogicalOver } from '../../logical/nodes.ts';
import type { Relation } from '../../logical/relation.ts';
import { literal } from '../../types/constants.ts';
import { bindExpression } from '../expression/bind-expression.ts';
import { resolveName } from '../scope.ts';
import { calcNode, columnAt, type Output } from './project.ts';

/** `ORDER BY … LIMIT n [OFFSET m]`: the first rows of all, replaced by better ones as they come. */
export function limitRows(query: Query, rows: Relation): Relation {
  const { orderBy, limit, offset } = query;
  const [key] = orderBy;
  if (key === undefined && limit === null && offset === null) return rows;
  if (limit === null) {
    const at = key ?? offset;
    const hint =
      'an endless stream has no last row to sort; LIMIT n gives the first rows so far; consumers see rows in the order of event time within a key';
    return fail(
      'orderWithoutBound',
      at?.span ?? query.span,
      `${key === undefined ? 'OFFSET' : 'ORDER BY'} without LIMIT has no meaning here`,
      hint,
    );
  }
  if (key === undefined) {
    const hint = 'say which rows come first: ORDER BY … LIMIT n; or filter with WHERE';
    return fail('orderWithoutBound', limit.span, 'LIMIT without ORDER BY has no meaning here', hint);
  }
  const skipped = offset === null ? 0 : countOf(offset, 'OFFSET');
  return firstRows(rows, orderBy, skipped, skipped + countOf(limit, 'LIMIT'));
}

function countOf(expr: Expr, what: string): number {
  const value = bindExpression(expr, {
    resolve: (name) => fail('wrongArguments', name.span, `${what} must be constant`),
  });
  const number = value.kind === 'literal' && value.type.kind === 'integer' ? Number(value.value) : NaN;
  if (!Number.isSafeInteger(number) || number < 0 || number > 1_000_000)
    return fail('wrongArguments', expr.span, `${what} takes a whole number from 0 to 1,000,000`);
  return number;
}

function firstRows(rows: Relation, keys: readonly SortKey[], skipped: number, last: number): Relation {
  const columns = rows.columns.map(({ name, hidden }, index): Output => ({
    name,
    value: columnAt(rows, index),
    ...(hidden === true ? { hidden } : {}),
  }));
  const order = keys.map((key): SortOrder => {
    const value = sortValue(key, rows);
    const known = columns.findIndex((output) => sameExpression(output.value, value));
    const place = known >= 0 ? known : columns.push({ name: '$order', value, hidden: true }) - 1;
    return { column: place, descending: key.descending, nullsFirst: key.nullsFirst ?? key.descending };
  });
  const input = calcNode(rows.node, null, columns);
  const rowNumber: OverCall = {
    function: 'row_number',
    argument: null,
    argumentType: null,
    frame: { unit: 'rows', from: null, to: 0 },
    offset: 0,
    type: bigintType,
  };
  const over: LogicalOver = {
    kind: 'over',
    input,
    partition: [],
    order,
    calls: [rowNumber],
    windowEnd: null,
    byTime: null,
    output: [...input.output, { name: '$row', type: bigintType, nullable: false }],
    span: keys[0]?.span ?? { start: 0, end: 0 },
  };
  const row = column(columns.length, bigintType, false);
  const bound = (id: string, by: number): Expression =>
    call(id, [row, literal(String(by), bigintType)], booleanType, false);
  const condition = conjunction([bound('le', last), ...(skipped > 0 ? [bound('gt', skipped)] : [])]);
  const shown = rows.columns.map(({ name }, index) => ({ name, value: columnAt(rows, index) }));
  return { ...rows, node: calcNode(over, condition, shown), eventTime: null, window: null };
}

/** A column of the select list by its number or name, or an expression over them. */
function sortValue({ value }: SortKey, rows: Relation): Expression {
  if (value.kind === 'number') {
    const shown = [...rows.columns.entries()].filter(([, entry]) => entry.hidden !== true);
    const [index] = shown[Number(value.text) - 1] ?? [];
    if (index === undefined)
      return fail('badOrdinal', value.span, `there is no column ${value.text} in the select list`);
    return columnAt(rows, index);
  }
  return bindExpression(value, { resolve: (name) => resolveName(rows, name.parts) });
}
