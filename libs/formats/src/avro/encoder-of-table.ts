import { formatType, type Field, type Schema } from '@weir/columnar/sql-type.ts';
import { WeirError } from '@weir/kernel/errors.ts';
import type { Encoder, EncoderSettings } from '../encoder.ts';
import type { FormatIssue, FormatOptions } from '../format.ts';
import { schemaPrefix } from '../schema-prefix.ts';
import { createAvroEncoder } from './avro-encoder.ts';
import { avroOfColumns, unwritableAvroType } from './avro-of-columns.ts';
import { parseAvroSchema } from './parse-avro-schema.ts';
import { resolveWriter, type Resolved } from './resolve-writer.ts';
import type { WriteStep } from './write-step.ts';

/** What of the columns can't be written, with the table's schema where it has one. */
export function writeIssues(fields: readonly Field[], options: FormatOptions): readonly FormatIssue[] {
  const issues = fields.flatMap(unwritableAvroColumn);
  if (issues.length > 0) return issues;
  try {
    const resolved = stepOf(fields, options, { writer: null, part: 'value' });
    return 'unfit' in resolved ? [issueOf(resolved)] : [];
  } catch (error) {
    if (!(error instanceof WeirError)) throw error;
    const hint = error.hint === undefined ? {} : { hint: error.hint };
    return [{ option: 'avro.schema', message: error.message, ...hint }];
  }
}

/** @throws WeirError WEIR-3100, WEIR-3120 when the columns can't be written with the schema */
export function encoderOfTable(schema: Schema, options: FormatOptions, settings: EncoderSettings): Encoder {
  const columns = settings.columns ?? schema.fields.map((_, index) => index);
  const fields = columns.map((index) => schema.fields[index]!);
  const [issue] = fields.flatMap(unwritableAvroColumn);
  if (issue !== undefined) throw refusalOf(issue);
  const resolved = stepOf(fields, options, settings);
  if ('unfit' in resolved) throw refusalOf(issueOf(resolved));
  return createAvroEncoder(schema, columns, resolved.of, settings.part, schemaPrefix(settings));
}

/** The schema is the one that the sink is pinned to, else the option's, else one made from the columns. */
function stepOf(
  fields: readonly Field[],
  options: FormatOptions,
  { writer, part }: Pick<EncoderSettings, 'writer' | 'part'>,
): Resolved<WriteStep> {
  if (writer !== null) {
    const paths = new Map(writer.columns.map(({ column, path }) => [column, path]));
    const names = fields.map(({ name }) => paths.get(name)?.[0] ?? name);
    return resolveWriter(fields, parseAvroSchema(writer.text, writer.references), names);
  }
  const given = options['avro.schema'];
  if (given !== undefined) return resolveWriter(fields, parseAvroSchema(given));
  const { schema, names } = avroOfColumns(fields, part);
  return resolveWriter(fields, parseAvroSchema(JSON.stringify(schema)), names);
}

/** A column that Avro has no type for. */
export function unwritableAvroColumn({ name, type }: Field): readonly FormatIssue[] {
  const found = unwritableAvroType(type);
  if (found === null) return [];
  const hint = found.kind === 'map' ? 'use MAP<TEXT, …>' : 'use CAST(… AS TEXT)';
  return [{ column: name, message: `Avro has no type for ${formatType(found)}`, hint }];
}

function issueOf({ unfit }: Extract<Resolved<WriteStep>, { unfit: unknown }>): FormatIssue {
  const { problem, hint, column } = unfit;
  return { ...(column === undefined ? { option: 'avro.schema' } : { column }), message: problem, hint };
}

function refusalOf({ message, hint }: FormatIssue): WeirError {
  return new WeirError('WEIR-3100', message, hint === undefined ? {} : { hint });
}
