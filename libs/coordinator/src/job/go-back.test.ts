import type { EpochBody, LedgerEntry } from '@weir/epoch-protocol/ledger-entries.ts';
import { ledgerKey } from '@weir/epoch-protocol/ledger-keys.ts';
import { WeirError } from '@weir/kernel/errors.ts';
import { FaultInjectingStore } from '@weir/object-store/testing/fault-injecting-store.ts';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { wishStart } from '../api/pipeline-wishes.ts';
import { wishRestore } from '../api/wish-restore.ts';
import type { PipelineRecord } from '../catalog/pipeline-record.ts';
import { expectExactlyOnce } from '../testing/exactly-once.ts';
import { FakeCluster, type FakeController } from '../testing/fake-cluster.ts';

/** A start that goes back to an older epoch, against workers that follow a script. */
let cluster: FakeCluster;
beforeEach(() => {
  cluster = new FakeCluster();
});
afterEach(() => cluster.close());

/** Far apart, so that few epochs come about by themselves; a stop still makes its last one. */
const slowly = { checkpointIntervalMs: 60_000 };

async function stop(controller: FakeController): Promise<void> {
  await cluster.wish(controller, () => ({ desired: { kind: 'stopped', mode: 'checkpoint' } }));
  await cluster.until(controller, (now) => now.state === 'stopped');
}

/** Started and stopped again: one or two epochs more. */
async function startAndStop(controller: FakeController): Promise<void> {
  const { generation } = await cluster.until(controller, (now) => now.state === 'stopped');
  await wishStart(controller.coordinator, 'sums');
  await cluster.until(controller, (now) => now.state === 'running' && now.generation > generation);
  await stop(controller);
}

/** Created, run and stopped twice; gives its epochs so far, 0 among them. */
async function twoRuns(controller: FakeController): Promise<{ record: PipelineRecord; epochs: EpochBody[] }> {
  const record = await cluster.create(controller, slowly);
  await cluster.until(controller, (now) => now.state === 'running');
  await stop(controller);
  await startAndStop(controller);
  return { record, epochs: epochsOf(await cluster.ledger(record)) };
}

const epochsOf = (entries: readonly LedgerEntry[]) => entries.filter((entry) => entry.kind === 'Epoch');
const restoresOf = (entries: readonly LedgerEntry[]) =>
  epochsOf(entries).flatMap(({ restored }) => (restored === undefined ? [] : [restored]));

test('it goes back once, to the state and the positions of then; failures and later starts go on from there', async () => {
  const worker = cluster.worker();
  const controller = await cluster.controller();
  const { record, epochs } = await twoRuns(controller);
  const [, chosen] = epochs;
  const last = epochs.at(-1);
  const { restore } = await wishRestore(controller.coordinator, 'sums', 1);
  expect(restore).toMatchObject({ fromEpoch: 1, repeatedEpochs: epochs.length - 2 });
  await cluster.until(controller, (now) => now.state === 'running' && now.generation === 3);

  const began = (await cluster.ledger(record)).filter((entry) => 'g' in entry && entry.g === 3);
  expect(began.slice(0, 3)).toMatchObject([
    { kind: 'Generation' },
    {
      kind: 'Epoch',
      e: (last?.e ?? 0) + 1,
      parent: last?.e,
      snapshots: chosen?.snapshots,
      handles: [],
      restored: { from: 1, start: 3, outputEpoch: last?.e },
    },
    { kind: 'Placed' },
  ]);
  expect(worker.starts[2]).toMatchObject({
    firstEpoch: (last?.e ?? 0) + 2,
    outputEpoch: last?.e,
    baseJson: JSON.stringify(chosen?.snapshots),
  });

  worker.failTask('WEIR-4001', 'the broker went away', 'retry');
  await cluster.until(controller, (now) => now.state === 'running' && now.generation === 4);
  await stop(controller);
  await startAndStop(controller);
  const entries = await cluster.ledger(record);
  expect(restoresOf(entries)).toHaveLength(1);
  expectExactlyOnce(entries, cluster.broker);
});

test.each([
  ['the new generation', 1],
  ['the epoch that goes back', 2],
])('a controller that vanished after %s: the next one goes on, and it goes back once', async (_, reached) => {
  cluster.worker();
  const store = new FaultInjectingStore(cluster.memory);
  const first = await cluster.controller(store);
  const { record } = await twoRuns(first);
  const scope = { cluster: 'test', pipeline: record.name, pipelineId: record.id };
  const blocked = ledgerKey(scope, (await cluster.ledger(record)).length + reached);
  let tried = false;
  store.before = (operation, key) => {
    if (operation !== 'putIfAbsent' || key !== blocked) return;
    tried = true;
    throw new WeirError('WEIR-5001', 'no answer', { disposition: 'retry' });
  };
  await wishRestore(first.coordinator, 'sums', 1);
  await expect.poll(() => tried, { timeout: 60_000 }).toBe(true);
  await first.close();
  const second = await cluster.controller();
  await cluster.until(second, (now) => now.state === 'running');
  expect(restoresOf(await cluster.ledger(record))).toMatchObject([{ from: 1, start: 3 }]);
  await stop(second);
  expectExactlyOnce(await cluster.ledger(record), cluster.broker);
});

test('a finished pipeline runs again from an older epoch, and finishes again', async () => {
  const worker = cluster.worker();
  worker.inputsEnded = true;
  const controller = await cluster.controller();
  const record = await cluster.create(controller);
  const { generation } = await cluster.until(controller, (now) => now.state === 'finished');
  await expect(wishStart(controller.coordinator, 'sums')).rejects.toMatchObject({ code: 'WEIR-8302' });
  await wishRestore(controller.coordinator, 'sums', 0);
  await cluster.until(controller, (now) => now.state === 'finished' && now.generation > generation);
  const entries = await cluster.ledger(record);
  expect(restoresOf(entries)).toMatchObject([{ from: 0 }]);
  expect(worker.starts.map(({ baseJson }) => baseJson)).toEqual(
    Array(2).fill(JSON.stringify(epochsOf(entries)[0]?.snapshots)),
  );
  expectExactlyOnce(entries, cluster.broker);
});

test('stopped while it waits for workers it has gone back all the same, and the next start goes on from there', async () => {
  const controller = await cluster.controller();
  const worker = cluster.worker();
  const { record, epochs } = await twoRuns(controller);
  worker.kill();
  await wishRestore(controller.coordinator, 'sums', 1);
  await cluster.until(controller, (now) => now.problem?.code === 'WEIR-7107');
  await stop(controller);
  const next = cluster.worker();
  await startAndStop(controller);
  expect(restoresOf(await cluster.ledger(record))).toHaveLength(1);
  expect(next.starts[0]?.baseJson).toBe(JSON.stringify(epochs[1]?.snapshots));
});

test('it is refused where it makes no sense, with what is possible', async () => {
  const worker = cluster.worker();
  const controller = await cluster.controller();
  const refusal = (from: number) =>
    wishRestore(controller.coordinator, 'sums', from).then(
      () => null,
      (error: unknown) => error,
    );
  await cluster.create(controller, slowly);
  await cluster.until(controller, (now) => now.state === 'running');
  expect(await refusal(0)).toMatchObject({
    code: 'WEIR-8302',
    message: expect.stringContaining("'sums' is running"),
    hint: 'stop it first: weir stop sums',
  });
  await stop(controller);
  expect(await refusal(9)).toMatchObject({
    message: "'sums' can't start from epoch 9: it is none of those that are kept",
    hint: expect.stringMatching(/^possible are 0, 1.* \(weir checkpoints sums tells more about them\)$/),
  });

  // The brokers abort an epoch before it is committed.
  await wishStart(controller.coordinator, 'sums');
  await cluster.until(controller, (now) => now.state === 'running' && now.generation === 2);
  worker.ignoresCommits = true;
  worker.sayActivity();
  const { e: epoch } = await cluster.untilDecidedOnly(controller);
  for (const transaction of cluster.broker.transactions)
    if (transaction.state === 'open') cluster.broker.timeOut(transaction.handle);
  await cluster.wish(controller, () => ({ desired: { kind: 'stopped', mode: 'immediate' } }));
  await cluster.until(controller, (now) => now.state === 'stopped');
  expect(await refusal(epoch)).toMatchObject({
    code: 'WEIR-8302',
    message: `'sums' can't start from epoch ${epoch}: it was abandoned: its output was never committed`,
  });
  expect((await controller.context.catalog.get('sums'))?.restore).toBeUndefined();
});

test('an epoch that is gone when its turn comes fails the start, and the next one goes on', async () => {
  cluster.worker();
  const controller = await cluster.controller();
  await twoRuns(controller);
  await cluster.wish(controller, (now) => ({
    desired: { kind: 'running' },
    starts: now.starts + 1,
    restore: { from: 99, starts: now.starts + 1 },
  }));
  const failed = await cluster.until(controller, (now) => now.state === 'failed');
  expect(failed.problem).toMatchObject({ code: 'WEIR-7117', transient: false });
  await wishStart(controller.coordinator, 'sums');
  await cluster.until(controller, (now) => now.state === 'running');
});
