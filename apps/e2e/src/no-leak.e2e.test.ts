import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ownKafka } from '@weir/tool-stack/test-servers.ts';
import { E2eCluster } from './testing/e2e-cluster.ts';

/** Part of every secret of this file: whatever holds it has leaked one. */
const mark = 'planted7secret';

let broker: Awaited<ReturnType<typeof ownKafka>>;
let e2e: E2eCluster;
const said: string[] = [];

beforeAll(async () => {
  broker = await ownKafka({
    extraListeners: [{ name: 'SASL', protocol: 'SASL_PLAINTEXT' }],
    properties: {
      'sasl.enabled.mechanisms': 'PLAIN',
      'listener.name.sasl.plain.sasl.jaas.config': `org.apache.kafka.common.security.plain.PlainLoginModule required user_weir="${mark}-right";`,
    },
  });
  e2e = await E2eCluster.start(
    {
      workers: 2,
      environment: {
        WEIR_SECRET_KEY: Buffer.alloc(32, 9).toString('base64'),
        KAFKA_SECRET: `${mark}-of-env`,
      },
    },
    broker.bootstrap,
  );
});
afterAll(async () => {
  await e2e?.dispose();
  await broker?.dispose();
});

/** What the command says is kept for the scan. */
async function weir(...args: string[]): Promise<number> {
  const { code, stdout, stderr } = await e2e.weir(...args);
  said.push(stdout, stderr);
  return code;
}

const auth = ['auth.type=sasl', 'auth.protocol=SASL_PLAINTEXT', 'auth.mechanism=PLAIN', 'auth.username=weir'];
const inline = (password: string): string => `'auth.type' = 'sasl', 'auth.protocol' = 'SASL_PLAINTEXT',
  'auth.mechanism' = 'PLAIN', 'auth.username' = 'weir', 'auth.password' = '${password}'`;

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => join(folder, name))
    .filter((path) => statSync(path).isFile());
}

test('C2: a pipeline reaches Kafka by a profile and by secrets of its text, exactly once; a rotated secret is taken up', async () => {
  const servers = broker.address('SASL');
  const create = ['profile', 'create', 'prod', 'connector=kafka', `bootstrap_servers=${servers}`, ...auth];
  expect(await weir(...create, `auth.password=${mark}-wrong`)).toBe(0);
  expect(await weir('profile', 'validate', 'prod')).toBe(1);
  expect(await weir('profile', 'edit', 'prod', `auth.password=${mark}-right`)).toBe(0);
  expect(await weir('profile', 'validate', 'prod')).toBe(0);
  const [input, output] = [await e2e.topic('in'), await e2e.topic('out')];
  const sql = `
    CREATE TABLE a (id BIGINT) WITH (connector = 'kafka', connection_profile = 'prod', topic = '${input}', type = 'source', format = 'json', 'source.offset' = 'earliest');
    CREATE TABLE b (id BIGINT) WITH (connector = 'kafka', bootstrap_servers = '${servers}', topic = '${output}', type = 'sink', format = 'json', ${inline(`${mark}-right`)});
    INSERT INTO b SELECT id FROM a;`;
  expect(await weir('apply', e2e.sqlFile('copy.sql', sql), '--name', 'copy')).toBe(0);
  await e2e.produce(input, [{ id: 1 }, { id: 2 }, { id: 3 }]);
  await e2e.untilCommitted(output, 3);
  expect(
    await weir('apply', e2e.sqlFile('other.sql', sql.replaceAll('-right', '-left')), '--name', 'copy'),
  ).toBe(1);
  expect(await weir('status', 'copy', '--json')).toBe(0);
  expect(await weir('profile', 'delete', 'prod')).toBe(1);
});

test('secrets of every option, right and wrong, are refused or kept without being told', async () => {
  const registry = `'schema_registry.endpoint' = 'http://127.0.0.1:1', 'schema_registry.api_key' = 'k', 'schema_registry.api_secret' = '${mark}-registry'`;
  const texts = {
    cloud: `connector = 'confluent', bootstrap_servers = '127.0.0.1:1', key = 'k', secret = '${mark}-cloud', ${registry}`,
    env: `connector = 'confluent', bootstrap_servers = '127.0.0.1:1', key = 'k', secret = '{{ KAFKA_SECRET }}'`,
    part: `connector = 'confluent', bootstrap_servers = '127.0.0.1:1', key = 'k', secret = 'x{{ KAFKA_SECRET }}${mark}'`,
    bearer: `connector = 'kafka', bootstrap_servers = '127.0.0.1:1', 'schema_registry.endpoint' = 'http://127.0.0.1:1', 'schema_registry.bearer_token' = '${mark}-token'`,
    tls: `connector = 'kafka', bootstrap_servers = '127.0.0.1:1', 'auth.type' = 'mtls', 'tls.cert' = '-----BEGIN CERTIFICATE-----x', 'tls.key' = '-----BEGIN PRIVATE KEY-----${mark}'`,
  };
  for (const [name, options] of Object.entries(texts)) {
    const table = `CREATE TABLE a (id BIGINT) WITH (${options}, topic = 't', type = 'source', format = 'json');`;
    const sql = `${table} CREATE TABLE b (id BIGINT) WITH (connector = 'blackhole'); INSERT INTO b SELECT id FROM a;`;
    await e2e.client.create({ name, sql }).catch((error: unknown) => said.push(String(error)));
    await weir('explain', e2e.sqlFile(`${name}.sql`, sql.replace('INSERT', 'EXPLAIN VERBOSE INSERT')));
    await weir(
      'table',
      'create',
      e2e.sqlFile(`table-${name}.sql`, table.replace('TABLE a', `TABLE ${name}_table`)),
    );
    await weir('table', 'test', `${name}_table`);
    await weir('table', 'show', `${name}_table`, '--json');
    await weir('status', name, '--json');
  }
  await weir('profile', 'list', '--json');
  await weir('profile', 'show', 'prod', '--json');
  await weir('table', 'list', '--json');
});

test('no-leak: nothing that was written or said has a secret in it', () => {
  expect(said.join('\n').length).toBeGreaterThan(1000);
  expect(said.filter((text) => text.includes(mark))).toEqual([]);
  const written = filesBelow(e2e.folder).filter((path) => !path.endsWith('.sql'));
  expect(written.some((path) => path.includes('/secrets/'))).toBe(true);
  expect(written.filter((path) => readFileSync(path).includes(mark))).toEqual([]);
});
