import { expect, test } from 'vitest';
import { compileSql } from './compile-sql.ts';
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
