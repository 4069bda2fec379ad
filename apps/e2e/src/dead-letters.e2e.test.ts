import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { present } from '@weir/kernel/assert.ts';
import { IdempotentProducer } from '@weir/kafka/produce/idempotent-producer.ts';
import { readAll, sendRecords } from '@weir/kafka/testing/broker-test-kit.ts';
import { plainReader } from '@weir/tool-chaos/plain-reader.ts';
import { ArmedStep } from '@weir/tool-chaos/faults/armed-step.ts';
import { waitUntil } from '@weir/tool-stack/wait-until.ts';
import { E2eCluster } from './testing/e2e-cluster.ts';

const folder = mkdtempSync(join(tmpdir(), 'weir-steps-'));
const steps = new ArmedStep(join(folder, 'step'));
let e2e: E2eCluster;

beforeAll(async () => {
  e2e = await E2eCluster.start({ environment: { WEIR_FAILPOINTS: `@${join(folder, 'step')}` } });
});
afterAll(async () => {
  await e2e?.dispose();
  rmSync(folder, { recursive: true, force: true });
});

const copy = (input: string, output: string, dead: string, more: Record<string, string> = {}) => `
  CREATE TABLE orders (id BIGINT NOT NULL)
    ${e2e.with(input, 'source', { bad_data: 'dead_letter', 'dead_letter.topic': dead, ...more })};
  CREATE TABLE copies (id BIGINT NOT NULL) ${e2e.with(output, 'sink')};
  INSERT INTO copies SELECT id FROM orders;`;

async function values(topic: string): Promise<string[]> {
  const found: string[] = [];
  await plainReader(e2e.bootstrap).read(topic, ({ value }) => found.push(value));
  return found;
}

test('D1: input = output + dead letters, each once, over kills between decision and commit', async () => {
  const [input, output] = [await e2e.topic('mixed', 4), await e2e.topic('good', 2)];
  const dead = await e2e.topic('dead', 1);
  const sql = copy(input, output, dead);
  await e2e.client.create({ name: 'mixed', sql, parallelism: 2, checkpointInterval: '200ms' });
  let written = 0;
  const feed = async () => {
    const ids = Array.from({ length: 60 }, (_, index) => written + index);
    written += ids.length;
    await e2e.produce(input, ids.map((id) => (id % 7 === 0 ? `bad ${id}` : { id }))); // prettier-ignore
  };
  await feed();
  for (const step of ['decide.after', 'commit.before', 'prepare.after'] as const) {
    steps.arm(step, 1, 'kill');
    await feed();
    const pid = await steps.hit();
    const victim = [...e2e.processes.controllers, ...e2e.processes.workers].find((one) => one.pid === pid);
    await present(victim, 'the process that was hit').restart();
    await feed();
  }
  const wanted = Array.from({ length: written }, (_, id) => id);
  await waitUntil(
    async () => (await values(output)).length + (await values(dead)).length >= written,
    { what: 'all of the input', everyMs: 200 },
  ); // prettier-ignore
  const byId = (a: number, b: number) => a - b;
  const good = (await e2e.committed<{ id: number }>(output)).map(({ id }) => id).toSorted(byId);
  const bad = (await values(dead)).map((value) => Number(value.slice(4))).toSorted(byId);
  expect(good).toEqual(wanted.filter((id) => id % 7 !== 0));
  expect(bad).toEqual(wanted.filter((id) => id % 7 === 0));
  await e2e.client.stop('mixed', 'immediate');
});

test('D3: the record is there as it was, with where it was and why; the status counts', async () => {
  const [input, output] = [await e2e.topic('told', 1), await e2e.topic('good', 1)];
  const dead = await e2e.topic('dead', 1);
  const producer = await IdempotentProducer.open(e2e.kafka);
  const headers = [{ key: 'trace', value: Buffer.from('7') }];
  const records = [
    { value: '{"id": 1}' },
    { key: 'k', value: '{"id": "x"', timestampMs: 1_700_000_123_456, headers },
  ];
  sendRecords(producer, { topic: input, partition: 0 }, records);
  await producer.flush();
  await producer.close();
  await e2e.client.create({ name: 'told', sql: copy(input, output, dead), checkpointInterval: '200ms' });
  await waitUntil(async () => (await values(dead)).length === 1, { what: 'a dead letter', everyMs: 100 });
  const [letter] = await readAll(e2e.kafka, dead);
  expect(letter).toMatchObject({ key: 'k', value: '{"id": "x"', timestampMs: 1_700_000_123_456 });
  expect(letter?.headers).toEqual([
    ['trace', '7'],
    ['weir.topic', input],
    ['weir.partition', '0'],
    ['weir.offset', '1'],
    ['weir.error.code', expect.stringMatching(/^WEIR-31\d\d$/)],
    ['weir.error', expect.stringContaining('expected')],
    ['weir.pipeline', 'told'],
    ['weir.table', 'orders'],
  ]);
  const now = await e2e.client.until('told', 'to count it', ({ operators }) =>
    operators.some(({ badRecords }) => badRecords === 1n),
  );
  expect(now.operators.map(({ title }) => title)).toContain('dead letters of orders');
});

test('D3: a topic of dead letters that is missing, or the own one, is told before anything runs', async () => {
  const [input, output] = [await e2e.topic('checked', 1), await e2e.topic('good', 1)];
  const apply = (name: string, sql: string) => e2e.weir('apply', e2e.sqlFile(`${name}.sql`, sql), '--name', name);
  const missing = await apply('missing', copy(input, output, `${input}-dead`));
  expect([missing.code, missing.stdout]).toEqual([1, expect.stringContaining(`WEIR-4003 the topic '${input}-dead' does not exist`)]);
  const own = await apply('own', copy(input, output, input));
  expect([own.code, own.stderr]).toEqual([1, expect.stringContaining(`the table reads '${input}' itself`)]);
}); // prettier-ignore

test('a topic of dead letters that does not take a record fails the pipeline, which names its max.message.bytes', async () => {
  const [input, output] = [await e2e.topic('large', 1), await e2e.topic('good', 1)];
  const dead = await e2e.topic('small', 1, { 'max.message.bytes': '2000' });
  await e2e.produce(input, [`bad ${'x'.repeat(3000)}`]);
  await e2e.client.create({ name: 'large', sql: copy(input, output, dead), checkpointInterval: '200ms' });
  const { problem } = await e2e.client.untilState('large', 'failed');
  expect(problem?.message).toContain(`is too large for ${dead}-0, whose max.message.bytes is 2000`);
});
