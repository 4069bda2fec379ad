import type { CreateTable } from '../../ast/create-table.ts';
import { formatName } from '../../ast/identifier.ts';
import type { Statement } from '../../ast/statement.ts';
import type { ConnectorCatalog, SavedTable } from '../../catalog/connector-catalog.ts';
import { diagnose, type Diagnostic } from '../../diagnostics/diagnostic.ts';
import type { Span } from '../../lex/span.ts';
import { parseSql } from '../../parse/parse-sql.ts';
import type { UnreadNames } from '../../parse/unread-names.ts';
import { declareTables } from './declare-tables.ts';
import type { ConnectorTable, TableUsed } from './table-definition.ts';
import { namesRead } from './tables-read.ts';

type SavedDefinition = ConnectorTable & { readonly saved: TableUsed };

/** The saved tables that a text names and does not make itself, with the columns that they had when they were saved. */
export async function declareSavedTables(
  statements: readonly Statement[],
  unread: UnreadNames,
  catalog: ConnectorCatalog,
  report: (diagnostic: Diagnostic) => void,
): Promise<SavedDefinition[]> {
  if (catalog.findTable === undefined) return [];
  const own = new Set([...createdIn(statements), ...unread.created]);
  const tables: SavedDefinition[] = [];
  for (const [name, at] of tablesNamedIn(statements)) {
    if (own.has(name.toLowerCase())) continue;
    const saved = await catalog.findTable(name);
    if (saved === undefined) continue;
    const table = await declare(saved, at, catalog, report);
    if (table !== undefined) tables.push(table);
  }
  return tables;
}

function createdIn(statements: readonly Statement[]): string[] {
  return statements.flatMap((statement) =>
    statement.kind === 'create_table' || statement.kind === 'create_view'
      ? [formatName(statement.name).toLowerCase()]
      : [],
  );
}

async function declare(
  saved: SavedTable,
  at: Span,
  catalog: ConnectorCatalog,
  report: (diagnostic: Diagnostic) => void,
): Promise<SavedDefinition | undefined> {
  const [statement] = parseSql(saved.ddl).statements;
  if (statement?.kind !== 'create_table') {
    const hint = `save it again: weir table create`;
    report(diagnose('unknownTable', at, `the saved table '${saved.name}' can't be read`, hint));
    return undefined;
  }
  const asSaved: ConnectorCatalog = {
    async resolveTable(request) {
      const keeps = request.schema === null && saved.columns.length > 0;
      const schema = keeps ? { fields: saved.columns } : request.schema;
      const resolution = await catalog.resolveTable({ ...request, schema });
      if (resolution.kind !== 'resolved') return resolution;
      const isPinned = saved.pinned.value !== null || saved.pinned.key !== null;
      const { pinned, schema: known } = resolution;
      return { ...resolution, schema: keeps ? schema : known, pinned: isPinned ? saved.pinned : pinned };
    },
  };
  const [table] = await declareTables([standingAt(statement, at)], asSaved, report);
  if (table?.kind !== 'connector') return undefined;
  const { name, id, revision } = saved;
  return { ...table, name, saved: { name, id, revision } };
}

/** What is said of any part of the statement is said where the text names the table. */
function standingAt(statement: CreateTable, at: Span): CreateTable {
  const moved = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(moved);
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(
      Object.entries(value).map(([key, inner]) => [key, isSpan(inner) ? at : moved(inner)]),
    );
  };
  return moved(statement) as CreateTable;
}

function isSpan(value: unknown): value is Span {
  return (
    typeof value === 'object' &&
    value !== null &&
    Object.keys(value).length === 2 &&
    'start' in value &&
    'end' in value &&
    typeof value.start === 'number'
  );
}

/** Names by which the text reads or writes tables, each with the place of its first use. */
function tablesNamedIn(statements: readonly Statement[]): Map<string, Span> {
  const written = statements.flatMap((statement) => (statement.kind === 'insert' ? [statement.table] : []));
  const found = new Map<string, Span>();
  for (const { parts, span } of [...namesRead(statements), ...written]) {
    const [only, more] = parts;
    if (only !== undefined && more === undefined && !found.has(only.name)) found.set(only.name, span);
  }
  return found;
}
