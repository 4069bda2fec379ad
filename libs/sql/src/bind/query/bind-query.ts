import type { CommonTable, Query, QueryBody } from '../../ast/query.ts';
import { fail } from '../../diagnostics/diagnostic.ts';
import type { Relation } from '../../logical/relation.ts';
import { matches } from '../scope.ts';
import { bindSetOperation } from './bind-set-operation.ts';
import { bindSelect } from './bind-select.ts';
import { distinctRows } from './updating-aggregate.ts';
import { bindUnion } from './bind-union.ts';
import { limitRows } from './order-limit.ts';
import type { QueryPlace } from './query-place.ts';
import { renameColumns } from './rename-columns.ts';

/** Gives a query its meaning. @throws DiagnosticFailure, Abandoned */
export function bindQuery(query: Query, place: QueryPlace): Relation {
  if (query.recursive) {
    fail(
      'notPlanned',
      query.with[0]?.span ?? query.span,
      'WITH RECURSIVE is not supported',
      'streams have no end to recurse to',
    );
  }
  const inner = query.with.reduce(withCommonTable, place);
  return limitRows(query, bindBody(query.body, inner));
}

/** A common table is bound where it is first used, once. */
function withCommonTable(place: QueryPlace, common: CommonTable): QueryPlace {
  let bound: Relation | undefined;
  const get = (): Relation => {
    bound ??= renameColumns(place.query(common.query, place), common.name.name, common.columns);
    return bound;
  };
  return {
    ...place,
    table: (name) => {
      const [only, ...more] = name.parts;
      if (only !== undefined && more.length === 0 && matches(only, common.name.name)) return get();
      return place.table(name);
    },
  };
}

function bindBody(body: QueryBody, place: QueryPlace): Relation {
  switch (body.kind) {
    case 'select':
      return bindSelect(body, place);
    case 'nested':
      return place.query(body.query, place);
    case 'values':
      return fail('notPlanned', body.span, 'VALUES is not supported yet', 'read the rows from a table');
    case 'set_operation': {
      if (body.operator !== 'union') return bindSetOperation(body, place, bindBody);
      const union = bindUnion(body, place, bindBody);
      return body.all ? union : distinctRows(union, body.at);
    }
  }
}
