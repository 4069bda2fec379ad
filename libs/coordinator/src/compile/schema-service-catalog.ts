import type { Field, SqlType } from '@weir/columnar/sql-type.ts';
import { formatType } from '@weir/columnar/sql-type.ts';
import { sinkChanges, sourceChanges } from '@weir/plan/change-mode.ts';
import { nothingPinned } from '@weir/plan/pinned-schema.ts';
import { readPinnedFormats } from '@weir/plan/read-pinned-formats.ts';
import { readSqlType } from '@weir/plan/read-sql-type.ts';
import type { ConnectorCatalog, TableRequest, TableResolution } from '@weir/sql/catalog/connector-catalog.ts';
import { activeTraceparent } from '@weir/telemetry/spans.ts';
import type { Column, TableVerdict } from '@weir/wire/gen/weir/v1/schema.ts';
import type { SchemaServiceClients } from '@weir/wire/schema-service-clients.ts';

const deadlineMs = 5_000;
/** Longer than schema-service gives a registry, so that what that says comes back. */
const registryDeadlineMs = 20_000;

/** The compiler's questions about tables, answered by schema-service. */
export class SchemaServiceCatalog implements ConnectorCatalog {
  readonly #clients: SchemaServiceClients;

  constructor(clients: SchemaServiceClients) {
    this.#clients = clients;
  }

  async resolveTable(request: TableRequest): Promise<TableResolution> {
    const table = {
      table: request.table,
      connector: request.connector,
      options: { ...request.options },
      hasColumns: request.schema !== null,
      columns: request.schema?.fields.map(columnMessage) ?? [],
      primaryKey: [...request.primaryKey],
      use: request.use,
      metadata: request.metadata.map((key) => key ?? ''),
    };
    const question = { purpose: 'the SQL could not be checked', code: 'WEIR-7114' } as const;
    const traceparent = activeTraceparent();
    const { tables } = await this.#clients.ask({
      ...question,
      method: (client) => client.validateTables.bind(client),
      request: { tables: [table] },
      // A registry may be asked.
      deadlineMs: asksRegistry(request) ? registryDeadlineMs : deadlineMs,
      headers: traceparent === '' ? {} : { traceparent },
    });
    const [verdict] = tables;
    if (verdict === undefined)
      throw this.#clients.unreachable(question, 'the schema-service answered without a verdict');
    return resolutionOf(verdict);
  }
}

/** Columns of a table that is read, and what one is written with. */
function asksRegistry({ use, schema, options }: TableRequest): boolean {
  if (options['schema_registry.endpoint'] === undefined) return false;
  return use === 'write' || (use === 'read' && schema === null);
}

function columnMessage(field: Field): Column {
  const { name, type, nullable } = field;
  return { name, type: formatType(type), nullable, typeJson: JSON.stringify(type), note: '' };
}

function resolutionOf(verdict: TableVerdict): TableResolution {
  if (verdict.knownConnectors.length > 0) {
    return { kind: 'unknown_connector', connectors: verdict.knownConnectors };
  }
  return {
    kind: 'resolved',
    options: verdict.options,
    issues: verdict.issues.map((issue) => ({
      option: issue.option === '' ? null : issue.option,
      message: issue.message,
      ...(issue.column === '' ? {} : { column: issue.column }),
      ...(issue.hint === '' ? {} : { hint: issue.hint }),
    })),
    canRead: verdict.source,
    canWrite: verdict.sink,
    singleWriter: verdict.singleWriter,
    schema: verdict.columns.length === 0 ? null : { fields: verdict.columns.map(fieldOf) },
    pinned:
      verdict.pinnedJson === ''
        ? nothingPinned
        : readPinnedFormats(verdict.pinnedJson, "a schema in schema-service's answer", 'WEIR-7114'),
    notes: verdict.notes,
    metadata: Object.fromEntries(
      Object.entries(verdict.metadata).map(([key, { typeJson, nullable, writable }]) => [
        key,
        { type: typeOf(typeJson), nullable, writable },
      ]),
    ),
    changes: {
      gives: changesOf(verdict.gives, sourceChanges),
      takes: changesOf(verdict.takes, sinkChanges),
    },
    parts: {
      connection: verdict.connectionOptions,
      format: verdict.formatOptions,
      secret: verdict.secretOptions,
    },
  };
}

/** An older schema-service says nothing, and knows inserts only. What a newer one says beyond that is taken for the least. */
function changesOf<T extends string>(said: string, known: readonly T[]): T | 'append' {
  return known.find((each) => each === said) ?? 'append';
}

function fieldOf({ name, typeJson, nullable }: Column): Field {
  return { name, type: typeOf(typeJson), nullable };
}

function typeOf(json: string): SqlType {
  return readSqlType(json, "a type in schema-service's answer", 'WEIR-7114');
}
