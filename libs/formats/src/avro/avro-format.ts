import { formatType, type Field, type SqlType } from '@weir/columnar/sql-type.ts';
import { WeirError } from '@weir/kernel/errors.ts';
import { plainRecordPart, type Decoder } from '../decoder.ts';
import type { Encoder } from '../encoder.ts';
import type { Format, FormatIssue, FormatOptions } from '../format.ts';
import { createAvroDecoder } from './avro-decoder.ts';
import type { ComplexTypes } from './avro-columns.ts';
import type { AvroType } from './avro-type.ts';
import { parseAvroSchema } from './parse-avro-schema.ts';
import { refusedAlways, resolveReader } from './resolve-reader.ts';

/** Avro's binary encoding, read only so far: records of one schema (`avro.schema`), or of those that they name. */
export const avroFormat: Format = {
  name: 'avro',
  optionNames: ['avro.schema', 'avro.raw_datums', 'avro.confluent_schema_registry', 'avro.complex_types'],
  check: (schema, options, direction) =>
    direction === 'write' ? [notWritten] : checkAvro(schema.fields, options),
  createDecoder(schema, options, settings = plainRecordPart): Decoder {
    const fields = settings.columns?.map((index) => schema.fields[index]!) ?? schema.fields;
    if (settings.framing === 'none') {
      refuse(checkAvro(fields, options));
      return createAvroDecoder(schema, settings, writtenSchema(options));
    }
    refuse(fields.flatMap(unfit));
    if (settings.writers === null) refuse([noSchema]);
    return createAvroDecoder(schema, settings, null);
  },
  createEncoder(): Encoder {
    throw refusalOf(notWritten);
  },
};

/** What arrays and maps become where columns come from the schema. */
export function complexTypesOf(options: FormatOptions): ComplexTypes {
  return options['avro.complex_types'] === 'native' ? 'native' : 'json';
}

const notWritten: FormatIssue = {
  option: 'format',
  message: "format 'avro' is read only in this version",
  hint: "write with format = 'json'",
};

const noSchema: FormatIssue = {
  option: 'avro.schema',
  message: "format 'avro' needs the schema that the records were written with",
  hint: "set 'avro.schema' to its JSON",
};

function checkAvro(fields: readonly Field[], options: FormatOptions): readonly FormatIssue[] {
  const issues: FormatIssue[] = [];
  for (const option of ['avro.raw_datums', 'avro.confluent_schema_registry'] as const) {
    const given = options[option];
    if (given === undefined || given === (option === 'avro.raw_datums' ? 'true' : 'false')) continue;
    issues.push({
      option,
      message: `'${option}' is '${given}': records that name a schema of a registry are not read by this version`,
      hint: "set 'avro.schema' for records that hold the value alone ('avro.raw_datums' = 'true')",
    });
  }
  const complex = options['avro.complex_types'];
  if (complex !== undefined && complex !== 'json' && complex !== 'native') {
    issues.push({
      option: 'avro.complex_types',
      message: `'avro.complex_types' is '${complex}'`,
      hint: 'use one of json, native',
    });
  }
  const unfits = fields.flatMap(unfit);
  if (options['avro.schema'] === undefined) issues.push(noSchema);
  else if (unfits.length === 0) issues.push(...schemaIssues(fields, options));
  return [...issues, ...unfits];
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
    if (!(error instanceof WeirError)) throw error;
    const hint = error.hint === undefined ? {} : { hint: error.hint };
    return [{ option: 'avro.schema', message: error.message, ...hint }];
  }
}

/** @throws WeirError WEIR-3120 */
function writtenSchema(options: FormatOptions): AvroType {
  return parseAvroSchema(options['avro.schema'] ?? '');
}

/** A column that no value of Avro's can go into. */
function unfit({ name, type }: Field): readonly FormatIssue[] {
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
