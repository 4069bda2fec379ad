import { formatType, type Field, type SqlType } from '@weir/columnar/sql-type.ts';
import { WeirError } from '@weir/kernel/errors.ts';
import { plainRecordPart, type Decoder } from '../decoder.ts';
import { plainRecordValue, type Encoder } from '../encoder.ts';
import type { Format, FormatIssue, FormatOptions } from '../format.ts';
import { createAvroDecoder } from './avro-decoder.ts';
import type { ComplexTypes } from './avro-columns.ts';
import type { AvroType } from './avro-type.ts';
import { encoderOfTable, writeIssues } from './encoder-of-table.ts';
import { schemaFramingOf } from '../schema-framing.ts';
import { parseAvroSchema } from './parse-avro-schema.ts';
import { refusedAlways, resolveReader } from './resolve-reader.ts';

/**
 * Avro's binary encoding. Read: records that name their schemas (`avro.confluent_schema_registry`), or all of one (`avro.schema`). Written:
 * with that schema, the one that a pin says, or one made from the columns.
 */
export const avroFormat: Format = {
  name: 'avro',
  optionNames: ['avro.schema', 'avro.raw_datums', 'avro.confluent_schema_registry', 'avro.complex_types'],
  check: (schema, options, direction) =>
    direction === 'write' ? checkWritten(schema.fields, options) : checkAvro(schema.fields, options),
  createDecoder(schema, options, settings = plainRecordPart): Decoder {
    const fields = settings.columns?.map((index) => schema.fields[index]!) ?? schema.fields;
    if (settings.framing === 'none') {
      refuse(checkAvro(fields, options));
      return createAvroDecoder(schema, settings, writtenSchema(options));
    }
    refuse(fields.flatMap(unreadableAvroColumn));
    if (settings.writers === null) refuse([noWriters]);
    return createAvroDecoder(schema, settings, null);
  },
  createEncoder(schema, options, settings = plainRecordValue): Encoder {
    return encoderOfTable(schema, options, settings);
  },
};

/** What arrays and maps become where columns come from the schema. */
export function complexTypesOf(options: FormatOptions): ComplexTypes {
  return options['avro.complex_types'] === 'native' ? 'native' : 'json';
}

export const noAvroSchema: FormatIssue = {
  option: 'avro.schema',
  message: "format 'avro' needs the schema that the records were written with",
  hint: "set 'avro.schema' to its JSON, or 'schema_registry.endpoint' where the records name schemas of a registry",
};

const noWriters: FormatIssue = {
  option: 'schema_registry.endpoint',
  message: "'avro.confluent_schema_registry' = 'true' needs a registry",
  hint: "set 'schema_registry.endpoint'",
};

function checkAvro(fields: readonly Field[], options: FormatOptions): readonly FormatIssue[] {
  const issues = avroOptionIssues(options);
  const unfits = fields.flatMap(unreadableAvroColumn);
  if (isFramed(options)) issues.push(...readerIssues(options));
  else if (options['avro.schema'] === undefined) issues.push(noAvroSchema);
  else if (unfits.length === 0) issues.push(...schemaIssues(fields, options));
  return [...issues, ...unfits];
}

function checkWritten(fields: readonly Field[], options: FormatOptions): readonly FormatIssue[] {
  return [...avroOptionIssues(options), ...writeIssues(fields, options)];
}

function isFramed(options: FormatOptions): boolean {
  return schemaFramingOf('avro', options) === 'confluent';
}

/** What is wrong with the options beside the schema. */
export function avroOptionIssues(options: FormatOptions): FormatIssue[] {
  const issues: FormatIssue[] = [];
  if (isFramed(options) && options['schema_registry.endpoint'] === undefined) issues.push(noWriters);
  const complex = options['avro.complex_types'];
  if (complex !== undefined && complex !== 'json' && complex !== 'native') {
    issues.push({
      option: 'avro.complex_types',
      message: `'avro.complex_types' is '${complex}'`,
      hint: 'use one of json, native',
    });
  }
  return issues;
}

/** What is wrong with the schema itself, or with columns that no value of it can go into. */
function schemaIssues(fields: readonly Field[], options: FormatOptions): readonly FormatIssue[] {
  try {
    const step = resolveReader(writtenSchema(options), { fields, type: null, paths: [] });
    const refused = refusedAlways(step);
    if (refused === null) return [];
    const { column, refusal } = refused;
    const hint = refusal.hint === undefined ? {} : { hint: refusal.hint };
    return [{ ...(column === undefined ? {} : { column }), message: refusal.problem, ...hint }];
  } catch (error) {
    return [schemaIssue(error)];
  }
}

/** What is wrong with a schema that the columns come from, where there is one; what was written is not known yet. */
function readerIssues(options: FormatOptions): readonly FormatIssue[] {
  if (options['avro.schema'] === undefined) return [];
  try {
    writtenSchema(options);
    return [];
  } catch (error) {
    return [schemaIssue(error)];
  }
}

function schemaIssue(error: unknown): FormatIssue {
  if (!(error instanceof WeirError)) throw error;
  const hint = error.hint === undefined ? {} : { hint: error.hint };
  return { option: 'avro.schema', message: error.message, ...hint };
}

/** @throws WeirError WEIR-3120 */
function writtenSchema(options: FormatOptions): AvroType {
  return parseAvroSchema(options['avro.schema'] ?? '');
}

/** A column that no value of Avro's can go into. */
export function unreadableAvroColumn({ name, type }: Field): readonly FormatIssue[] {
  const found = unreadable(type);
  if (found === null) return [];
  const message = `Avro has no type that is read as ${formatType(found)}`;
  return [{ column: name, message, hint: 'use another type, or JSON' }];
}

function unreadable(type: SqlType): SqlType | null {
  switch (type.kind) {
    case 'interval':
    case 'null':
      return type;
    case 'list':
      return unreadable(type.element.type);
    case 'map':
      return type.key.type.kind === 'text' ? unreadable(type.value.type) : type;
    case 'struct':
      return type.fields.map((field) => unreadable(field.type)).find((each) => each !== null) ?? null;
    default:
      return null;
  }
}

function refuse(issues: readonly FormatIssue[]): void {
  const [issue] = issues;
  if (issue === undefined) return;
  throw refusalOf(issue);
}

function refusalOf({ message, hint }: FormatIssue): WeirError {
  return new WeirError('WEIR-3100', message, hint === undefined ? {} : { hint });
}
