import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { createTopics } from '@weir/kafka/admin/create-topics.ts';
import { deleteRecords } from '@weir/kafka/admin/delete-records.ts';
import { deleteTopics } from '@weir/kafka/admin/delete-topics.ts';
import { stateName } from '@weir/tool-cluster/cluster-client.ts';
import { WeirCluster } from '@weir/tool-cluster/weir-cluster.ts';
import { freePort } from '@weir/tool-stack/free-port.ts';
import { ownNats } from '@weir/tool-stack/test-servers.ts';
import { E2eCluster, runWeir, uniqueName } from './testing/e2e-cluster.ts';

describe('what a pipeline is told to work with', () => {
  let e2e: E2eCluster;
  let input: string;
  let output: string;

  beforeAll(async () => {
    e2e = await E2eCluster.start({ workers: 1 });
    input = await e2e.topic('orders');
    output = await e2e.topic('copies');
  });
  afterAll(() => e2e.dispose());

  const copy = (from: string, to: string, more: Readonly<Record<string, string>> = {}) =>
    `CREATE TABLE orders (id BIGINT NOT NULL)\n${e2e.with(from, 'source', more)};
     CREATE TABLE copies (id BIGINT NOT NULL)\n${e2e.with(to, 'sink')};
     INSERT INTO copies SELECT id FROM orders;`;
  const apply = (name: string, sql: string) =>
    e2e.weir('apply', e2e.sqlFile(`${name}.sql`, sql), '--name', name, '--checkpoint-interval', '100ms');

  test('SQL with an error: nothing is created, and the place is shown', async () => {
    const { code, stderr } = await apply('typo', 'CREATE TABLE a (id BIGINT);\nINSERT INTO a SELEKT 1;');
    expect(code).toBe(1);
    const [place, line, caret] = stderr.split('\n');
    expect(place).toMatch(/typo\.sql:2:15: error WEIR-\d{4}: /);
    expect(line).toBe('  INSERT INTO a SELEKT 1;');
    expect(caret).toBe(`${' '.repeat(16)}^^^^^^`);
    expect((await e2e.weir('status', 'typo')).code).toBe(1);
  });

  test('an unknown option: the nearest is named', async () => {
    const { code, stderr } = await apply('option', copy(input, output, { 'source.ofset': 'latest' }));
    expect(code).toBe(1);
    expect(stderr).toContain("connector 'kafka' has no option 'source.ofset'");
    expect(stderr).toContain("hint: did you mean 'source.offset'?");
  });

  test.each([
    ['input', (): [string, string] => [input.slice(0, -1), output]],
    ['output', (): [string, string] => [input, output.slice(0, -1)]],
  ])('a missing topic (%s): it is named, with those that look alike', async (what, topics) => {
    const [from, to] = topics();
    const { code, stdout } = await apply(`missing-${what}`, copy(from, to));
    expect(code).toBe(1);
    const missing = from === input ? to : from;
    expect(stdout).toContain(`WEIR-4003 the topic '${missing}' does not exist at ${e2e.bootstrap}`);
    expect(stdout).toContain(`did you mean '${from === input ? output : input}'?`);
  });

  test('an unreachable broker: the pipeline waits, and says for whom', async () => {
    const nobody = `127.0.0.1:${await freePort()}`;
    await e2e.client.create({ name: 'lonely', sql: copy(input, output, { bootstrap_servers: nobody }) });
    const waiting = await e2e.client.until('lonely', `to name ${nobody}`, ({ problem }) =>
      `${problem?.message} ${problem?.hint}`.includes(nobody),
    );
    expect(waiting.problem).toMatchObject({ transient: true });
    expect(stateName(waiting)).toBe('starting');
    const stopped = await e2e.weir('stop', 'lonely');
    expect(stopped).toMatchObject({ code: 0 });
  });

  test('a message that is no JSON: the place is named, what was before it stays, and it can be dropped', async () => {
    await e2e.produce(input, [{ id: 1 }, { id: 2 }]);
    expect((await apply('strict', copy(input, output))).code).toBe(0);
    await e2e.untilCommitted(output, 2);
    await e2e.produce(input, ['{"id": 3, oops', { id: 4 }]);
    const ended = await e2e.client.until('strict', 'to fail', (pipeline) => stateName(pipeline) === 'failed');
    expect(ended.problem?.message).toMatch(
      new RegExp(`table orders: record at topic ${input}, partition 0, offset 1 can not be decoded`),
    );
    expect(ended.problem?.hint).toContain("'bad_data' = 'drop'");

    const lenient = await e2e.topic('lenient');
    expect((await apply('lenient', copy(input, lenient, { bad_data: 'drop' }))).code).toBe(0);
    const ids = (rows: { id: number }[]) => rows.map(({ id }) => id).sort((a, b) => a - b);
    expect(ids(await e2e.untilCommitted<{ id: number }>(lenient, 3))).toEqual([1, 2, 4]);
    const dropped = await e2e.client.until('lenient', 'to count what it dropped', ({ operators }) =>
      operators.some(({ badRecords }) => badRecords === 1n),
    );
    expect(stateName(dropped)).toBe('running');
    // The strict one has committed what was before the bad record once, and nothing behind it in its partition.
    expect(ids(await e2e.committed<{ id: number }>(output)).filter((id) => id < 4)).toEqual([1, 2]);
  });

  /** A pipeline that has committed two records, and is stopped. */
  async function stopped(name: string, topic: string): Promise<void> {
    const copies = await e2e.topic('copies');
    await e2e.produce(topic, [{ id: 1 }, { id: 2 }]);
    await e2e.client.create({ name, sql: copy(topic, copies), checkpointInterval: '100ms' });
    await e2e.untilCommitted(copies, 2);
    await e2e.client.stop(name);
    await e2e.client.untilState(name, 'stopped');
  }

  test('records that the log has no longer: nothing is skipped, wanted and available are named', async () => {
    const topic = await e2e.topic('short-lived', 1);
    await stopped('short-lived', topic);
    await e2e.produce(topic, [{ id: 3 }, { id: 4 }, { id: 5 }]);
    await deleteRecords(e2e.kafka, { topic, partition: 0 }, 4);
    await e2e.client.start('short-lived');
    const { problem } = await e2e.client.untilState('short-lived', 'failed');
    expect(problem?.message).toContain(
      `topic '${topic}', partition 0: offset 2 is wanted, the log holds 4 to 5`,
    );
  });

  test('a topic that was deleted and made anew: it is not read from an offset of the old one', async () => {
    const topic = await e2e.topic('anew', 1);
    await stopped('anew', topic);
    await deleteTopics(e2e.kafka, [topic]);
    await createTopics(e2e.kafka, [{ topic, partitions: 1 }]);
    await e2e.produce(topic, [{ id: 3 }, { id: 4 }, { id: 5 }]);
    await e2e.client.start('anew');
    const { problem } = await e2e.client.untilState('anew', 'failed');
    expect(problem?.code).toBe('WEIR-4012');
    expect(problem?.message).toContain(`the topic '${topic}' was deleted and made anew`);
  });
});

describe('what processes are told to work with', () => {
  const folder = mkdtempSync(join(tmpdir(), 'weir-e2e-'));
  const storeUrl = pathToFileURL(join(folder, 'store')).href;
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test('an unknown flag: bad usage, and the nearest is named', async () => {
    const { code, stderr } = await runWeir(['worker', '--natsurl', 'nats://127.0.0.1:4222'], {});
    expect(code).toBe(2);
    expect(stderr).toContain('did you mean --nats-url?');
  });

  test('one cluster name and store from two NATS: the controller that comes second ends', async () => {
    const cluster = uniqueName('two-nats');
    const other = await ownNats();
    const first = await WeirCluster.start({
      folder: join(folder, 'first'),
      cluster,
      natsUrl: inject('natsUrl'),
      storeUrl,
      workers: 0,
    });
    try {
      const args = ['controller', '--cluster', cluster, '--store-url', storeUrl, '--listen', '127.0.0.1:0'];
      const { code, stderr } = await runWeir([...args, '--nats-url', other.url], {});
      expect(code).toBe(1);
      expect(stderr).toMatch(/WEIR-600[678]/);
      expect(stderr).toContain(cluster);
      expect(first.controllers[0]?.running).toBe(true);
    } finally {
      await first.kill();
      await other.dispose();
    }
  });
});
