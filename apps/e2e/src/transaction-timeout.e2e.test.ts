import { afterAll, beforeAll, expect, test } from 'vitest';
import { maxTransactionTimeoutMs } from '@weir/kafka/admin/describe-configs.ts';
import { KafkaCluster } from '@weir/kafka/cluster-access.ts';
import { probeTransactionTimeoutMs } from '@weir/kafka/transactions/probe-transaction-timeout.ts';
import { reserveClusterRights } from '@weir/tool-stack/cluster-rights.ts';
import { ownKafka } from '@weir/tool-stack/test-servers.ts';
import { E2eCluster, uniqueName } from './testing/e2e-cluster.ts';

let broker: Awaited<ReturnType<typeof ownKafka>>;
let e2e: E2eCluster;

/** As on Confluent Cloud: alice may use topics and transactional ids, and look at no setting. */
beforeAll(async () => {
  broker = await ownKafka({
    properties: {
      'authorizer.class.name': 'org.apache.kafka.metadata.authorizer.StandardAuthorizer',
      'super.users': 'User:ANONYMOUS',
      'allow.everyone.if.no.acl.found': 'true',
      'transaction.max.timeout.ms': '400000',
      'sasl.enabled.mechanisms': 'PLAIN',
      'listener.name.sasl.plain.sasl.jaas.config':
        'org.apache.kafka.common.security.plain.PlainLoginModule required user_alice="alice-pw";',
    },
    extraListeners: [{ name: 'SASL', protocol: 'SASL_PLAINTEXT' }],
  });
  await reserveClusterRights(broker.bootstrap, 'User:nobody');
  e2e = await E2eCluster.start({ workers: 1 }, broker.bootstrap);
});
afterAll(async () => {
  await e2e?.dispose();
  await broker?.dispose();
});

const copy = (input: string, output: string, more: Record<string, string> = {}) => {
  const alice = {
    bootstrap_servers: broker.address('SASL'),
    'auth.type': 'sasl',
    'auth.protocol': 'SASL_PLAINTEXT',
    'auth.mechanism': 'PLAIN',
    'auth.username': 'alice',
    'auth.password': 'alice-pw',
  };
  return `
    CREATE TABLE a (id BIGINT NOT NULL) ${e2e.with(input, 'source', alice)};
    CREATE TABLE b (id BIGINT NOT NULL) ${e2e.with(output, 'sink', { ...alice, ...more })};
    INSERT INTO b SELECT id FROM a;`;
};

test('2.6: without DESCRIBE_CONFIGS the brokers are asked which timeout they take, and rows are written exactly once', async () => {
  const sasl = { mechanism: 'plain', username: 'alice', password: 'alice-pw' } as const;
  const alice = await KafkaCluster.open({
    bootstrapServers: [broker.address('SASL')],
    clientId: 'alice',
    sasl,
  });
  await expect(maxTransactionTimeoutMs(alice)).rejects.toMatchObject({ code: 'WEIR-4005' });
  // 900,000 and 450,000 are refused.
  expect(await probeTransactionTimeoutMs(alice, uniqueName('probe'))).toBe(225_000);
  await alice.close();
  const [input, output] = [await e2e.topic('ids', 1), await e2e.topic('copies', 1)];
  await e2e.client.create({ name: 'unknown', sql: copy(input, output), checkpointInterval: '200ms' });
  await e2e.produce(input, [{ id: 1 }, { id: 2 }]);
  expect(await e2e.untilCommitted(output, 2)).toEqual([{ id: 1 }, { id: 2 }]);
});

test("what 'sink.transaction_timeout' says is left for the brokers to judge then", async () => {
  const [input, output] = [await e2e.topic('ids', 1), await e2e.topic('copies', 1)];
  const sql = copy(input, output, { 'sink.transaction_timeout': '10 minutes' });
  await e2e.client.create({ name: 'too-long', sql, checkpointInterval: '200ms' });
  const { problem } = await e2e.client.untilState('too-long', 'failed');
  expect(problem).toMatchObject({
    code: 'WEIR-4025',
    hint: expect.stringContaining('transaction.max.timeout.ms'),
  });
});
