/** Binding powers, weakest first, after PostgreSQL: what binds stronger has the greater number. */
export const power = {
  or: 1,
  and: 2,
  not: 3,
  is: 4,
  comparison: 5,
  /** BETWEEN, IN, LIKE. */
  predicate: 6,
  /** ||, ->, ~ and all other operators. */
  other: 7,
  additive: 8,
  multiplicative: 9,
  exponent: 10,
  atTimeZone: 11,
  sign: 12,
} as const;
