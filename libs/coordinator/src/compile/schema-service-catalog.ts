import { status } from '@grpc/grpc-js';
import type { ChannelCredentials } from '@grpc/grpc-js';
import type { Field, SqlType } from '@weir/columnar/sql-type.ts';
import { formatType } from '@weir/columnar/sql-type.ts';
import { dispositionOf } from '@weir/kernel/errors.ts';
import type { Clock } from '@weir/kernel/ports.ts';
import { sinkChanges, sourceChanges } from '@weir/plan/change-mode.ts';
import { readSqlType } from '@weir/plan/read-sql-type.ts';
import type { ConnectorCatalog, TableRequest, TableResolution } from '@weir/sql/catalog/connector-catalog.ts';
import { activeTraceparent } from '@weir/telemetry/spans.ts';
import { SchemaServiceClient, type Column, type TableVerdict } from '@weir/wire/gen/weir/v1/schema.ts';
import { callUnary } from '@weir/wire/grpc-call.ts';
import { GrpcStatusError } from '@weir/wire/grpc-error.ts';

const deadlineMs = 5_000;

/** The compiler's questions about tables, answered by schema-service. Any of its processes will do: the next is asked when one is away. */
export class SchemaServiceCatalog implements ConnectorCatalog {
  readonly #clock: Clock;
  readonly #addresses: readonly string[];
  readonly #clients: readonly SchemaServiceClient[];
  #first = 0;

  /**
   * @param addresses `host:port`, several by comma
   * @param channel of SecureTransport
   */
  constructor(addresses: string, clock: Clock, channel: ChannelCredentials) {
    this.#clock = clock;
    this.#addresses = addresses
      .split(',')
      .map((address) => address.trim())
      .filter((address) => address !== '');
    this.#clients = this.#addresses.map(
      (address) =>
        new SchemaServiceClient(address, channel, {
          'grpc.initial_reconnect_backoff_ms': 100,
          'grpc.max_reconnect_backoff_ms': 1_000,
        }),
    );
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
    };
    const { tables } = await this.#ask((client, settings) =>
      callUnary(client.validateTables.bind(client), { tables: [table] }, settings),
    );
    const [verdict] = tables;
    if (verdict === undefined) throw this.#unreachable('the schema-service answered without a verdict');
    return resolutionOf(verdict);
  }

  close(): void {
    for (const client of this.#clients) client.close();
  }

  async #ask<T>(
    call: (
      client: SchemaServiceClient,
      settings: { deadlineAtMs: number; target: string; headers: Record<string, string> },
    ) => Promise<T>,
  ): Promise<T> {
    let last: unknown;
    for (let turn = 0; turn < this.#clients.length; turn += 1) {
      const index = (this.#first + turn) % this.#clients.length;
      const client = this.#clients[index];
      if (client === undefined) continue;
      const traceparent = activeTraceparent();
      const settings = {
        deadlineAtMs: this.#clock.nowMs() + deadlineMs,
        target: `schema-service ${this.#addresses[index] ?? ''}`,
        headers: traceparent === '' ? {} : { traceparent },
      };
      try {
        const answer = await call(client, settings);
        this.#first = index;
        return answer;
      } catch (error) {
        if (dispositionOf(error) !== 'retry') throw error;
        last = error;
      }
    }
    throw this.#unreachable('the schema-service can not be reached', last);
  }

  #unreachable(message: string, cause?: unknown): GrpcStatusError {
    const where =
      this.#addresses.length === 0 ? 'no address is configured' : `at ${this.#addresses.join(', ')}`;
    return new GrpcStatusError(
      status.UNAVAILABLE,
      'WEIR-7114',
      `${message} (${where}): the SQL could not be checked`,
      {
        cause,
        disposition: 'retry',
        hint: 'start it (weir schema-service), or set WEIR_SCHEMA_SERVICE to its host:port; then try again',
      },
    );
  }
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
