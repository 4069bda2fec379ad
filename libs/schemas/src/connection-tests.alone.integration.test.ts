import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { connectorNamed } from '@weir/connectors/connector-registry.ts';
import { noAccess } from '@weir/connectors/process-access.ts';
import { KafkaCluster } from '@weir/kafka/cluster-access.ts';
import { IdempotentProducer } from '@weir/kafka/produce/idempotent-producer.ts';
import { makeTopic, openCluster, sendRecords } from '@weir/kafka/testing/broker-test-kit.ts';
import { systemPorts } from '@weir/system/system-ports.ts';
import { ownKafka } from '@weir/tool-stack/test-servers.ts';
import type { TestStep } from '@weir/wire/gen/weir/v1/schema.ts';
import { ConnectionTests } from './connection-tests.ts';
import { RegistryPool } from './registry/registry-pool.ts';

/** A broker dressed as Confluent Cloud (SASL_SSL, PLAIN, ACLs), with a listener of SASL alone beside it. */
let broker: Awaited<ReturnType<typeof ownKafka>>;
let cluster: KafkaCluster;
let topic: string;
let ca: string;

/** An authority, and a broker's certificate for 127.0.0.1 alone, as Kafka reads it. */
function makeCertificates(folder: string): { readonly keystore: string; readonly ca: string } {
  const openssl = (...args: string[]): void =>
    void execFileSync('openssl', args, { cwd: folder, stdio: 'ignore' });
  const key = ['-newkey', 'rsa:2048', '-nodes'];
  openssl(
    'req',
    '-x509',
    ...key,
    '-keyout',
    'ca.key',
    '-out',
    'ca.pem',
    '-days',
    '2',
    '-subj',
    '/CN=test authority',
  );
  openssl('req', ...key, '-keyout', 'broker.key', '-out', 'broker.csr', '-subj', '/CN=broker');
  writeFileSync(join(folder, 'san.cnf'), 'subjectAltName=IP:127.0.0.1\n');
  const signed = [
    '-CA',
    'ca.pem',
    '-CAkey',
    'ca.key',
    '-CAcreateserial',
    '-days',
    '2',
    '-extfile',
    'san.cnf',
  ];
  openssl('x509', '-req', '-in', 'broker.csr', '-out', 'broker.pem', ...signed);
  openssl('pkcs8', '-topk8', '-nocrypt', '-in', 'broker.key', '-out', 'broker.pk8');
  const read = (name: string): string => readFileSync(join(folder, name), 'utf8');
  writeFileSync(join(folder, 'keystore.pem'), read('broker.pk8') + read('broker.pem') + read('ca.pem'));
  return { keystore: join(folder, 'keystore.pem'), ca: read('ca.pem') };
}

beforeAll(async () => {
  const made = makeCertificates(mkdtempSync(join(tmpdir(), 'weir-tls-')));
  ca = made.ca;
  const jaas =
    'org.apache.kafka.common.security.plain.PlainLoginModule required user_alice="alice-pw" user_admin="admin-pw";';
  broker = await ownKafka({
    extraListeners: [
      { name: 'SASL', protocol: 'SASL_PLAINTEXT' },
      { name: 'CLOUD', protocol: 'SASL_SSL' },
    ],
    properties: {
      'sasl.enabled.mechanisms': 'PLAIN',
      'listener.name.sasl.plain.sasl.jaas.config': jaas,
      'listener.name.cloud.plain.sasl.jaas.config': jaas,
      'ssl.keystore.type': 'PEM',
      'ssl.keystore.location': made.keystore,
      'authorizer.class.name': 'org.apache.kafka.metadata.authorizer.StandardAuthorizer',
      'super.users': 'User:ANONYMOUS;User:admin',
    },
  });
  cluster = await openCluster(broker.bootstrap);
  topic = await makeTopic(cluster, 2);
  const producer = await IdempotentProducer.open(cluster);
  const values = ['{"id":1}', '{"id":2}', '{"id":3}', '{"id":4}'];
  sendRecords(
    producer,
    { topic, partition: 0 },
    values.map((value) => ({ value })),
  );
  await producer.flush();
  await producer.close();
});
afterAll(async () => {
  await cluster?.close();
  await broker?.dispose();
});

const log = { info: () => {}, warn: () => {} };
const registries = new RegistryPool(systemPorts(), { cluster: 'c', access: noAccess, store: null, log });
const tests = new ConnectionTests({ connector: connectorNamed, access: noAccess, registries, cluster: 'c' });
const { signal } = new AbortController();

const cloud = (change: Record<string, string> = {}): Record<string, string> => ({
  bootstrap_servers: broker.address('CLOUD'),
  key: 'admin',
  secret: 'admin-pw',
  'tls.ca': ca,
  ...change,
});

async function validate(options: Record<string, string>, connector = 'confluent'): Promise<TestStep[]> {
  const steps: TestStep[] = [];
  await tests.validateProfile({ connector, options }, (step) => steps.push(step), signal);
  return steps.filter(({ state }) => state !== 'running');
}

async function testTable(use: string, change: Record<string, string> = {}): Promise<TestStep[]> {
  const steps: TestStep[] = [];
  const id = { name: 'id', type: 'BIGINT', nullable: true, typeJson: '', note: '' };
  const table = {
    table: 't',
    connector: 'confluent',
    options: { ...cloud(), topic, format: 'json', ...change },
    hasColumns: true,
    columns: [id],
    primaryKey: [],
    metadata: [],
    use,
  };
  await tests.testTable({ table, pinnedJson: '' }, (step) => steps.push(step), signal);
  return steps.filter(({ state }) => state !== 'running');
}

const failed = (steps: readonly TestStep[]) =>
  steps.filter(({ state }) => state === 'failed').map(({ step, code, option }) => [step, code, option]);
const states = (steps: readonly TestStep[]) => steps.map(({ step, state }) => `${step} ${state}`);

describe('validate-profile, against a broker dressed as Confluent Cloud', () => {
  test('all is well', async () => {
    expect(states(await validate(cloud()))).toEqual([
      'options ok',
      'resolve ok',
      'tcp ok',
      'tls ok',
      'api_versions ok',
      'sasl ok',
      'metadata ok',
      'advertised_hosts ok',
      'registry skipped',
    ]);
  });

  test('TLS: an authority that is not known', async () => {
    const { 'tls.ca': _, ...without } = cloud();
    expect(failed(await validate(without))).toEqual([['tls', 'WEIR-4033', 'tls.ca']]);
  });

  test('TLS: a name that is not in the certificate', async () => {
    const port = broker.address('CLOUD').split(':')[1] ?? '';
    const steps = await validate(cloud({ bootstrap_servers: `localhost:${port}` }));
    expect(failed(steps)).toEqual([['tls', 'WEIR-4033', 'bootstrap_servers']]);
  });

  test('SASL: a wrong secret, which nobody is told', async () => {
    const steps = await validate(cloud({ secret: 'hunter2-of-nobody' }));
    expect(failed(steps)).toEqual([['sasl', 'WEIR-4006', 'secret']]);
    expect(JSON.stringify(steps)).not.toContain('hunter2');
  });

  test('SASL: a mechanism that the listener does not offer', async () => {
    const options = {
      bootstrap_servers: broker.address('SASL'),
      'auth.type': 'sasl',
      'auth.protocol': 'SASL_PLAINTEXT',
      'auth.mechanism': 'SCRAM-SHA-256',
      'auth.username': 'admin',
      'auth.password': 'admin-pw',
    };
    expect(failed(await validate(options, 'kafka'))).toEqual([['sasl', 'WEIR-4006', 'auth.mechanism']]);
  });
});

describe('test-table', () => {
  test('a source: its last rows, and nothing is committed', async () => {
    const steps = await testTable('read');
    expect(states(steps.filter(({ step }) => step !== 'row')).slice(9)).toEqual([
      'topic ok',
      'read_rights ok',
      'sample ok',
      'write_rights skipped',
      'transactional_id skipped',
    ]);
    expect(steps.filter(({ step }) => step === 'row').map(({ rowJson }) => rowJson)).toEqual([
      '{"id":2}',
      '{"id":3}',
      '{"id":4}',
    ]);
  });

  test('H8: a sink is tested without a trace in its topic', async () => {
    const partitions = [{ topic, partition: 0 }];
    const before = await cluster.fetchOffsets(partitions, 'latest', 'read_uncommitted');
    const steps = await testTable('write');
    expect(failed(steps)).toEqual([]);
    expect(states(steps).slice(-3)).toEqual(['sample skipped', 'write_rights ok', 'transactional_id ok']);
    expect(await cluster.fetchOffsets(partitions, 'latest', 'read_uncommitted')).toEqual(before);
  });

  test('ACL: what the key may not is told by the topic', async () => {
    const steps = await testTable('read', { key: 'alice', secret: 'alice-pw' });
    expect(failed(steps)).toEqual([['topic', 'WEIR-4005', 'topic']]);
  });

  test('a topic that is not there', async () => {
    const [[step, code, option] = []] = failed(await testTable('read', { topic: 'nowhere' }));
    expect([step, code, option]).toEqual(['topic', 'WEIR-4003', 'topic']);
  });

  test('records that the format can not read', async () => {
    const steps = await testTable('read', { format: 'csv' });
    expect(failed(steps).map(([step, , option]) => [step, option])).toEqual([['sample', 'format']]);
  });
});
