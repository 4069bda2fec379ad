import type { Expression } from '@weir/plan/expression.ts';
import type { Expr, Query } from '../../ast/query.ts';
import { fail } from '../../diagnostics/diagnostic.ts';
import { column } from '../../logical/expressions.ts';
import { hasAggregate, subqueriesOf } from './expr-parts.ts';
import { columnsOfTree, leafOf, type JoinTree } from './join-tree.ts';
import type { QueryPlace } from './query-place.ts';

type Subquery = Extract<Expr, { kind: 'subquery' }>;

/** A tree with the values of scalar subqueries behind its columns, and where each stands. */
export interface WithScalars {
  readonly tree: JoinTree;
  readonly values: ReadonlyMap<Subquery, Expression>;
}

/** Joins the one row of each scalar subquery in these expressions to every row. */
export function joinScalars(tree: JoinTree, exprs: readonly Expr[], place: QueryPlace): WithScalars {
  const values = new Map<Subquery, Expression>();
  let joined = tree;
  for (const subquery of exprs.flatMap(subqueriesOf)) {
    const relation = place.query(oneRow(subquery), place);
    const shown = relation.columns.flatMap((entry, index) =>
      entry.hidden === true ? [] : [{ entry, index }],
    );
    const [only, ...more] = shown;
    if (only === undefined || more.length > 0) {
      return fail(
        'columnCount',
        subquery.span,
        `a subquery that is a value has one column, not ${shown.length}`,
      );
    }
    const width = columnsOfTree(joined).length;
    // Its row is there from the beginning of time on, as far as rows are concerned that come after it.
    const hidden = relation.columns.map((entry) => ({ ...entry, hidden: true, qualifier: null }));
    values.set(subquery, column(width + only.index, only.entry.type, true));
    joined = {
      kind: 'branch',
      style: 'left',
      left: joined,
      right: leafOf({ ...relation, columns: hidden }),
      conditions: [],
      span: subquery.span,
      merged: [],
      above: [],
    };
  }
  return { tree: joined, values };
}

/** Only an aggregate without GROUP BY is known to give one row. */
function oneRow({ query, span }: Subquery): Query {
  const { body } = query;
  const single =
    body.kind === 'select' &&
    body.groupBy.length === 0 &&
    body.having === null &&
    body.items.some(({ value }) => hasAggregate(value));
  if (single) return query;
  const hint = 'take max(…), min(…) or another aggregate without GROUP BY; or join the tables';
  return fail(
    'notPlanned',
    span,
    'a subquery that may give several rows is not supported yet as a value',
    hint,
  );
}
