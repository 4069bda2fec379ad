import { SeededRandom } from '@weir/testkit/seeded-random.ts';
import { beforeAll, describe, expect, test } from 'vitest';
import { shapeOf } from '../testing/expression-shape.ts';
import { loadOracle, oracleAccepts, oracleShape } from '../testing/oracle-shape.ts';
import { parseSql } from './parse-sql.ts';

/* Our parser beside sqlparser-rs on what both know. Where they differ on purpose, the text stays out of the grammar below and stands as a case. */

beforeAll(loadOracle);

function ownShape(expression: string): string | undefined {
  const { statements, diagnostics } = parseSql(`SELECT ${expression}`);
  if (diagnostics.length > 0) return undefined;
  const [statement] = statements;
  const body = statement?.kind === 'select' ? statement.query.body : undefined;
  const item = body?.kind === 'select' ? body.items[0] : undefined;
  return item === undefined ? undefined : shapeOf(item.value);
}

class Generator {
  readonly #random: SeededRandom;

  constructor(seed: number) {
    this.#random = new SeededRandom(seed);
  }

  #pick<T>(items: readonly T[]): T {
    return this.#random.pick(items);
  }

  #operand(depth: number): string {
    if (depth <= 0) return this.#pick(['a', 'b', 't.c', '1', '2.5', "'x'", 'TRUE', 'NULL']);
    return this.#pick([
      () => this.#operand(0),
      () => this.#operand(0),
      () => `(${this.expression(depth - 1)})`,
      () => `-${this.#operand(0)}`,
      () =>
        `CASE WHEN ${this.expression(depth - 1)} THEN ${this.expression(depth - 1)} ELSE ${this.#operand(0)} END`,
      () => `CAST(${this.expression(depth - 1)} AS text)`,
      () => `${this.#pick(['a', 'b', "'x'"])}::text`,
    ])();
  }

  /** A row of operands and operators without parentheses: how it is grouped is the question. */
  expression(depth: number): string {
    let text = (this.#random.next() < 0.2 ? 'NOT ' : '') + this.#operand(depth);
    for (let count = Math.floor(this.#random.next() * 5); count > 0; count--) {
      text += ` ${this.#random.next() < 0.7 ? this.#binary(depth) : this.#predicate()}`;
    }
    return text;
  }

  #binary(depth: number): string {
    const operator = this.#pick([
      '+',
      '-',
      '*',
      '/',
      '%',
      '=',
      '<>',
      '<',
      '<=',
      '>',
      '>=',
      'AND',
      'OR',
      'AND',
      'OR',
    ]);
    return `${operator} ${this.#operand(depth - 1)}`;
  }

  #predicate(): string {
    const not = this.#random.next() < 0.5 ? 'NOT ' : '';
    return this.#pick([
      `IS ${not}NULL`,
      `IS ${not}TRUE`,
      `${not}IN (1, a + 2)`,
      `${not}BETWEEN 1 AND b + 2`,
      `${not}LIKE 'x%'`,
      `${not}ILIKE a`,
    ]);
  }
}

test('expressions are grouped alike', () => {
  let compared = 0;
  const differences: string[] = [];
  for (let seed = 1; seed <= 1500; seed++) {
    const text = new Generator(seed).expression(2);
    const oracle = oracleShape(text);
    if (oracle === undefined) continue;
    compared += 1;
    const own = ownShape(text);
    if (own !== oracle) differences.push(`seed ${seed}: ${text}\n  own    ${own}\n  oracle ${oracle}`);
  }
  expect(differences.slice(0, 5)).toEqual([]);
  expect(compared).toBeGreaterThan(1000);
});

describe('both accept', () => {
  test.each([
    'SELECT DISTINCT a, b AS c FROM t AS x WHERE a > 1 GROUP BY a, b HAVING count(*) > 1 ORDER BY a DESC NULLS LAST LIMIT 5 OFFSET 2',
    'WITH x AS (SELECT 1), y (a) AS (SELECT 2) SELECT * FROM x CROSS JOIN y',
    'SELECT a FROM t UNION ALL (SELECT b FROM u EXCEPT SELECT c FROM v)',
    'SELECT * FROM a LEFT JOIN b ON a.x = b.x FULL OUTER JOIN c USING (x) NATURAL JOIN d',
    'SELECT sum(a) FILTER (WHERE b > 1) OVER (PARTITION BY c ORDER BY d ROWS BETWEEN 1 PRECEDING AND CURRENT ROW) FROM t',
    'SELECT rank() OVER w FROM t WINDOW w AS (ORDER BY a)',
    'SELECT a FROM t GROUP BY GROUPING SETS ((a, b), ()), ROLLUP (c), CUBE (d)',
    'SELECT a FROM t WHERE EXISTS (SELECT 1) AND a IN (SELECT b FROM u) AND a > ALL (SELECT c FROM v)',
    "SELECT INTERVAL '1 day', DATE '2024-01-01', EXTRACT(YEAR FROM ts), SUBSTRING(a FROM 1 FOR 2), TRIM(BOTH 'x' FROM a), POSITION('a' IN b) FROM t",
    'SELECT ARRAY[1, 2][1], (a).b, a -> 1 ->> 2 FROM t',
    'SELECT * FROM t, LATERAL (SELECT t.a) AS x',
    'SELECT * FROM UNNEST(ARRAY[1]) WITH ORDINALITY AS u (a, n)',
    "INSERT INTO t (a, b) VALUES (1, 'x'), (2, DEFAULT_VALUE)",
    'INSERT INTO t SELECT * FROM u',
    'CREATE TABLE IF NOT EXISTS t (a BIGINT NOT NULL, b VARCHAR(3) DEFAULT 5, c DECIMAL(5, 2), PRIMARY KEY (a))',
    'CREATE TEMPORARY TABLE t AS SELECT 1 AS a',
    'CREATE VIEW v (a) AS SELECT 1',
    'EXPLAIN VERBOSE SELECT 1',
    "SET parallelism = '2'",
    'SELECT "A""b", $$it\'s$$, E\'a\\nb\', 1e3, .5 FROM "T"',
    'SELECT a /* x /* y */ z */ -- end\n FROM t',
  ])('%s', (text) => {
    expect(oracleAccepts(text)).toBe(true);
    expect(parseSql(text).diagnostics).toEqual([]);
  });
});

describe('both refuse', () => {
  test.each([
    'SELECT a,',
    'SELECT a FROM',
    'SELECT a b c FROM t',
    'SELECT (a',
    'SELECT a)',
    'SELECT a WHERE',
    'SELECT a FROM t GROUP a',
    'SELECT a BETWEEN 1',
    'SELECT CAST(a text)',
    'CREATE TABLE (a INT)',
    'SELECT a FROM t JOIN',
    'SELECT * FROM a LEFT b ON true',
    "SELECT 'a",
    'SELECT a IS 5',
    'SELECT a IN 5',
    'WITH x SELECT 1',
    'SELECT 1 UNION',
  ])('%s', (text) => {
    expect(oracleAccepts(text)).toBe(false);
    expect(parseSql(text).diagnostics.length).toBeGreaterThan(0);
  });
});
