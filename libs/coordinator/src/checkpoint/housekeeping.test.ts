import { afterEach, beforeEach, expect, test } from 'vitest';
import { trimKey } from '@weir/epoch-protocol/ledger-keys.ts';
import { decodeTrimRecord } from '@weir/epoch-protocol/ledger-trim.ts';
import { snapshotObjectKey } from '@weir/epoch-protocol/snapshot-object-key.ts';
import { formatTransactionalId } from '@weir/epoch-protocol/transactional-id.ts';
import { FaultInjectingStore } from '@weir/object-store/testing/fault-injecting-store.ts';
import { FakeCluster } from '../testing/fake-cluster.ts';

let cluster: FakeCluster;
beforeEach(() => {
  cluster = new FakeCluster();
});
afterEach(() => cluster.close());

test('what a zombie of an older generation leaves open is ended, and snapshots that nobody needs are deleted', async () => {
  const worker = cluster.worker();
  const controller = await cluster.controller();
  const record = await cluster.create(controller);
  await cluster.until(controller, (now) => now.committedEpoch > 1);
  worker.failTask('WEIR-4001', 'the broker went away', 'retry');
  await cluster.until(controller, (now) => now.generation === 2 && now.state === 'running');
  const scope = { cluster: 'test', pipeline: record.name, pipelineId: record.id };
  const zombie = cluster.broker.begin(
    formatTransactionalId({ scope, g: 1, sink: 'snk', subtask: 0, slot: 0 }),
  );
  const object = { stage: 's0', subtask: 0, nonce: 'abc' };
  const superseded = snapshotObjectKey(scope, { ...object, g: 1, e: 1 });
  const beingCollected = snapshotObjectKey(scope, { ...object, g: 2, e: 1_000_000 });
  const unknown = `${superseded}.of-a-later-weir`;
  for (const key of [superseded, beingCollected, unknown]) await cluster.memory.put(key, new Uint8Array(1));
  await expect
    .poll(() => cluster.broker.transactions.find((each) => each.handle === zombie)?.state, {
      timeout: 60_000,
    })
    .toBe('aborted');
  await expect.poll(() => cluster.memory.get(superseded), { timeout: 60_000 }).toBeUndefined();
  expect(await cluster.memory.get(beingCollected)).toBeDefined();
  expect(await cluster.memory.get(unknown)).toBeDefined();
  // The running generation was left alone.
  expect(cluster.status(controller)).toMatchObject({ state: 'running', generation: 2 });
}, 60_000);

test('fault 1.2.4: a pipeline that runs trims by need, and lists no more than once a generation', async () => {
  const store = new FaultInjectingStore(cluster.memory);
  const calls = new Map<string, number>();
  store.before = (operation, key) => {
    if (!key.includes('/pipelines/sums/')) return;
    calls.set(operation, (calls.get(operation) ?? 0) + 1);
  };
  cluster.worker();
  const controller = await cluster.controller(store);
  const record = await cluster.create(controller, { checkpointIntervalMs: 20 });
  const key = trimKey({ cluster: 'test', pipeline: record.name, pipelineId: record.id });
  const trims = () => cluster.memory.get(key);
  // Snapshots and the ledger: both once.
  await expect.poll(() => calls.get('list'), { timeout: 60_000 }).toBe(2);
  await expect.poll(trims, { timeout: 60_000 }).toBeDefined();
  const first = (await trims())?.etag;
  await expect.poll(async () => (await trims())?.etag !== first, { timeout: 60_000 }).toBe(true);
  expect(calls.get('list')).toBe(2);
  const { committedEpoch } = await cluster.until(controller, () => true);
  // Of hundreds of epochs some dozens are there: the rest went without a listing.
  const ledger = await cluster.keys(`clusters/test/pipelines/sums/${record.id}/ledger/`);
  expect(committedEpoch).toBeGreaterThan(150);
  expect(ledger.length).toBeLessThan(committedEpoch);
}, 120_000);

test('generations and their transactional ids are forgotten one transaction timeout after they ended, however many there were', async () => {
  cluster.broker.transactionTimeoutMs = 1_000;
  const worker = cluster.worker();
  const controller = await cluster.controller();
  const record = await cluster.create(controller);
  const restarts = 25;
  for (let g = 1; g <= restarts; g += 1) {
    const before = cluster.status(controller)?.committedEpoch ?? 0;
    await cluster.until(controller, (now) => now.generation >= g && now.committedEpoch > before);
    worker.failTask('WEIR-4001', 'the broker went away', 'retry');
  }
  await cluster.until(controller, (now) => now.generation > restarts && now.state === 'running');
  // One recovery asks for the ids of one generation: of the one that ended, since each had decided an epoch. A sweep between two of them may
  // have found a task that was late. Were all asked for again each time, it would be 325.
  const asked = cluster.broker.cleanUps.filter((generations) => generations.length > 0);
  expect(asked.length).toBeGreaterThanOrEqual(restarts);
  expect(asked.flat().length).toBeLessThan(2 * restarts);

  const key = trimKey({ cluster: 'test', pipeline: record.name, pipelineId: record.id });
  const known = async (): Promise<number[]> => {
    const found = await cluster.memory.get(key);
    if (found === undefined) return [];
    return decodeTrimRecord(found.bytes, key).summary.generations.map(({ body }) => body.g);
  };
  const { generation } = await cluster.until(controller, (now) => now.state === 'running');
  await expect.poll(known, { timeout: 60_000 }).toEqual([generation]);
}, 120_000);
