import { formatName } from '../../ast/identifier.ts';
import type { Join, TableAlias, TableFactor } from '../../ast/query.ts';
import { fail } from '../../diagnostics/diagnostic.ts';
import type { Span } from '../../lex/span.ts';
import type { Relation } from '../../logical/relation.ts';
import { bindExpression } from '../expression/bind-expression.ts';
import { asBoolean } from '../expression/operand.ts';
import { resolveName } from '../scope.ts';
import {
  columnsOfTree,
  conjunctsOf,
  leafOf,
  placeOn,
  titleOfTree,
  type JoinBranch,
  type JoinTree,
} from './join-tree.ts';
import { bindUnnest } from './bind-unnest.ts';
import { mergeColumns } from './merge-columns.ts';
import type { QueryPlace } from './query-place.ts';
import { renameColumns } from './rename-columns.ts';
import { bindWindowTable } from './window-table.ts';

/** What a FROM clause joins; undefined where there is none. @throws DiagnosticFailure */
export function bindFrom(factors: readonly TableFactor[], place: QueryPlace): JoinTree | undefined {
  const [first, ...others] = factors;
  if (first === undefined) return undefined;
  return others.reduce(
    (left: JoinTree, factor) =>
      factor.kind === 'unnest'
        ? unnestOf(left, factor, false)
        : joined(left, bindTree(factor, place), 'inner', factor.span),
    bindTree(first, place),
  );
}

function joined(left: JoinTree, right: JoinTree, style: JoinBranch['style'], span: Span): JoinBranch {
  return { kind: 'branch', style, left, right, conditions: [], span, merged: [], above: [] };
}

function bindTree(factor: TableFactor, place: QueryPlace): JoinTree {
  return factor.kind === 'join' ? bindJoin(factor, place) : leafOf(bindFactor(factor, place));
}

function bindJoin(join: Join, place: QueryPlace): JoinTree {
  const style = join.style === 'cross' ? 'inner' : join.style;
  if (join.right.kind === 'unnest') return bindUnnestJoin(join, join.right, style, place);
  const branch = joined(bindTree(join.left, place), bindTree(join.right, place), style, join.right.span);
  const { condition } = join;
  if (condition === null) return branch;
  if (condition.kind !== 'on') return placeOn(mergeColumns(branch, join));
  // Of ON both sides' columns are as they are below the join.
  const scope = treeScope({ ...branch, style: 'inner' });
  const value = bindExpression(condition.value, { resolve: (name) => resolveName(scope, name.parts) });
  const bound = asBoolean({ value, span: condition.value.span }, 'the ON condition');
  return placeOn({ ...branch, conditions: conjunctsOf(bound) });
}

/** `CROSS JOIN UNNEST(x)`, `LEFT JOIN UNNEST(x) ON TRUE`. */
function bindUnnestJoin(
  join: Join,
  factor: Extract<TableFactor, { kind: 'unnest' }>,
  style: JoinBranch['style'],
  place: QueryPlace,
): JoinTree {
  const { condition } = join;
  const always =
    condition === null ||
    (condition.kind === 'on' && condition.value.kind === 'boolean' && condition.value.value);
  if (!always || (style !== 'inner' && style !== 'left')) {
    const hint = 'write CROSS JOIN UNNEST(…), or LEFT JOIN UNNEST(…) ON TRUE; conditions go into WHERE';
    fail('notPlanned', factor.span, 'UNNEST in this kind of join is not supported yet', hint);
  }
  return unnestOf(bindTree(join.left, place), factor, style === 'left');
}

function unnestOf(
  input: JoinTree,
  factor: Extract<TableFactor, { kind: 'unnest' }>,
  outer: boolean,
): JoinTree {
  return bindUnnest(input, treeScope(input), factor, outer);
}

/** A relation to look up names in; its rows are made later, by buildJoin. */
export function treeScope(tree: JoinTree): Relation {
  if (tree.kind === 'leaf') return tree.relation;
  const { node } = treeScope(tree.kind === 'unnest' ? tree.input : tree.left);
  return { node, columns: columnsOfTree(tree), eventTime: null, window: null, title: titleOfTree(tree) };
}

function bindFactor(factor: Exclude<TableFactor, Join>, place: QueryPlace): Relation {
  switch (factor.kind) {
    case 'table': {
      if (factor.asOf !== null) {
        fail(
          'notPlanned',
          factor.asOf.span,
          'FOR SYSTEM_TIME AS OF (temporal joins) is not supported yet',
          'read one table',
        );
      }
      const relation = place.table(factor.name);
      const own = factor.name.parts.at(-1)?.name ?? formatName(factor.name);
      return withAlias(relation, factor.alias, own);
    }
    case 'derived': {
      if (factor.lateral) fail('notPlanned', factor.span, 'LATERAL is not supported yet', 'read one table');
      return withAlias({ ...place.query(factor.query, place), title: 'the subquery' }, factor.alias, null);
    }
    case 'function':
      return withAlias(bindWindowTable(factor.call, place), factor.alias, undefined);
    case 'unnest':
      return fail(
        'notPlanned',
        factor.span,
        'UNNEST of nothing before it is not supported yet',
        'FROM t CROSS JOIN UNNEST(t.items)',
      );
  }
}

/** `own`: the qualifier without an alias; undefined keeps those that the columns have. */
function withAlias(relation: Relation, alias: TableAlias | null, own: string | null | undefined): Relation {
  if (alias !== null)
    return renameColumns({ ...relation, title: alias.name.name }, alias.name.name, alias.columns);
  if (own === undefined) return relation;
  return renameColumns(own === null ? relation : { ...relation, title: own }, own, []);
}
