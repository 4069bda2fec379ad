import type { SqlType } from '@weir/columnar/sql-type.ts';
import type { Exact } from './exact.ts';

/**
 * A value of one row as runtime functions (and the interpreter) see it: exact numbers as Exact, TEXT and JSON as strings, BYTEA as
 * bytes, a struct as an array of its fields. null is NULL.
 */
export type RowValue = boolean | Exact | string | Uint8Array | readonly RowValue[] | null;

export interface CallTypes {
  readonly arguments: readonly SqlType[];
  readonly result: SqlType;
  /** Arguments that are constants, by position: patterns are compiled once. */
  readonly constants: readonly (RowValue | undefined)[];
  /** The call as SQL text, for messages. */
  readonly description: string;
}

/**
 * A scalar function by its id. `strict`: called only when no argument is NULL. It may return null for NULL.
 * `bind` runs once when the plan is compiled.
 */
export interface RuntimeFunction {
  readonly strict: boolean;
  bind(types: CallTypes): (...values: never[]) => RowValue;
}

/** A strict function that does not look at its types. */
export function plain(implementation: (...values: never[]) => RowValue): RuntimeFunction {
  return { strict: true, bind: () => implementation };
}

export type FunctionTable = Readonly<Record<string, RuntimeFunction>>;
