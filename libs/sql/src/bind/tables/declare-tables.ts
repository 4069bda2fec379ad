import type { Field } from '@weir/columnar/sql-type.ts';
import { suggest } from '@weir/kernel/nearest-name.ts';
import type { ColumnDefinition, CreateTable } from '../../ast/create-table.ts';
import type { CreateView } from '../../ast/create-other.ts';
import { formatName, type ObjectName } from '../../ast/identifier.ts';
import type { Statement } from '../../ast/statement.ts';
import type { ConnectorCatalog, TableRequest, TableResolution } from '../../catalog/connector-catalog.ts';
import { foreignConnectorHint } from '../../catalog/foreign-connectors.ts';
import { diagnose, type Diagnostic, DiagnosticFailure, fail } from '../../diagnostics/diagnostic.ts';
import type { Span } from '../../lex/span.ts';
import { resolveType } from '../../types/resolve-type.ts';
import { textBoundOf } from '../../types/text-bound.ts';
import type { TargetColumn } from './assign-columns.ts';
import { matches } from '../scope.ts';
import { bindColumns, columnsFromSchema } from './bind-columns.ts';
import { accessOf } from './table-access.ts';
import { isMemoryTable, type TableDefinition } from './table-definition.ts';
import { optionsOf } from './table-options.ts';
import { namesRead } from './tables-read.ts';

type Resolved = Extract<TableResolution, { kind: 'resolved' }>;

/** Declares the tables and views of a text, asking the catalog about each connector table. What is wrong with one is reported; the others go on. `read`: names of those that are read. */
export async function declareTables(
  statements: readonly Statement[],
  catalog: ConnectorCatalog,
  report: (diagnostic: Diagnostic) => void,
  read = namesRead(statements),
): Promise<TableDefinition[]> {
  const tables: TableDefinition[] = [];
  const names = new Set<string>();
  for (const statement of statements) {
    if (statement.kind !== 'create_table' && statement.kind !== 'create_view') continue;
    const name = formatName(statement.name);
    if (names.has(name.toLowerCase())) {
      const skip = statement.kind === 'create_table' && statement.ifNotExists;
      if (!skip)
        report(diagnose('tableExists', statement.name.span, `'${name}' is created twice in this text`));
      continue;
    }
    names.add(name.toLowerCase());
    try {
      const table =
        statement.kind === 'create_view'
          ? declareView(statement, name)
          : isMemoryTable(statement)
            ? declareMemoryTable(statement, name)
            : await declareConnectorTable(
                statement,
                { name, isRead: read.some((each) => isNamed(each, name)) },
                catalog,
                report,
              );
      if (table !== undefined) tables.push(table);
    } catch (error) {
      if (!(error instanceof DiagnosticFailure)) throw error;
      report(error.diagnostic);
    }
  }
  return tables;
}

function declareView(statement: CreateView, name: string): TableDefinition {
  return {
    kind: 'query',
    name,
    span: statement.name.span,
    columnNames: statement.columns,
    declared: null,
    queries: [statement.query],
    isView: true,
  };
}

function declareMemoryTable(statement: CreateTable, name: string): TableDefinition {
  const [option] = statement.options;
  if (option !== undefined) {
    fail(
      'missingConnector',
      option.span,
      `the options of '${name}' name no connector`,
      "add connector = 'kafka'",
    );
  }
  if (statement.watermark !== null) {
    const hint = 'event time goes along with the rows that are inserted; remove the WATERMARK';
    fail(
      'badWatermark',
      statement.watermark.span,
      `'${name}' has no connector, so it makes no watermarks`,
      hint,
    );
  }
  if (statement.columns.length === 0 && statement.query === null) {
    const hint = 'add columns, or WITH (connector = …)';
    fail('missingColumns', statement.name.span, `table '${name}' has neither columns nor a connector`, hint);
  }
  return {
    kind: 'query',
    name,
    span: statement.name.span,
    columnNames: [],
    declared: statement.columns.length === 0 ? null : statement.columns.map(memoryColumn),
    queries: statement.query === null ? [] : [statement.query],
    isView: false,
  };
}

function memoryColumn(definition: ColumnDefinition): TargetColumn {
  if (definition.type === null || definition.generated !== null || definition.metadata !== null) {
    const hint = 'compute it in the query that is inserted';
    return fail('notPlanned', definition.span, 'a table without a connector has plain columns only', hint);
  }
  const field = {
    name: definition.name.name,
    type: resolveType(definition.type),
    nullable: !definition.notNull,
  };
  return { ...field, bound: textBoundOf(definition.type) };
}

/** As queries find their tables (TableScope). */
function isNamed(name: ObjectName, table: string): boolean {
  const [only, ...more] = name.parts;
  return only !== undefined && more.length === 0 ? matches(only, table) : formatName(name) === table;
}

async function declareConnectorTable(
  statement: CreateTable,
  { name, isRead }: { readonly name: string; readonly isRead: boolean },
  catalog: ConnectorCatalog,
  report: (diagnostic: Diagnostic) => void,
): Promise<TableDefinition | undefined> {
  const { connector, connectorSpan, options, spans } = optionsOf(statement, report);
  const problems: Diagnostic[] = [];
  const note = (diagnostic: Diagnostic): void => {
    problems.push(diagnostic);
    report(diagnostic);
  };
  const declared = statement.columns.length === 0 ? null : physicalFields(statement.columns, note);
  const primaryKey = primaryKeyOf(statement);
  const request: TableRequest = {
    table: name,
    connector,
    options,
    schema: declared === null ? null : { fields: declared },
    primaryKey,
    metadata: [],
    use: 'declare',
  };
  const asDeclared = await catalog.resolveTable(request);
  const resolution =
    isRead && declared === null && isOpen(asDeclared)
      ? await catalog.resolveTable({ ...request, use: 'read' })
      : asDeclared;
  if (resolution.kind === 'unknown_connector') {
    const hint =
      foreignConnectorHint(connector, resolution.connectors) ??
      suggest(connector, resolution.connectors, 'connectors');
    return fail('unknownConnector', connectorSpan, `there is no connector '${connector}'`, hint);
  }
  reportIssues(statement, resolution, spans, note);
  const columns =
    declared !== null
      ? bindColumns(statement, resolution, note)
      : resolution.schema === null
        ? null
        : columnsFromSchema(resolution.schema, statement.name.span);
  if (problems.length > 0) return undefined;
  const fixed = declared === null && resolution.schema?.eventTime !== undefined;
  return {
    kind: 'connector',
    name,
    span: statement.name.span,
    access: accessOf(name, connector, resolution),
    options: resolution.options,
    optionSpans: spans,
    canRead: resolution.canRead && options['type'] !== 'sink',
    canWrite: resolution.canWrite && options['type'] !== 'source',
    singleWriter: resolution.singleWriter ?? false,
    columns,
    pinned: resolution.pinned,
    notes: resolution.notes,
    primaryKey,
    changes: resolution.changes,
    watermark: statement.watermark,
    recordTime: resolution.metadata['timestamp'] ?? null,
    fixedEventTime: fixed
      ? (resolution.schema?.fields[resolution.schema.eventTime ?? 0]?.name ?? null)
      : null,
    saved: null,
    query: statement.query,
  };
}

/** Nothing is wrong with it, it can be read, and its columns are not known yet: a registry may know them (H5: only of tables that are read). */
function isOpen(resolution: TableResolution): boolean {
  if (resolution.kind !== 'resolved') return false;
  const { schema, issues, canRead } = resolution;
  return schema === null && issues.length === 0 && canRead;
}

/** Names of its columns as the columns are declared; what names none is reported with the columns. */
function primaryKeyOf(statement: CreateTable): string[] {
  const names = statement.columns.map(({ name }) => name.name);
  return (statement.primaryKey?.columns ?? []).flatMap(
    (column) => names.find((name) => matches(column, name)) ?? [],
  );
}

/** Columns that are fields of the values; types that can't be read are reported once, here. */
function physicalFields(
  columns: readonly ColumnDefinition[],
  report: (diagnostic: Diagnostic) => void,
): Field[] {
  return columns.flatMap((definition) => {
    if (definition.type === null) return [];
    try {
      const type = resolveType(definition.type);
      textBoundOf(definition.type);
      const plain = definition.generated === null && definition.metadata === null;
      return plain ? [{ name: definition.name.name, type, nullable: !definition.notNull }] : [];
    } catch (error) {
      if (!(error instanceof DiagnosticFailure)) throw error;
      report(error.diagnostic);
      return [];
    }
  });
}

function reportIssues(
  statement: CreateTable,
  resolution: Resolved,
  spans: ReadonlyMap<string, Span>,
  report: (diagnostic: Diagnostic) => void,
): void {
  for (const { option, column, message, hint } of resolution.issues) {
    const ofColumn = statement.columns.find((definition) => definition.name.name === column)?.span;
    const ofOption = option === null ? undefined : spans.get(option);
    report(diagnose('badOption', ofColumn ?? ofOption ?? statement.name.span, message, hint));
  }
}
