import type { SqlType } from '@weir/columnar/sql-type.ts';

/**
 * A typed expression over the columns of one input row, as plain data (JSON).
 * Casts are explicit: the binder has already made both sides of a comparison, of arithmetic and of CASE the same type
 * (decimal arithmetic excepted: see `call`).
 */
export type Expression =
  | { readonly kind: 'column'; readonly index: number; readonly type: SqlType; readonly nullable: boolean }
  | Literal
  | Call
  /** The first branch whose condition is TRUE (not NULL), else `otherwise`. */
  | {
      readonly kind: 'case';
      readonly branches: readonly { readonly when: Expression; readonly then: Expression }[];
      readonly otherwise: Expression;
      readonly type: SqlType;
      readonly nullable: boolean;
    }
  /** `safe`: TRY_CAST, NULL instead of an error. */
  | {
      readonly kind: 'cast';
      readonly argument: Expression;
      readonly type: SqlType;
      readonly safe: boolean;
      readonly nullable: boolean;
    }
  /** A field of a struct. */
  | {
      readonly kind: 'field';
      readonly argument: Expression;
      readonly index: number;
      readonly type: SqlType;
      readonly nullable: boolean;
    };

/**
 * A constant. `value` by type: null; boolean; number for FLOAT and DOUBLE (or 'NaN', 'Infinity', '-Infinity'); decimal string of the physical integer for
 * all types held as ints (an unscaled DECIMAL, microseconds, days); the text for TEXT and JSON; base64 for BYTEA.
 */
export interface Literal {
  readonly kind: 'literal';
  readonly value: string | number | boolean | null;
  readonly type: SqlType;
  readonly nullable: boolean;
}

/**
 * A call of a scalar function or operator by its id. Ids of operators: `and or not` (three-valued, variadic and/or),
 * `eq ne lt le gt ge is_distinct is_not_distinct`, `is_null is_not_null is_true is_not_true is_false is_not_false`,
 * `add sub mul div mod neg` (decimals: arguments keep their own scales, `type` is the exact result type), `concat`
 * (`||`), `like ilike regex_match in between`, `struct` (builds a struct). All others are named as in SQL, lower case:
 * `upper`, `substring`, `date_trunc`, `coalesce`, … . The catalogue with signatures is in libs/sql/src/functions.
 */
export interface Call {
  readonly kind: 'call';
  readonly function: string;
  readonly arguments: readonly Expression[];
  readonly type: SqlType;
  readonly nullable: boolean;
}

export function typeOf(expression: Expression): SqlType {
  return expression.type;
}
