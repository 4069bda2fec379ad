import { afterEach, beforeEach, expect, test } from 'vitest';
import { present } from '@weir/kernel/assert.ts';
import { WeirError } from '@weir/kernel/errors.ts';
import { FaultInjectingStore } from '@weir/object-store/testing/fault-injecting-store.ts';
import { wishRescale, wishResolve } from '../api/pipeline-wishes.ts';
import { Resolution } from '@weir/wire/gen/weir/v1/pipeline.ts';
import { expectExactlyOnce } from '../testing/exactly-once.ts';
import { FakeCluster } from '../testing/fake-cluster.ts';
import { fakePlan } from '../testing/fake-plan.ts';

let cluster: FakeCluster;
beforeEach(() => {
  cluster = new FakeCluster();
});
afterEach(() => cluster.close());

const isRunning = (epochs: number) => (now: { state: string; committedEpoch: number }) =>
  now.state === 'running' && now.committedEpoch >= epochs;

test('a created pipeline is placed, started and commits epoch after epoch', async () => {
  cluster.worker();
  cluster.worker();
  const controller = await cluster.controller();
  const record = await cluster.create(controller);
  const status = await cluster.until(controller, isRunning(3));
  expect(status).toMatchObject({ generation: 1, restarts: 0, problem: null });
  const kinds = (await cluster.ledger(record)).map((entry) => entry.kind);
  expect(kinds.slice(0, 4)).toEqual(['Epoch', 'Generation', 'Placed', 'Epoch']);
  expect(cluster.workers.map((worker) => worker.starts.length)).toEqual([1, 1]);
  expect(cluster.workers[0]?.starts[0]?.baseJson).toContain('"offset":"100"');
});

test('a killed worker is noticed at once and its pipeline goes on from its last epoch elsewhere', async () => {
  const first = cluster.worker(2);
  const controller = await cluster.controller();
  const record = await cluster.create(controller);
  await cluster.until(controller, isRunning(3));
  const second = cluster.worker(2);
  const killedAtMs = performance.now();
  first.kill();
  const status = await cluster.until(controller, (now) => now.generation === 2 && isRunning(5)(now));
  // Far below the 3 s of silence after which heartbeats would tell.
  expect(performance.now() - killedAtMs).toBeLessThan(2500);
  expect(status.restarts).toBe(1);
  const base = (await cluster.ledger(record)).findLast((entry) => entry.kind === 'Epoch' && entry.g === 1);
  expect(second.starts[0]?.firstEpoch).toBe((base?.kind === 'Epoch' ? base.e : 0) + 1);
  expect(JSON.parse(second.starts[0]?.baseJson ?? '')).toEqual(
    base?.kind === 'Epoch' ? base.snapshots : null,
  );
  await cluster.wish(controller, () => ({ desired: { kind: 'stopped', mode: 'checkpoint' } }));
  await cluster.until(controller, (now) => now.state === 'stopped');
  expectExactlyOnce(await cluster.ledger(record), cluster.broker);
});

test('an epoch that was decided when its worker died is committed with the saved ids, before anything is cleaned up', async () => {
  const first = cluster.worker(2);
  const controller = await cluster.controller();
  const record = await cluster.create(controller);
  await cluster.until(controller, isRunning(2));
  first.ignoresCommits = true;
  const { e: decided } = await cluster.untilDecidedOnly(controller);
  first.kill();
  cluster.worker(2);
  await cluster.until(controller, (now) => now.generation === 2 && now.committedEpoch > decided);
  const entries = await cluster.ledger(record);
  expect(entries.filter((entry) => entry.kind === 'Committed')).toMatchObject([{ g: 1, e: decided }]);
  const order = entries
    .map((entry) => entry.kind)
    .slice(entries.findIndex((entry) => entry.kind === 'Generation' && entry.g === 2));
  expect(order.slice(0, 3)).toEqual(['Generation', 'Committed', 'Placed']);
  await cluster.wish(controller, () => ({ desired: { kind: 'stopped', mode: 'checkpoint' } }));
  await cluster.until(controller, (now) => now.state === 'stopped');
  expectExactlyOnce(await cluster.ledger(record), cluster.broker);
});

test('a decided epoch whose transactions the broker aborted is abandoned and read again, under a new number', async () => {
  const first = cluster.worker(2);
  const controller = await cluster.controller();
  const record = await cluster.create(controller);
  await cluster.until(controller, isRunning(2));
  first.ignoresCommits = true;
  const { e: decided, parent } = await cluster.untilDecidedOnly(controller);
  for (const transaction of cluster.broker.transactions) cluster.broker.timeOut(transaction.handle);
  first.kill();
  const second = cluster.worker(2);
  await cluster.until(controller, (now) => now.generation === 2 && now.committedEpoch > decided);
  const entries = await cluster.ledger(record);
  expect(entries.filter((entry) => entry.kind === 'Abandoned')).toMatchObject([{ g: 1, e: decided }]);
  const base = entries.find((entry) => entry.kind === 'Epoch' && entry.e === parent);
  expect(JSON.parse(second.starts[0]?.baseJson ?? '')).toEqual(
    base?.kind === 'Epoch' ? base.snapshots : null,
  );
  const next = entries.find((entry) => entry.kind === 'Epoch' && entry.g === 2);
  expect(next).toMatchObject({ e: decided + 1, parent });
});

test('a decided epoch of which the broker aborted a part halts the pipeline and says which partitions', async () => {
  const first = cluster.worker(2);
  const controller = await cluster.controller();
  const record = await cluster.create(controller);
  await cluster.until(controller, isRunning(2));
  first.ignoresCommits = true;
  const { handles } = await cluster.untilDecidedOnly(controller);
  const [lost] = handles.map(({ handle }) => handle).filter((handle) => handle.kind === 'kafka');
  cluster.broker.timeOut(present(lost, 'a transaction of the decided epoch'));
  first.kill();
  cluster.worker(2);
  const status = await cluster.until(
    controller,
    (now) => now.state === 'halted' && now.problem?.code === 'WEIR-7112',
  );
  expect(status.problem?.message).toMatch(/committed: out\/0.*aborted by the broker: out\/0/);
  expect(status.problem?.hint).toContain('weir resolve sums');
  const entries = await cluster.ledger(record);
  expect(entries.at(-1)).toMatchObject({
    kind: 'Torn',
    committed: [{ operator: 'snk' }],
    aborted: [{ operator: 'snk' }],
  });
  // No reader is held back by what hangs.
  expect(cluster.broker.transactions.filter((transaction) => transaction.state === 'open')).toEqual([]);

  await wishResolve(controller.coordinator, 'sums', Resolution.RESOLUTION_COMMITTED);
  await cluster.until(controller, (now) => now.state === 'running' && now.committedEpoch > status.epoch);
  const after = await cluster.ledger(record);
  expect(after.find((entry) => entry.kind === 'Resolved')).toMatchObject({
    e: status.epoch,
    as: 'committed',
  });
});

test('another parallelism is a new generation from the last committed epoch', async () => {
  cluster.worker(2);
  cluster.worker(2);
  const controller = await cluster.controller();
  const record = await cluster.create(controller);
  await cluster.until(controller, (now) => now.state === 'running' && now.committedEpoch >= 2);
  await expect(wishRescale(controller.coordinator, 'sums', 1000)).rejects.toThrow('a parallelism of 1000');
  await wishRescale(controller.coordinator, 'sums', 4);
  const status = await cluster.until(
    controller,
    (now) => now.generation === 2 && now.state === 'running' && now.committedEpoch > 2,
  );
  expect(status.restarts).toBe(0);
  const generations = (await cluster.ledger(record)).filter((entry) => entry.kind === 'Generation');
  expect(generations.map((entry) => entry.parallelism)).toEqual([record.parallelism, 4]);
});

test('a Kafka that does not answer during recovery is no verdict: it is asked until it does, and the status says so', async () => {
  const first = cluster.worker(2);
  const controller = await cluster.controller();
  const record = await cluster.create(controller);
  await cluster.until(controller, isRunning(2));
  first.ignoresCommits = true;
  await cluster.untilDecidedOnly(controller);
  cluster.broker.away = 'SASL authentication failed';
  first.kill();
  cluster.worker(2);
  const waiting = await cluster.until(controller, (now) => now.problem?.code === 'WEIR-7106');
  expect(waiting).toMatchObject({ state: 'recovering', problem: { transient: true } });
  expect(waiting.problem?.message).toContain('SASL authentication failed');
  cluster.broker.away = null;
  await cluster.until(controller, (now) => now.generation === 2 && isRunning(4)(now));
  expect(
    (await cluster.ledger(record)).some((entry) => entry.kind === 'Torn' || entry.kind === 'Abandoned'),
  ).toBe(false);
});

test('a password that was changed is no verdict on a decided epoch: it is asked until it is mended', async () => {
  const first = cluster.worker(2);
  const controller = await cluster.controller();
  const record = await cluster.create(controller);
  await cluster.until(controller, isRunning(2));
  first.ignoresCommits = true;
  const { e: decided } = await cluster.untilDecidedOnly(controller);
  cluster.broker.refusal = new WeirError('WEIR-4006', 'Kafka broker kafka:9092 refused to authenticate', {
    hint: 'check user name and password',
  });
  first.kill();
  cluster.worker(2);
  const waiting = await cluster.until(controller, (now) => now.problem?.code === 'WEIR-4006');
  expect(waiting).toMatchObject({ state: 'recovering', problem: { transient: true } });
  expect(waiting.problem?.hint).toContain('password');
  cluster.broker.refusal = null;
  await cluster.until(controller, (now) => now.generation === 2 && isRunning(decided + 2)(now));
  const verdicts = (await cluster.ledger(record)).filter((entry) => entry.kind !== 'Epoch' && 'e' in entry);
  expect(verdicts).toMatchObject([{ kind: 'Committed', e: decided }]);
});

test('too few slots: it stays starting and says what is missing, and runs once a worker comes', async () => {
  cluster.worker(1);
  const controller = await cluster.controller();
  await cluster.create(controller);
  const waiting = await cluster.until(
    controller,
    (now) => now.problem?.code === 'WEIR-7107' && /1 of 1/.test(now.problem.message),
  );
  expect(waiting.state).toBe('starting');
  expect(waiting.problem?.message).toBe(
    "it waits for workers: it needs 2 slots, and 1 of 1 worker's are free",
  );
  cluster.worker(1);
  const status = await cluster.until(controller, isRunning(1));
  expect(status.problem).toBeNull();
});

test('two pipelines share the slots of a worker, and none takes those of the other', async () => {
  const worker = cluster.worker(3);
  const controller = await cluster.controller();
  await cluster.create(controller, { name: 'one' });
  await cluster.until(controller, isRunning(1), 'one');
  await cluster.create(controller, { name: 'two' });
  await cluster.until(controller, (now) => now.problem?.code === 'WEIR-7107', 'two');
  expect(worker.starts).toHaveLength(1);
});

test('a worker that stands still with its connections open is given up after 3 s of silence', async () => {
  const frozen = cluster.worker(2);
  const controller = await cluster.controller();
  await cluster.create(controller);
  await cluster.until(controller, isRunning(2));
  cluster.worker(2);
  frozen.freeze();
  const status = await cluster.until(
    controller,
    (now) => now.problem?.code === 'WEIR-7115' || now.generation === 2,
  );
  expect(status.restarts).toBeLessThanOrEqual(1);
  await cluster.until(controller, (now) => now.generation === 2 && isRunning(4)(now));
});

test('an error that would come again fails at once and is cleaned up; the next start forgets it', async () => {
  const worker = cluster.worker();
  const controller = await cluster.controller();
  const record = await cluster.create(controller);
  await cluster.until(controller, isRunning(2));
  worker.failTask('WEIR-3001', 'the record at in/0 offset 7 is no JSON', 'fatal');
  const status = await cluster.until(controller, (now) => now.state === 'failed');
  expect(status.problem).toMatchObject({ code: 'WEIR-3001', hint: 'look at it', transient: false });
  expect(status.problem?.message).toContain('offset 7');
  await expect
    .poll(async () => (await cluster.ledger(record)).at(-1)?.kind, { timeout: 60_000 })
    .toBe('Stopped');
  expect(worker.cancelled).toContain(1);
  expect((await controller.context.catalog.get('sums'))?.failure?.problem.code).toBe('WEIR-3001');
  await cluster.wish(controller, (now) => ({ starts: now.starts + 1, failure: null }));
  const again = await cluster.until(controller, (now) => now.generation > 1 && isRunning(3)(now));
  expect(again.restarts).toBe(0);
  await cluster.wish(controller, () => ({ desired: { kind: 'stopped', mode: 'checkpoint' } }));
  await cluster.until(controller, (now) => now.state === 'stopped');
  expectExactlyOnce(await cluster.ledger(record), cluster.broker);
});

test('an error that may pass begins a new generation on the same worker', async () => {
  const worker = cluster.worker();
  const controller = await cluster.controller();
  await cluster.create(controller);
  await cluster.until(controller, isRunning(2));
  worker.failTask('WEIR-4001', 'the broker went away', 'retry');
  await cluster.until(controller, (now) => now.generation === 2 && isRunning(4)(now));
  expect(worker.starts.map((start) => start.scope?.generation)).toEqual([1, 2]);
  expect(worker.cancelled).toContain(1);
});

test('a missing topic fails the start with what the connector says', async () => {
  cluster.worker();
  cluster.tables.missing = new WeirError('WEIR-3100', "topic 'bids' is not there", { hint: 'create it' });
  const controller = await cluster.controller();
  await cluster.create(controller);
  const status = await cluster.until(controller, (now) => now.state === 'failed');
  expect(status.problem).toMatchObject({
    code: 'WEIR-3100',
    message: "topic 'bids' is not there",
    hint: 'create it',
  });
});

test('a broker that does not answer: the status says what it waits for, and a stop is heard', async () => {
  cluster.worker();
  const answer = Promise.withResolvers<void>();
  cluster.tables.silence = answer.promise;
  const controller = await cluster.controller();
  const record = await cluster.create(controller);
  const status = await cluster.until(controller, (now) => now.problem !== null);
  expect(status).toMatchObject({ state: 'starting', problem: { code: 'WEIR-7116', transient: true } });
  await cluster.wish(controller, () => ({ desired: { kind: 'stopped', mode: 'checkpoint' } }));
  await cluster.until(controller, (now) => now.state === 'stopped');
  answer.resolve();
  expect(await cluster.ledger(record)).toEqual([]);
});

test('stop with a last checkpoint commits it, start goes on from it', async () => {
  const worker = cluster.worker();
  const controller = await cluster.controller();
  const record = await cluster.create(controller);
  await cluster.until(controller, isRunning(2));
  await cluster.wish(controller, () => ({ desired: { kind: 'stopped', mode: 'checkpoint' } }));
  const stopped = await cluster.until(controller, (now) => now.state === 'stopped');
  const entries = await cluster.ledger(record);
  expect(entries.slice(-2)).toMatchObject([
    { kind: 'Committed', e: stopped.epoch },
    { kind: 'Stopped', g: 1, e: stopped.epoch, finished: false },
  ]);
  expect(stopped.committedEpoch).toBe(stopped.epoch);
  expect(worker.cancelled).toEqual([1]);
  expectExactlyOnce(entries, cluster.broker);
  await cluster.wish(controller, (now) => ({ desired: { kind: 'running' }, starts: now.starts + 1 }));
  await cluster.until(controller, (now) => now.generation === 2 && now.committedEpoch > stopped.epoch);
  expect(worker.starts[1]).toMatchObject({ firstEpoch: stopped.epoch + 1 });
});

test('stop at once commits what was decided, ends what hangs and starts from there again', async () => {
  cluster.worker();
  const controller = await cluster.controller();
  const record = await cluster.create(controller, { checkpointIntervalMs: 100 });
  await cluster.until(controller, isRunning(2));
  await cluster.wish(controller, () => ({ desired: { kind: 'stopped', mode: 'immediate' } }));
  await cluster.until(controller, (now) => now.state === 'stopped');
  const entries = await cluster.ledger(record);
  expect(entries.at(-1)).toMatchObject({ kind: 'Stopped', g: 2 });
  expect(cluster.broker.transactions.filter((transaction) => transaction.state === 'open')).toEqual([]);
  expectExactlyOnce(entries, cluster.broker);
});

test('when all inputs have ended their last epoch is committed and the pipeline is finished', async () => {
  const worker = cluster.worker();
  worker.inputsEnded = true;
  const controller = await cluster.controller();
  const record = await cluster.create(controller);
  await cluster.until(controller, (now) => now.state === 'finished');
  const entries = await cluster.ledger(record);
  expect(entries.map((entry) => entry.kind)).toEqual([
    'Epoch',
    'Generation',
    'Placed',
    'Epoch',
    'Committed',
    'Stopped',
  ]);
  expect(entries.at(-1)).toMatchObject({ finished: true, e: 1 });
  expectExactlyOnce(entries, cluster.broker);
});

test('a hint that something has changed brings the next epoch at once', async () => {
  const worker = cluster.worker();
  worker.unchanged = true;
  const controller = await cluster.controller();
  await cluster.create(controller, { checkpointIntervalMs: 20 });
  await cluster.until(controller, isRunning(1));
  const { committedEpoch } = cluster.status(controller) ?? { committedEpoch: 0 };
  // Without hints the next one would come after 10 s; the deadline of this test is shorter.
  for (let more = 1; more <= 3; more += 1) {
    worker.sayActivity();
    await cluster.until(controller, isRunning(committedEpoch + more));
  }
}, 8_000);

test('a restart that somebody wishes begins a new generation, which is no failure', async () => {
  cluster.worker();
  const controller = await cluster.controller();
  await cluster.create(controller);
  await cluster.until(controller, isRunning(2));
  await cluster.wish(controller, (now) => ({ restarts: now.restarts + 1 }));
  const status = await cluster.until(controller, (now) => now.generation === 2 && isRunning(3)(now));
  expect(status.restarts).toBe(0);
});

test('counters of all subtasks are summed by operator', async () => {
  const workers = [cluster.worker(1), cluster.worker(1)];
  const controller = await cluster.controller();
  await cluster.create(controller);
  await cluster.until(controller, isRunning(1));
  for (const worker of workers) worker.sendStats(21n);
  const status = await cluster.until(controller, (now) => now.operators[0]?.recordsIn === 42);
  expect(status.operators).toMatchObject([
    {
      id: 'src',
      title: 'numbers',
      kind: 'source',
      stage: 's0',
      subtasks: 2,
      recordsIn: 42,
      lag: 4,
      watermarkMicros: null,
    },
    { id: 'snk', kind: 'sink', stage: 's1', subtasks: 2 },
  ]);
});

test('a store that is away makes epochs late, not wrong; what an unknown put has done is read back', async () => {
  const store = new FaultInjectingStore(cluster.memory);
  cluster.worker();
  const controller = await cluster.controller(store);
  const record = await cluster.create(controller);
  await cluster.until(controller, isRunning(2));
  let faults = 0;
  store.after = (operation, key) => {
    if (operation !== 'putIfAbsent' || !key.includes('/ledger/') || (faults += 1) > 3) return;
    throw new WeirError('WEIR-5001', 'no answer', { disposition: 'retry' });
  };
  store.before = (operation, key) => {
    if (operation === 'putIfAbsent' && key.includes('/ledger/') && faults === 1) {
      faults += 1;
      throw new WeirError('WEIR-5002', 'no space is left', { disposition: 'retry' });
    }
  };
  const { committedEpoch } = cluster.status(controller) ?? { committedEpoch: 0 };
  await cluster.until(controller, (now) => now.committedEpoch > committedEpoch + 5);
  expect(faults).toBeGreaterThan(3);
  expect(cluster.status(controller)).toMatchObject({ generation: 1, problem: null });
  await cluster.wish(controller, () => ({ desired: { kind: 'stopped', mode: 'checkpoint' } }));
  await cluster.until(controller, (now) => now.state === 'stopped');
  expectExactlyOnce(await cluster.ledger(record), cluster.broker);
});

test('removal ends what hangs and leaves nothing of the pipeline in the store', async () => {
  cluster.worker();
  const controller = await cluster.controller();
  await cluster.create(controller);
  await cluster.until(controller, isRunning(2));
  await cluster.wish(controller, () => ({ desired: { kind: 'stopped', mode: 'immediate' } }));
  await cluster.until(controller, (now) => now.state === 'stopped');
  await cluster.wish(controller, () => ({ desired: { kind: 'deleted' } }));
  await expect.poll(() => controller.coordinator.driver('sums'), { timeout: 60_000 }).toBeUndefined();
  expect(await cluster.keys('clusters/test/')).toEqual([]);
  // The name is free for another pipeline.
  await cluster.create(controller, { plan: fakePlan });
  await cluster.until(controller, isRunning(1));
});
