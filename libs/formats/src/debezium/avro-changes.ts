import type { Field, Schema } from '@weir/columnar/sql-type.ts';
import { WeirError } from '@weir/kernel/errors.ts';
import { createAvroEncoder } from '../avro/avro-encoder.ts';
import { avroOfColumns } from '../avro/avro-of-columns.ts';
import type { AvroType } from '../avro/avro-type.ts';
import { schemaPrefix } from '../schema-prefix.ts';
import { parseAvroSchema } from '../avro/parse-avro-schema.ts';
import { resolveWriter, type Unwritable } from '../avro/resolve-writer.ts';
import type { Encoder, EncoderSettings } from '../encoder.ts';
import type { FormatOptions } from '../format.ts';
import { avroChangeLayout } from './avro-change-layout.ts';
import { envelopeOf, type AvroEnvelope } from './avro-envelope.ts';
import { DebeziumEncoder } from './debezium-encoder.ts';

/** The schema of changes of rows with these columns, as JSON: the same columns always give the same. */
function envelopeOfColumns(columns: readonly Field[]): {
  readonly schema: object;
  readonly names: readonly string[];
} {
  const { schema, names } = avroOfColumns(columns, 'Value');
  const fields = [
    { name: 'before', type: ['null', schema], default: null },
    { name: 'after', type: ['null', 'Value'], default: null },
    { name: 'op', type: 'string' },
  ];
  return { schema: { type: 'record', name: 'Envelope', fields }, names };
}

/**
 * The envelope that a table registers for its changes: the latest one of its subject where that takes the columns, else one made from them.
 * @throws WeirError WEIR-3120
 */
export function changesToRegister(
  columns: readonly Field[],
  latest: string | null,
): { readonly text: string; readonly names: readonly string[] } {
  const { schema, names } = envelopeOfColumns(columns);
  const keeps = latest !== null && unwritableChanges(columns, { 'avro.schema': latest }) === null;
  return { text: keeps ? latest : JSON.stringify(schema), names };
}

/** @throws WeirError WEIR-3120 for a type that is no envelope */
export function requireEnvelope(type: AvroType): AvroEnvelope {
  const envelope = envelopeOf(type);
  if (envelope !== null) return envelope;
  throw new WeirError('WEIR-3120', 'the Avro schema is no Debezium envelope', {
    hint: "it is a record with fields 'before' and 'after', of which each is null or a row, and 'op'; for plain rows use format = 'avro'",
  });
}

interface Written {
  readonly envelope: AvroEnvelope;
  /** Of each column the name of its field in a row. */
  readonly names: readonly string[] | undefined;
}

/** The schema is the one that the sink is pinned to, else the option's, else one made from the columns. @throws WeirError WEIR-3120 */
function writtenAs(
  fields: readonly Field[],
  options: FormatOptions,
  writer: EncoderSettings['writer'],
): Written {
  if (writer !== null) {
    const paths = new Map(writer.columns.map(({ column, path }) => [column, path.at(-1)]));
    const names = fields.map(({ name }) => paths.get(name) ?? name);
    return { envelope: requireEnvelope(parseAvroSchema(writer.text, writer.references)), names };
  }
  const given = options['avro.schema'];
  if (given !== undefined) return { envelope: requireEnvelope(parseAvroSchema(given)), names: undefined };
  const { schema, names } = envelopeOfColumns(fields);
  return { envelope: requireEnvelope(parseAvroSchema(JSON.stringify(schema))), names };
}

/** Why rows of these columns can't be written as changes; null when all is well. @throws WeirError WEIR-3120 */
export function unwritableChanges(fields: readonly Field[], options: FormatOptions): Unwritable | null {
  const { envelope, names } = writtenAs(fields, options, null);
  const layout = avroChangeLayout(envelope, new Uint8Array(0));
  if ('unwritable' in layout) return fieldUnwritable(layout.unwritable);
  const resolved = resolveWriter(fields, envelope.after, names);
  return 'unfit' in resolved ? resolved.unfit : null;
}

/** @throws WeirError WEIR-3100, WEIR-3120 */
export function createAvroChanges(
  schema: Schema,
  columns: readonly number[],
  options: FormatOptions,
  settings: EncoderSettings,
): Encoder {
  const fields = columns.map((index) => schema.fields[index]!);
  const { envelope, names } = writtenAs(fields, options, settings.writer);
  const layout = avroChangeLayout(envelope, schemaPrefix(settings));
  if ('unwritable' in layout) throw refusal(fieldUnwritable(layout.unwritable));
  const resolved = resolveWriter(fields, envelope.after, names);
  if ('unfit' in resolved) throw refusal(resolved.unfit);
  // Rows are written whatever their kind is, as those of keys are.
  const rows = createAvroEncoder(schema, columns, resolved.of, 'key', new Uint8Array(0));
  return new DebeziumEncoder(rows, layout);
}

function fieldUnwritable(name: string): Unwritable {
  return {
    problem: `field ${name} of the envelope can't be written`,
    hint: "'before' and 'after' are unions of null and the row, in one order; 'op' is a string; any other field has a default or may be null",
  };
}

function refusal({ problem, hint }: Unwritable): WeirError {
  return new WeirError('WEIR-3100', problem, { hint });
}
