import type { Expression } from '@weir/plan/expression.ts';
import type { Identifier } from '../../ast/identifier.ts';
import type { Join } from '../../ast/query.ts';
import { fail } from '../../diagnostics/diagnostic.ts';
import { column, shiftColumns } from '../../logical/expressions.ts';
import type { Relation, RelationColumn } from '../../logical/relation.ts';
import { bindComparison } from '../expression/predicates.ts';
import { resolveName } from '../scope.ts';
import { columnsOfTree, titleOfTree, type JoinBranch, type JoinTree } from './join-tree.ts';

/** `USING (a, b)` and `NATURAL`: columns of one name are equal, and stand in `*` once. */
export function mergeColumns(branch: JoinBranch, join: Join): JoinBranch {
  const [left, right] = [sideScope(branch.left), sideScope(branch.right)];
  const names = namesOf(join, left.columns, right.columns);
  if (names.length === 0) {
    const hint = 'write CROSS JOIN where every row is to meet every other, or ON';
    fail('unknownColumn', join.span, 'the tables of NATURAL JOIN have no column in common', hint);
  }
  if (branch.style === 'full') {
    const hint = 'write ON, and COALESCE(a.x, b.x) in the select list';
    fail('notPlanned', join.span, 'FULL JOIN with USING or NATURAL is not supported yet', hint);
  }
  const width = left.columns.length;
  const merged: number[] = [...branch.merged];
  const conditions = names.map((name): Expression => {
    const ours = resolveName(left, [name]);
    const theirs = shiftColumns(resolveName(right, [name]), (index) => index + width);
    const hidden = branch.style === 'right' ? ours : theirs;
    if (hidden.kind === 'column') merged.push(hidden.index);
    const [a, b] = [ours, theirs].map((value) => ({ value, span: name.span }));
    return a === undefined || b === undefined
      ? column(0, ours.type, true)
      : bindComparison('=', a, b, name.span);
  });
  return { ...branch, conditions, merged };
}

function sideScope(tree: JoinTree): Relation {
  const below = tree.kind === 'unnest' ? tree.input : tree.kind === 'branch' ? tree.left : null;
  const node = tree.kind === 'leaf' ? tree.relation.node : sideScope(below ?? tree).node;
  return { node, columns: columnsOfTree(tree), eventTime: null, window: null, title: titleOfTree(tree) };
}

function namesOf(
  { condition, span }: Join,
  left: readonly RelationColumn[],
  right: readonly RelationColumn[],
): readonly Identifier[] {
  if (condition?.kind === 'using') return condition.columns;
  const shown = (columns: readonly RelationColumn[]): string[] =>
    columns.flatMap(({ name, hidden }) => (hidden === true ? [] : [name]));
  const theirs = shown(right);
  return shown(left).flatMap((name) => (theirs.includes(name) ? [{ name, quoted: true, span }] : []));
}
