import type { Identifier, ObjectName } from '../../ast/identifier.ts';
import type { Argument, Query, TableFactor } from '../../ast/query.ts';
import type { Statement } from '../../ast/statement.ts';
import { matches } from '../scope.ts';

/** A part of a statement, and the common tables that names mean there. */
interface Place {
  readonly value: unknown;
  readonly hidden: readonly Identifier[];
}

type Part = Query | TableFactor | Argument | { readonly kind?: undefined };

/**
 * Names of tables and views that queries read, and those that DESCRIBE asks about; common tables of the queries are not among them. Not
 * by recursion: texts are nested as deep as people like, which is told when they are bound.
 */
export function namesRead(statements: readonly Statement[]): readonly ObjectName[] {
  const names: ObjectName[] = [];
  const open: Place[] = [];
  for (const statement of statements) {
    if (statement.kind === 'describe') names.push(statement.table);
    open.push({ value: statement, hidden: [] });
  }
  for (let place = open.pop(); place !== undefined; place = open.pop()) {
    const { value, hidden } = place;
    if (typeof value !== 'object' || value === null) continue;
    const part = value as Part;
    if (part.kind === 'table') {
      const name = 'table' in part ? part.table : part.name;
      if ('parts' in name) note(name, hidden, names);
    }
    const inner = part.kind === 'query' ? openCommonTables(part, hidden, open) : hidden;
    for (const [property, child] of Object.entries(part))
      if (property !== 'with') open.push({ value: child, hidden: inner });
  }
  return names;
}

/** A common table is seen by those after it and by the query; a recursive one by itself, too. @returns those that the query sees */
function openCommonTables(query: Query, hidden: readonly Identifier[], open: Place[]): readonly Identifier[] {
  let seen = hidden;
  for (const { name, query: inner } of query.with) {
    const after = [...seen, name];
    open.push({ value: inner, hidden: query.recursive ? after : seen });
    seen = after;
  }
  return seen;
}

function note(name: ObjectName, hidden: readonly Identifier[], names: ObjectName[]): void {
  const [only] = name.parts;
  const isHidden =
    name.parts.length === 1 && only !== undefined && hidden.some((common) => matches(only, common.name));
  if (!isHidden) names.push(name);
}
