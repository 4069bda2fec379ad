import { status } from '@grpc/grpc-js';
import type { RegistryRef } from '@weir/connectors/registry-ref.ts';
import type { SchemaIdentity, WriterSchema } from '@weir/formats/writer-schemas.ts';
import { WeirError } from '@weir/kernel/errors.ts';
import type { GetWriterSchemaRequest } from '@weir/wire/gen/weir/v1/schema.ts';
import { grpcStatusOf } from '@weir/wire/grpc-error.ts';
import type { SchemaServiceClients } from '@weir/wire/schema-service-clients.ts';
import type { SchemaType } from '../registry/registered-schema.ts';
import { writerSchema } from '../registry/registry-writer-schemas.ts';
import type { WriterSchemaSource } from '../registry/writer-schema-source.ts';

/** Longer than schema-service gives a registry, so that what that says comes back. */
const deadlineMs = 15_000;
const types: ReadonlySet<string> = new Set<SchemaType>(['avro', 'json', 'protobuf']);

/** Schemas of a registry by way of schema-service, which keeps them, and which alone needs the registry's secrets. */
export class RemoteWriterSchemas implements WriterSchemaSource {
  readonly #clients: SchemaServiceClients;
  readonly #registry: RegistryRef;

  constructor(clients: SchemaServiceClients, registry: RegistryRef) {
    this.#clients = clients;
    this.#registry = registry;
  }

  async fetch(identity: SchemaIdentity, signal?: AbortSignal): Promise<WriterSchema | undefined> {
    const { options, subject = '' } = this.#registry;
    const request: GetWriterSchemaRequest = {
      registry: { options: { ...options } },
      subject,
      identity:
        'id' in identity ? { $case: 'id', value: identity.id } : { $case: 'guid', value: identity.guid },
    };
    try {
      const { schema } = await this.#clients.ask({
        method: (client) => client.getWriterSchema.bind(client),
        request,
        deadlineMs,
        purpose: 'schemas of writers can not be fetched',
        code: 'WEIR-3515',
        ...(signal === undefined ? {} : { signal }),
      });
      if (schema === undefined || !types.has(schema.type)) throw unreadable(schema?.type);
      return writerSchema({ type: schema.type as SchemaType, text: schema.text }, schema.references);
    } catch (error) {
      // The service answers so only when the registry did; anything else may be another in a moment.
      if (
        error instanceof WeirError &&
        error.code === 'WEIR-3503' &&
        grpcStatusOf(error) === status.NOT_FOUND
      )
        return undefined;
      throw error;
    }
  }
}

function unreadable(type: string | undefined): WeirError {
  const what = type === undefined ? 'without a schema' : `with a schema of type '${type}'`;
  return new WeirError('WEIR-3515', `schema-service has answered ${what}`, {
    hint: 'it must be of a version that this worker understands: upgrade the older one',
  });
}
