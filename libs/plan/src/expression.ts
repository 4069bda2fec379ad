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
 * A call of a scalar function or operator by its id. Functions are named as in SQL, lower case (`upper`, `date_trunc`, `coalesce`): their
 * catalogue with signatures is in libs/sql/src/functions. These are the operators, with the argument types that each is bound for; `int` is
 * any integer type, and both sides of comparisons, of integer and of float arithmetic have the same type.
 *
 * | id | arguments | result |
 * |---|---|---|
 * | `and`, `or` | BOOLEAN, two or more | BOOLEAN, three-valued |
 * | `not` | BOOLEAN | |
 * | `eq ne lt le gt ge` | two of one type: any but struct, list, map for the orderings | BOOLEAN |
 * | `is_distinct`, `is_not_distinct` | two of one type | BOOLEAN, never NULL |
 * | `is_null`, `is_not_null` | any | never NULL |
 * | `is_true is_not_true is_false is_not_false` | BOOLEAN | never NULL |
 * | `add sub mul` | int, int of one type | that type; overflow is an error row |
 * | `div`, `mod` | int, int of one type | truncates toward zero; by zero is an error row |
 * | `add sub mul div mod` | DECIMAL, DECIMAL, own scales (integers were cast to DECIMAL) | the call's type: exact for add, sub, mul; div rounds half away from zero to its scale |
 * | `add sub mul div mod` | DOUBLE, DOUBLE or FLOAT, FLOAT | IEEE 754; by zero is an error row |
 * | `neg` | number or INTERVAL | |
 * | `add`, `sub` | TIMESTAMP, INTERVAL (micros or months) | the TIMESTAMP's type |
 * | `add`, `sub` | TIME, INTERVAL micros | TIME, wraps at midnight |
 * | `add`, `sub` | INTERVAL, INTERVAL of one unit | INTERVAL |
 * | `add`, `sub` | DATE, BIGINT | DATE |
 * | `sub` | DATE, DATE | BIGINT days |
 * | `sub` | TIMESTAMP, TIMESTAMP | INTERVAL micros |
 * | `mul` | INTERVAL, BIGINT | INTERVAL |
 * | `concat` | TEXT, TEXT or BYTEA, BYTEA | NULL if either is |
 * | `like`, `ilike` | TEXT, pattern TEXT, escape TEXT literal ('\' unless ESCAPE says otherwise; '' for none) | BOOLEAN |
 * | `similar` | TEXT, pattern TEXT | BOOLEAN; SQL regular expression, the whole text must match |
 * | `regex_match`, `regex_imatch` | TEXT, pattern TEXT | BOOLEAN; somewhere in the text; `i` ignores case |
 * | `in` | value, then one or more of its type | BOOLEAN, three-valued; literals are sorted first |
 * | `between` | value, low, high, of one type | BOOLEAN, three-valued |
 * | `bit_and bit_or bit_xor shift_left shift_right` | BIGINT, BIGINT | BIGINT |
 * | `bit_not` | BIGINT | BIGINT |
 * | `struct` | any | the call's STRUCT type |
 *
 * A DATE beside a TIMESTAMP was cast to TIMESTAMP. NOT LIKE, NOT IN, NOT BETWEEN are `not` of the positive one.
 */
export interface Call {
  readonly kind: 'call';
  readonly function: string;
  readonly arguments: readonly Expression[];
  readonly type: SqlType;
  readonly nullable: boolean;
}
