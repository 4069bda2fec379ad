import type { FormatIssue, FormatOptions } from '../format.ts';

/** How TIMESTAMP values are written. Reading: `rfc3339` and `sql` each read both spellings. */
export type TimestampFormat = 'rfc3339' | 'sql' | 'unix_millis' | 'unix_micros';
export type DecimalEncoding = 'number' | 'string';

export interface JsonOptions {
  readonly timestampFormat: TimestampFormat;
  readonly decimalEncoding: DecimalEncoding;
  /** One column `value JSON` that holds the whole value. */
  readonly unstructured: boolean;
  /** A value of another JSON kind than the column's is bad data, rather than read as docs/sql.md's table says. */
  readonly strict: boolean;
}

export const jsonOptionNames: readonly string[] = [
  'json.timestamp_format',
  'json.decimal_encoding',
  'json.unstructured',
  'json.strict',
  'json.schema',
  'json.confluent_schema_registry',
];

/** Options of the design that need parts which this version has not. */
const notBuilt: Readonly<Record<string, string>> = {
  'json.include_schema': 'write plain JSON values; the Connect envelope {"schema", "payload"} comes later',
  'json.validate': 'leave it out; columns are checked against their SQL types anyway',
};

/** Reads the options; issues name the option and what it may be. The options returned hold defaults for what is wrong. */
export function readJsonOptions(options: FormatOptions): {
  readonly options: JsonOptions;
  readonly issues: readonly FormatIssue[];
} {
  const issues: FormatIssue[] = [];
  for (const [option, hint] of Object.entries(notBuilt)) {
    if (options[option] === undefined || options[option] === 'false') continue;
    issues.push({ option, message: `'${option}' is not supported by this version`, hint });
  }
  const choose = <T extends string>(option: string, allowed: readonly T[], fallback: T): T => {
    const given = options[option];
    if (given === undefined) return fallback;
    const found = allowed.find((name) => name === given.toLowerCase());
    if (found !== undefined) return found;
    issues.push({
      option,
      message: `'${option}' is '${given}'`,
      hint: `use one of ${allowed.join(', ')}`,
    });
    return fallback;
  };
  return {
    options: {
      timestampFormat: choose(
        'json.timestamp_format',
        ['rfc3339', 'sql', 'unix_millis', 'unix_micros'],
        'rfc3339',
      ),
      decimalEncoding: choose('json.decimal_encoding', ['number', 'string'], 'number'),
      unstructured: choose('json.unstructured', ['true', 'false'], 'false') === 'true',
      strict: choose('json.strict', ['true', 'false'], 'false') === 'true',
    },
    issues,
  };
}
