import type { SqlType } from '@weir/columnar/sql-type.ts';
import { bigintType, booleanType, doubleType, intType, textType } from '@weir/columnar/sql-type.ts';
import { assert } from '@weir/kernel/assert.ts';

/**
 * What a parameter takes. A concrete name (`text`, `bigint`, …): the binder casts the argument to exactly that type, so an
 * implementation sees nothing else. `timestamp` takes both local and zoned ones, any precision, as they are.
 * `number`: any integer, decimal or float, as it is. `integer`, `decimal`, `float`: as they are. `any`: as it is.
 * `same`: all arguments that stand at a `same` were cast to one type.
 */
export type ParameterPattern =
  | 'text'
  | 'bigint'
  | 'double'
  | 'boolean'
  | 'bytes'
  | 'json'
  | 'date'
  | 'time'
  | 'timestamp'
  | 'interval'
  | 'integer'
  | 'decimal'
  | 'float'
  | 'number'
  | 'any'
  | 'same';

/** A type, or a rule: `first` is the first argument's type, `same` the common type of the `same` arguments. */
export type ResultPattern = SqlType | 'first' | 'same' | ((types: readonly SqlType[]) => SqlType);

/**
 * `strict`: NULL exactly if an argument is NULL (the caller may skip the call).
 * `partial`: NULL if an argument is NULL, and for some other arguments as well.
 * `own`: looks at NULLs itself, may give NULL. `never`: looks at NULLs itself, never gives NULL.
 */
export type NullRule = 'strict' | 'partial' | 'own' | 'never';

/** One overload of a scalar function. The plan holds `id` and the arguments; overloads of an id differ by argument types. */
export interface ScalarSignature {
  readonly id: string;
  readonly parameters: readonly ParameterPattern[];
  /** How many of the last parameters may be left out. */
  readonly optional: number;
  /** The last parameter may stand any number of times (at least once). */
  readonly variadic: boolean;
  readonly result: ResultPattern;
  readonly nulls: NullRule;
}

const resultNames: Readonly<Record<string, SqlType>> = {
  text: textType,
  bigint: bigintType,
  int: intType,
  double: doubleType,
  boolean: booleanType,
  bytes: { kind: 'bytes' },
  json: { kind: 'json' },
  date: { kind: 'date' },
  time: { kind: 'time', precision: 6 },
  timestamp: { kind: 'timestamp', precision: 6, zoned: false },
  timestamptz: { kind: 'timestamp', precision: 6, zoned: true },
  interval: { kind: 'interval', unit: 'micros' },
};

/**
 * Reads one line of a catalogue: `substring(text, bigint, bigint?) -> text`. `?` marks optional parameters, `...` a last
 * parameter that repeats. A result rule that is no name is given as `result`.
 */
export function scalar(
  line: string,
  options: { readonly nulls?: NullRule; readonly result?: ResultPattern } = {},
): ScalarSignature {
  const match = /^(\w+)\(([^)]*)\) -> (\w+)$/.exec(line);
  assert(match !== null, `'${line}' is a signature`);
  const [, id = '', list = '', resultName = ''] = match;
  const words = list.split(',').flatMap((word) => (word.trim() === '' ? [] : [word.trim()]));
  const named = resultName === 'first' || resultName === 'same' ? resultName : resultNames[resultName];
  const result = options.result ?? named;
  assert(result !== undefined, `'${line}' names a result type`);
  return {
    id,
    parameters: words.map((word) => word.replace(/\?|\.\.\./, '') as ParameterPattern),
    optional: words.filter((word) => word.endsWith('?')).length,
    variadic: words.at(-1)?.endsWith('...') ?? false,
    result,
    nulls: options.nulls ?? 'strict',
  };
}

/** For messages and docs: `substring(text, bigint, [bigint])`. */
export function formatSignature(signature: ScalarSignature): string {
  const required = signature.parameters.length - signature.optional;
  const words = signature.parameters.map((word, index) => (index < required ? word : `[${word}]`));
  return `${signature.id}(${words.join(', ')}${signature.variadic ? ', …' : ''})`;
}
