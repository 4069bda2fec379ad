import { afterEach, beforeEach, expect, test } from 'vitest';
import { FakeCluster } from '../testing/fake-cluster.ts';

let cluster: FakeCluster;
beforeEach(() => {
  cluster = new FakeCluster();
});
afterEach(() => cluster.close());

test('a created pipeline is placed, started and commits epoch after epoch', async () => {
  cluster.worker();
  cluster.worker();
  const controller = await cluster.controller();
  const record = await cluster.create(controller);
  const status = await cluster.until(controller, (now) => now.state === 'running' && now.committedEpoch >= 3);
  expect(status).toMatchObject({ generation: 1, restarts: 0, problem: null });
  const kinds = (await cluster.ledger(record)).map((entry) => entry.kind);
  expect(kinds.slice(0, 4)).toEqual(['Epoch', 'Generation', 'Placed', 'Epoch']);
  expect(cluster.workers.map((worker) => worker.starts.length)).toEqual([1, 1]);
  expect(cluster.workers[0]?.starts[0]?.baseJson).toContain('"offset":"100"');
});
