import type { Field, Schema } from '@weir/columnar/sql-type.ts';
import { WeirError } from '@weir/kernel/errors.ts';
import { CompiledDecoder } from '../compiled-decoder.ts';
import type { Decoder, DecoderSettings } from '../decoder.ts';
import type { WriterSchema } from '../writer-schemas.ts';
import { AvroCursor } from './avro-cursor.ts';
import type { AvroType } from './avro-type.ts';
import { parseAvroSchema } from './parse-avro-schema.ts';
import { resolveReader, type AvroReader } from './resolve-reader.ts';
import { avroRowReaders } from './row-readers.ts';
import { SchemaFrame } from './schema-frame.ts';

const unframedHint = "for values without one set 'avro.raw_datums' = 'true' and 'avro.schema'";
const leaveOut = "'bad_data' = 'drop' leaves such records out";

/**
 * Avro's binary encoding into columns: records that name their schema, or all of one schema.
 * @param written null where records name their schemas
 */
export function createAvroDecoder(
  schema: Schema,
  settings: DecoderSettings,
  written: AvroType | null,
): Decoder {
  const fields = settings.columns?.map((index) => schema.fields[index]!) ?? schema.fields;
  const reader = readerOf(fields, settings);
  const frame = settings.framing === 'confluent' ? new SchemaFrame(settings.part, unframedHint) : null;
  return new CompiledDecoder(schema, settings, {
    cursor: new AvroCursor(),
    frame,
    hint: frame === null ? `'avro.schema' must be what the records were written with; ${leaveOut}` : leaveOut,
    readersFor: (of, builders, own) =>
      avroRowReaders(resolveReader(of === null ? written! : writtenAvroType(of), reader), builders, own),
  });
}

/** What the columns were made from. */
function readerOf(fields: readonly Field[], { reader }: DecoderSettings): AvroReader {
  if (reader === null || reader.format !== 'avro' || reader.origin.kind === 'ddl')
    return { fields, type: null, paths: [] };
  const type = parseAvroSchema(reader.text, reader.references);
  const paths = fields.map(
    ({ name }) => reader.columns.find(({ column }) => column === name)?.path ?? [name],
  );
  return { fields, type, paths };
}

/** What a schema of a writer means. @throws WeirError WEIR-3107, WEIR-3120 */
export function writtenAvroType(schema: WriterSchema): AvroType {
  if (schema.type === 'avro') return parseAvroSchema(schema.text, schema.references);
  throw new WeirError('WEIR-3107', `it is a schema of ${schema.type}, not of Avro`, {
    hint: `read the topic with format = '${schema.type}'`,
  });
}
