import { describe, expect, test } from 'vitest';
import type { CreateTable } from '../ast/create-table.ts';
import type { Statement } from '../ast/statement.ts';
import { parseSql } from './parse-sql.ts';

function one(text: string): Statement | undefined {
  const { statements, diagnostics } = parseSql(text);
  expect(diagnostics).toEqual([]);
  expect(statements).toHaveLength(1);
  return statements[0];
}

function table(text: string): CreateTable {
  const statement = one(text);
  if (statement?.kind !== 'create_table') throw new Error('no table');
  return statement;
}

describe('CREATE TABLE', () => {
  test('columns of every kind', () => {
    const { columns, primaryKey, watermark } = table(`CREATE TABLE t (
      id BIGINT NOT NULL PRIMARY KEY,
      name VARCHAR(20) DEFAULT 'x' COMMENT 'who',
      total DECIMAL(10, 2) GENERATED ALWAYS AS (price * 2) STORED,
      twice AS price * 2,
      o BIGINT METADATA FROM 'offset' VIRTUAL,
      topic TEXT METADATA,
      ts TIMESTAMP(3) WITH TIME ZONE,
      WATERMARK FOR ts AS ts - INTERVAL '5' SECOND
    )`);
    expect(columns).toMatchObject([
      { name: { name: 'id' }, notNull: true },
      {
        name: { name: 'name' },
        type: { name: 'VARCHAR', parameters: [20] },
        default: { value: 'x' },
        comment: 'who',
      },
      { name: { name: 'total' }, generated: { stored: true } },
      { name: { name: 'twice' }, type: null, generated: { stored: false } },
      { name: { name: 'o' }, metadata: { key: 'offset', virtual: true } },
      { name: { name: 'topic' }, metadata: { key: null, virtual: false } },
      { name: { name: 'ts' }, type: { name: 'TIMESTAMP', parameters: [3], zoned: true } },
    ]);
    expect(primaryKey?.columns.map(({ name }) => name)).toEqual(['id']);
    expect(watermark?.value?.kind).toBe('binary');
  });

  test('nested types, closed by >> without a space', () => {
    const { columns } = table(
      'CREATE TABLE t (a ROW<x INT, y ARRAY<ARRAY<STRING>>>, b MAP<STRING, STRUCT<z: BIGINT NOT NULL>>, c TEXT[][], d BIGINT UNSIGNED)',
    );
    expect(columns.map(({ type }) => type)).toMatchObject([
      { kind: 'struct', fields: [{}, { type: { kind: 'array', element: { kind: 'array' } } }] },
      { kind: 'map', value: { kind: 'struct', fields: [{ notNull: true }] } },
      { kind: 'array', element: { kind: 'array' } },
      { name: 'BIGINT UNSIGNED' },
    ]);
  });

  test('options: quoted, unquoted, dotted; values of every kind; secrets are left alone', () => {
    const { options } = table(
      `CREATE TABLE t WITH (connector = kafka, source.offset = 'earliest', 'auth.password' = '{{ KEY }}', "a-b" = 1.5,
        message_count = -1, flag = TRUE, idle_time = INTERVAL '10' SECOND,)`,
    );
    expect(options.map(({ key, value }) => [key, value.text])).toEqual([
      ['connector', 'kafka'],
      ['source.offset', 'earliest'],
      ['auth.password', '{{ KEY }}'],
      ['a-b', '1.5'],
      ['message_count', '-1'],
      ['flag', 'true'],
      ['idle_time', '10 second'],
    ]);
  });

  test('TEMPORARY, IF NOT EXISTS, PRIMARY KEY (…) NOT ENFORCED, AS', () => {
    const statement = table(
      'CREATE TEMPORARY TABLE IF NOT EXISTS t (a INT, PRIMARY KEY (a) NOT ENFORCED) AS SELECT 1',
    );
    expect(statement).toMatchObject({ temporary: true, ifNotExists: true, primaryKey: { enforced: false } });
    expect(statement.query).not.toBeNull();
  });
});

test.each([
  ['CREATE VIEW v (a, b) AS SELECT 1, 2', 'create_view'],
  ['CREATE TEMPORARY VIEW v AS (SELECT 1)', 'create_view'],
  [
    "CREATE CONNECTION PROFILE p WITH (connector = 'confluent', key = '{{ K }}')",
    'create_connection_profile',
  ],
  [
    'CREATE FUNCTION f(a BIGINT, TEXT) RETURNS BIGINT LANGUAGE javascript AS $$ return a; $$',
    'create_function',
  ],
  ['CREATE ASYNC FUNCTION f() RETURNS TEXT NOT NULL LANGUAGE javascript AS $x$ 1; $x$', 'create_function'],
  ['CREATE AGGREGATE FUNCTION f(a INT) RETURNS INT LANGUAGE javascript AS $$ $$', 'create_function'],
  ['INSERT INTO t SELECT 1', 'insert'],
  ['INSERT INTO t (a, b) SELECT 1, 2', 'insert'],
  ['INSERT INTO t (SELECT 1)', 'insert'],
  ["INSERT INTO t VALUES (1, 'a'), (2, 'b')", 'insert'],
  ['EXPLAIN SELECT 1', 'explain'],
  ['EXPLAIN VERBOSE INSERT INTO t SELECT 1', 'explain'],
  ['EXPLAIN PLAN FOR SELECT 1', 'explain'],
  ['DESCRIBE t', 'describe'],
  ['SHOW TABLES', 'show'],
  ['SHOW CONNECTION PROFILES', 'show'],
  ["SET checkpoint_interval = '200ms'", 'set'],
  ['SET parallelism TO 2', 'set'],
  ["SET 'updating_ttl' = '1 day'", 'set'],
])('%s', (text, kind) => {
  expect(one(text)?.kind).toBe(kind);
});

describe('queries', () => {
  test.each([
    'SELECT DISTINCT a, t.*, count(*) AS n FROM t GROUP BY 1, a HAVING count(*) > 1',
    'SELECT DISTINCT ON (a) a FROM t',
    'SELECT a FROM t GROUP BY GROUPING SETS ((a, b), a, ()), ROLLUP (a, b), CUBE (c)',
    'WITH x AS (SELECT 1), y (a) AS (SELECT 2) SELECT * FROM x, y',
    'WITH RECURSIVE x AS (SELECT 1) SELECT * FROM x',
    '(SELECT 1 UNION ALL SELECT 2) INTERSECT SELECT 3 EXCEPT SELECT 4 ORDER BY 1 DESC NULLS FIRST LIMIT 5 OFFSET 2',
    'SELECT * FROM a JOIN b ON a.x = b.x LEFT JOIN c USING (x, y) CROSS JOIN d NATURAL JOIN e FULL OUTER JOIN f ON true',
    'SELECT * FROM a LEFT SEMI JOIN b ON a.x = b.x',
    'SELECT * FROM (a JOIN b ON a.x = b.x) JOIN c ON c.x = a.x',
    'SELECT * FROM orders AS o JOIN rates FOR SYSTEM_TIME AS OF o.ts AS r ON o.c = r.c',
    "SELECT * FROM TABLE(TUMBLE(TABLE bids, DESCRIPTOR(ts), INTERVAL '10' SECOND)) AS w",
    "SELECT * FROM TABLE(HOP(DATA => TABLE bids, TIMECOL => DESCRIPTOR(ts), SLIDE => INTERVAL '1' MINUTE, SIZE => INTERVAL '5' MINUTE))",
    'SELECT * FROM t, UNNEST(t.items) WITH ORDINALITY AS i (item, n)',
    'SELECT * FROM t CROSS JOIN LATERAL (SELECT t.a) AS x',
    'SELECT * FROM t, LATERAL TABLE(f(t.a)) AS x (b)',
    'SELECT sum(a) OVER w FROM t WINDOW w AS (PARTITION BY b ORDER BY c RANGE UNBOUNDED PRECEDING)',
    'SELECT row_number() OVER (ORDER BY a) AS n FROM t QUALIFY n <= 3',
    'SELECT a FROM t WHERE a IN (SELECT b FROM u) AND EXISTS (SELECT 1) AND c > ALL (SELECT d FROM u) AND e = (SELECT max(x) FROM u)',
    'SELECT a FROM t FETCH FIRST 3 ROWS ONLY',
    "SELECT tumble(interval '1 minute') AS window, window.start, count(*) FROM t GROUP BY 1",
    'TABLE t',
    'VALUES (1, 2), (3, 4)',
    'SELECT a offset FROM t OFFSET 5',
  ])('%s', (text) => {
    expect(one(text)?.kind).toBe('select');
  });

  test('UNION ALL is left-deep, INTERSECT binds stronger', () => {
    const statement = one('SELECT 1 UNION SELECT 2 INTERSECT SELECT 3');
    const body = statement?.kind === 'select' ? statement.query.body : undefined;
    expect(body).toMatchObject({ operator: 'union', right: { operator: 'intersect' } });
  });
});

test('an error costs its own statement only', () => {
  const text = 'SELECT FROM; SELECT 1; CREATE TABL x; INSERT INTO; SELECT 2';
  const { statements, diagnostics } = parseSql(text);
  expect(statements).toHaveLength(2);
  expect(diagnostics.map(({ span }) => text.slice(span.start, span.end))).toEqual(['FROM', 'TABL', ';']);
});

test('a broken token is told once, not again by the grammar', () => {
  expect(parseSql("SELECT 1 §§ 2; SELECT 'open").diagnostics.map(({ code }) => code)).toEqual([
    'WEIR-1001',
    'WEIR-1001',
    'WEIR-1002',
  ]);
});

/** Every object with a span, with the span of the one that it is in. */
function spans(value: unknown, outer: { start: number; end: number }, found: string[], text: string): void {
  if (typeof value !== 'object' || value === null) return;
  const span = 'span' in value ? (value.span as { start: number; end: number }) : outer;
  if (span.start < outer.start || span.end > outer.end || span.start >= span.end) {
    found.push(`${text.slice(span.start, span.end)} is outside ${text.slice(outer.start, outer.end)}`);
  }
  for (const child of Object.values(value)) spans(child, span, found, text);
}

test('every node stands inside the node that it belongs to', () => {
  const text = `CREATE TABLE t (a BIGINT NOT NULL, b AS a + 1, m TEXT METADATA FROM 'x', WATERMARK FOR ts AS ts - INTERVAL '1' SECOND) WITH (k.l = 'v');
    INSERT INTO t (a) SELECT CASE WHEN a BETWEEN 1 AND (2 + b) THEN x[1].y ELSE -f(DISTINCT z ORDER BY q) FILTER (WHERE (w)) END AS n, t.*
    FROM TABLE(TUMBLE(TABLE bids, DESCRIPTOR(ts), INTERVAL '10' SECOND)) AS r LEFT JOIN (SELECT a::TEXT FROM u) s ON r.a = s.a
    WHERE NOT a LIKE 'x' AND EXTRACT(HOUR FROM ts) = 1 GROUP BY 1, ROLLUP (a, b) HAVING count(*) > 1 ORDER BY 1 LIMIT 5`;
  const { statements, diagnostics } = parseSql(text);
  expect(diagnostics).toEqual([]);
  const found: string[] = [];
  for (const statement of statements) spans(statement, { start: 0, end: text.length }, found, text);
  expect(found).toEqual([]);
});
