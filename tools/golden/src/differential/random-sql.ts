import { same, sql } from './both-dialects.ts';
import type { Sql } from './both-dialects.ts';
import type { SeededRandom } from '@weir/testkit/seeded-random.ts';

/** How results are compared, and what can stand where. */
export type Kind = 'integer' | 'decimal' | 'double' | 'text' | 'boolean' | 'timestamp' | 'date';

export const kinds: readonly Kind[] = [
  'integer',
  'integer',
  'decimal',
  'double',
  'text',
  'text',
  'boolean',
  'timestamp',
  'date',
];

const columns: Readonly<Record<Kind, readonly string[]>> = {
  integer: ['a', 'b', 'i', 'id'],
  decimal: ['c', 'e'],
  double: ['d'],
  text: ['s', 't'],
  boolean: ['f'],
  timestamp: ['ts'],
  date: ['day'],
};

const castNames: Readonly<Record<Kind, string>> = {
  integer: 'BIGINT',
  decimal: 'DECIMAL(12, 2)',
  double: 'DOUBLE',
  text: 'TEXT',
  boolean: 'BOOLEAN',
  timestamp: 'TIMESTAMP',
  date: 'DATE',
};

type Make = (random: SeededRandom, sub: (kind: Kind) => Sql) => Sql;

const literals: Readonly<Record<Kind, (random: SeededRandom) => string>> = {
  integer: (random) => String(random.pick([0, 1, 2, 3, 7, 10, 100, random.integer(-50, 50)])),
  decimal: (random) => `CAST('${random.integer(-999, 999) / 100}' AS DECIMAL(6, 2))`,
  double: (random) => `CAST(${random.integer(-40, 40) / 4} AS DOUBLE)`,
  text: (random) => `'${random.pick(['', 'a', 'b', 'ab', 'Bc', 'é', 'x y', '%', '12', 'ü😀'])}'`,
  boolean: (random) => random.pick(['TRUE', 'FALSE']),
  timestamp: (random) =>
    `TIMESTAMP '2024-0${random.integer(1, 9)}-1${random.integer(0, 9)} 0${random.integer(0, 9)}:30:15.25'`,
  date: (random) => `DATE '2024-0${random.integer(1, 9)}-${random.integer(10, 28)}'`,
};

const comparable: readonly Kind[] = ['integer', 'decimal', 'double', 'text', 'timestamp', 'date'];
const comparison = (random: SeededRandom): string => random.pick(['=', '<>', '<', '<=', '>', '>=']);
const fields = ['year', 'month', 'day', 'hour', 'minute', 'dow', 'isodow', 'doy', 'week', 'quarter'];
const intervals = ["INTERVAL '1 day'", "INTERVAL '90 minutes'", "INTERVAL '1 month'", "INTERVAL '3 seconds'"];
const truncations = ['minute', 'hour', 'day', 'week', 'month', 'quarter', 'year'];

const anyKind: (kind: Kind) => readonly Make[] = (kind) => [
  (_, sub) => sql`CASE WHEN ${sub('boolean')} THEN ${sub(kind)} ELSE ${sub(kind)} END`,
  (_, sub) => sql`CASE WHEN ${sub('boolean')} THEN ${sub(kind)} WHEN ${sub('boolean')} THEN ${sub(kind)} END`,
  (_, sub) => sql`coalesce(${sub(kind)}, ${sub(kind)})`,
  (_, sub) => sql`nullif(${sub(kind)}, ${sub(kind)})`,
];

/*
 * Left out, since the dialects differ: `/` of integers (DuckDB: `//`) and division by zero (NULL there, an error here), round() of DOUBLE
 * (half away from zero there, half to even here), DOUBLE and DECIMAL as text, text of other things than digits as numbers ('1.5' is 2 there), upper case
 * of letters that become two, regexp_extract without a match ('' there), epoch fields.
 */
const makers: Readonly<Record<Kind, readonly Make[]>> = {
  integer: [
    ...anyKind('integer'),
    (random, sub) => sql`(${sub('integer')} ${random.pick(['+', '-'])} ${sub('integer')})`,
    (random, sub) => sql`(${sub('integer')} * ${random.integer(-9, 9)})`,
    (random, sub) => {
      const [value, by] = [sub('integer'), random.integer(1, 12)];
      return { weir: `(${value.weir} / ${by})`, duck: `(${value.duck} // ${by})` };
    },
    (random, sub) => sql`(${sub('integer')} % ${random.integer(1, 12)})`,
    (_, sub) => sql`(- ${sub('integer')})`,
    (_, sub) => sql`abs(${sub('integer')})`,
    (_, sub) => sql`sign(${sub('integer')})`,
    (random, sub) => sql`(${sub('integer')} ${random.pick(['&', '|'])} ${sub('integer')})`,
    (random, sub) =>
      sql`${random.pick(['greatest', 'least'])}(${sub('integer')}, ${sub('integer')}, ${sub('integer')})`,
    (_, sub) => sql`length(${sub('text')})`,
    (_, sub) => sql`strpos(${sub('text')}, ${sub('text')})`,
    (_, sub) => {
      const value = sub('text');
      return { weir: `octet_length(${value.weir})`, duck: `octet_length(encode(${value.duck}))` };
    },
    (_, sub) => sql`ascii(${sub('text')})`,
    (_, sub) => sql`gcd(${sub('integer')}, ${sub('integer')})`,
    (random, sub) => sql`extract(${random.pick(fields)} FROM ${sub('timestamp')})`,
    (random, sub) => sql`extract(${random.pick(['year', 'month', 'day', 'doy'])} FROM ${sub('date')})`,
    (_, sub) => sql`(${sub('date')} - ${sub('date')})`,
    (_, sub) => sql`CAST(${sub('decimal')} AS BIGINT)`,
    (_, sub) => sql`CAST(${sub('double')} AS BIGINT)`,
    (_, sub) => sql`CAST(${sub('boolean')} AS INT)`,
    (_, sub) => sql`CAST(CAST(${sub('integer')} AS TEXT) AS BIGINT)`,
  ],
  decimal: [
    ...anyKind('decimal'),
    (random) => sql`(c ${random.pick(['+', '-', '*'])} e)`,
    (random, sub) => sql`(c ${random.pick(['+', '-'])} CAST(${sub('integer')} AS DECIMAL(18, 0)))`,
    (_, sub) => sql`(- ${sub('decimal')})`,
    (_, sub) => sql`abs(${sub('decimal')})`,
    () => same('CAST(c AS DECIMAL(10, 1))'),
    () => same('CAST(e AS DECIMAL(10, 2))'),
    () => same('CAST(i AS DECIMAL(12, 2))'),
    () => same('(c % 0.75)'),
  ],
  double: [
    ...anyKind('double'),
    (random, sub) => sql`(${sub('double')} ${random.pick(['+', '-', '*'])} ${sub('double')})`,
    (random, sub) => sql`(${sub('double')} / CAST(${random.integer(1, 9)}.5 AS DOUBLE))`,
    (random, sub) => sql`${random.pick(['floor', 'ceil', 'trunc', 'abs'])}(${sub('double')})`,
    (_, sub) => sql`sqrt(abs(${sub('double')}))`,
    (_, sub) => sql`CAST(${sub('integer')} AS DOUBLE)`,
    (_, sub) => sql`CAST(${sub('decimal')} AS DOUBLE)`,
    (random, sub) => sql`${random.pick(['greatest', 'least'])}(${sub('double')}, ${sub('double')})`,
  ],
  text: [
    ...anyKind('text'),
    (_, sub) => {
      // DuckDB makes a BLOB of a NULL on one side.
      const joined = sql`(${sub('text')} || ${sub('text')})`;
      return { ...joined, duck: `CAST(${joined.duck} AS TEXT)` };
    },
    (_, sub) => sql`concat(${sub('text')}, '-', ${sub('text')})`,
    (_, sub) => sql`concat_ws('/', ${sub('text')}, ${sub('text')})`,
    (random, sub) =>
      sql`${random.pick(['upper', 'lower', 'reverse', 'trim', 'ltrim', 'rtrim', 'md5'])}(${sub('text')})`,
    (random, sub) => sql`substring(${sub('text')}, ${random.integer(1, 4)}, ${random.integer(0, 4)})`,
    (random, sub) => sql`${random.pick(['left', 'right'])}(${sub('text')}, ${random.integer(0, 4)})`,
    (random, sub) => sql`${random.pick(['lpad', 'rpad'])}(${sub('text')}, ${random.integer(0, 8)}, '*')`,
    (random, sub) => sql`replace(${sub('text')}, ${sub('text')}, '${random.pick(['', 'z', 'aa'])}')`,
    (random, sub) => sql`split_part(${sub('text')}, ' ', ${random.integer(1, 3)})`,
    (random, sub) => sql`repeat(${sub('text')}, ${random.integer(0, 3)})`,
    (_, sub) => sql`translate(${sub('text')}, 'abé', 'xy')`,
    (random, sub) => sql`regexp_replace(${sub('text')}, '[a-c]+', '<>'${random.pick(['', ", 'g'"])})`,
    (_, sub) => sql`CAST(${sub('integer')} AS TEXT)`,
    (_, sub) => sql`CAST(${sub('boolean')} AS TEXT)`,
    (_, sub) => sql`CAST(${sub('date')} AS TEXT)`,
    (random, sub) => sql`${random.pick(['greatest', 'least'])}(${sub('text')}, ${sub('text')})`,
  ],
  boolean: [
    (_, sub) => sql`(${sub('boolean')} AND ${sub('boolean')})`,
    (_, sub) => sql`(${sub('boolean')} OR ${sub('boolean')})`,
    (_, sub) => sql`(NOT ${sub('boolean')})`,
    (random, sub) => {
      const kind = random.pick(comparable);
      return sql`(${sub(kind)} ${comparison(random)} ${sub(kind)})`;
    },
    (random, sub) =>
      sql`(${sub('integer')} ${comparison(random)} ${sub(random.pick(['decimal', 'double']))})`,
    (random, sub) => {
      const kind = random.pick(comparable);
      return sql`(${sub(kind)} IS ${random.pick(['', 'NOT '])}DISTINCT FROM ${sub(kind)})`;
    },
    (random, sub) => sql`(${sub(random.pick(kinds))} IS ${random.pick(['', 'NOT '])}NULL)`,
    (random, sub) =>
      sql`(${sub('boolean')} IS ${random.pick(['', 'NOT '])}${random.pick(['TRUE', 'FALSE'])})`,
    (random, sub) => {
      const kind = random.pick(comparable);
      return sql`(${sub(kind)} ${random.pick(['', 'NOT '])}BETWEEN ${sub(kind)} AND ${sub(kind)})`;
    },
    (random, sub) => sql`(${sub('integer')} ${random.pick(['', 'NOT '])}IN (1, 2, ${sub('integer')}, 10))`,
    (random, sub) => sql`(${sub('text')} ${random.pick(['', 'NOT '])}IN ('a', 'ab', ${sub('text')}))`,
    (random, sub) =>
      sql`(${sub('text')} ${random.pick(['', 'NOT '])}${random.pick(['LIKE', 'ILIKE'])} '${random.pick(['a%', '%b', '%é%', '_b%', '', '%', 'a_c', '%%x'])}')`,
    (random, sub) => sql`${random.pick(['starts_with', 'ends_with'])}(${sub('text')}, ${sub('text')})`,
  ],
  timestamp: [
    ...anyKind('timestamp'),
    (random, sub) => sql`(${sub('timestamp')} ${random.pick(['+', '-'])} ${random.pick(intervals)})`,
    (random, sub) => sql`date_trunc('${random.pick(truncations)}', ${sub('timestamp')})`,
    (_, sub) => sql`CAST(${sub('date')} AS TIMESTAMP)`,
    (random, sub) => sql`${random.pick(['greatest', 'least'])}(${sub('timestamp')}, ${sub('timestamp')})`,
  ],
  date: [
    ...anyKind('date'),
    (_, sub) => sql`CAST(${sub('timestamp')} AS DATE)`,
    (random, sub) => sql`(${sub('date')} ${random.pick(['+', '-'])} ${random.integer(0, 40)})`,
  ],
};

/** An expression over the columns of the table `v`, of a kind. */
export function randomExpression(random: SeededRandom, kind: Kind, depth: number): Sql {
  if (depth <= 0 || random.chance(0.15)) {
    if (random.chance(0.05)) return same(`CAST(NULL AS ${castNames[kind]})`);
    return same(random.chance(0.75) ? random.pick(columns[kind]) : literals[kind](random));
  }
  return random.pick(makers[kind])(random, (inner) => randomExpression(random, inner, depth - 1));
}
