import type { FormatOptions } from '@weir/formats/format.ts';
import { WeirError } from '@weir/kernel/errors.ts';
import type { PinnedSchema } from '@weir/plan/pinned-schema.ts';
import { columnsOfSchema, type SchemaColumns } from './infer/schema-columns.ts';
import type { RegistryClient } from './registry/registry-client.ts';
import { resolveReferences } from './registry/resolve-references.ts';
import { contextOf, inContext } from './registry/subject-names.ts';

/** A version of a subject, and how a table reads it. */
export interface SubjectToPin {
  readonly format: PinnedSchema['format'];
  /** Of Avro: whether the values are Debezium's envelope. */
  readonly isEnvelope?: boolean;
  readonly subject: string;
  readonly version: number | 'latest';
  /** Of the format. */
  readonly options: FormatOptions;
  /** The registry's address as the table has it, variables not filled in. */
  readonly registry: string;
}

export interface PinnedSubject {
  readonly schema: PinnedSchema;
  readonly columns: SchemaColumns['columns'];
  readonly notes: SchemaColumns['notes'];
}

/**
 * Reads a subject's schema, with all that it refers to, so that nobody need ever ask for it again.
 * @throws RegistryRefusal; WeirError WEIR-3501 (retry) when the registry gives no answer, WEIR-3107 for a schema of another type, and
 * what columnsOfSchema throws
 */
export async function pinSubject(
  client: RegistryClient,
  { format, isEnvelope = false, subject, version, options, registry }: SubjectToPin,
  signal?: AbortSignal,
): Promise<PinnedSubject> {
  const found = await client.version(subject, version, signal);
  const which = `version ${found.version} of subject '${subject}'`;
  if (found.type !== format) {
    throw new WeirError(
      'WEIR-3107',
      `${which} is a schema of ${found.type}, and the table's format is ${format}`,
      {
        hint: `use format = '${found.type}'`,
      },
    );
  }
  const context = contextOf(subject);
  const references = await resolveReferences(found, (name, at) =>
    client.version(inContext(name, context), at, signal),
  );
  const { text, id, guid } = found;
  const { columns, pinned, notes, message } = columnsOfSchema(
    { format, text, references, isRegistered: true, isEnvelope },
    options,
  );
  const origin = {
    kind: 'registry',
    registry,
    subject,
    version: found.version,
    id,
    ...(guid === undefined ? {} : { guid }),
  } as const;
  const of = message === undefined ? {} : { message };
  return { schema: { format, text, references, ...of, origin, columns: pinned }, columns, notes };
}
