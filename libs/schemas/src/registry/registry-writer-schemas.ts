import { createHash } from 'node:crypto';
import type { SchemaIdentity, WriterSchema } from '@weir/formats/writer-schemas.ts';
import type { RegisteredSchema } from './registered-schema.ts';
import type { RegistryClient } from './registry-client.ts';
import { RegistryRefusal } from './registry-errors.ts';
import { resolveReferences, type ReferencedText } from './resolve-references.ts';
import { contextOf, defaultContext, inContext } from './subject-names.ts';
import type { WriterSchemaSource } from './writer-schema-source.ts';

/** The last source: the registry itself, with all that a schema refers to. */
export class RegistryWriterSchemas implements WriterSchemaSource {
  readonly #client: RegistryClient;
  readonly #subject: string | undefined;

  /** @param subject of the records that name the schemas; its context is where ids are looked up (R5) */
  constructor(client: RegistryClient, subject: string | undefined) {
    this.#client = client;
    const context = subject === undefined ? defaultContext : contextOf(subject);
    this.#subject = context === defaultContext ? undefined : subject;
  }

  async fetch(identity: SchemaIdentity, signal?: AbortSignal): Promise<WriterSchema | undefined> {
    let schema: RegisteredSchema;
    try {
      schema =
        'id' in identity
          ? await this.#client.schemaById(identity.id, this.#subject, signal)
          : await this.#client.schemaByGuid(identity.guid, signal);
    } catch (error) {
      // Only the registry's own word counts: a 404 of something on the way has no code of its kind.
      if (error instanceof RegistryRefusal && error.status === 404 && error.registryCode > 0)
        return undefined;
      throw error;
    }
    const context = this.#subject === undefined ? defaultContext : contextOf(this.#subject);
    const references = await resolveReferences(schema, (subject, version) =>
      this.#client.version(inContext(subject, context), version, signal),
    );
    return writerSchema(schema, references);
  }
}

/** Equal texts have equal keys, whatever their ids: compiled readers are shared by them. */
export function writerSchema(
  { type, text }: Pick<RegisteredSchema, 'type' | 'text'>,
  references: readonly ReferencedText[],
): WriterSchema {
  const content = JSON.stringify([type, text, references.map(({ name, text: used }) => [name, used])]);
  return { key: createHash('sha256').update(content).digest('hex'), type, text, references };
}
