import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { E2eCluster } from './testing/e2e-cluster.ts';

const secretHost = 'broker-of-nobody.invalid';

let e2e: E2eCluster;
beforeAll(async () => {
  e2e = await E2eCluster.start({
    workers: 1,
    environment: {
      AWS_SECRET_ACCESS_KEY: 'aws-secret-value',
      MY_BROKERS: `${secretHost}:9092`,
      OTHER: 'x:1',
      WEIR_SQL_VARIABLES: 'MY_*',
    },
  });
});
afterAll(() => e2e.dispose());

const from = (servers: string) => `
  CREATE TABLE a (id BIGINT) WITH ('connector' = 'kafka', 'bootstrap_servers' = '${servers}', 'topic' = 't', 'type' = 'source', 'format' = 'json');
  CREATE TABLE b (id BIGINT) WITH ('connector' = 'blackhole');
  INSERT INTO b SELECT id FROM a;`;

test.each([
  ['AWS_SECRET_ACCESS_KEY', 'belongs to the process itself'],
  ['OTHER', "isn't among those that SQL may name here (MY_*)"],
])('fault 1.2.2: SQL that names %s is refused', async (variable, why) => {
  const file = e2e.sqlFile(`${variable}.sql`, from(`{{ ${variable} }}`));
  const { code, stderr } = await e2e.weir('apply', file, '--name', 'thief');
  expect([code, stderr]).toEqual([
    1,
    expect.stringContaining(`the environment variable ${variable}, which ${why}`),
  ]);
});

test('fault 1.2.2: what a variable holds is in no status, and in no log', async () => {
  await e2e.client.create({ name: 'nobody', sql: from('{{ MY_BROKERS }}') });
  const waits = await e2e.client.until(
    'nobody',
    'to say what it waits for',
    (now) => now.problem?.code === 'WEIR-4001',
  );
  expect(waits.problem?.message).toContain('{{ MY_BROKERS }}');
  expect(waits.problem?.message).not.toContain(secretHost);
  expect((await e2e.weir('status', 'nobody', '--json')).stdout).not.toContain(secretHost);
  for (const { name } of e2e.processes.processes)
    expect(readFileSync(join(e2e.folder, `${name}.log`), 'utf8')).not.toMatch(
      new RegExp(`${secretHost}|aws-secret-value`),
    );
  await e2e.client.stop('nobody', 'immediate');
});

test("fault 1.2.3: a file that is there already is left as it is, and the pipeline says why it doesn't run", async () => {
  const precious = join(e2e.folder, 'precious.json');
  writeFileSync(precious, 'not to be lost');
  await e2e.client.create({
    name: 'truncates',
    sql: `CREATE TABLE n WITH ('connector' = 'nexmark', 'message_count' = '10');
      CREATE TABLE b (bidder BIGINT) WITH ('connector' = 'single_file', 'path' = 'precious.json', 'type' = 'sink', 'format' = 'json');
      INSERT INTO b SELECT bid.bidder FROM n WHERE bid IS NOT NULL;`,
  });
  const failed = await e2e.client.untilState('truncates', 'failed');
  expect(failed.problem).toMatchObject({ code: 'WEIR-3309' });
  expect(readFileSync(precious, 'utf8')).toBe('not to be lost');
});
