import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { present } from '@weir/kernel/assert.ts';
import { ArmedStep } from '@weir/tool-chaos/faults/armed-step.ts';
import { stateName } from '@weir/tool-cluster/cluster-client.ts';
import { ownKafka } from '@weir/tool-stack/test-servers.ts';
import { E2eCluster } from './testing/e2e-cluster.ts';
import { expectEachIdOnce, IdFeed } from './testing/id-feed.ts';
import { storedLedger } from './testing/stored-ledger.ts';

const name = 'copy';
const plainLogin = 'org.apache.kafka.common.security.plain.PlainLoginModule required';
const users = { weir: 'weir-pw', stranger: 'stranger-pw' };

/** Whoever logs in as `weir`, or comes by the plain listener, may do everything; a stranger may log in. */
const properties = {
  'sasl.enabled.mechanisms': 'PLAIN',
  'listener.name.sasl.plain.sasl.jaas.config': `${plainLogin} user_weir="${users.weir}" user_stranger="${users.stranger}";`,
  'authorizer.class.name': 'org.apache.kafka.metadata.authorizer.StandardAuthorizer',
  'super.users': 'User:ANONYMOUS;User:weir',
};

describe('Kafka refuses the controller that is to commit a decided epoch', () => {
  const folder = mkdtempSync(join(tmpdir(), 'weir-steps-'));
  const steps = new ArmedStep(join(folder, 'step'));
  let broker: Awaited<ReturnType<typeof ownKafka>>;
  let e2e: E2eCluster;

  beforeAll(async () => {
    broker = await ownKafka({ properties, extraListeners: [{ name: 'SASL', protocol: 'SASL_PLAINTEXT' }] });
    const environment = {
      WEIR_FAILPOINTS: `@${join(folder, 'step')}`,
      KAFKA_USER: 'weir',
      KAFKA_PASSWORD: users.weir,
    };
    e2e = await E2eCluster.start({ workers: 1, environment }, broker.bootstrap);
  });
  afterAll(async () => {
    await e2e?.dispose();
    await broker?.dispose();
    rmSync(folder, { recursive: true, force: true });
  });

  function sql(input: string, output: string): string {
    const login = {
      bootstrap_servers: broker.address('SASL'),
      'auth.type': 'sasl',
      'auth.protocol': 'SASL_PLAINTEXT',
      'auth.mechanism': 'PLAIN',
      'auth.username': '{{ KAFKA_USER }}',
      'auth.password': '{{ KAFKA_PASSWORD }}',
    };
    return `CREATE TABLE ids (id BIGINT NOT NULL) ${e2e.with(input, 'source', login)};
      CREATE TABLE copies (id BIGINT NOT NULL) ${e2e.with(output, 'sink', login)};
      INSERT INTO copies SELECT id FROM ids;`;
  }

  test('a changed password, a missing permission: no verdict, shown and asked again, and it goes on once it is mended', async () => {
    const [input, output] = [await e2e.topic('ids', 4), await e2e.topic('copies', 4)];
    const feed = new IdFeed(e2e, input);
    await e2e.client.create({ name, sql: sql(input, output), parallelism: 2, checkpointInterval: '200ms' });
    await e2e.untilCommitted(output, 1);
    const controller = present(e2e.processes.controllers[0], 'controller');
    const worker = present(e2e.processes.workers[0], 'worker');
    steps.arm('decide.after', 1, 'kill');
    expect(await steps.hit()).toBe(controller.pid);
    await worker.kill();
    const written = await feed.stop();
    const decided = present(storedLedger(e2e, name).at(-1), 'decided epoch');
    expect(decided.kind).toBe('Epoch');
    await worker.restart();

    for (const { login, refusal } of [
      { login: { KAFKA_PASSWORD: 'of-old' }, refusal: /refused to authenticate/ },
      {
        login: { KAFKA_USER: 'stranger', KAFKA_PASSWORD: users.stranger },
        refusal: /TRANSACTIONAL_ID_AUTHORIZATION_FAILED/,
      },
    ]) {
      await controller.restart(login);
      const refused = await e2e.client.until(name, `to tell ${refusal}`, ({ problem }) =>
        refusal.test(problem?.message ?? ''),
      );
      expect(refused.problem).toMatchObject({ transient: true });
      expect(stateName(refused)).toBe('recovering');
      await controller.kill();
    }
    await controller.restart();

    await expectEachIdOnce(e2e, output, written);
    const verdicts = storedLedger(e2e, name).filter(({ kind, e }) => kind !== 'Epoch' && e === decided.e);
    expect(verdicts).toMatchObject([{ kind: 'Committed', g: decided.g }]);
  });
});
