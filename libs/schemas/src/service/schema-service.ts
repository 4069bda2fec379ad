import { connectorNamed, connectors } from '@weir/connectors/connector-registry.ts';
import type { ProcessAccess } from '@weir/connectors/process-access.ts';
import type { PinnedFormats } from '@weir/plan/pinned-schema.ts';
import { tableUses, type TableResolution } from '@weir/sql/catalog/connector-catalog.ts';
import { streamHandler, unaryHandler } from '@weir/wire/grpc-handler.ts';
import type {
  DecodeSampleRequest,
  DecodeSampleResponse,
  ListConnectorsResponse,
  SchemaServiceServer,
  TableOptions,
  TableVerdict,
  ValidateTablesRequest,
  ValidateTablesResponse,
} from '@weir/wire/gen/weir/v1/schema.ts';
import { ConnectionTests } from '../connection-tests.ts';
import { decodeSamples } from '../decode-sample.ts';
import type { RegistryPool } from '../registry/registry-pool.ts';
import { resolveTable, type TableSurroundings } from '../resolve-table.ts';
import { columnMessage, fieldOfMessage } from './column-messages.ts';
import { inferTable, readerOfSubject } from './infer-calls.ts';
import { registryCalls } from './registry-calls.ts';

/**
 * The gRPC service `weir.v1.SchemaService`. Keeps nothing between calls but connections to registries.
 * @param access what options may name of this process, and the catalog in which profiles are looked up
 */
export function createSchemaService(
  registries: RegistryPool,
  access: ProcessAccess,
  cluster: string,
): SchemaServiceServer {
  const tests = new ConnectionTests({ connector: connectorNamed, access, registries, cluster });
  return {
    validateProfile: streamHandler((request, stream, signal) =>
      tests.validateProfile(request, (step) => void stream.write({ step }), signal),
    ),
    testTable: streamHandler((request, stream, signal) =>
      tests.testTable(request, (step) => void stream.write({ step }), signal),
    ),
    inferTable: unaryHandler((request, _, signal) => inferTable(request, registries, signal)),
    resolveReader: unaryHandler((request, _, signal) => readerOfSubject(request, registries, signal)),
    decodeSample: unaryHandler(decodeSample),
    listConnectors: unaryHandler(listConnectors),
    validateTables: unaryHandler((request, _, signal) =>
      validateTables(request, { connectors, access, registries }, signal),
    ),
    ...registryCalls(registries),
  };
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
  around: TableSurroundings,
  signal: AbortSignal,
): Promise<ValidateTablesResponse> {
  return { tables: await Promise.all(request.tables.map((table) => verdictOf(table, around, signal))) };
}

async function verdictOf(
  message: TableOptions,
  around: TableSurroundings,
  signal: AbortSignal,
): Promise<TableVerdict> {
  const { table, connector, options, primaryKey } = message;
  const schema = message.hasColumns ? { fields: message.columns.map(fieldOfMessage) } : null;
  const use = tableUses.find((known) => known === message.use) ?? 'declare';
  const metadata = message.metadata.map((key) => (key === '' ? null : key));
  const request = { table, connector, options, schema, primaryKey, metadata, use };
  return verdictMessage(table, await resolveTable(request, around, signal));
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
    pinnedJson: '',
    notes: [],
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
    pinnedJson: isPinned(resolution.pinned) ? JSON.stringify(resolution.pinned) : '',
    notes: [...resolution.notes],
  };
}

function isPinned({ value, key }: PinnedFormats): boolean {
  return value !== null || key !== null;
}
