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

/** Options of the formats that records can have. */
export const formatOptions: Readonly<Record<string, OptionProperty>> = {
  format: {
    description: 'format of the values',
    enum: ['json', 'raw_string', 'raw_bytes'],
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
