import { bigintType } from '@weir/columnar/sql-type.ts';
import { expect, test } from 'vitest';
import { compileSql } from './compile-sql.ts';
import { expressionText } from './explain/expression-text.ts';
import { testCatalog } from './testing/test-catalog.ts';

/* What people met on other systems and tried here (each test is named for its row of the list of faults). */

const tables = `CREATE TABLE bids (auction BIGINT NOT NULL, price BIGINT NOT NULL, channel TEXT, ts TIMESTAMP NOT NULL, WATERMARK FOR ts)
  WITH (connector = 'kafka', topic = 'bids', format = 'json');
CREATE TABLE a WITH (connector = 'kafka', topic = 'a', format = 'json');`;

async function diagnosticsOf(text: string) {
  const { diagnostics } = await compileSql(`${tables}\n${text}`, { connectors: testCatalog });
  return diagnostics.map(({ code, message }) => `${code} ${message}`);
}

const hop = (slide: string, size: string): string =>
  `INSERT INTO a SELECT auction, count(*) AS n FROM bids GROUP BY auction, hop(INTERVAL '${slide}', INTERVAL '${size}');`;

test('fault 1.1.13: a hop that puts a row into more than 20000 windows is refused', async () => {
  expect(await diagnosticsOf(hop('1 second', '365 days'))).toEqual([
    'WEIR-1503 every row would lie in 31536000 windows, 20000 are the limit',
  ]);
  expect(await diagnosticsOf(hop('1 second', '20000 seconds'))).toEqual([]);
});

async function firstProjection(expression: string): Promise<string> {
  const text = `${tables}\nINSERT INTO a SELECT ${expression} AS v FROM bids;`;
  const { plan, diagnostics } = await compileSql(text, { connectors: testCatalog });
  expect(diagnostics).toEqual([]);
  const calc = plan?.stages.flatMap(({ operators }) => operators).find(({ node }) => node.kind === 'calc');
  return calc?.node.kind === 'calc' ? expressionText(calc.node.projections[0]!, []) : 'no calc';
}

test.each([
  ['CASE 1 WHEN 2 THEN 42 / 0 END', 'NULL'],
  ['COALESCE(7, 1 / 0)', '7'],
  ['COALESCE(NULL, 7, 1 / 0)', '7'],
  ['IFNULL(7, 1 / 0)', '7'],
  ['IF(FALSE, 1 / 0, 3)', '3'],
  ['IF(TRUE, 3, 9223372036854775807 + 1)', '3'],
  ["CASE WHEN TRUE THEN 1 ELSE CAST('x' AS INT) END", '1'],
  ["CASE WHEN FALSE THEN DATE '2024-02-30' END", 'NULL'],
  ['FALSE AND 1 / 0 = 1', 'FALSE'],
  ['1 / 0 = 1 OR TRUE', 'TRUE'],
])('fault 1.1.9: what is never evaluated goes: %s', async (expression, left) => {
  expect(await firstProjection(expression)).toBe(left);
});

test.each([
  ['CASE WHEN price > 5 THEN 1 / 0 ELSE price END'],
  ['CASE WHEN FALSE THEN price / 0 WHEN price = 1 THEN price % 0 ELSE price END'],
  ['price > 5 AND 1 / 0 = 1'],
  ['COALESCE(channel, CAST(1 / 0 AS TEXT))'],
  ["CASE WHEN channel = 'x' THEN CAST('x' AS INT) ELSE 1 END"],
  ['price IN (1, 2, 1 / 0)'],
])('fault 1.1.9: an error that only some rows meet is theirs: %s', async (expression) => {
  expect(await diagnosticsOf(`INSERT INTO a SELECT ${expression} AS v FROM bids;`)).toEqual([]);
});

test.each([
  ['1 / 0', 'WEIR-1307 division by zero'],
  ['CASE WHEN 1 / 0 = 1 THEN 2 END', 'WEIR-1307 division by zero'],
  ['1 / 0 = 1 AND price > 5', 'WEIR-1307 division by zero'],
  ["CAST('x' AS INT) + price", "WEIR-1304 'x' is no INT"],
  ['upper(CAST(1 / 0 AS TEXT))', 'WEIR-1307 division by zero'],
])('fault 1.1.9: what fails for every row is refused: %s', async (expression, message) => {
  expect(await diagnosticsOf(`INSERT INTO a SELECT ${expression} AS v FROM bids;`)).toEqual([message]);
});

test('fault 1.1.9: aggregates of a dead branch go, those that are used are looked at', async () => {
  const grouped = (value: string): string =>
    `INSERT INTO a SELECT auction, ${value} AS v FROM bids GROUP BY auction, tumble(INTERVAL '1 minute');`;
  expect(await diagnosticsOf(grouped('CASE WHEN FALSE THEN sum(price / 0) ELSE count(*) END'))).toEqual([]);
  expect(await diagnosticsOf(grouped('sum(price / 0) FILTER (WHERE price < 0)'))).toEqual([]);
  expect(await diagnosticsOf(grouped('sum(price / 0)'))).toEqual(['WEIR-1307 division by zero']);
});

const views = `CREATE TABLE more (k BIGINT, ts TIMESTAMP(3) NOT NULL, WATERMARK FOR ts) WITH (connector = 'kafka', topic = 'more', format = 'json');
CREATE VIEW u AS SELECT auction AS k, ts FROM bids UNION ALL SELECT k, ts FROM more;`;
const view = 'CREATE VIEW v AS SELECT k, ts AS t, ts FROM u;';

test.each([
  ["SELECT k, tumble(INTERVAL '1 minute') AS w, count(*) AS n FROM u GROUP BY 1, 2"],
  ["SELECT k, count(*) AS n FROM u GROUP BY k, TUMBLE(ts, INTERVAL '1' MINUTE)"],
  [
    "SELECT k, HOP_END(ts, INTERVAL '1' MINUTE, INTERVAL '2' MINUTE) AS e, count(*) AS n FROM u GROUP BY k, HOP(ts, INTERVAL '1' MINUTE, INTERVAL '2' MINUTE)",
  ],
  [
    "SELECT k, window_end, count(*) AS n FROM TABLE(TUMBLE(TABLE u, DESCRIPTOR(ts), INTERVAL '1' MINUTE)) GROUP BY 1, 2",
  ],
  [
    "SELECT k, window_end, count(*) AS n FROM TABLE(HOP(DATA => TABLE v, TIMECOL => DESCRIPTOR(t), SLIDE => INTERVAL '1' MINUTE, SIZE => INTERVAL '2' MINUTE)) GROUP BY 1, 2",
  ],
  ["SELECT d.k, count(*) AS n FROM (SELECT k, t FROM v) AS d GROUP BY d.k, TUMBLE(d.t, INTERVAL '1' MINUTE)"],
])('fault 1.1.4: windows over a view of a union: %s', async (query) => {
  const used = query.includes(' v') ? `${views}\n${view}` : views;
  expect(await diagnosticsOf(`${used}\nINSERT INTO a ${query};`)).toEqual([]);
});

test('fault 1.1.4: a time that only one branch has as its event time is none of the union', async () => {
  const mixed = `CREATE TABLE two (k BIGINT, ts TIMESTAMP NOT NULL, other TIMESTAMP NOT NULL, WATERMARK FOR other) WITH (connector = 'kafka', topic = 'two', format = 'json');
CREATE VIEW u AS SELECT auction AS k, ts FROM bids UNION ALL SELECT k, ts FROM two;
INSERT INTO a SELECT k, count(*) AS n FROM TABLE(TUMBLE(TABLE u, DESCRIPTOR(ts), INTERVAL '1' MINUTE)) GROUP BY k, window_end;`;
  expect(await diagnosticsOf(mixed)).toEqual(["WEIR-1502 'ts' is not the event time of u"]);
});

test.each([
  ["INTERVAL '1' MONTH > INTERVAL '1' SECOND", 'TRUE'],
  ["INTERVAL '1' MONTH < INTERVAL '29' DAY", 'FALSE'],
  ["INTERVAL '1' MONTH = INTERVAL '30' DAY", 'TRUE'],
  ["INTERVAL '1' YEAR = INTERVAL '360' DAY", 'TRUE'],
  ["-INTERVAL '1' MONTH < INTERVAL '-29' DAY", 'TRUE'],
  ["INTERVAL '2' MONTH > INTERVAL '1' MONTH", 'TRUE'],
])('fault 1.1.14: a month counts 30 days where intervals are compared: %s', async (expression, value) => {
  expect(await firstProjection(`CASE WHEN ${expression} THEN 1 ELSE 0 END`)).toBe(
    value === 'TRUE' ? '1' : '0',
  );
});

test.each([
  ["NULLIF(INTERVAL '1' MONTH, INTERVAL '30' DAY)", 'NULL'],
  ["NULLIF(INTERVAL '30' DAY, INTERVAL '1' MONTH)", 'NULL'],
  ["NULLIF(INTERVAL '1' MONTH, INTERVAL '29' DAY)", "CAST(INTERVAL '1 months' AS TEXT)"],
  ["NULLIF(INTERVAL '1' DAY, INTERVAL '1' MONTH)", "CAST(INTERVAL '86400 seconds' AS TEXT)"],
])(
  'fault 1.1.14: NULLIF compares intervals of both units, and what it gives stays as it was: %s',
  async (call, value) => {
    expect(await firstProjection(`CAST(${call} AS TEXT)`)).toBe(value);
  },
);

test.each(['GREATEST', 'LEAST'])('fault 1.1.14: %s gives no interval of either unit', async (name) => {
  const call = `${name}(INTERVAL '1' MONTH, INTERVAL '30' DAY)`;
  expect((await diagnosticsOf(`INSERT INTO a SELECT ${call} AS v FROM bids;`))[0]).toContain('WEIR-1302');
});

test('fault 1.1.14: intervals of both units are not mixed where their value goes on', async () => {
  const select = (value: string): Promise<string[]> =>
    diagnosticsOf(`INSERT INTO a SELECT auction, ${value} AS v FROM bids;`);
  const [refused] = await select(
    "ts + CASE WHEN price > 5 THEN INTERVAL '1' MONTH ELSE INTERVAL '1' DAY END",
  );
  expect(refused).toContain('WEIR-1301');
  expect((await select("ts + COALESCE(INTERVAL '1' MONTH * price, INTERVAL '1' DAY)"))[0]).toContain(
    'WEIR-1302',
  );
  expect((await select("date_bin(INTERVAL '1' MONTH, ts, ts)"))[0]).toContain('WEIR-1302');
});

test.each([
  ["DATE_FORMAT(ts, 'YYYY-MM-DD')", "date_format() knows no 'Y' in a pattern"],
  ["DATE_FORMAT(ts, 'yyyy-mm-ddTHH')", "date_format() knows no 'T' in a pattern"],
  ["DATE_FORMAT(ts, 'ddd')", "date_format() knows no 'ddd' in a pattern"],
  ["DATE_FORMAT(ts, 'yyyy''')", "date_format() knows no ''' in a pattern"],
  ["DATE_FORMAT(ts, 'HH:mm XXX')", "date_format() knows no 'X' in a pattern"],
  ["to_char(ts, 'YYYY-MM-DDTHH24')", "to_char() knows no 'H' in a pattern"],
  ["to_char(ts, 'YYYY x')", "to_char() knows no 'x' in a pattern"],
  ["to_char(ts, 'TZ')", "to_char() knows no 'T' in a pattern"],
  ["FROM_UNIXTIME(price, 'YYYY')", "date_format() knows no 'Y' in a pattern"],
  ["JSON_VALUE(channel, '$.a[')", "'$.a[' is no JSON path"],
])('fault 1.1.16: a pattern that is not understood is refused: %s', async (expression, message) => {
  const found = await diagnosticsOf(`INSERT INTO a SELECT ${expression} AS v FROM bids;`);
  expect(found).toEqual([`WEIR-1306 ${message}`]);
});

test('fault 1.1.17: SECOND() and its kin are BIGINT', async () => {
  const { plan } = await compileSql(
    `${tables}\nINSERT INTO a SELECT SECOND(ts) AS s, DAYOFWEEK(ts) AS d FROM bids;`,
    {
      connectors: testCatalog,
    },
  );
  const sink = plan?.stages.flatMap(({ operators }) => operators).find(({ node }) => node.kind === 'sink');
  expect(sink?.output.fields.map(({ type }) => type)).toEqual([bigintType, bigintType]);
});

test.each([
  ["CAST('abcdef' AS VARCHAR(3))", "'abc'"],
  ["CAST('ab' AS CHAR(3))", "'ab '"],
  ["'añ€😀'::varchar(3)", "'añ€'"],
  ["CAST('abc' AS VARCHAR)", "'abc'"],
  ["CAST('abc' AS CHAR)", "'a'"],
])('fault 1.1.15: a cast to a bounded text cuts: %s', async (expression, value) => {
  expect(await firstProjection(expression)).toBe(value);
});

test('fault 1.1.15: a length that says nothing is refused', async () => {
  const select = (type: string): Promise<string[]> =>
    diagnosticsOf(`INSERT INTO a SELECT CAST(channel AS ${type}) AS v FROM bids;`);
  expect(await select('VARCHAR(0)')).toEqual(['WEIR-1016 VARCHAR(0) is no type']);
  expect(await select('DATE(3)')).toEqual(['WEIR-1016 DATE has no length']);
  expect(await select('VARCHAR(2147483647)')).toEqual([]);
});

test.each([
  ["regexp_like(channel, '(')", "'(' is no regular expression"],
  ["regexp_replace(channel, 'a', 'b', 'q')", "unknown regular expression flag 'q'"],
  ["channel ~ '['", "'[' is no regular expression"],
  ["channel LIKE 'a\\'", "LIKE pattern 'a\\' ends with its escape character"],
  ["encode(decode(channel, 'hex'), 'utf8')", "encode() knows no 'utf8': use hex, base64, escape"],
])(
  'fault 1.1.16: a constant that no row can use is refused, unless its branch may never be taken: %s',
  async (expression, message) => {
    expect(await diagnosticsOf(`INSERT INTO a SELECT ${expression} AS v FROM bids;`)).toEqual([
      `WEIR-1307 ${message}`,
    ]);
    const guarded = `CASE WHEN price > 5 THEN ${expression} END`;
    expect(await diagnosticsOf(`INSERT INTO a SELECT ${guarded} AS v FROM bids;`)).toEqual([]);
  },
);

test('fault 1.1.4: a window table takes a subquery', async () => {
  const union = 'SELECT k, ts FROM u UNION ALL SELECT auction, ts FROM bids';
  const text = `${views}\nINSERT INTO a SELECT k, window_end FROM TABLE(HOP((${union}), DESCRIPTOR(ts), INTERVAL '1' MINUTE, INTERVAL '2' MINUTE));`;
  expect(await diagnosticsOf(text)).toEqual([]);
});

test('fault 1.1.2: constants of times leave the range of 64 bits with an error', async () => {
  const select = (value: string): Promise<string[]> =>
    diagnosticsOf(`INSERT INTO a SELECT ${value} AS v FROM bids;`);
  expect(await select("DATE '9999-12-31' + 2000000000")).toEqual([
    'WEIR-1305 the result is out of range for DATE',
  ]);
  expect(await select("INTERVAL '100000000' DAY + INTERVAL '100000000' DAY")).toEqual([
    'WEIR-1305 the result is out of range for INTERVAL',
  ]);
});
