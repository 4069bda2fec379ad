import type { Schema } from '@weir/columnar/sql-type.ts';
import type { Connector } from '@weir/connectors/connector.ts';
import { keyFormatOptions, keyFramingOf } from '@weir/connectors/key-columns.ts';
import { fillOptions } from '@weir/connectors/options/fill-variables.ts';
import { noAccess, type ProcessAccess } from '@weir/connectors/process-access.ts';
import { registryOf } from '@weir/connectors/registry-ref.ts';
import { schemaFramingOf } from '@weir/formats/schema-framing.ts';
import { legalAvroName } from '@weir/formats/avro/avro-names.ts';
import { parseAvroSchema } from '@weir/formats/avro/parse-avro-schema.ts';
import { WeirError } from '@weir/kernel/errors.ts';
import { nothingPinned, type PinnedFormats, type PinnedSchema } from '@weir/plan/pinned-schema.ts';
import type { TableOptionIssue, TableRequest } from '@weir/sql/catalog/connector-catalog.ts';
import { columnsOfSchema } from './infer/schema-columns.ts';
import { partColumns } from './part-columns.ts';
import { schemaToWrite } from './schema-to-write.ts';
import { pinSubject } from './pin-subject.ts';
import { RegistryRefusal } from './registry/registry-errors.ts';
import type { RegistryPool } from './registry/registry-pool.ts';
import { subjectFor, subjectNameStrategies } from './registry/subject-names.ts';

/** Where columns are read from. */
export interface SchemaAccess {
  readonly registries: Pick<RegistryPool, 'client'>;
  /** Whose variables options may name, and where profiles are looked up. Left out: none. */
  readonly access?: ProcessAccess;
}

/** What a table's options, its connector or a registry say of its columns. */
export interface TableSchema {
  /** Null: the DDL must say, or a sink takes its query's. */
  readonly schema: Schema | null;
  readonly pinned: PinnedFormats;
  readonly notes: readonly string[];
  readonly issues: readonly TableOptionIssue[];
}

export const unknownSchema: TableSchema = { schema: null, pinned: nothingPinned, notes: [], issues: [] };

type Format = PinnedSchema['format'];
const formats: ReadonlySet<string> = new Set<Format>(['avro', 'json', 'protobuf']);

/**
 * A registry is asked only for a table that is read and declares no columns (H5: a subject that isn't there is nothing unusual for a sink).
 * @throws WeirError (retry) when it gives no answer
 */
export async function tableSchema(
  request: TableRequest,
  connector: Connector,
  access: SchemaAccess,
  signal?: AbortSignal,
): Promise<TableSchema> {
  const { options, schema, use } = request;
  if (connector.fixedSchema !== undefined)
    return { ...unknownSchema, schema: schema === null ? connector.fixedSchema : null };
  if (use === 'write' && schema !== null) return writtenSchemas(request, schema, access, signal);
  const format = options['format'];
  const isEnvelope = format === 'debezium_avro';
  const base = isEnvelope ? 'avro' : format;
  if (base === undefined || !formats.has(base)) return unknownSchema;
  const known = base as Format;
  const option = `${known}.schema`;
  const text = options[option];
  if (text !== undefined) return attempt(option, () => inlineSchema(known, text, options, isEnvelope));
  if (schema !== null) return unknownSchema;
  if (options['json.unstructured'] === 'true') {
    const field = { name: 'value', type: { kind: 'json' }, nullable: false } as const;
    return { ...unknownSchema, schema: { fields: [field] } };
  }
  if (use !== 'read' || schemaFramingOf(known, options) === 'none') return unknownSchema;
  return fromRegistry(known, isEnvelope, request, access, signal);
}

/** Records that name their writers' schemas are read by the inline one; others were written with it, and the options hold it. */
function inlineSchema(
  format: Format,
  text: string,
  options: TableRequest['options'],
  isEnvelope: boolean,
): TableSchema {
  const { columns, pinned, notes, message } = columnsOfSchema(
    { format, text, references: [], isEnvelope },
    options,
  );
  const of = message === undefined ? {} : { message };
  const value: PinnedSchema | null =
    schemaFramingOf(format, options) === 'none'
      ? null
      : { format, text, references: [], ...of, origin: { kind: 'inline' }, columns: pinned };
  return { schema: { fields: columns }, pinned: { value, key: null }, notes, issues: [] };
}

async function fromRegistry(
  format: Format,
  isEnvelope: boolean,
  { options }: TableRequest,
  { registries, access = noAccess }: SchemaAccess,
  signal: AbortSignal | undefined,
): Promise<TableSchema> {
  const registry = registryOf(options, 'value');
  if (registry === undefined) return unknownSchema;
  const named = options['value.subject'] === undefined ? 'topic' : 'value.subject';
  try {
    const version = options['schema_registry.version'];
    const { schema, columns, notes } = await pinSubject(
      await registries.client(registry.options),
      {
        format,
        isEnvelope,
        subject: subjectOf('value', options, access),
        version: version === undefined ? 'latest' : Number(version),
        options,
        registry: options['schema_registry.endpoint'] ?? '',
      },
      signal,
    );
    return { schema: { fields: columns }, pinned: { value: schema, key: null }, notes, issues: [] };
  } catch (error) {
    return { ...unknownSchema, issues: [issueOf(error, named)] };
  }
}

/** What the parts of a table's records are written with that name their schema. */
async function writtenSchemas(
  request: TableRequest,
  schema: Schema,
  { registries, access = noAccess }: SchemaAccess,
  signal: AbortSignal | undefined,
): Promise<TableSchema> {
  const { options } = request;
  const { value, key } = partColumns(request, schema);
  const isEnvelope = options['format'] === 'debezium_avro';
  const notes: string[] = [];
  const pinned = async (part: 'value' | 'key', format: Format, indexes: readonly number[]) => {
    const columns = indexes.map((index) => schema.fields[index]!);
    const of = part === 'value' ? options : keyFormatOptions(options);
    const subject = subjectOf(part, of, access, sinkRecordName(part, format, of));
    const sink = { part, format, isEnvelope: isEnvelope && part === 'value', columns, options: of, subject };
    const made = await schemaToWrite(sink, registries, signal);
    notes.push(...made.notes);
    return made.schema;
  };
  const format = (isEnvelope ? 'avro' : (options['format'] ?? 'json')) as Format;
  try {
    const framed = schemaFramingOf(format, options) === 'confluent';
    const keyed = key !== undefined && keyFramingOf(key, options) === 'confluent';
    return {
      schema: null,
      pinned: {
        value: framed ? await pinned('value', format, value) : null,
        key: keyed ? await pinned('key', key.format as Format, key.columns) : null,
      },
      notes,
      issues: [],
    };
  } catch (error) {
    return { ...unknownSchema, issues: [issueOf(error, 'format')] };
  }
}

/** For subjects that are named by the record: its name in the inline schema, else one made of the topic. */
function sinkRecordName(part: 'value' | 'key', format: Format, options: TableRequest['options']): string {
  const text = format === 'avro' ? options['avro.schema'] : undefined;
  const given = text === undefined ? null : parseAvroSchema(text);
  if (given !== null && 'name' in given) return given.name;
  return legalAvroName(`${options['topic'] ?? ''}_${part}`);
}

/** Options that say which subject it is. */
const subjectOptions: readonly string[] = ['topic', 'value.subject', 'key.subject', 'subject_name_strategy'];

/**
 * @param recordName for strategies that name subjects by records; undefined: it isn't known yet
 * @throws WeirError WEIR-3500 when the options name none
 */
function subjectOf(
  part: 'value' | 'key',
  options: TableRequest['options'],
  { variables }: ProcessAccess,
  recordName?: string,
): string {
  const said = Object.fromEntries(Object.entries(options).filter(([name]) => subjectOptions.includes(name)));
  const {
    topic = '',
    [`${part}.subject`]: subject,
    subject_name_strategy: named,
  } = fillOptions({}, said, variables);
  if (subject !== undefined) return subject;
  if (topic === '' || topic.includes(',')) {
    throw new WeirError(
      'WEIR-3500',
      'several topics have several subjects: which one the columns come from is not said',
      { hint: `name it: '${part}.subject' = '<topic>-${part}'` },
    );
  }
  const strategy = subjectNameStrategies.find((each) => each === named);
  return subjectFor(strategy ?? 'TopicNameStrategy', topic, part, recordName);
}

function attempt(option: string, part: () => TableSchema): TableSchema {
  try {
    return part();
  } catch (error) {
    return { ...unknownSchema, issues: [issueOf(error, option)] };
  }
}

/** @param option that named what is wrong, where the error does not say it better */
function issueOf(error: unknown, option: string): TableOptionIssue {
  if (!(error instanceof WeirError) || error.disposition === 'retry') throw error;
  const at =
    error instanceof RegistryRefusal && error.code === 'WEIR-3502'
      ? 'schema_registry.api_key'
      : error.code === 'WEIR-3506' || error.code === 'WEIR-3508'
        ? 'schema_registry.endpoint'
        : option;
  return {
    option: at,
    message: error.message,
    ...(error.hint === undefined ? {} : { hint: error.hint }),
  };
}
