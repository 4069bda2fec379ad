import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { OperatorSnapshot } from '@weir/epoch-protocol/ledger-entries.ts';
import { WeirError } from '@weir/kernel/errors.ts';
import { eventually, TestCluster } from '../testing/test-cluster.ts';
import { countPlan, exchangePlan, filterPlan } from '../testing/test-plans.ts';

let cluster: TestCluster;
beforeEach(() => {
  cluster = new TestCluster(4);
});
afterEach(() => cluster.close());

const row = (key: number, at = key) => [BigInt(key), BigInt(at), `n${key}`] as const;
const rows = (...keys: number[]) => keys.map((key) => row(key));
const keysOf = (): number[] =>
  cluster
    .committedRows()
    .map(([key]) => Number(key))
    .toSorted((a, b) => a - b);

describe('one stage in one worker', () => {
  test('rows are committed with their epoch and not before', async () => {
    const { tables } = cluster;
    await cluster.addWorker();
    cluster.append(0, ...rows(1, -2, 3));
    await cluster.start(filterPlan, 1);
    await eventually(() => tables.sinks[0]?.written === 2);
    expect(cluster.output).toEqual([]);
    await cluster.epoch(1, 1);
    expect(cluster.output).toEqual([{ epoch: 1, subtask: 0, rows: rows(1, 3) }]);
    cluster.append(1, ...rows(4));
    await eventually(() => tables.sinks[0]?.written === 3);
    await cluster.epoch(2, 1);
    expect(cluster.output[1]).toEqual({ epoch: 2, subtask: 0, rows: rows(4) });
    expect(tables.sources[0]?.committedSplits).toMatchObject([
      { 't/0': { next: 3 }, 't/1': { next: 0 } },
      { 't/0': { next: 3 }, 't/1': { next: 1 } },
    ]);
  });

  test('an acknowledgement is repeated as it was, unasked and asked for, until the controller goes on', async () => {
    await cluster.addWorker();
    cluster.append(0, ...rows(1));
    await cluster.start(filterPlan, 1);
    cluster.inject(1);
    await eventually(() => cluster.acknowledgements(1).length >= 2);
    cluster.append(0, ...rows(2));
    cluster.inject(1);
    const before = cluster.acknowledgements(1).length;
    cluster.say('ask-acknowledgements', 1, { $case: 'askAcknowledgements', value: {} });
    await eventually(() => cluster.acknowledgements(1).length > before + 1);
    const texts = new Set(cluster.acknowledgements(1).map(({ bytes }) => Buffer.from(bytes).toString('hex')));
    expect(texts.size).toBe(1);
  });

  test('a Commit that comes again is acknowledged again and commits nothing again', async () => {
    const { tables } = cluster;
    await cluster.addWorker();
    cluster.append(0, ...rows(1));
    await cluster.start(filterPlan, 1);
    await eventually(() => tables.sinks[0]?.written === 1);
    await cluster.epoch(1, 1);
    cluster.commit(1, []);
    cluster.commit(1, []);
    await eventually(() => cluster.commitsAcknowledged(1).length === 3);
    expect(tables.sinks[0]?.commits).toBe(1);
    expect(keysOf()).toEqual([1]);
  });

  test('a Commit of an epoch before this generation, which comes late, is not taken for one of ours', async () => {
    const { tables } = cluster;
    await cluster.addWorker();
    cluster.append(0, ...rows(1));
    await cluster.start(filterPlan, 1, [], 7);
    await eventually(() => tables.sinks[0]?.written === 1);
    cluster.inject(7);
    await cluster.acknowledged(7, 1);
    cluster.commit(6, []);
    await cluster.epoch(7, 1);
    await cluster.epoch(8, 1);
    expect(cluster.commitsAcknowledged(6)).toEqual([]);
    expect(tables.sinks[0]?.commits).toBe(2);
    expect(keysOf()).toEqual([1]);
  });

  test('messages of another generation change nothing', async () => {
    await cluster.addWorker();
    await cluster.start(filterPlan, 1);
    cluster.say('inject', 1, { $case: 'inject', value: { final: false, parent: 0 } }, 7);
    cluster.inject(1);
    await cluster.acknowledged(1, 1);
    expect(cluster.acknowledgements(2)).toEqual([]);
  });

  test('after a final epoch nothing is read, and further epochs pass all the same, until one is not final', async () => {
    const { tables } = cluster;
    await cluster.addWorker();
    await cluster.start(exchangePlan, 1);
    await cluster.epoch(1, 2, true);
    cluster.append(0, ...rows(1));
    // A coordinator that takes over doesn't know that there was a last epoch.
    await cluster.epoch(2, 2, true);
    expect(tables.sinks[0]?.written).toBe(0);
    await cluster.epoch(3, 2);
    await eventually(() => tables.sinks[0]?.written === 1);
  });

  test('when the input ends the subtask says so and goes on acknowledging', async () => {
    const { tables } = cluster;
    await cluster.addWorker();
    cluster.append(0, ...rows(1));
    await cluster.start(filterPlan, 1);
    await cluster.epoch(1, 1);
    expect(cluster.acknowledgements(1)[0]?.ended).toBe(false);
    cluster.append(1, ...rows(2));
    tables.closeInputs();
    await eventually(() => tables.sinks[0]?.written === 2);
    const ended = async (epoch: number): Promise<boolean> => {
      await cluster.epoch(epoch, 1);
      return cluster.acknowledgements(epoch)[0]?.ended === true;
    };
    let epoch = 2;
    while (!(await ended(epoch))) epoch += 1;
    expect(await ended(epoch + 1)).toBe(true);
    expect(keysOf()).toEqual([1, 2]);
  });

  test('an epoch in which nothing happened says so; what happens is hinted at', async () => {
    const { tables } = cluster;
    await cluster.addWorker();
    await cluster.start(filterPlan, 1);
    await cluster.epoch(1, 1);
    await cluster.epoch(2, 1);
    expect(cluster.acknowledgements(2)[0]?.unchanged).toBe(true);
    const hints = () => cluster.messages.filter(({ body }) => body?.$case === 'activity').length;
    const before = hints();
    cluster.append(0, ...rows(1));
    await eventually(() => hints() > before);
    await eventually(() => tables.sinks[0]?.written === 1);
    await cluster.epoch(3, 1);
    expect(cluster.acknowledgements(3)[0]?.unchanged).toBe(false);
  });

  test('a sink without room stops the reading, and the epoch goes through once there is room', async () => {
    const { tables } = cluster;
    await cluster.addWorker();
    await cluster.start(filterPlan, 1);
    const sink = tables.sinks[0];
    if (sink === undefined) throw new Error('the sink is there');
    sink.roomy = false;
    cluster.append(0, ...rows(...Array.from({ length: 300 }, (_, key) => key)));
    await cluster.epoch(1, 1);
    // One batch may be under way when the sink says that it is full.
    expect(sink.written).toBeLessThanOrEqual(3);
    sink.openRoom();
    await eventually(() => sink.written === 300);
    await cluster.epoch(2, 1);
    expect(keysOf()).toHaveLength(300);
  });

  test('a sink that fails fails the generation, with its code and the subtask', async () => {
    const { tables } = cluster;
    const worker = await cluster.addWorker();
    await cluster.start(filterPlan, 1);
    tables.sinks[0]?.fail(new WeirError('WEIR-4999', 'no permission', { hint: 'ask' }));
    const generation = worker.host.tasks.find(cluster.scope(worker));
    await eventually(() => generation.failure !== null);
    expect(generation.failure).toMatchObject({
      subtask: { stage: 's1', index: 0 },
      error: { code: 'WEIR-4999', disposition: 'fatal', hint: 'ask' },
    });
    await generation.stop();
    expect(worker.host.tasks.usedSlots).toBe(0);
  });

  test('committed rows are shown to whoever looks', async () => {
    const { tables } = cluster;
    const worker = await cluster.addWorker();
    await cluster.start(filterPlan, 1);
    const seen: object[] = [];
    const end = worker.host.tasks.find(cluster.scope(worker)).tail((operator, tailed) => {
      seen.push({ operator, ...tailed });
    });
    cluster.append(0, ...rows(1));
    await eventually(() => tables.sinks[0]?.written === 1);
    cluster.inject(1);
    await cluster.acknowledged(1, 1);
    expect(seen).toEqual([]);
    await cluster.epoch(1, 1);
    expect(seen).toEqual([
      { operator: 'sink', table: 't', epoch: 1, skipped: 0, rows: [expect.stringContaining('"note":"n1"')] },
    ]);
    end();
  });
});

describe('two stages on two workers', () => {
  test('every row arrives once, at the owner of its key, and survives a restore at other parallelisms', async () => {
    const { tables } = cluster;
    await cluster.addWorker();
    await cluster.addWorker();
    const numbers = Array.from({ length: 200 }, (_, key) => key);
    for (const key of numbers) cluster.append(key % 4, row(key));
    await cluster.start(exchangePlan, 2);
    await eventually(() => written() === 200);
    let base: OperatorSnapshot[] = await cluster.epoch(1, 4);
    expect(keysOf()).toEqual(numbers);
    const ownerOf = new Map(
      cluster.output.flatMap(({ subtask, rows: of }) => of.map(([key]) => [key, subtask])),
    );
    // The same keys again, in a generation of other parallelism, from the snapshot: only new rows are read.
    for (const [parallelism, epoch] of [
      [1, 2],
      [4, 3],
      [2, 4],
    ] as const) {
      for (const sink of tables.sinks) sink.written = 0;
      for (const key of numbers) cluster.append(key % 4, row(key));
      await cluster.start(exchangePlan, parallelism, base, epoch);
      await eventually(() => written() === 200);
      base = await cluster.epoch(epoch, parallelism * 2);
      const output = cluster.output.filter((one) => one.epoch === epoch);
      expect(output.flatMap((one) => one.rows.map(([key]) => Number(key))).toSorted((a, b) => a - b)).toEqual(
        numbers,
      );
    }
    const again = cluster.output.filter(({ epoch }) => epoch === 4);
    expect(new Map(again.flatMap(({ subtask, rows: of }) => of.map(([key]) => [key, subtask])))).toEqual(
      expect.objectContaining(ownerOf),
    );
  });

  test('an epoch holds the same rows in all sinks: what came before the barriers, nothing after', async () => {
    await cluster.addWorker();
    await cluster.addWorker();
    await cluster.start(exchangePlan, 2);
    let next = 0;
    for (let epoch = 1; epoch <= 20; epoch += 1) {
      for (let count = 0; count < 50; count += 1, next += 1) cluster.append(next % 4, row(next));
      const snapshots = await cluster.epoch(epoch, 4);
      const read = snapshots
        .filter(({ operator }) => operator === 'source')
        .flatMap(({ splits }) => Object.values(splits));
      const positions = read.reduce((sum, split) => sum + Number(split['next']), 0);
      expect(keysOf()).toHaveLength(positions);
    }
  });

  test("a partition without rows, and a subtask without partitions, don't hold the watermark back for ever", async () => {
    const worker = await cluster.addWorker();
    await cluster.addWorker();
    cluster.append(0, row(1, 5_000_000));
    await cluster.start(exchangePlan, 6);
    const watermarks = (): bigint[] =>
      worker.host.tasks
        .find(cluster.scope(worker))
        .stats()
        .flatMap((stats) =>
          stats.operator === 'union' && stats.watermarkMicros !== undefined ? [stats.watermarkMicros] : [],
        );
    await eventually(
      () => watermarks().length === 3 && watermarks().every((micros) => micros === 5_000_000n),
    );
  });

  test('a sink without room holds back the sources on the other worker', async () => {
    const { tables } = cluster;
    await cluster.addWorker();
    await cluster.addWorker();
    await cluster.start(exchangePlan, 2);
    for (const sink of tables.sinks) sink.roomy = false;
    const text = 'x'.repeat(100_000);
    for (let key = 0; key < 400; key += 1) cluster.append(key % 4, [BigInt(key), BigInt(key), text]);
    const read = (): number => tables.sources.reduce((sum, source) => sum + source.stats().records, 0);
    let before = -1;
    await eventually(() => {
      const still = read() === before && before > 0;
      before = read();
      return still;
    });
    expect(read()).toBeLessThan(200);
    for (const sink of tables.sinks) sink.openRoom();
    await eventually(() => written() === 400);
  });

  test('windows that are open at a checkpoint are counted on, right, at every parallelism', async () => {
    const { tables } = cluster;
    await cluster.addWorker();
    await cluster.addWorker();
    const keys = 37;
    // In each round every key gets two rows in each of three windows; the third stays open.
    const appendRound = (round: number): void => {
      for (let window = 0; window < 3; window += 1) {
        for (let index = 0; index < keys * 2; index += 1) {
          const key = index % keys;
          cluster.append(key % 4, row(key, (round * 2 + window) * 1_000_000 + index));
        }
      }
    };
    let base: OperatorSnapshot[] = [];
    for (const [round, parallelism] of [2, 1, 4, 3].entries()) {
      await cluster.start(countPlan, parallelism, base, round + 1);
      appendRound(round);
      await eventually(() => fed() === keys * 6);
      base = await cluster.epoch(round + 1, parallelism * 2);
    }
    await cluster.start(countPlan, 2, base, 5);
    tables.closeInputs();
    // As a controller has it: the last epoch is one in which every subtask says that its inputs have ended, not the first of them.
    for (let epoch = 5; ended(epoch - 1).size < 4; epoch += 1) await cluster.epoch(epoch, 4);
    const counts = new Map<string, bigint[]>();
    for (const [key, count, start] of cluster.committedRows()) {
      const window = `${key} at ${Number(start) / 1e6}`;
      counts.set(window, [...(counts.get(window) ?? []), count as bigint]);
    }
    // Rounds overlap by a window: its rows are of two generations.
    for (let key = 0; key < keys; key += 1) {
      for (let window = 0; window <= 8; window += 1) {
        const expected = window % 2 === 0 && window > 0 && window < 8 ? [4n] : [2n];
        expect([key, window, counts.get(`${key} at ${window}`)]).toEqual([key, window, expected]);
      }
    }
    expect(counts.size).toBe(keys * 9);
  });

  test('when one worker cancels its tasks the other one sees the break and ends its own', async () => {
    const first = await cluster.addWorker();
    const second = await cluster.addWorker();
    await cluster.start(exchangePlan, 2);
    const others = second.host.tasks.find(cluster.scope(second));
    await first.host.tasks.cancel(cluster.scope(first));
    await eventually(() => others.failure !== null);
    expect(others.failure).toMatchObject({ error: { code: 'WEIR-7211', disposition: 'retry' } });
    await eventually(() => second.host.tasks.usedSlots === 0);
  });
});

function written(): number {
  return cluster.tables.sinks.reduce((sum, sink) => sum + sink.written, 0);
}

/** Subtasks whose inputs had ended in this epoch of the present generation. */
function ended(epoch: number): Set<string> {
  const acknowledged = cluster.acknowledgements(epoch).filter((one) => one.ended);
  return new Set(acknowledged.map(({ subtask }) => `${subtask?.stage}/${subtask?.index}`));
}

/** Rows that the second stage has taken in this generation. */
function fed(): number {
  return cluster.workers
    .flatMap(({ host }) => host.tasks.running())
    .flatMap((generation) => generation.stats())
    .reduce((sum, stats) => sum + (stats.operator === 'count' ? Number(stats.recordsIn) : 0), 0);
}
