import { formatName } from '../../ast/identifier.ts';
import type { TableAlias, TableFactor } from '../../ast/query.ts';
import { fail } from '../../diagnostics/diagnostic.ts';
import type { Relation } from '../../logical/relation.ts';
import type { QueryPlace } from './query-place.ts';
import { renameColumns } from './rename-columns.ts';
import { bindWindowTable } from './window-table.ts';

/** The relation that a FROM clause gives. @throws DiagnosticFailure */
export function bindFrom(factors: readonly TableFactor[], place: QueryPlace): Relation | undefined {
  const [first, second] = factors;
  if (second !== undefined) {
    fail(
      'notPlanned',
      second.span,
      'joins are not supported yet',
      'read one table; combine streams with UNION ALL',
    );
  }
  return first === undefined ? undefined : bindFactor(first, place);
}

function bindFactor(factor: TableFactor, place: QueryPlace): Relation {
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
      return fail('notPlanned', factor.span, 'UNNEST is not supported yet', 'pass the array on as a whole');
    case 'join':
      return fail(
        'notPlanned',
        factor.right.span,
        'joins are not supported yet',
        'read one table; combine streams with UNION ALL',
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
