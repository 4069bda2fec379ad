import type { JsonSchema } from '../connector.ts';

/** One WITH option as its JSON Schema property says it. All values are strings in SQL. */
export interface OptionProperty {
  readonly description: string;
  readonly enum?: readonly string[];
  readonly pattern?: string;
  readonly default?: string;
  readonly examples?: readonly string[];
  /** Never shown, logged or returned. */
  readonly secret?: true;
  /** What it is about, if not what is read or written. */
  readonly part?: OptionPart;
}

/** `connection`: how to reach the system. `format`: how records are read and written. */
export type OptionPart = 'connection' | 'format';

export function optionSchema(
  properties: Readonly<Record<string, OptionProperty>>,
  required: readonly string[] = [],
): JsonSchema {
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    type: 'object',
    properties: Object.fromEntries(
      Object.entries(properties).map(([name, property]) => {
        const { secret, part, ...rest } = property;
        const marks = {
          ...(secret ? { writeOnly: true } : {}),
          ...(part === undefined ? {} : { 'x-part': part }),
        };
        return [name, { type: 'string', ...rest, ...marks }];
      }),
    ),
    required: [...required],
    additionalProperties: false,
  };
}

/** `25ms`, `20s`, `15 minutes`, `INTERVAL '1' MINUTE` */
export const durationPattern =
  "^\\s*([Ii][Nn][Tt][Ee][Rr][Vv][Aa][Ll]\\s+'[^']*'\\s*[A-Za-z]*|(\\s*\\d+(\\.\\d+)?\\s*[A-Za-z]+)+)\\s*$";

/** Event time by options, for tables that are read. The WATERMARK clause says the same in SQL. */
export const eventTimeOptions: Readonly<Record<string, OptionProperty>> = {
  event_time_field: { description: 'column that holds the event time', examples: ['created_at'] },
  watermark_field: { description: 'computed column whose value is the watermark', examples: ['wm'] },
  idle_time: {
    description: 'a partition read to its end for this long no longer holds back the watermark',
    pattern: durationPattern,
    default: '30s',
    examples: ['10s'],
  },
};

/** Formats whose records may be lines. */
const lineFormats = ['json', 'raw_string', 'raw_bytes'];

/** Options of the formats that records of any connector can have. */
export const formatOptions: Readonly<Record<string, OptionProperty>> = {
  format: {
    description: 'format of the values',
    enum: lineFormats,
    examples: ['json'],
  },
  'json.timestamp_format': {
    part: 'format',
    description: 'how timestamps are written in JSON',
    enum: ['rfc3339', 'RFC3339', 'sql', 'SQL', 'unix_millis', 'unix_micros'],
    default: 'rfc3339',
  },
  'json.decimal_encoding': {
    part: 'format',
    description: 'how DECIMAL is written in JSON',
    enum: ['number', 'string'],
    default: 'number',
  },
  'json.unstructured': {
    part: 'format',
    description: 'the whole value as one column `value JSON`',
    enum: ['true', 'false'],
    default: 'false',
  },
  'json.strict': {
    part: 'format',
    description: 'a JSON value of another kind than the column (5 in TEXT, "5" in INT) is bad data',
    enum: ['true', 'false'],
    default: 'false',
  },
  'json.schema': { part: 'format', description: 'inline JSON Schema that the columns come from' },
  bad_data: {
    description: 'what to do with a record that can not be decoded',
    enum: ['fail', 'drop'],
    default: 'fail',
  },
};

/** `formatOptions` and those of formats of bytes, for connectors whose records may hold any. */
export const binaryFormatOptions: Readonly<Record<string, OptionProperty>> = {
  ...formatOptions,
  format: {
    description: 'format of the values',
    enum: [...lineFormats, 'avro'],
    examples: ['json'],
  },
  'avro.schema': {
    part: 'format',
    description:
      'inline Avro schema of the values: what they were written with, and the columns come from it, too; or what they are written with',
  },
  'avro.raw_datums': {
    part: 'format',
    description: 'the values are Avro alone, without the id of a schema before them',
    enum: ['true'],
  },
  'avro.confluent_schema_registry': {
    part: 'format',
    description: 'the values name a schema of a registry; not in this version',
    enum: ['true', 'false'],
  },
  'avro.complex_types': {
    part: 'format',
    description: 'what arrays and maps become where the columns come from the schema: JSON, or T[] and MAP',
    enum: ['json', 'native'],
    default: 'json',
  },
};
