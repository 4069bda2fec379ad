import { sql } from './both-dialects.ts';
import type { Sql } from './both-dialects.ts';
import { kinds, randomExpression } from './random-sql.ts';
import type { Kind } from './random-sql.ts';
import { SeededRandom } from '@weir/testkit/seeded-random.ts';

/** A row of the table `v` as JSON values; numbers that need it are text of their digits. */
export interface RandomRow {
  readonly id: number;
  readonly a: string | null;
  readonly b: number | null;
  readonly i: number | null;
  readonly c: string | null;
  readonly e: string | null;
  readonly d: number | null;
  readonly s: string | null;
  readonly t: string | null;
  readonly f: boolean | null;
  readonly ts: string;
  readonly day: string | null;
}

/** A query whose result both sides must give, as rows of values of these kinds. */
export interface RandomQuery {
  readonly table: string;
  readonly kinds: readonly Kind[];
  readonly sql: Sql;
}

export interface RandomCase {
  readonly seed: number;
  readonly rows: readonly RandomRow[];
  readonly queries: readonly RandomQuery[];
  readonly parallelism: number;
}

/** Columns of `v`, as both understand them. */
export const columnList =
  'id BIGINT NOT NULL, a BIGINT, b BIGINT, i INT, c DECIMAL(10, 2), e DECIMAL(8, 4), d DOUBLE, s TEXT, t TEXT, f BOOLEAN, ts TIMESTAMP NOT NULL, day DATE';

export function randomCase(seed: number): RandomCase {
  const random = new SeededRandom(seed);
  const rows = randomRows(random);
  const queries = [projection(random), aggregate(random)];
  return { seed, rows, queries, parallelism: random.integer(1, 3) };
}

const texts = ['', 'a', 'b', 'ab', 'abc', 'Bc', ' x y ', 'é', 'aéb', '😀', 'x😀y', '%', '12', "it's", 'ZZ'];

function randomRows(random: SeededRandom): RandomRow[] {
  const orNull = <T>(value: () => T): T | null => (random.chance(0.15) ? null : value());
  let micros = Date.UTC(2024, random.integer(0, 11), random.integer(1, 28)) * 1000;
  return Array.from({ length: random.integer(1, 60) }, (_, id): RandomRow => {
    micros += random.integer(0, 4_000_000);
    return {
      id,
      a: orNull(() =>
        random.chance(0.1)
          ? String(2n ** 53n + BigInt(random.integer(-3, 3)))
          : String(random.integer(-1000, 1000)),
      ),
      b: orNull(() => random.integer(-5, 5)),
      i: orNull(() => random.integer(-100_000, 100_000)),
      c: orNull(() => (random.integer(-99_999, 99_999) / 100).toFixed(2)),
      e: orNull(() => (random.integer(-999_999, 999_999) / 10_000).toFixed(4)),
      d: orNull(() => random.integer(-400, 400) / 8),
      s: orNull(() => random.pick(texts)),
      t: orNull(() => random.pick(texts)),
      f: orNull(() => random.chance(0.5)),
      ts: isoMicros(micros),
      day: orNull(() => `20${random.integer(10, 30)}-0${random.integer(1, 9)}-${random.integer(10, 28)}`),
    };
  });
}

function isoMicros(micros: number): string {
  const seconds = new Date(Math.floor(micros / 1000)).toISOString().slice(0, 19);
  return `${seconds}.${String(micros % 1_000_000).padStart(6, '0')}`;
}

const projectionWidth = 6;

function projection(random: SeededRandom): RandomQuery {
  const chosen = Array.from({ length: projectionWidth }, () => random.pick(kinds));
  const values = chosen.map((kind) => randomExpression(random, kind, 3));
  const list = listOf(values.map((value, index) => sql`${value} AS x${index}`));
  const condition = randomExpression(random, 'boolean', 2);
  const where = random.chance(0.6) ? sql` WHERE ${condition}` : sql``;
  return { table: 'projected', kinds: ['integer', ...chosen], sql: sql`SELECT id, ${list} FROM v${where}` };
}

function listOf(parts: readonly Sql[]): Sql {
  return { weir: parts.map(({ weir }) => weir).join(', '), duck: parts.map(({ duck }) => duck).join(', ') };
}

const arguments_: readonly (readonly [string, readonly Kind[]])[] = [
  ['sum', ['integer', 'decimal', 'double']],
  ['min', ['integer', 'decimal', 'double', 'text', 'timestamp', 'date']],
  ['max', ['integer', 'decimal', 'double', 'text', 'timestamp', 'date']],
  ['count', ['integer', 'text', 'boolean', 'date']],
  ['avg', ['integer', 'double']],
];

/** Aggregates of tumbling or hopping windows, by a key, in both spellings of SQL for windows. */
function aggregate(random: SeededRandom): RandomQuery {
  const [slide, size] = random.pick([
    [10, 10],
    [60, 60],
    [5, 20],
    [7, 10],
  ] as const);
  const keyKind = random.pick(['integer', 'text', 'boolean', 'decimal', 'date'] as const);
  const key = randomExpression(random, keyKind, 1);
  const calls = Array.from({ length: 4 }, () => aggregateCall(random));
  const outputs = listOf(calls.map(({ call }, index) => sql`${call} AS x${index}`));
  const filtered = randomExpression(random, 'boolean', 1);
  const having = random.chance(0.3) ? ` HAVING count(*) > ${random.integer(1, 2)}` : '';
  const micros = (seconds: number): number => seconds * 1_000_000;
  const window =
    slide === size
      ? `tumble(INTERVAL '${size} seconds')`
      : `hop(INTERVAL '${slide} seconds', INTERVAL '${size} seconds')`;
  const weir = `SELECT w.start AS start, k, n, m, x0, x1, x2, x3 FROM (SELECT ${window} AS w, ${key.weir} AS k, count(*) AS n, count(*) FILTER (WHERE ${filtered.weir}) AS m, ${outputs.weir} FROM v GROUP BY w, k${having}) AS q`;
  const starts = `(epoch_us(ts) // ${micros(slide)} - back) * ${micros(slide)}`;
  const spread = `(SELECT *, ${key.duck} AS group_key, ${starts} AS start_us FROM v, range(0, ${Math.ceil(size / slide) + 1}) AS r(back) WHERE ${starts} > epoch_us(ts) - ${micros(size)}) AS v`;
  const duck = `SELECT make_timestamp(start_us) AS start, group_key AS k, count(*) AS n, count(*) FILTER (WHERE ${filtered.duck}) AS m, ${outputs.duck} FROM ${spread} GROUP BY start_us, group_key${having}`;
  const found = calls.map(({ kind }) => kind);
  return {
    table: 'aggregated',
    kinds: ['timestamp', keyKind, 'integer', 'integer', ...found],
    sql: { weir, duck },
  };
}

function aggregateCall(random: SeededRandom): { call: Sql; kind: Kind } {
  const [name, takes] = random.pick(arguments_);
  const argument = random.pick(takes);
  const kind = name === 'count' ? 'integer' : name === 'avg' ? 'double' : argument;
  const call = sql`${name}(${randomExpression(random, argument, 2)})`;
  if (!random.chance(0.3)) return { call, kind };
  return { call: sql`${call} FILTER (WHERE ${randomExpression(random, 'boolean', 1)})`, kind };
}
