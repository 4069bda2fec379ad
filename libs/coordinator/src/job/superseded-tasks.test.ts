import { afterEach, beforeEach, expect, test } from 'vitest';
import { FakeCluster } from '../testing/fake-cluster.ts';

let cluster: FakeCluster;
beforeEach(() => {
  cluster = new FakeCluster();
});
afterEach(() => cluster.close());

test('a worker that was frozen while its tasks were given to others ends them when it comes back', async () => {
  const frozen = cluster.worker();
  const controller = await cluster.controller();
  await cluster.create(controller);
  await cluster.until(controller, (now) => now.committedEpoch > 1);
  frozen.freeze();
  const other = cluster.worker();
  await cluster.until(controller, (now) => now.generation === 2 && now.state === 'running');
  expect(other.running).toEqual([2]);
  expect(frozen.running).toEqual([1]);
  frozen.thaw();
  await expect.poll(() => frozen.running, { timeout: 60_000 }).toEqual([]);
  // What runs rightly goes on.
  const { committedEpoch } = await cluster.until(controller, (now) => now.committedEpoch > 1);
  await cluster.until(controller, (now) => now.committedEpoch > committedEpoch + 2);
  expect(other.running).toEqual([2]);
}, 60_000);
