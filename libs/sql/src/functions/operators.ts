/**
 * The operators that the binder puts into plans (Call.function), with the argument types that each is bound for. `int` is any integer type;
 * both sides of comparisons, of integer and of float arithmetic have the same type.
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
export const operatorIds = [
  'and',
  'or',
  'not',
  'eq',
  'ne',
  'lt',
  'le',
  'gt',
  'ge',
  'is_distinct',
  'is_not_distinct',
  'is_null',
  'is_not_null',
  'is_true',
  'is_not_true',
  'is_false',
  'is_not_false',
  'add',
  'sub',
  'mul',
  'div',
  'mod',
  'neg',
  'concat',
  'like',
  'ilike',
  'similar',
  'regex_match',
  'regex_imatch',
  'in',
  'between',
  'bit_and',
  'bit_or',
  'bit_xor',
  'shift_left',
  'shift_right',
  'bit_not',
  'struct',
] as const;

export type OperatorId = (typeof operatorIds)[number];
