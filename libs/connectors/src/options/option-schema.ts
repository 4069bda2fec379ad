import type { JsonSchema, OptionIssue } from '../connector.ts';

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
const lineFormats = ['json', 'debezium_json', 'csv', 'raw_string', 'raw_bytes'];

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
  'csv.delimiter': {
    part: 'format',
    description: "what stands between fields of CSV, a comma if not given; '\\t' is a tab",
    examples: [';'],
  },
  'csv.quote': {
    part: 'format',
    description: "what fields of CSV may stand in, a double quote if not given; '' where they never do",
    examples: ["'"],
  },
  bad_data: {
    description: 'what to do with a record that can not be decoded',
    enum: ['fail', 'drop'],
    default: 'fail',
  },
};

/** For connectors that can keep records which can't be decoded. */
export const deadLetterOptions: Readonly<Record<string, OptionProperty>> = {
  bad_data: {
    description: 'what to do with a record that can not be decoded',
    enum: ['fail', 'drop', 'dead_letter'],
    default: 'fail',
  },
  'dead_letter.topic': {
    description: "with bad_data = 'dead_letter': topic of the same cluster that such records go to",
    pattern: '^[A-Za-z0-9._-]{1,249}$',
    examples: ['orders-dead-letters'],
  },
};

/** @returns what is wrong with the two */
export function deadLetterIssues(options: Readonly<Record<string, string>>): OptionIssue[] {
  const wanted = options['bad_data'] === 'dead_letter';
  const topic = options['dead_letter.topic'];
  if (wanted && topic === undefined) {
    return [
      {
        option: 'dead_letter.topic',
        message: "'bad_data' = 'dead_letter' needs the option 'dead_letter.topic'",
        hint: 'name a topic of the same cluster; it must exist',
      },
    ];
  }
  const mayBeWanted = wanted || (options['bad_data'] ?? '').includes('{{');
  if (topic !== undefined && !mayBeWanted) {
    return [
      {
        option: 'dead_letter.topic',
        message: "'dead_letter.topic' has no effect without 'bad_data' = 'dead_letter'",
        hint: "add 'bad_data' = 'dead_letter'",
      },
    ];
  }
  return [];
}

/** `formatOptions` and those of formats of bytes, for connectors whose records may hold any. */
export const binaryFormatOptions: Readonly<Record<string, OptionProperty>> = {
  ...formatOptions,
  framing: {
    part: 'format',
    description:
      'how a record holds several values: newline, a row for each line (json, csv, raw_string, raw_bytes)',
    enum: ['newline'],
  },
  'framing.max_length': {
    part: 'format',
    description: 'bytes of a line, at most; a longer one makes its record bad data (64 MiB)',
    pattern: '^[1-9]\\d{0,8}$',
    examples: ['1048576'],
  },
  format: {
    description: 'format of the values',
    enum: [...lineFormats, 'avro', 'debezium_avro', 'protobuf'],
    examples: ['json'],
  },
  'avro.schema': {
    part: 'format',
    description:
      'inline Avro schema of the values, from which columns come, too: what they are or were written with, or, with a registry, what they are read as',
  },
  'avro.raw_datums': {
    part: 'format',
    description: 'the values are Avro alone, without the id of a schema before them',
    enum: ['true', 'false'],
  },
  'avro.confluent_schema_registry': {
    part: 'format',
    description:
      "the values name the schema of the registry that they were written with (default with 'schema_registry.endpoint')",
    enum: ['true', 'false'],
  },
  'json.confluent_schema_registry': {
    part: 'format',
    description: "the values are framed as the registry's JSON serializer does it",
    enum: ['true', 'false'],
  },
  'protobuf.schema': {
    part: 'format',
    description:
      'inline .proto text of the values, from which columns come, too: what they were written with, or, with a registry, what they are read as',
  },
  'protobuf.message': {
    part: 'format',
    description: 'message of the schema that the values are, where it declares several',
    examples: ['shop.Order'],
  },
  'protobuf.confluent_schema_registry': {
    part: 'format',
    description:
      "the values name the schema of the registry that they were written with (default with 'schema_registry.endpoint')",
    enum: ['true', 'false'],
  },
  'avro.complex_types': {
    part: 'format',
    description: 'what arrays and maps become where the columns come from the schema: JSON, or T[] and MAP',
    enum: ['json', 'native'],
    default: 'json',
  },
};
