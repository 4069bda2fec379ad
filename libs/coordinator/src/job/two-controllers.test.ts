import { afterEach, beforeEach, expect, test } from 'vitest';
import { FakeCluster, type FakeController } from '../testing/fake-cluster.ts';
import { expectExactlyOnce } from '../testing/exactly-once.ts';

let cluster: FakeCluster;
beforeEach(() => {
  cluster = new FakeCluster();
});
afterEach(() => cluster.close());

const isRunning = (epochs: number) => (now: { state: string; committedEpoch: number }) =>
  now.state === 'running' && now.committedEpoch >= epochs;

/** Waits until this controller drives the pipeline itself. */
async function drives(controller: FakeController): Promise<void> {
  await expect.poll(() => controller.coordinator.driver('sums')?.isDriving, { timeout: 60_000 }).toBe(true);
}

async function stopAndCheck(controller: FakeController, id: string): Promise<void> {
  await cluster.wish(controller, () => ({ desired: { kind: 'stopped', mode: 'checkpoint' } }));
  await cluster.until(controller, (now) => now.state === 'stopped');
  const record = await controller.context.catalog.get('sums');
  expect(record?.id).toBe(id);
  expectExactlyOnce(await cluster.ledger(record!), cluster.broker);
}

test('the second controller takes a running generation over without touching its tasks', async () => {
  const worker = cluster.worker();
  const first = await cluster.controller();
  const record = await cluster.create(first);
  await cluster.until(first, isRunning(2));
  const second = await cluster.controller();
  // It knows what the first one tells.
  await cluster.until(second, isRunning(3));
  expect(second.coordinator.driver('sums')?.isDriving).toBe(false);
  await first.close();
  await drives(second);
  const { committedEpoch } = await cluster.until(second, isRunning(1));
  const status = await cluster.until(second, isRunning(committedEpoch + 3));
  expect(status).toMatchObject({ generation: 1, restarts: 0 });
  expect(worker.starts).toHaveLength(1);
  expect(worker.cancelled).toEqual([]);
  await stopAndCheck(second, record.id);
});

test('a controller that vanished between decision and commit: the next one has the epoch committed by its tasks', async () => {
  const worker = cluster.worker();
  const first = await cluster.controller();
  const record = await cluster.create(first);
  await cluster.until(first, isRunning(2));
  const second = await cluster.controller();
  await cluster.until(second, isRunning(3));
  worker.ignoresCommits = true;
  await cluster.untilDecidedOnly(first);
  first.setConnected(false);
  await first.close();
  worker.ignoresCommits = false;
  await drives(second);
  const { committedEpoch } = await cluster.until(second, isRunning(1));
  const status = await cluster.until(second, isRunning(committedEpoch + 2));
  expect(status.generation).toBe(1);
  expect(worker.starts).toHaveLength(1);
  await stopAndCheck(second, record.id);
});

test('two that drive at once do no harm: whoever loses an append steps back', async () => {
  const worker = cluster.worker();
  const first = await cluster.controller();
  const record = await cluster.create(first);
  const second = await cluster.controller();
  await cluster.until(second, isRunning(3));
  // Cut off, the first one keeps its lease and believes that it drives; the second takes over.
  first.setConnected(false);
  await drives(second);
  await cluster.until(second, isRunning(5));
  expect(first.coordinator.driver('sums')?.isDriving).toBe(true);
  first.setConnected(true);
  await expect
    .poll(() => [first, second].filter((each) => each.coordinator.driver('sums')?.isDriving).length, {
      timeout: 60_000,
    })
    .toBe(1);
  const { committedEpoch } = cluster.status(second) ?? { committedEpoch: 0 };
  await cluster.until(second, (now) => now.committedEpoch > committedEpoch + 3);
  expect(worker.starts).toHaveLength(1);
  await stopAndCheck(second, record.id);
});

test('a wish that another controller was told is acted on at once by the one that drives', async () => {
  cluster.worker();
  const first = await cluster.controller();
  await cluster.create(first);
  const second = await cluster.controller();
  await cluster.until(second, isRunning(2));
  await cluster.wish(second, () => ({ desired: { kind: 'stopped', mode: 'checkpoint' } }));
  await cluster.until(first, (now) => now.state === 'stopped');
  await cluster.until(second, (now) => now.state === 'stopped');
  expect(second.coordinator.driver('sums')?.isDriving).toBe(false);
});

test('workers and controller killed together: it goes on from the last decided epoch on the workers that come', async () => {
  const old = cluster.worker();
  const first = await cluster.controller();
  const record = await cluster.create(first);
  await cluster.until(first, isRunning(2));
  old.ignoresCommits = true;
  await cluster.untilDecidedOnly(first);
  first.setConnected(false);
  old.kill();
  await first.close();
  const next = await cluster.controller();
  const worker = cluster.worker();
  const status = await cluster.until(next, isRunning(4));
  expect(status).toMatchObject({ generation: 2, restarts: 1 });
  expect(worker.starts).toHaveLength(1);
  await stopAndCheck(next, record.id);
});
