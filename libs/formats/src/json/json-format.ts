import type { Field, Schema, SqlType } from '@weir/columnar/sql-type.ts';
import { formatType } from '@weir/columnar/sql-type.ts';
import { WeirError } from '@weir/kernel/errors.ts';
import { plainRecordPart, type Decoder } from '../decoder.ts';
import { plainRecordValue, type Encoder } from '../encoder.ts';
import type { Format, FormatIssue, FormatOptions } from '../format.ts';
import { endOfPlainLine, FramedDecoder } from '../framing/framed-decoder.ts';
import { framingOptionNames, readFraming } from '../framing/framing-options.ts';
import { schemaPrefix } from '../schema-prefix.ts';
import { schemaFramingOf } from '../schema-framing.ts';
import { SchemaFramedDecoder } from '../schema-framed-decoder.ts';
import { JsonDecoder } from './json-decoder.ts';
import { createJsonEncoder } from './json-encoder.ts';
import { jsonOptionNames, readJsonOptions } from './json-options.ts';

/** JSON, one value a part. */
export const jsonFormat: Format = {
  name: 'json',
  optionNames: [...jsonOptionNames, ...framingOptionNames],
  check: (schema, options) => [...checkJson(schema, schema.fields, options), ...frameIssues(options)],
  createDecoder(schema, options, settings = plainRecordPart): Decoder {
    const values = new JsonDecoder(schema, checked(schema, options, settings.columns), settings);
    if (settings.framing === 'confluent') return new SchemaFramedDecoder(values, settings.part, unframedHint);
    const { framing } = readFraming(options);
    return framing === null || settings.part === 'key'
      ? values
      : new FramedDecoder(values, framing, endOfPlainLine, false);
  },
  createEncoder(schema, options, settings = plainRecordValue): Encoder {
    const columns = settings.columns ?? schema.fields.map((_, index) => index);
    const json = checked(schema, options, columns);
    return createJsonEncoder(schema, json, columns, settings.part, schemaPrefix(settings));
  },
};

const unframedHint = "set 'json.confluent_schema_registry' = 'false' for values without one";

function frameIssues(options: FormatOptions): readonly FormatIssue[] {
  if (schemaFramingOf('json', options) === 'none') return [];
  return readFraming(options).framing === null ? [] : [twoFrames];
}

const twoFrames: FormatIssue = {
  option: 'framing',
  message: "'framing' and 'json.confluent_schema_registry' exclude each other",
  hint: "records that name a schema hold one value: leave 'framing' out",
};

function checked(schema: Schema, options: FormatOptions, columns: readonly number[] | undefined) {
  const fields = columns === undefined ? schema.fields : columns.map((index) => schema.fields[index]!);
  const [issue] = checkJson(schema, fields, options);
  if (issue !== undefined) {
    throw new WeirError('WEIR-3100', issue.message, issue.hint === undefined ? {} : { hint: issue.hint });
  }
  return readJsonOptions(options).options;
}

function checkJson(_schema: Schema, fields: readonly Field[], given: FormatOptions): readonly FormatIssue[] {
  const { options, issues } = readJsonOptions(given);
  const found = [...issues, ...readFraming(given).issues];
  if (options.unstructured) {
    if (fields.length !== 1 || fields[0]?.type.kind !== 'json') {
      found.push({
        option: 'json.unstructured',
        message: "'json.unstructured' takes a table with one column of type JSON",
        hint: 'declare the table with (value JSON)',
      });
    }
    return found;
  }
  const names = new Set<string>();
  for (const field of fields) {
    if (names.has(field.name))
      found.push({ column: field.name, message: `column ${field.name} stands twice` });
    names.add(field.name);
    const message = unfit(field.type);
    if (message !== null) found.push({ column: field.name, ...message });
  }
  return found;
}

function unfit(type: SqlType): { message: string; hint: string } | null {
  switch (type.kind) {
    case 'map':
      if (type.key.type.kind !== 'text') {
        return {
          message: `JSON has no form for ${formatType(type)}: keys of an object are text`,
          hint: 'use MAP<TEXT, …>',
        };
      }
      return unfit(type.value.type);
    case 'list':
      return unfit(type.element.type);
    case 'struct':
      for (const field of type.fields) {
        const message = unfit(field.type);
        if (message !== null) return message;
      }
      return null;
    default:
      return null;
  }
}
