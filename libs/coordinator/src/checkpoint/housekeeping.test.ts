import { afterEach, beforeEach, expect, test } from 'vitest';
import { snapshotObjectKey } from '@weir/epoch-protocol/snapshot-object-key.ts';
import { formatTransactionalId } from '@weir/epoch-protocol/transactional-id.ts';
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
