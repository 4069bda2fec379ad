import { DuckDBInstance, type DuckDBConnection } from '@duckdb/node-api';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readGoldenFile } from './golden-file.ts';

/*
 * D42: what stands in the golden files of Nexmark is what DuckDB makes of their whole input. Times are milliseconds here. Of rows that are equal in
 * their order Weir's choice is its own: columns that tell them apart aren't compared.
 */

const session = `WITH marked AS (
  SELECT bidder, ts, CASE WHEN ts - lag(ts) OVER w <= 10000 THEN 0 ELSE 1 END AS begins FROM bid WINDOW w AS (PARTITION BY bidder ORDER BY ts)
), numbered AS (SELECT bidder, ts, sum(begins) OVER (PARTITION BY bidder ORDER BY ts ROWS UNBOUNDED PRECEDING) AS n FROM marked)
SELECT bidder, count(*) AS bid_count, min(ts) AS starttime, max(ts) + 10000 AS endtime FROM numbered GROUP BY bidder, n`;

const hops = `SELECT auction, count(*) AS num, (ts // 2000) * 2000 - k * 2000 AS starttime FROM bid, range(0, 5) AS r(k) GROUP BY 1, 3`;

const lives = 'FROM auction a JOIN bid b ON a.id = b.auction AND b.ts BETWEEN a.ts AND a.expires';

const oracles: Readonly<Record<string, string>> = {
  q3: `SELECT p.name, p.city, p.state, a.id FROM auction a JOIN person p ON a.seller = p.id WHERE a.category = 10 AND p.state IN ('OR', 'ID', 'CA')`,
  'q4-inner': `SELECT a.id, a.category, b.price ${lives}`,
  q4: `SELECT category, avg(final) AS final FROM (SELECT max(b.price) AS final, a.category ${lives} GROUP BY a.id, a.category) AS q GROUP BY category`,
  q5: `WITH c AS (${hops}) SELECT c.auction, c.num FROM c JOIN (SELECT max(num) AS most, starttime FROM c GROUP BY starttime) AS m ON c.starttime = m.starttime AND c.num >= m.most`,
  q7: `SELECT b.auction, b.price, b.bidder, b.ts AS datetime FROM bid b JOIN (SELECT max(price) AS most, (ts // 10000) * 10000 + 10000 AS ends FROM bid GROUP BY 2) AS m
    ON b.price = m.most AND b.ts BETWEEN m.ends - 10000 AND m.ends`,
  q8: `SELECT p.id, p.name, p.starttime FROM (SELECT DISTINCT id, name, (ts // 10000) * 10000 AS starttime FROM person) AS p
    JOIN (SELECT DISTINCT seller, (ts // 10000) * 10000 AS starttime FROM auction) AS a ON p.id = a.seller AND p.starttime = a.starttime`,
  q9: `SELECT id, seller, price, bid_datetime FROM (SELECT a.id, a.seller, b.price, b.ts AS bid_datetime, row_number() OVER (PARTITION BY a.id ORDER BY b.price DESC, b.ts) AS n ${lives}) WHERE n = 1`,
  q11: session,
  q13: `SELECT b.auction, b.bidder, b.price, b.ts AS datetime, s.value FROM bid b JOIN (VALUES (0, 'zero'), (1, 'one'), (3, 'three')) AS s(key, value) ON b.auction % 5 = s.key`,
  q18: `SELECT auction, bidder, price, ts AS datetime FROM (SELECT *, row_number() OVER (PARTITION BY bidder, auction ORDER BY ts DESC) AS n FROM bid) WHERE n = 1`,
  q19: `SELECT auction, price, rank_number FROM (SELECT *, row_number() OVER (PARTITION BY auction ORDER BY price DESC) AS rank_number FROM bid) WHERE rank_number <= 10`,
  q20: `SELECT b.auction, b.bidder, b.price, a.item_name, a.seller, a.category FROM bid b JOIN auction a ON b.auction = a.id WHERE a.category = 10`,
};

let connection: DuckDBConnection;
beforeAll(async () => {
  connection = await (await DuckDBInstance.create(':memory:')).connect();
});
afterAll(() => connection.closeSync());

type Values = Readonly<Record<string, unknown>>;

/** Times as milliseconds, everything else as it is. */
function plain(value: unknown): unknown {
  return typeof value === 'string' && /^\d{4}-\d\d-\d\dT/.test(value) ? Date.parse(value) : value;
}

const columns: Readonly<Record<string, string>> = {
  person: 'id BIGINT, name TEXT, city TEXT, state TEXT, ts BIGINT',
  auction: 'id BIGINT, item_name TEXT, seller BIGINT, category BIGINT, expires BIGINT, ts BIGINT',
  bid: 'auction BIGINT, bidder BIGINT, price BIGINT, channel TEXT, url TEXT, ts BIGINT',
};

async function load(lines: readonly string[]): Promise<void> {
  const events = lines.map((line) => JSON.parse(line) as Readonly<Record<string, Values>>);
  for (const [table, fields] of Object.entries(columns)) {
    const names = fields.split(', ').map((field) => field.split(' ')[0] ?? '');
    const rows = events.flatMap((event) => {
      const own = event[table];
      if (own === undefined) return [];
      const values = names.map((name) => plain(own[name === 'ts' ? 'datetime' : name]));
      return [
        `(${values.map((value) => (typeof value === 'string' ? `'${value}'` : String(value))).join(', ')})`,
      ];
    });
    await connection.run(`CREATE OR REPLACE TABLE ${table} (${fields})`);
    await connection.run(`INSERT INTO ${table} VALUES ${rows.join(', ')}`);
  }
}

test.each(Object.keys(oracles))('%s: the golden rows are those of DuckDB', async (name) => {
  const file = readGoldenFile(`nexmark/${name}`);
  await load(file.inputs.find(({ table }) => table === 'nexmark')?.lines.map(({ text }) => text) ?? []);
  const reader = await connection.runAndReadAll(oracles[name] ?? '');
  const names = reader.columnNames();
  const expected = reader
    .getRows()
    .map((row) => row.map((value) => (typeof value === 'bigint' ? Number(value) : value)));
  const actual = (file.outputs.get('results') ?? []).map((line) => {
    const row = JSON.parse(line) as Values;
    return names.map((column) => plain(row[column]));
  });
  const sorted = (rows: readonly unknown[]): string[] => rows.map((row) => JSON.stringify(row)).toSorted();
  expect(actual.length).toBeGreaterThan(2);
  expect(sorted(actual)).toEqual(sorted(expected));
});
