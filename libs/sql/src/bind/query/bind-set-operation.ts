import { booleanType } from '@weir/columnar/sql-type.ts';
import type { QueryBody, SetOperation } from '../../ast/query.ts';
import { fail } from '../../diagnostics/diagnostic.ts';
import { call, column } from '../../logical/expressions.ts';
import type { Relation } from '../../logical/relation.ts';
import { Attempts } from './attempts.ts';
import { alignBranches } from './bind-union.ts';
import { buildJoin } from './build-join.ts';
import { leafOf } from './join-tree.ts';
import { calcNode, columnsOf, visibleOutputs } from './project.ts';
import type { QueryPlace } from './query-place.ts';
import { distinctRows } from './updating-aggregate.ts';

/** INTERSECT and EXCEPT: the distinct rows of the left query that the right one has, or hasn't. NULL is as NULL. */
export function bindSetOperation(
  body: SetOperation,
  place: QueryPlace,
  bindBody: (body: QueryBody, place: QueryPlace) => Relation,
): Relation {
  const { operator, at } = body;
  if (body.all) {
    const hint = 'write it without ALL, or number the rows and compare the numbers, too';
    fail('notPlanned', at, `${operator.toUpperCase()} ALL is not supported yet`, hint);
  }
  const attempts = new Attempts(place.report);
  const branches = [body.left, body.right].flatMap((branch) => {
    const relation = attempts.try(() => bindBody(branch, place));
    return relation === undefined ? [] : [{ relation, outputs: visibleOutputs(relation), span: branch.span }];
  });
  attempts.finish();
  const [left, right] = alignBranches(branches, at).map(({ relation, outputs }): Relation => {
    const shown = outputs.filter(({ hidden }) => hidden !== true);
    const node = calcNode(relation.node, null, shown);
    return { node, columns: columnsOf(shown), eventTime: null, window: null, title: relation.title };
  });
  if (left === undefined || right === undefined)
    return fail('unionMismatch', at, 'a set operation of two queries');
  const rows = distinctRows(left, at);
  const width = rows.columns.length;
  return buildJoin({
    kind: 'branch',
    style: operator === 'intersect' ? 'semi' : 'anti',
    left: leafOf(rows),
    right: leafOf(right),
    conditions: rows.columns.map(({ type, nullable }, index) => {
      const theirs = right.columns[index];
      const sides = [column(index, type, nullable), column(width + index, type, theirs?.nullable ?? true)];
      return call('is_not_distinct', sides, booleanType, false);
    }),
    span: at,
    merged: [],
    above: [],
  });
}
