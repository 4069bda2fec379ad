import { readFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { processAccess } from '@weir/connectors/process-access.ts';
import { startApiServer } from '@weir/coordinator/api/api-server.ts';
import { MemoryStore } from '@weir/object-store/memory-store.ts';
import { plainTransport } from '@weir/security/secure-transport.ts';
import { systemPorts } from '@weir/system/system-ports.ts';
import type { GrpcServer } from '@weir/wire/grpc-server.ts';
import { ControllerClient } from './controller-client.ts';
import { startSingleProcess, type SingleProcess } from './single-process.ts';

let store: MemoryStore;
let local: SingleProcess;
let server: GrpcServer;
let client: ControllerClient;

async function startController(): Promise<void> {
  const access = processAccess(
    { KAFKA_KEY: 'key-of-env', KAFKA_SECRET: 'secret-of-env' },
    {
      sqlVariables: undefined,
      filesDir: undefined,
      secretVariables: [],
      secretKey: Buffer.alloc(32, 7).toString('base64'),
    },
  );
  local = await startSingleProcess({ ports: systemPorts(), store, slots: 4, access });
  const { server: security } = plainTransport();
  server = await startApiServer(local.coordinator, { listen: '127.0.0.1:0', version: '1', security });
  client = new ControllerClient(server.address);
}

async function stopController(): Promise<void> {
  client.close();
  await server.close(systemPorts().timers, 100);
  await local.stop();
}

beforeEach(async () => {
  store = new MemoryStore();
  await startController();
});
afterEach(stopController);

const cloud = {
  bootstrap_servers: 'pkc-1.confluent.cloud:9092',
  key: '{{ KAFKA_KEY }}',
  secret: 'hunter2-of-the-cloud',
};

async function putProfile(
  change: Partial<{
    options: Record<string, string>;
    expectedRevision: number;
    removedSecrets: string[];
  }> = {},
) {
  const { connections } = client;
  return client.call(connections.putProfile.bind(connections), {
    name: 'my_cluster',
    connector: 'confluent',
    options: cloud,
    expectedRevision: 0,
    removedSecrets: [],
    ...change,
  });
}

async function createPipeline(sql: string, name = 'p') {
  const { pipelines } = client;
  return client.call(pipelines.createPipeline.bind(pipelines), {
    name,
    sql,
    parallelism: 0,
    checkpointInterval: '',
    doNotStart: true,
  });
}

const sink = `CREATE TABLE out (customer_id INT) WITH (connector = 'blackhole');`;
const orders = `CREATE TABLE orders (customer_id INT, order_id INT) WITH (
  connector = 'confluent', connection_profile = 'my_cluster', format = 'json', topic = 'order_topic', type = 'source')`;
const copy = `${sink} INSERT INTO out SELECT customer_id FROM orders;`;

async function everything(): Promise<string> {
  let all = '';
  for await (const key of store.list(''))
    all += `${key} ${new TextDecoder().decode((await store.get(key))?.bytes)}\n`;
  return all;
}

describe('profiles', () => {
  test('made, read, changed, listed; a secret goes in and never comes out', async () => {
    const { connections } = client;
    const made = await putProfile();
    expect(made).toMatchObject({
      changed: true,
      profile: {
        name: 'my_cluster',
        revision: 1,
        options: {
          key: { text: '{{ KAFKA_KEY }}', secretSet: false },
          secret: { text: '', secretSet: true },
        },
      },
    });
    expect((await putProfile()).changed).toBe(false);
    await expect(putProfile({ options: { ...cloud, secret: 'another' } })).rejects.toThrow(
      "a connection profile 'my_cluster' is there already, with another 'secret'",
    );
    const { secret: _, ...others } = cloud;
    const moved = { ...others, bootstrap_servers: 'pkc-2.confluent.cloud:9092' };
    const edited = await putProfile({ options: moved, expectedRevision: 1 });
    expect(edited.profile).toMatchObject({ revision: 2, options: { secret: { secretSet: true } } });
    await expect(
      putProfile({ options: { ...cloud, key: 'another' }, expectedRevision: 1 }),
    ).rejects.toMatchObject({
      code: 'WEIR-8307',
    });
    await expect(
      putProfile({ options: moved, expectedRevision: 2, removedSecrets: ['secret'] }),
    ).rejects.toThrow("connector 'confluent' needs the option 'secret'");
    const { profiles } = await client.call(connections.listProfiles.bind(connections), {});
    expect(profiles.map(({ name, revision }) => [name, revision])).toEqual([['my_cluster', 2]]);
    expect(await everything()).not.toContain('hunter2');
  });

  test.each([
    [{ topic: 't' }, "'topic' says nothing about the connection"],
    [{ 'auth.password': 'x' }, "connector 'confluent' has no option 'auth.password'"],
    [
      { key: '{{secret:abc.00000000000000000000000000000000}}' },
      "'{{secret:…}}' in 'key' is what only Weir writes",
    ],
    [{ bootstrap_servers: 'nowhere' }, "is no value of option 'bootstrap_servers'"],
    [{ key: '{{ AWS_SECRET_ACCESS_KEY }}' }, 'belongs to the process itself'],
  ])('refused: %o', async (options, message) => {
    await expect(putProfile({ options: { ...cloud, ...options } })).rejects.toThrow(message);
    expect(await everything()).toBe('');
  });

  test('C3: one that is used is not removed, unless it is forced', async () => {
    const { connections } = client;
    const remove = (force: boolean) =>
      client.call(connections.deleteProfile.bind(connections), { name: 'MY_CLUSTER', force });
    await expect(remove(false)).rejects.toMatchObject({ code: 'WEIR-8305' });
    await putProfile();
    await createPipeline(`${orders}; ${copy}`);
    await expect(remove(false)).rejects.toThrow("the connection profile 'my_cluster' is used by pipeline p");
    await expect(createPipeline(`${orders}; ${copy}`, 'q')).resolves.toMatchObject({ created: true });
    await remove(true);
    await expect(createPipeline(`${orders}; ${copy}`, 'r')).resolves.toMatchObject({
      created: false,
      diagnostics: [{ message: "there is no connection profile 'my_cluster'", line: 2 }],
    });
    expect(await everything()).not.toContain('/secrets/');
  });
});

describe('saved-table: a table made by gRPC is used by its name', () => {
  test('in SQL of another client, after a restart of the controller', async () => {
    const { connections } = client;
    await putProfile();
    const { table, diagnostics } = await client.call(connections.putTable.bind(connections), {
      ddl: orders,
      expectedRevision: 0,
    });
    expect(diagnostics).toEqual([]);
    expect(table).toMatchObject({
      name: 'orders',
      profile: 'my_cluster',
      columns: [
        { name: 'customer_id', type: 'INT', nullable: true },
        { name: 'order_id', type: 'INT', nullable: true },
      ],
    });
    await stopController();
    await startController();
    expect(await createPipeline(copy)).toMatchObject({ created: true, diagnostics: [] });
    const again = client.connections;
    await expect(
      client.call(again.deleteTable.bind(again), { name: 'orders', force: false }),
    ).rejects.toThrow("the table 'orders' is used by pipeline p");
    await expect(
      client.call(again.deleteProfile.bind(again), { name: 'my_cluster', force: false }),
    ).rejects.toThrow("the connection profile 'my_cluster' is used by pipeline p, table orders");
  });

  test("C4: the text's own table of the name comes first", async () => {
    const { connections } = client;
    await putProfile();
    await client.call(connections.putTable.bind(connections), { ddl: orders, expectedRevision: 0 });
    const own = `CREATE TABLE orders (customer_id TEXT) WITH (connector = 'nexmark');`;
    const { diagnostics } = await createPipeline(`${own} ${copy}`);
    expect(diagnostics.map(({ message }) => message)).toEqual([
      "connector 'nexmark' has no column 'customer_id'",
    ]);
  });

  test('what is wrong with it is told where it stands, and nothing is saved', async () => {
    const { connections } = client;
    const ddl =
      "CREATE TABLE t (a INT) WITH (\n  connector = 'kafka',\n  connection_profile = 'nobody', topic = 't', format = 'json')";
    const { table, diagnostics } = await client.call(connections.putTable.bind(connections), {
      ddl,
      expectedRevision: 0,
    });
    expect(table).toBeUndefined();
    expect(diagnostics).toMatchObject([{ message: "there is no connection profile 'nobody'", line: 3 }]);
    expect(await everything()).toBe('');
  });
});

describe('C4: weir apply of a text that defines only', () => {
  const profile = `CREATE CONNECTION PROFILE my_cluster WITH (connector = 'confluent',
    bootstrap_servers = 'pkc-1.confluent.cloud:9092', key = '{{ KAFKA_KEY }}', secret = 'hunter2-of-the-text')`;
  const apply = async (sql: string) => {
    const { connections } = client;
    return client.call(connections.applyDefinitions.bind(connections), { sql });
  };

  test('saves profiles and tables; the same again changes nothing', async () => {
    expect((await apply(`${orders}; ${profile};`)).applied).toEqual([
      { kind: 'profile', name: 'my_cluster', changed: true },
      { kind: 'table', name: 'orders', changed: true },
    ]);
    expect((await apply(`${profile}; ${orders}`)).applied.map(({ changed }) => changed)).toEqual([
      false,
      false,
    ]);
    expect(await everything()).not.toContain('hunter2');
  });

  test('nothing is saved when a part of it is wrong', async () => {
    const { applied, diagnostics } = await apply(`${profile}; ${orders.replace('format', 'fromat')};`);
    expect(applied).toEqual([]);
    expect(diagnostics.map(({ message }) => message)).toContain(
      "connector 'confluent' has no option 'fromat'",
    );
    expect(await everything()).toBe('');
  });

  test("a pipeline's text may only say which profile it needs", async () => {
    const messageOf = async (text: string) =>
      (await createPipeline(`${text}; ${orders}; ${copy}`)).diagnostics[0]?.message;
    expect(await messageOf(profile)).toBe("a pipeline's text makes no connection profile");
    const needed = profile.replace('PROFILE', 'PROFILE IF NOT EXISTS');
    expect(await messageOf(needed)).toBe("there is no connection profile 'my_cluster'");
    await apply(profile);
    expect(await messageOf(needed.replace('hunter2', 'hunter3'))).toBe(
      "the connection profile 'my_cluster' that is saved is another one: it differs in 'secret'",
    );
    expect(await createPipeline(`${needed}; ${orders}; ${copy}`)).toMatchObject({ created: true });
    expect(await everything()).not.toContain('hunter');
  });
});

describe('C1: secrets that stand in a text', () => {
  const withPassword = (
    password: string,
  ): string => `CREATE TABLE orders (customer_id INT) WITH (connector = 'kafka',
    bootstrap_servers = 'kafka:9092', 'auth.type' = 'sasl', 'auth.protocol' = 'SASL_SSL', 'auth.mechanism' = 'PLAIN',
    'auth.username' = 'me', 'auth.password' = '${password}',
    format = 'json', topic = 'orders', type = 'source'); ${copy}`;

  test('are in no answer and in nothing that is stored', async () => {
    const { pipelines } = client;
    await createPipeline(withPassword('hunter2-literal'));
    const { pipeline } = await client.call(pipelines.getPipeline.bind(pipelines), { name: 'p' });
    expect(pipeline?.sql).toContain("'auth.password' = '********'");
    const stored = await everything();
    expect(stored).toContain('{{secret:');
    expect(stored).not.toContain('hunter2');
    const { plan } = await client.call(pipelines.validatePipeline.bind(pipelines), {
      sql: `EXPLAIN VERBOSE ${withPassword('hunter2-literal').replace(/INSERT/, ';INSERT')}`.replace(
        'EXPLAIN VERBOSE ',
        '',
      ),
      parallelism: 0,
    });
    expect(plan).not.toContain('hunter2');
  });

  test('the same text again is a success; another secret is told without either', async () => {
    await createPipeline(withPassword('hunter2-literal'));
    expect((await createPipeline(withPassword('hunter2-literal'))).created).toBe(false);
    await expect(createPipeline(withPassword('hunter3'))).rejects.toThrow(
      "a pipeline 'p' is there already, with another text (line 3 has another secret)",
    );
  });

  test('nothing stays of a text that does not compile', async () => {
    const { diagnostics } = await createPipeline(
      withPassword('hunter2').replace('customer_id FROM', 'nobody FROM'),
    );
    expect(diagnostics).toHaveLength(1);
    expect(await everything()).toBe('');
  });

  test('what only Weir writes is refused', async () => {
    const { diagnostics } = await createPipeline(
      withPassword('{{secret:abc.00000000000000000000000000000000}}'),
    );
    expect(diagnostics[0]?.message).toContain('nobody can write it');
  });

  test('P2: the first start of one that was created only compiles its text again, secrets by reference', async () => {
    const { pipelines } = client;
    await createPipeline(withPassword('hunter2'));
    const { pipeline } = await client.call(pipelines.startPipeline.bind(pipelines), { name: 'p' });
    expect(pipeline?.sql).toContain("'auth.password' = '********'");
    expect(await everything()).not.toContain('hunter2');
  });

  test('they go with the pipeline', async () => {
    const { pipelines } = client;
    await createPipeline(withPassword('hunter2'));
    await client.call(pipelines.deletePipeline.bind(pipelines), { name: 'p' });
    expect(await everything()).not.toContain('/secrets/');
  });
});

describe('K22, C14: what the documents show runs as it is written there', () => {
  const documented = (name: string): string =>
    readFileSync(new URL(`documented/${name}.sql`, import.meta.url), 'utf8');

  test('Kafka', async () => {
    expect(await createPipeline(`${documented('kafka')} ${copy}`)).toMatchObject({
      created: true,
      diagnostics: [],
    });
  });

  test('Confluent Cloud, with the registry of the profile', async () => {
    const registry = {
      'schema_registry.endpoint': 'https://psrc-1.eu-west-1.aws.confluent.cloud',
      'schema_registry.api_key': '{{ KAFKA_KEY }}',
      'schema_registry.api_secret': 'hunter2-of-the-registry',
    };
    await putProfile({ options: { ...cloud, ...registry } });
    expect(await createPipeline(`${documented('confluent')} ${copy}`)).toMatchObject({
      created: true,
      diagnostics: [],
    });
    const { plan } = (await local.coordinator.context.catalog.get('p')) ?? {};
    const [source] = (plan?.stages ?? []).flatMap(({ operators }) => operators).map(({ node }) => node);
    expect(source).toMatchObject({
      connection: { profile: 'my_cluster', options: [] },
      options: { connection_profile: 'my_cluster', 'avro.confluent_schema_registry': 'true' },
    });
    expect(await everything()).not.toContain('hunter2');
  });
});
