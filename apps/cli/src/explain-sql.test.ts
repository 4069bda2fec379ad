import { createServer, type AddressInfo } from 'node:net';
import { expect, test } from 'vitest';
import { noAccess } from '@weir/connectors/process-access.ts';
import { explainSql } from './explain-sql.ts';

const table = `CREATE TABLE orders (id BIGINT NOT NULL, item TEXT) WITH (
  connector = 'kafka', bootstrap_servers = 'kafka:9092', topic = 'orders', type = 'source', format = 'json');
CREATE TABLE dear (id BIGINT, item TEXT) WITH (
  connector = 'kafka', bootstrap_servers = 'kafka:9092', topic = 'dear', type = 'sink', format = 'json');`;

/** An address at which nobody listens: it was free a moment ago. */
async function quietAddress(): Promise<string> {
  const server = createServer();
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => {
    server.close(resolve);
  });
  return `127.0.0.1:${port}`;
}

async function explained(sql: string, named = false, parallelism = 0) {
  return explainSql(sql, { address: await quietAddress(), named, parallelism, access: noAccess });
}

test('without a controller the text is compiled in this process, with its connectors', async () => {
  const { valid, plan, diagnostics, hereBecause } = await explained(
    `${table} INSERT INTO dear SELECT id, upper(item) AS item FROM orders WHERE id > 5`,
  );
  expect(diagnostics).toEqual([]);
  expect(valid).toBe(true);
  expect(hereBecause).toContain('controller 127.0.0.1:');
  expect(plan).toContain('upper(');
});

test('and what is wrong is told with its place, also by the connectors', async () => {
  const { valid, plan, diagnostics } = await explained(
    `CREATE TABLE made WITH (connector = 'nexmark', event_rate = 10);\nSELECT FROM made`,
  );
  expect({ valid, plan }).toEqual({ valid: false, plan: '' });
  expect(diagnostics).toMatchObject([
    { code: 'WEIR-1105', line: 1, hint: "write 'events_per_second'" },
    { code: 'WEIR-1015', line: 2, column: 8 },
  ]);
});

test('a controller that was named is asked, and no other', async () => {
  await expect(explained('SELECT 1', true)).rejects.toMatchObject({ code: 'WEIR-8001' });
});

test('a parallelism that the pipeline could not be created with is refused', async () => {
  const sql = `SET key_groups = 8; ${table} INSERT INTO dear SELECT id, item FROM orders`;
  expect(await explained(sql, false, 8)).toMatchObject({ valid: true });
  await expect(explained(sql, false, 9)).rejects.toThrow('a parallelism of 9 is more than its 8 key groups');
});
