import { describe, expect, test } from 'vitest';
import { compileSql } from './compile-sql.ts';
import { testCatalog } from './testing/test-catalog.ts';

/*
 * What other systems have and Weir has not: refused by its name, at its place. In the texts below «…» is the place; the golden files of
 * documented/ hold the hints, and many more forms.
 */

const tables = `CREATE TABLE bids (auction BIGINT NOT NULL, price BIGINT NOT NULL, channel TEXT, ts TIMESTAMP NOT NULL, WATERMARK FOR ts)
  WITH (connector = 'kafka', topic = 'bids', format = 'json');
CREATE TABLE other (auction BIGINT NOT NULL) WITH (connector = 'kafka', topic = 'other', format = 'json');
CREATE TABLE a WITH (connector = 'kafka', topic = 'a', format = 'json');
CREATE TABLE b WITH (connector = 'kafka', topic = 'b', format = 'json');\n`;

/** Code, message, and the place as text, of each diagnostic. */
async function said(text: string): Promise<string[][]> {
  const full = tables + text;
  const { diagnostics } = await compileSql(full, { connectors: testCatalog });
  return diagnostics.map(({ code, message, span }) => [code, message, full.slice(span.start, span.end)]);
}

async function hintsOf(text: string): Promise<(string | undefined)[]> {
  const { diagnostics } = await compileSql(tables + text, { connectors: testCatalog });
  return diagnostics.map(({ hint }) => hint);
}

const window = `tumble(INTERVAL '1 minute')`;

describe('each is refused by its name, at its place', () => {
  test.each([
    // Statements
    ['INSERT «OVERWRITE» a SELECT price FROM bids', 'WEIR-1015', 'INSERT OVERWRITE is not supported'],
    [
      'CREATE OR «REPLACE» TABLE t (x INT)',
      'WEIR-1015',
      'nothing is replaced: a text creates each name once',
    ],
    [
      "CREATE FUNCTION «f» AS 'com.example.F'",
      'WEIR-1901',
      'CREATE FUNCTION … AS a class is not supported yet',
    ],
    [
      "CREATE FUNCTION «f» LANGUAGE PYTHON AS 'f.f'",
      'WEIR-1901',
      'CREATE FUNCTION … AS a class is not supported yet',
    ],
    ['CREATE «CATALOG» c', 'WEIR-1015', 'there is no CREATE CATALOG'],
    ['CREATE «DATABASE» d', 'WEIR-1015', 'there is no CREATE DATABASE'],
    ['SHOW «CREATE» TABLE bids', 'WEIR-1015', 'there is no SHOW CREATE'],
    ['«USE» CATALOG c', 'WEIR-1015', 'there is no USE statement'],
    ['«DROP» TABLE bids', 'WEIR-1015', 'there is no DROP statement'],
    ['«ALTER» TABLE bids RENAME TO c', 'WEIR-1015', 'there is no ALTER statement'],
    ["«ADD» JAR 'f.jar'", 'WEIR-1015', 'there is no ADD statement'],
    ['«RESET»', 'WEIR-1015', 'there is no RESET statement'],
    ['DESCRIBE «CATALOG» c', 'WEIR-1015', 'DESCRIBE CATALOG is not supported'],
    [
      'EXPLAIN «CHANGELOG_MODE» SELECT price FROM bids',
      'WEIR-1015',
      'EXPLAIN CHANGELOG_MODE is not supported',
    ],
    // CREATE TABLE
    [
      "CREATE TABLE t (x INT) «PARTITIONED» BY (x) WITH (connector = 'kafka')",
      'WEIR-1015',
      "Weir's tables have no PARTITIONED BY",
    ],
    [
      "CREATE TABLE t (x INT) WITH (connector = 'kafka') «PARTITIONED» BY (x)",
      'WEIR-1015',
      "Weir's tables have no PARTITIONED BY",
    ],
    [
      "CREATE TABLE t (x INT) COMMENT 'c' «DISTRIBUTED» BY HASH(x) INTO 4 BUCKETS",
      'WEIR-1015',
      "Weir's tables have no DISTRIBUTED BY",
    ],
    ['CREATE TABLE t «LIKE» bids (INCLUDING ALL)', 'WEIR-1901', 'CREATE TABLE … LIKE is not supported yet'],
    [
      "CREATE TABLE t (x INT) WITH (connector = 'kafka', fields = «[»a, b])",
      'WEIR-1901',
      'a list of values in brackets is not supported yet',
    ],
    [
      'CREATE TABLE t (x INT «REFERENCES» u)',
      'WEIR-1015',
      'REFERENCES of a table or a column is not supported',
    ],
    ['CREATE TABLE t (x «BINARY(4)»)', 'WEIR-1016', 'there is no type BINARY'],
    ['CREATE TABLE t (x INTERVAL «DAY» TO SECOND)', 'WEIR-1016', 'INTERVAL DAY is no type here'],
    ['CREATE TABLE t (x «MULTISET»<INT>)', 'WEIR-1016', 'there is no type MULTISET'],
    // Queries
    [
      "SELECT price FROM bids «/*+ OPTIONS('a' = 'b') */»",
      'WEIR-1015',
      'the hint OPTIONS(…) is not supported',
    ],
    [
      'SELECT * FROM bids «MATCH_RECOGNIZE (»PARTITION BY auction PATTERN (A B) DEFINE A AS price > 1)',
      'WEIR-1901',
      'MATCH_RECOGNIZE is not supported yet',
    ],
    ['SELECT price FROM bids «TABLESAMPLE BERNOULLI» (10)', 'WEIR-1015', 'TABLESAMPLE is not supported'],
    ['SELECT price FROM bids AS x «TABLESAMPLE (»10 PERCENT)', 'WEIR-1015', 'TABLESAMPLE is not supported'],
    ['SELECT * «EXCEPT» (price) FROM bids', 'WEIR-1901', '* EXCEPT is not supported yet'],
    ['SELECT * «EXCLUDE» (price) FROM bids', 'WEIR-1901', '* EXCLUDE is not supported yet'],
    ['SELECT * «REPLACE (»price + 1 AS price) FROM bids', 'WEIR-1901', '* REPLACE is not supported yet'],
    ['SELECT bids.price FROM bids «ASOF JOIN» other ON TRUE', 'WEIR-1901', 'ASOF JOIN is not supported yet'],
    [
      'SELECT price FROM bids FOR SYSTEM_TIME AS OF «ts»',
      'WEIR-1901',
      'FOR SYSTEM_TIME AS OF (temporal joins) is not supported yet',
    ],
    [
      'SELECT price FROM LATERAL «(SELECT price FROM bids) AS x»',
      'WEIR-1901',
      'LATERAL is not supported yet',
    ],
    [
      'SELECT price FROM bids FETCH FIRST «5» ROWS ONLY',
      'WEIR-1605',
      'LIMIT without ORDER BY has no meaning here',
    ],
    ['SELECT price FROM bids OFFSET «5» ROWS', 'WEIR-1605', 'OFFSET without LIMIT has no meaning here'],
    ['SELECT price FROM bids LIMIT 10«,» 5', 'WEIR-1901', 'LIMIT offset, count is not supported yet'],
    ['SELECT price FROM bids GROUP BY «ALL»', 'WEIR-1901', 'GROUP BY ALL is not supported yet'],
    [
      'SELECT sum(price) OVER (ORDER BY ts ROWS 1 PRECEDING «EXCLUDE» TIES) FROM bids',
      'WEIR-1901',
      "EXCLUDE TIES of a window's frame is not supported yet",
    ],
    ['SELECT price «INTO» t FROM bids', 'WEIR-1015', 'SELECT … INTO is not supported'],
    ['SELECT price FROM bids «EMIT CHANGES»', 'WEIR-1015', 'EMIT CHANGES is not supported'],
    ['SELECT price FROM bids «FOR UPDATE»', 'WEIR-1015', 'FOR UPDATE is not supported'],
    // Expressions
    ['SELECT (ts, ts) «OVERLAPS (»ts, ts) FROM bids', 'WEIR-1901', 'OVERLAPS is not supported yet'],
    [
      `SELECT «max(price) IGNORE NULLS» FROM bids GROUP BY ${window}`,
      'WEIR-1901',
      'IGNORE NULLS of max() is not supported yet',
    ],
    [
      'SELECT «length(channel) RESPECT NULLS» FROM bids',
      'WEIR-1901',
      'RESPECT NULLS of length() is not supported yet',
    ],
    [
      `SELECT «LISTAGG»(channel) WITHIN GROUP (ORDER BY price) FROM bids GROUP BY ${window}`,
      'WEIR-1901',
      'the aggregate listagg() is not supported yet',
    ],
    ["SELECT «ts AT TIME ZONE 'UTC'» FROM bids", 'WEIR-1901', 'AT TIME ZONE is not supported yet'],
    ['SELECT «channel COLLATE "C"» FROM bids', 'WEIR-1901', 'COLLATE is not supported yet'],
    [
      "SELECT JSON_VALUE(channel, '$.a' «RETURNING» INT NULL ON EMPTY) FROM bids",
      'WEIR-1901',
      'RETURNING in JSON_VALUE(…) is not supported yet',
    ],
    [
      "SELECT JSON_QUERY(channel, '$.a' «WITH» WRAPPER) FROM bids",
      'WEIR-1901',
      'WITH in JSON_QUERY(…) is not supported yet',
    ],
    ["SELECT «JSON_EXISTS»(channel, '$.a') FROM bids", 'WEIR-1901', 'json_exists() is not supported yet'],
    [
      "SELECT JSON_OBJECT('a' «VALUE» 1) FROM bids",
      'WEIR-1901',
      'VALUE in JSON_OBJECT(…) is not supported yet',
    ],
    ['SELECT channel IS «JSON» FROM bids', 'WEIR-1901', 'IS JSON is not supported yet'],
    ['SELECT CEIL(ts «TO» HOUR) FROM bids', 'WEIR-1901', 'CEIL(… TO HOUR) is not supported yet'],
    ['SELECT «SAFE.length»(channel) FROM bids', 'WEIR-1901', 'SAFE. before a function is not supported yet'],
    ['SELECT «ARRAY[1, 2]» FROM bids', 'WEIR-1901', 'arrays and maps in expressions are not supported yet'],
    ["SELECT «MAP['a', 1]» FROM bids", 'WEIR-1901', 'arrays and maps in expressions are not supported yet'],
    ['SELECT «ARRAY»(SELECT price FROM bids) FROM bids', 'WEIR-1901', 'ARRAY(SELECT …) is not supported yet'],
    ['SELECT price «<=>» 1 FROM bids', 'WEIR-1015', 'the operator <=> is not supported'],
    ['SELECT price «&&» price FROM bids', 'WEIR-1015', 'the operator && is not supported'],
    ['SELECT «$1» FROM bids', 'WEIR-1015', 'the parameter $1 is not supported'],
    ["SELECT int «'5'» FROM bids", 'WEIR-1015', "a text behind 'int' is not supported"],
    ['SELECT «TIMESTAMPADD»(DAY, 1, ts) FROM bids', 'WEIR-1901', 'timestampadd() is not supported yet'],
  ])('%s', async (marked, code, message) => {
    const place = /«([^»]*)»/.exec(marked)?.[1];
    expect(await said(marked.replace('«', '').replace('»', ''))).toEqual([[code, message, place]]);
  });
});

describe('several errors in a text', () => {
  test('each statement tells its first, and reading goes on behind its ;', async () => {
    const text = `SELECT price FRM bids; INSERT INTO a SELECT auctio FROM bids; CREATE TABLE (x INT);
      SELECT (price FROM bids; INSERT INTO b SELECT lenght(channel) AS n FROM bids`;
    expect((await said(text)).map(([code, , place]) => [code, place])).toEqual([
      ['WEIR-1010', 'bids'],
      ['WEIR-1202', 'auctio'],
      ['WEIR-1010', '('],
      ['WEIR-1010', 'FROM'],
      ['WEIR-1204', 'lenght'],
    ]);
  });

  test.each([
    ['CREATE TABLE t (x INT) PARTITIONED BY (x); SELECT x FROM t'],
    ['CREATE TABLE t (x INT,, y INT); INSERT INTO t SELECT price, price FROM bids; SELECT x FROM t'],
    ['CREATE TEMPORARY TABLE IF NOT EXISTS t (x INTT); SELECT x FROM t'],
    ['CREATE VIEW v AS SELECT price FRM bids; SELECT price FROM v; SELECT nothing FROM v'],
    ['CREATE VIEW v AS SELECT lenght(channel) AS n FROM bids; SELECT n FROM v; SELECT m FROM v'],
    ['CREATE TABLE m (x BIGINT); INSERT INTO m SELEC price FROM bids; SELECT x FROM m'],
    ['CREATE VIEW v AS SELECT price FROM bids; INSERT INTO a SELECT price FRM v'],
  ])('nothing follows from a statement that failed: %s', async (text) => {
    expect(await said(text)).toHaveLength(1);
  });

  test('but what is wrong by itself is told, also in an INSERT into a table whose CREATE failed', async () => {
    const text = 'CREATE TABLE t (x INT) PARTITIONED BY (x); INSERT INTO t SELECT auctio FROM bids';
    expect((await said(text)).map(([, , place]) => place)).toEqual(['PARTITIONED', 'auctio']);
  });
});

test.each([
  ['SELECT auctio FROM bids', 'did you mean auction?'],
  ['SELECT bid.price FROM bids', 'did you mean bids?'],
  ['SELECT lenght(channel) FROM bids', 'did you mean length?'],
  [`SELECT tumbl(INTERVAL '1 minute') FROM bids`, 'did you mean tumble?'],
  [`SELECT sm(price) FROM bids GROUP BY ${window}`, 'did you mean sum?'],
  ['SELECT price FROM bidz', 'did you mean bids?'],
  ['SELECT price FROM bids WHER price > 1', 'did you mean WHERE?'],
  ['INSERT INTO a SELEC price FROM bids', 'did you mean SELECT?'],
  [
    `SELECT window.start, count(*) FROM bids GROUP BY ${window}`,
    'name the window in the select list, tumble(…) AS w, and write w.start',
  ],
  [
    `SELECT window_end, count(*) FROM bids GROUP BY ${window}`,
    'name the window in the select list, tumble(…) AS w, and write w.end',
  ],
  [`SELECT ${window} AS x, w.end, count(*) FROM bids GROUP BY 1`, 'the window is called x: write x.end'],
  ["CREATE TABLE t (x INT) WITH (connector = 'print')", "write 'stdout'"],
  ["CREATE TABLE t (x INT) WITH (connector = 'datagen')", "'nexmark' makes events"],
  ["CREATE TABLE t (x INT) WITH (connector = 'impulse')", "'nexmark' makes events"],
  ["CREATE TABLE t (x INT) WITH (connector = 'filesystem')", "write 'single_file' for one file"],
  ["CREATE TABLE t (x INT) WITH (connector = 'upsert-kafka')", "write 'kafka' with a PRIMARY KEY"],
  ["SET constructor = '1'", 'settings: parallelism, checkpoint_interval, key_groups, updating_ttl'],
])('what to write instead: %s', async (text, hint) => {
  expect(await hintsOf(text)).toEqual([hint]);
});

describe('statement sets are their INSERTs', () => {
  const inserts = `INSERT INTO a SELECT price FROM bids; INSERT INTO b SELECT CASE WHEN price = 1 THEN 1 END AS x FROM bids;`;

  test.each([
    [`EXECUTE STATEMENT SET BEGIN ${inserts} END`],
    [`EXECUTE STATEMENT SET BEGIN ${inserts} END;`],
    [`BEGIN STATEMENT SET; ${inserts} END;`],
    [`EXECUTE ${inserts}`],
  ])('%s', async (text) => {
    const set = await compileSql(tables + text, { connectors: testCatalog });
    const plain = await compileSql(tables + inserts, { connectors: testCatalog });
    expect(set.diagnostics).toEqual([]);
    expect(set.plan).toEqual(plain.plan);
  });

  test('EXPLAIN STATEMENT SET explains and runs nothing', async () => {
    const text = `${tables} EXPLAIN STATEMENT SET BEGIN ${inserts} END`;
    const { plan, answers, diagnostics } = await compileSql(text, { connectors: testCatalog });
    expect(diagnostics).toEqual([]);
    expect(plan).toBeNull();
    expect(answers.length).toBeGreaterThan(0);
  });

  test('one without END is told', async () => {
    expect(await said(`EXECUTE STATEMENT SET BEGIN ${inserts}`)).toEqual([
      ['WEIR-1010', 'this statement set has no end', 'EXECUTE STATEMENT SET BEGIN'],
    ]);
  });
});
