import type { Field } from '@weir/columnar/sql-type.ts';
import { WeirError } from '@weir/kernel/errors.ts';
import type {
  Column,
  InferTableRequest,
  InferTableResponse,
  RegistrySubject,
  ResolveReaderRequest,
  ResolveReaderResponse,
} from '@weir/wire/gen/weir/v1/schema.ts';
import { columnsOfSchema } from '../infer/schema-columns.ts';
import { columnsOfSamples } from '../infer/sample-columns.ts';
import { pinSubject, type PinnedSubject } from '../pin-subject.ts';
import type { RegistryPool } from '../registry/registry-pool.ts';
import { columnMessage } from './column-messages.ts';

type Registries = Pick<RegistryPool, 'client'>;
type Options = Readonly<Record<string, string>>;

/** Columns and what of them became JSON, `column: why`. */
interface Inferred {
  readonly columns: readonly Field[];
  readonly notes: readonly string[];
}

export async function inferTable(
  request: InferTableRequest,
  registries: Registries,
  signal: AbortSignal,
): Promise<InferTableResponse> {
  const { columns, notes } = await inferFrom(request, registries, signal);
  return { columns: columnMessages({ columns, notes }), notes: [...notes] };
}

/** @throws WeirError WEIR-3513 for a request that names no subject or format */
export async function readerOfSubject(
  { subject, formatOptions }: ResolveReaderRequest,
  registries: Registries,
  signal: AbortSignal,
): Promise<ResolveReaderResponse> {
  const { schema, columns, notes } = await pinned(subject, formatOptions, registries, signal);
  return {
    pinnedJson: JSON.stringify(schema),
    columns: columnMessages({ columns, notes }),
    notes: [...notes],
  };
}

async function inferFrom(
  { from, formatOptions }: InferTableRequest,
  registries: Registries,
  signal: AbortSignal,
): Promise<Inferred> {
  switch (from?.$case) {
    case 'jsonSchema':
      return columnsOfSchema({ format: 'json', text: from.value, references: [] }, formatOptions);
    case 'avroSchema':
      return columnsOfSchema({ format: 'avro', text: from.value, references: [] }, formatOptions);
    case 'protobufSchema':
      return columnsOfSchema({ format: 'protobuf', text: from.value, references: [] }, formatOptions);
    case 'registry':
      return pinned(from.value, formatOptions, registries, signal);
    case 'samples': {
      const { columns, notes } = columnsOfSamples(from.value.messages);
      return { columns, notes: notes.map(({ column, note }) => `${column}: ${note}`) };
    }
    default:
      throw new WeirError('WEIR-3406', 'nothing to infer a table from', {
        hint: 'give json_schema, avro_schema, protobuf_schema, registry or samples',
      });
  }
}

async function pinned(
  wanted: RegistrySubject | undefined,
  options: Options,
  registries: Registries,
  signal: AbortSignal,
): Promise<PinnedSubject> {
  if (wanted === undefined || wanted.subject === '') throw new WeirError('WEIR-3513', 'no subject is given');
  const { subject, version, format } = wanted;
  if (format !== 'avro' && format !== 'json' && format !== 'protobuf') {
    throw new WeirError('WEIR-3513', `'${format}' is no format that has schemas`, {
      hint: 'use one of avro, json, protobuf',
    });
  }
  const registry = wanted.registry?.options ?? {};
  return pinSubject(
    await registries.client(registry),
    {
      format,
      subject,
      version: version === 0 ? 'latest' : version,
      options,
      registry: registry['schema_registry.endpoint'] ?? '',
    },
    signal,
  );
}

function columnMessages({ columns, notes }: Inferred): Column[] {
  return columns.map((field) => {
    const note = notes.find((each) => each.startsWith(`${field.name}: `));
    return columnMessage(field, note?.slice(field.name.length + 2) ?? '');
  });
}
