import { formatType, sameType } from '@weir/columnar/sql-type.ts';
import type { Schema } from '@weir/columnar/sql-type.ts';
import type { Connector } from '@weir/connectors/connector.ts';
import { checkOptions, withDefaults } from '@weir/connectors/options/check-options.ts';
import { optionParts } from '@weir/connectors/options/option-parts.ts';
import { noAccess } from '@weir/connectors/process-access.ts';
import { formatNamed, formatNames } from '@weir/formats/formats.ts';
import { impliedSchemaFraming } from '@weir/formats/schema-framing.ts';
import type {
  ConnectorCatalog,
  TableOptionIssue,
  TableRequest,
  TableResolution,
  TableUse,
} from '@weir/sql/catalog/connector-catalog.ts';
import { keyIndexes, keyIssues, partColumns } from './part-columns.ts';
import { tableSchema, unknownSchema, type SchemaAccess } from './table-schema.ts';
import { withProfile } from './table-with-profile.ts';

/** What is asked about a table by, beside the table itself. */
export interface TableSurroundings extends SchemaAccess {
  readonly connectors: readonly Connector[];
}

/** Answers the compiler's questions about tables from these connectors. */
export function connectorCatalog(around: TableSurroundings): ConnectorCatalog {
  return { resolveTable: (request) => resolveTable(request, around) };
}

/** @throws WeirError (retry) when a registry that must be asked gives no answer */
export async function resolveTable(
  request: TableRequest,
  around: TableSurroundings,
  signal?: AbortSignal,
): Promise<TableResolution> {
  const connector = around.connectors.find(({ name }) => name === request.connector);
  if (connector === undefined) {
    return { kind: 'unknown_connector', connectors: around.connectors.map(({ name }) => name) };
  }
  const { options: saved, variables } = around.access ?? noAccess;
  const { connection_profile: name } = request.options;
  const profile = name === undefined ? null : ((await saved.findProfile(name)) ?? null);
  const { all, planned, placed, ...withIt } = withProfile(connector, request, profile);
  const issues: TableOptionIssue[] = [...withIt.issues];
  if (issues.length === 0) issues.push(...checkOptions(connector, all, variables).map(placed));
  if (connector.fixedSchema !== undefined && request.schema !== null) {
    issues.push(...fixedSchemaIssues(connector, connector.fixedSchema, request.schema));
  }
  const given = withDefaults(connector, all);
  const framing = framingOf(connector, given);
  const options = { ...given, ...framing };
  const known =
    issues.length === 0
      ? await tableSchema({ ...request, options }, connector, around, signal)
      : unknownSchema;
  issues.push(...known.issues.map(placed));
  const schema = request.schema ?? known.schema;
  if (issues.length === 0 && schema !== null) {
    const columns = partColumns({ ...request, options }, schema, issues);
    const fields = columns.value.map((index) => schema.fields[index]!);
    issues.push(...formatIssues({ fields }, options, connector.defaultFormat, request.use));
    if (columns.key !== undefined) issues.push(...keyIssues(schema, columns.key, options, request.use));
    if (request.use === 'write') issues.push(...columnIssues(connector, request, schema));
  }
  return {
    kind: 'resolved',
    options: { ...planned, ...framing },
    issues,
    canRead: connector.canRead && options['type'] !== 'sink',
    canWrite: connector.canWrite && options['type'] !== 'source',
    schema: request.schema === null ? known.schema : null,
    pinned: known.pinned,
    notes: known.notes,
    metadata: connector.metadata ?? {},
    changes: {
      gives: connector.emits?.(options, request.primaryKey) ?? 'append',
      takes: connector.accepts?.(options, request.primaryKey) ?? 'append',
    },
    parts: optionParts(connector),
    singleWriter: connector.singleWriter ?? false,
  };
}

function framingOf(
  connector: Connector,
  options: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  const format = options['format'] ?? connector.defaultFormat;
  return format === undefined ? {} : impliedSchemaFraming(format, options);
}

/** A table may declare some of the columns that a connector dictates, with the types that they have. */
function fixedSchemaIssues(connector: Connector, fixed: Schema, declared: Schema): TableOptionIssue[] {
  return declared.fields.flatMap((field) => {
    const known = fixed.fields.find((each) => each.name === field.name);
    if (known !== undefined && sameType(known.type, field.type)) return [];
    const message =
      known === undefined
        ? `connector '${connector.name}' has no column '${field.name}'`
        : `column '${field.name}' of connector '${connector.name}' is ${formatType(known.type)}`;
    const hint = 'leave the columns out: the connector brings its own';
    return [{ option: null, column: field.name, message, hint }];
  });
}

function columnIssues(connector: Connector, request: TableRequest, schema: Schema): TableOptionIssue[] {
  const { table, options } = request;
  const metadata = schema.fields.map((_, index) => request.metadata[index] ?? null);
  const primaryKey = keyIndexes(request, schema);
  return (connector.checkColumns?.({ table, options, schema, metadata, primaryKey }) ?? []).map((issue) => ({
    ...issue,
  }));
}

/** What the table's format can't do with these columns; of one that is declared, and may yet be read or written, what it can do neither way. */
function formatIssues(
  schema: Schema,
  options: Readonly<Record<string, string>>,
  defaultFormat: string | undefined,
  use: TableUse,
): TableOptionIssue[] {
  const name = options['format'] ?? defaultFormat;
  if (name === undefined) return [];
  if (!formatNames.includes(name)) {
    return [
      {
        option: 'format',
        message: `there is no format '${name}'`,
        hint: `use one of ${formatNames.join(', ')}`,
      },
    ];
  }
  const found = (direction: 'read' | 'write'): TableOptionIssue[] =>
    formatNamed(name)
      .check(schema, options, direction)
      .map(({ option, column, message, hint }) => ({
        option: option ?? null,
        message,
        ...(column === undefined ? {} : { column }),
        ...(hint === undefined ? {} : { hint }),
      }));
  const foreign = foreignOptions(name, options);
  if (foreign.length > 0) return foreign;
  if (use !== 'declare') return found(use);
  if (options['type'] === 'sink') return found('write');
  const whenRead = found('read');
  if (options['type'] === 'source') return whenRead;
  const whenWritten = new Set(found('write').map((issue) => JSON.stringify(issue)));
  return whenRead.filter((issue) => whenWritten.has(JSON.stringify(issue)));
}

/** Options of formats that are nothing to this one. Those of json may stay where a table's format is changed: they always might. */
function foreignOptions(format: string, options: Readonly<Record<string, string>>): TableOptionIssue[] {
  const known = formatNamed(format).optionNames;
  return Object.keys(options)
    .filter((option) => /^(csv\.|framing)/.test(option) && !known.includes(option))
    .map((option) => ({
      option,
      message: `'${option}' has no effect with format '${format}'`,
      hint: 'leave it out',
    }));
}
