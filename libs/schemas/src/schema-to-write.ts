import { registryOf } from '@weir/connectors/registry-ref.ts';
import { formatNamed } from '@weir/formats/formats.ts';
import { WeirError } from '@weir/kernel/errors.ts';
import type { PinnedSchema } from '@weir/plan/pinned-schema.ts';
import { makeSinkSchema } from './make-sink-schema.ts';
import type { SinkPart } from './sink-part.ts';
import { pinSubject } from './pin-subject.ts';
import { RegistryRefusal } from './registry/registry-errors.ts';
import type { RegistryClient } from './registry/registry-client.ts';
import type { RegisteredSchema, SubjectVersion } from './registry/registered-schema.ts';
import type { RegistryPool } from './registry/registry-pool.ts';

export interface SchemaToWrite {
  readonly schema: PinnedSchema;
  readonly notes: readonly string[];
}

/**
 * The schema that a sink writes with. Nothing is registered here: what is to be is compared with what its subject has, so that a pipeline
 * that can't write is told before anything of it is there.
 * @throws WeirError WEIR-3504 when the registry finds it incompatible, WEIR-3507 when it may not be registered, WEIR-3100 when the columns
 * don't go into a schema that is there, and (retry) WEIR-3501 when the registry is away
 */
export async function schemaToWrite(
  sink: SinkPart,
  registries: Pick<RegistryPool, 'client'>,
  signal?: AbortSignal,
): Promise<SchemaToWrite> {
  const { options, subject, format, part } = sink;
  const registry = registryOf(options, part);
  if (registry === undefined) {
    throw new WeirError('WEIR-3500', "records that name a schema need 'schema_registry.endpoint'", {
      hint: "set it, or 'avro.raw_datums' = 'true' for values without one",
    });
  }
  const client = await registries.client(registry.options);
  const address = options['schema_registry.endpoint'] ?? '';
  if (options['schema_registry.auto_register'] === 'false') return existing(sink, client, address, signal);
  const latest = await latestOf(client, subject, signal);
  const { text, columns, notes, message } = makeSinkSchema(sink, latest);
  const schema: RegisteredSchema = { type: format, text, references: [] };
  const known = await client.lookUp(subject, schema, signal);
  const pinned = { format, text, references: [], columns, ...(message === undefined ? {} : { message }) };
  if (known !== undefined) {
    const { version, id } = known;
    const origin = { kind: 'registry', registry: address, subject, version, id } as const;
    return { schema: { ...pinned, origin, writerId: id }, notes };
  }
  await mayRegister(client, subject, schema, signal);
  const origin = { kind: options[`${format}.schema`] === undefined ? 'ddl' : 'inline' } as const;
  return { schema: { ...pinned, origin, registerAs: subject }, notes };
}

/** G2: what its subject has is written with. */
async function existing(
  { format, isEnvelope = false, columns, options, subject, part }: SinkPart,
  client: RegistryClient,
  registry: string,
  signal?: AbortSignal,
): Promise<SchemaToWrite> {
  const version = options['schema_registry.version'];
  const wanted = version === undefined ? 'latest' : Number(version);
  const { schema } = await pinSubject(
    client,
    { format, isEnvelope, subject, version: wanted, options, registry },
    signal,
  );
  if (schema.origin.kind !== 'registry') throw new Error('what was pinned comes from a registry');
  const writer = { ...schema, writerId: schema.origin.id };
  // Columns that don't go into it are refused now.
  const name = isEnvelope ? 'debezium_avro' : format;
  formatNamed(name).createEncoder({ fields: columns }, options, { part, framing: 'confluent', writer });
  return { schema: writer, notes: [] };
}

async function latestOf(
  client: RegistryClient,
  subject: string,
  signal?: AbortSignal,
): Promise<SubjectVersion | undefined> {
  try {
    return await client.version(subject, 'latest', signal);
  } catch (error) {
    if (error instanceof RegistryRefusal && error.code === 'WEIR-3503' && error.registryCode > 0)
      return undefined;
    throw error;
  }
}

/** Step 2 of a registration: asked of all sinks before anything is written. */
async function mayRegister(
  client: RegistryClient,
  subject: string,
  schema: RegisteredSchema,
  signal?: AbortSignal,
): Promise<void> {
  const { compatible, reasons } = await client.compatibility(subject, schema, signal);
  if (!compatible) {
    const level = await client.compatibilityLevel(subject, signal);
    const why = reasons.length === 0 ? 'the registry does not say why' : reasons.join('; ').slice(0, 1000);
    throw new WeirError(
      'WEIR-3504',
      `the schema of its columns is not compatible (${level}) with the latest one of subject '${subject}': ${why}`,
      {
        hint: 'new columns must be nullable and old ones stay, or lower the compatibility level of the subject; nothing was registered',
      },
    );
  }
  const mode = await client.mode(subject, signal);
  if (!mode.startsWith('READONLY')) return;
  throw new WeirError(
    'WEIR-3507',
    `subject '${subject}' is in mode ${mode}, and has no schema of these columns: none can be registered`,
    {
      hint: "set it to READWRITE, or use the schema that is there: 'schema_registry.auto_register' = 'false'",
    },
  );
}
