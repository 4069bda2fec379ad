import type { SchemaIdentity, WriterSchema } from '@weir/formats/writer-schemas.ts';

/** Where schemas of writers come from: a registry, the object store before it, or schema-service for a worker. */
export interface WriterSchemaSource {
  /**
   * @returns undefined when the registry answered that it has no such schema
   * @throws WeirError for everything else: no answer, credentials refused, a schema that can't be used
   */
  fetch(identity: SchemaIdentity, signal?: AbortSignal): Promise<WriterSchema | undefined>;
}

/** A name for messages and keys: `id 7`, `GUID 8b…`. */
export function describeIdentity(identity: SchemaIdentity): string {
  return 'id' in identity ? `id ${identity.id}` : `GUID ${identity.guid}`;
}
