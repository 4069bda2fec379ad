import type { Field, Schema } from '@weir/columnar/sql-type.ts';
import { WeirError } from '@weir/kernel/errors.ts';
import { avroFormat, avroOptionIssues, noAvroSchema, unreadableAvroColumn } from '../avro/avro-format.ts';
import { unwritableAvroColumn } from '../avro/encoder-of-table.ts';
import { parseAvroSchema } from '../avro/parse-avro-schema.ts';
import { refusedAlways, resolveReader, type AvroReader } from '../avro/resolve-reader.ts';
import { plainRecordPart, type Decoder, type DecoderSettings } from '../decoder.ts';
import { plainRecordValue, type Encoder } from '../encoder.ts';
import type { Format, FormatIssue, FormatOptions } from '../format.ts';
import { schemaFramingOf } from '../schema-framing.ts';
import { AvroChangeScanner } from './avro-change-scanner.ts';
import { createAvroChanges, requireEnvelope, unwritableChanges } from './avro-changes.ts';
import { DebeziumDecoder } from './debezium-decoder.ts';

/**
 * Debezium's envelope in Avro: what changed in a table, with the rows before and after. Read: records that name their schemas, or all of one
 * envelope (`avro.schema`). Written: with that one, the one that a pin says, or one made from the columns.
 */
export const debeziumAvroFormat: Format = {
  name: 'debezium_avro',
  optionNames: avroFormat.optionNames,
  check: (schema, options, direction) =>
    direction === 'write' ? checkWritten(schema.fields, options) : checkRead(schema.fields, options),
  createDecoder(schema, options, settings = plainRecordPart): Decoder {
    if (settings.part === 'key') return avroFormat.createDecoder(schema, options, settings);
    const fields = settings.columns?.map((index) => schema.fields[index]!) ?? schema.fields;
    refuse(settings.framing === 'none' ? checkRead(fields, options) : fields.flatMap(unreadableAvroColumn));
    const changes = new AvroChangeScanner(settings, options['avro.schema']);
    return new DebeziumDecoder(schema, settings, changes, (of, rows) =>
      changes.rows(of, rows, readerOf(of, rows)),
    );
  },
  createEncoder(schema, options, settings = plainRecordValue): Encoder {
    if (settings.part === 'key') return avroFormat.createEncoder(schema, options, settings);
    const columns = settings.columns ?? schema.fields.map((_, index) => index);
    refuse(columns.flatMap((index) => unwritableAvroColumn(schema.fields[index]!)));
    return createAvroChanges(schema, columns, options, settings);
  },
};

function isFramed(options: FormatOptions): boolean {
  return schemaFramingOf('debezium_avro', options) === 'confluent';
}

function checkRead(fields: readonly Field[], options: FormatOptions): readonly FormatIssue[] {
  const issues = [...avroOptionIssues(options), ...fields.flatMap(unreadableAvroColumn)];
  const text = options['avro.schema'];
  if (text === undefined) return isFramed(options) ? issues : [...issues, noAvroSchema];
  return issues.length > 0 ? issues : attempt(() => rowIssues(fields, text, isFramed(options)));
}

/** Columns that no row of the envelope can fill; where records name their schemas that isn't known yet. */
function rowIssues(fields: readonly Field[], text: string, framed: boolean): readonly FormatIssue[] {
  const { after } = requireEnvelope(parseAvroSchema(text));
  const refused = framed ? null : refusedAlways(resolveReader(after, { fields, type: null, paths: [] }));
  if (refused === null) return [];
  const { column, refusal } = refused;
  const hint = refusal.hint === undefined ? {} : { hint: refusal.hint };
  return [{ ...(column === undefined ? {} : { column }), message: refusal.problem, ...hint }];
}

function checkWritten(fields: readonly Field[], options: FormatOptions): readonly FormatIssue[] {
  const issues = [...avroOptionIssues(options), ...fields.flatMap(unwritableAvroColumn)];
  if (issues.length > 0) return issues;
  return attempt(() => {
    const unfit = unwritableChanges(fields, options);
    if (unfit === null) return [];
    const { problem, hint, column } = unfit;
    return [{ ...(column === undefined ? { option: 'avro.schema' } : { column }), message: problem, hint }];
  });
}

function attempt(check: () => readonly FormatIssue[]): readonly FormatIssue[] {
  try {
    return check();
  } catch (error) {
    if (!(error instanceof WeirError)) throw error;
    const hint = error.hint === undefined ? {} : { hint: error.hint };
    return [{ option: 'avro.schema', message: error.message, ...hint }];
  }
}

/** What the columns were made from: the rows of the envelope that is pinned. */
function readerOf(schema: Schema, { columns, reader }: DecoderSettings): AvroReader {
  const fields = columns?.map((index) => schema.fields[index]!) ?? schema.fields;
  if (reader === null || reader.format !== 'avro' || reader.origin.kind === 'ddl')
    return { fields, type: null, paths: [] };
  const { after } = requireEnvelope(parseAvroSchema(reader.text, reader.references));
  const paths = fields.map(
    ({ name }) => reader.columns.find(({ column }) => column === name)?.path ?? [name],
  );
  return { fields, type: after, paths };
}

function refuse([issue]: readonly FormatIssue[]): void {
  if (issue === undefined) return;
  throw new WeirError('WEIR-3100', issue.message, issue.hint === undefined ? {} : { hint: issue.hint });
}
