import { connectors } from '@weir/connectors/connector-registry.ts';
import type { ProcessAccess } from '@weir/connectors/process-access.ts';
import { WeirError } from '@weir/kernel/errors.ts';
import { tableUses, type TableResolution } from '@weir/sql/catalog/connector-catalog.ts';
import { unaryHandler } from '@weir/wire/grpc-handler.ts';
import type {
  DecodeSampleRequest,
  DecodeSampleResponse,
  InferTableRequest,
  InferTableResponse,
  ListConnectorsResponse,
  SchemaServiceServer,
  TableOptions,
  TableVerdict,
  ValidateTablesRequest,
  ValidateTablesResponse,
} from '@weir/wire/gen/weir/v1/schema.ts';
import { decodeSamples } from '../decode-sample.ts';
import { columnsOfJsonSchema } from '../infer/json-schema-columns.ts';
import type { InferredColumns } from '../infer/json-schema-columns.ts';
import { columnsOfSamples } from '../infer/sample-columns.ts';
import type { RegistryPool } from '../registry/registry-pool.ts';
import { profileNamed, resolveTable } from '../resolve-table.ts';
import { columnMessage, fieldOfMessage } from './column-messages.ts';
import { registryCalls } from './registry-calls.ts';

/**
 * The gRPC service `weir.v1.SchemaService`. Keeps nothing between calls but connections to registries.
 * @param access what options may name of this process, and the catalog in which profiles are looked up
 */
export function createSchemaService(registries: RegistryPool, access: ProcessAccess): SchemaServiceServer {
  return {
    inferTable: unaryHandler(inferTable),
    decodeSample: unaryHandler(decodeSample),
    listConnectors: unaryHandler(listConnectors),
    validateTables: unaryHandler((request) => validateTables(request, access)),
    ...registryCalls(registries),
  };
}

function inferTable(request: InferTableRequest): InferTableResponse {
  const inferred = inferFrom(request);
  const noteOf = (name: string) => inferred.notes.find((note) => note.column === name)?.note ?? '';
  return {
    columns: inferred.columns.map((field) => columnMessage(field, noteOf(field.name))),
    notes: inferred.notes.map(({ column, note }) => `${column}: ${note}`),
  };
}

function inferFrom(request: InferTableRequest): InferredColumns {
  switch (request.from?.$case) {
    case 'jsonSchema':
      return columnsOfJsonSchema(request.from.value);
    case 'samples':
      return columnsOfSamples(request.from.value.messages);
    default:
      throw new WeirError('WEIR-3406', 'nothing to infer a table from', {
        hint: 'give json_schema or samples',
      });
  }
}

function decodeSample(request: DecodeSampleRequest): DecodeSampleResponse {
  const schema = { fields: request.columns.map(fieldOfMessage) };
  return {
    samples: decodeSamples(schema, request.options, request.messages).map((result) =>
      'row' in result
        ? { rowJson: result.row, errorCode: '', error: '' }
        : { rowJson: '', errorCode: result.error.code, error: result.error.message },
    ),
  };
}

function listConnectors(): ListConnectorsResponse {
  return {
    connectors: connectors.map((connector) => ({
      name: connector.name,
      title: connector.title,
      source: connector.canRead,
      sink: connector.canWrite,
      tableOptionsJson: JSON.stringify(connector.tableOptions),
    })),
  };
}

async function validateTables(
  request: ValidateTablesRequest,
  access: ProcessAccess,
): Promise<ValidateTablesResponse> {
  return { tables: await Promise.all(request.tables.map((table) => verdictOf(table, access))) };
}

async function verdictOf(message: TableOptions, access: ProcessAccess): Promise<TableVerdict> {
  const { table, connector, options, primaryKey } = message;
  const schema = message.hasColumns ? { fields: message.columns.map(fieldOfMessage) } : null;
  const use = tableUses.find((known) => known === message.use) ?? 'declare';
  const metadata = message.metadata.map((key) => (key === '' ? null : key));
  const request = { table, connector, options, schema, primaryKey, metadata, use };
  const profile = await profileNamed(access, options);
  return verdictMessage(table, resolveTable({ ...request, profile }, connectors, access.variables));
}

function verdictMessage(table: string, resolution: TableResolution): TableVerdict {
  const empty: TableVerdict = {
    table,
    issues: [],
    options: {},
    columns: [],
    source: false,
    sink: false,
    knownConnectors: [],
    metadata: {},
    singleWriter: false,
    gives: 'append',
    takes: 'append',
    connectionOptions: [],
    formatOptions: [],
    secretOptions: [],
  };
  if (resolution.kind === 'unknown_connector')
    return { ...empty, knownConnectors: [...resolution.connectors] };
  return {
    ...empty,
    issues: resolution.issues.map((issue) => ({
      option: issue.option ?? '',
      column: issue.column ?? '',
      message: issue.message,
      hint: issue.hint ?? '',
    })),
    options: { ...resolution.options },
    columns: resolution.schema?.fields.map((field) => columnMessage(field)) ?? [],
    source: resolution.canRead,
    sink: resolution.canWrite,
    metadata: Object.fromEntries(
      Object.entries(resolution.metadata).map(([key, { type, nullable, writable }]) => [
        key,
        { typeJson: JSON.stringify(type), nullable, writable },
      ]),
    ),
    singleWriter: resolution.singleWriter ?? false,
    gives: resolution.changes.gives,
    takes: resolution.changes.takes,
    connectionOptions: [...resolution.parts.connection],
    formatOptions: [...resolution.parts.format],
    secretOptions: [...resolution.parts.secret],
  };
}
