import type { CreateTable } from '../ast/create-table.ts';
import { formatName, type Identifier, type ObjectName } from '../ast/identifier.ts';
import type { Query } from '../ast/query.ts';
import type { Insert, Statement } from '../ast/statement.ts';
import { diagnose, type Diagnostic, DiagnosticFailure } from '../diagnostics/diagnostic.ts';
import { nothingPinned } from '@weir/plan/pinned-schema.ts';
import { ownConnection } from '@weir/plan/table-spec.ts';
import type { Span } from '../lex/span.ts';
import type { UnreadNames } from '../parse/unread-names.ts';
import type { LogicalSink } from '../logical/nodes.ts';
import { bindQuery } from './query/bind-query.ts';
import { Abandoned } from './query/query-place.ts';
import { columnsFromSchema } from './tables/bind-columns.ts';
import type { ConnectorTable, QueryTable, TableDefinition } from './tables/table-definition.ts';
import { TableScope } from './tables/table-scope.ts';
import { writeTable } from './tables/write-table.ts';

/** The connector of bare SELECTs: rows go to whoever watches. */
const previewConnector = 'preview';

export interface BoundStatements {
  /** In the order of the text. */
  readonly sinks: readonly LogicalSink[];
  readonly scope: TableScope;
}

/**
 * Binds what a text runs: its INSERTs, CREATE TABLE … AS and bare SELECTs. What is wrong with one is reported; the others go on.
 * `unread`: tables of statements that couldn't be read.
 */
export function bindStatements(
  statements: readonly Statement[],
  unread: UnreadNames,
  tables: readonly TableDefinition[],
  report: (diagnostic: Diagnostic) => void,
): BoundStatements {
  const missing = namesWithErrors(statements, unread, tables);
  const scope = new TableScope(tables, missing, new Set(unread.inserted), report);
  collectMemoryInserts(statements, tables, scope, missing);
  const sinks: LogicalSink[] = [];
  let previews = 0;
  const taken = new Map<ConnectorTable, ConnectorTable>();
  for (const statement of statements) {
    const bound = guarded(report, statement.span, () => {
      switch (statement.kind) {
        case 'insert':
          return bindInsert(statement, scope, missing, taken, report);
        case 'create_table':
          return bindCreateAs(statement, tables, scope, report);
        case 'select':
          previews += 1;
          return bindPreview(statement.query, scope, previews, report);
        default:
          return undefined;
      }
    });
    if (bound !== undefined) sinks.push(bound);
  }
  const complete = unread.created.length === 0 && unread.inserted.length === 0;
  guarded(report, { start: 0, end: 0 }, () => checkUnread(tables, scope, complete, report));
  return { sinks, scope };
}

/** Tables whose CREATE has errors: naming them must not raise more. */
function namesWithErrors(
  statements: readonly Statement[],
  unread: UnreadNames,
  tables: readonly TableDefinition[],
): Set<string> {
  const declared = new Set(tables.map(({ name }) => name.toLowerCase()));
  const created = statements.flatMap((statement) =>
    statement.kind === 'create_table' || statement.kind === 'create_view'
      ? [formatName(statement.name).toLowerCase()]
      : [],
  );
  return new Set([...created, ...unread.created].filter((name) => !declared.has(name)));
}

function guarded<T>(report: (diagnostic: Diagnostic) => void, at: Span, part: () => T): T | undefined {
  try {
    return part();
  } catch (error) {
    if (error instanceof DiagnosticFailure) report(error.diagnostic);
    else if (error instanceof RangeError) report(tooDeep(at));
    else if (!(error instanceof Abandoned)) throw error;
    return undefined;
  }
}

/** The stack is full: an expression of thousands of terms. */
export function tooDeep(at: Span): Diagnostic {
  return diagnose('nestedTooDeep', at, 'an expression here is nested too deep', 'split it into views');
}

/** INSERTs into tables without a connector: their rows are what the tables' readers read. */
function collectMemoryInserts(
  statements: readonly Statement[],
  tables: readonly TableDefinition[],
  scope: TableScope,
  missing: ReadonlySet<string>,
): void {
  for (const statement of statements) {
    if (statement.kind !== 'insert') continue;
    const table = guarded(
      () => undefined,
      statement.span,
      () => scope.find(statement.table, missing),
    );
    const writable = table?.kind === 'query' && !table.isView && statement.columns.length === 0;
    if (writable && tables.includes(table)) table.queries.push(statement.query);
  }
}

/** The table of an INSERT. Where its CREATE has errors, those of the query are told all the same. */
function targetOf(
  name: ObjectName,
  query: Query,
  scope: TableScope,
  missing: ReadonlySet<string>,
): TableDefinition {
  try {
    return scope.find(name, missing);
  } catch (error) {
    if (error instanceof Abandoned) bindQuery(query, scope.place);
    throw error;
  }
}

/** `taken`: sinks without columns, with those of their first INSERT, which the others must fit. */
function bindInsert(
  statement: Insert,
  scope: TableScope,
  missing: ReadonlySet<string>,
  taken: Map<ConnectorTable, ConnectorTable>,
  report: (diagnostic: Diagnostic) => void,
): LogicalSink | undefined {
  const { table: name, columns, query } = statement;
  const table = targetOf(name, query, scope, missing);
  if (table.kind === 'query') {
    refuseQueryTarget(table, name, columns, report);
    return undefined;
  }
  const relation = bindQuery(query, scope.place);
  const sink = writeTable({
    table: taken.get(table) ?? table,
    relation,
    query,
    columns,
    at: name.span,
    report,
  });
  if (table.columns === null)
    taken.set(table, { ...table, columns: columnsFromSchema({ fields: sink.schema }, name.span) });
  return sink;
}

function refuseQueryTarget(
  table: QueryTable,
  name: ObjectName,
  columns: readonly Identifier[],
  report: (diagnostic: Diagnostic) => void,
): void {
  if (table.isView) {
    report(
      diagnose('notAWritableTable', name.span, `'${table.name}' is a view; rows can't be inserted into it`),
    );
    return;
  }
  const [first] = columns;
  if (first === undefined) return;
  const message = 'a column list for a table without a connector is not supported yet';
  report(diagnose('notPlanned', first.span, message, 'select all columns in their order'));
}

function bindCreateAs(
  statement: CreateTable,
  tables: readonly TableDefinition[],
  scope: TableScope,
  report: (diagnostic: Diagnostic) => void,
): LogicalSink | undefined {
  const { query } = statement;
  if (query === null) return undefined;
  const table = tables.find(
    (entry): entry is ConnectorTable => entry.kind === 'connector' && entry.query === query,
  );
  if (table === undefined) return undefined;
  const relation = bindQuery(query, scope.place);
  return writeTable({ table, relation, query, columns: [], at: statement.name.span, report });
}

function bindPreview(
  query: Query,
  scope: TableScope,
  count: number,
  report: (diagnostic: Diagnostic) => void,
): LogicalSink {
  const relation = bindQuery(query, scope.place);
  const name = count === 1 ? previewConnector : `${previewConnector}_${count}`;
  const table: ConnectorTable = {
    kind: 'connector',
    name,
    span: query.span,
    access: {
      specVersion: 1,
      table: name,
      connector: previewConnector,
      connection: ownConnection,
      format: null,
      options: {},
      secrets: [],
    },
    options: {},
    optionSpans: new Map<string, Span>(),
    canRead: false,
    canWrite: true,
    singleWriter: false,
    columns: null,
    pinned: nothingPinned,
    notes: [],
    primaryKey: [],
    changes: { gives: 'append', takes: 'any' },
    watermark: null,
    recordTime: null,
    fixedEventTime: null,
    saved: null,
    query: null,
  };
  return writeTable({ table, relation, query, columns: [], at: query.span, report });
}

/** Views and tables without a connector that nobody reads are bound all the same, so that their mistakes are told. */
function checkUnread(
  tables: readonly TableDefinition[],
  scope: TableScope,
  complete: boolean,
  report: (diagnostic: Diagnostic) => void,
): void {
  for (const table of tables) {
    if (scope.read.has(table)) continue;
    if (table.kind === 'query' && table.queries.length > 0) {
      const part = { name: table.name, quoted: true, span: table.span };
      guarded(report, table.span, () => scope.place.table({ parts: [part], span: table.span }));
      // A statement that couldn't be read may be what uses it.
      if (!complete) continue;
      const what = table.isView ? 'view' : 'table';
      report(
        diagnose('unusedTable', table.span, `${what} '${table.name}' is not used`, undefined, 'warning'),
      );
    }
  }
}
