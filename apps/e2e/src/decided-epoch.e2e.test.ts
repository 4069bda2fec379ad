import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { FailpointName } from '@weir/kernel/failpoints.ts';
import { initProducerId } from '@weir/kafka/transactions/init-producer-id.ts';
import { listTransactions } from '@weir/kafka/transactions/list-transactions.ts';
import { ArmedStep } from '@weir/tool-chaos/faults/armed-step.ts';
import { stuckReaders } from '@weir/tool-chaos/stuck-readers.ts';
import { stateName } from '@weir/tool-cluster/cluster-client.ts';
import { waitUntil } from '@weir/tool-stack/wait-until.ts';
import { E2eCluster, uniqueName } from './testing/e2e-cluster.ts';
import { committedIds, copyIds, expectEachIdOnce, IdFeed } from './testing/id-feed.ts';
import { storedLedger } from './testing/stored-ledger.ts';

/** As many as tools/chaos looks at. */
const partitions = 4;

describe('everything is killed at a step of an epoch, and comes back', () => {
  const cluster = uniqueName('decided');
  const folder = mkdtempSync(join(tmpdir(), 'weir-steps-'));
  const steps = new ArmedStep(join(folder, 'step'));
  let e2e: E2eCluster;

  beforeAll(async () => {
    e2e = await E2eCluster.start({ cluster, environment: { WEIR_FAILPOINTS: `@${join(folder, 'step')}` } });
  });
  afterAll(async () => {
    await e2e?.dispose();
    rmSync(folder, { recursive: true, force: true });
  });

  /** A pipeline that has committed something, and whose input goes on: every epoch has records of both subtasks. */
  async function running(name: string): Promise<{ input: string; output: string; feed: IdFeed }> {
    const input = await e2e.topic('ids', partitions);
    const output = await e2e.topic('copies', partitions);
    const feed = new IdFeed(e2e, input);
    const sql = copyIds(e2e, input, output);
    await e2e.client.create({ name, sql, parallelism: 2, checkpointInterval: '400ms' });
    await e2e.untilCommitted(output, 1);
    return { input, output, feed };
  }

  const workersAndController = () => [...e2e.processes.controllers, ...e2e.processes.workers];

  /** The first process that comes to the step dies there, then all others. */
  async function killAllAt(step: FailpointName): Promise<void> {
    steps.arm(step, 1, 'kill');
    const pid = await steps.hit();
    expect(workersAndController().map((process) => process.pid)).toContain(pid);
    await Promise.all(workersAndController().map((process) => process.kill()));
  }

  async function bringBack(): Promise<void> {
    await Promise.all(workersAndController().map((process) => process.restart()));
  }

  /** Ends the pipeline, so that it doesn't run beside that of the next test. */
  async function remove(name: string): Promise<void> {
    await e2e.client.stop(name, 'immediate');
    await e2e.client.untilState(name, 'stopped');
    await e2e.client.delete(name);
  }

  async function openTransactions(name: string): Promise<string[]> {
    const open = await listTransactions(e2e.kafka, `weir.${cluster}.${name}.`, ['Ongoing']);
    return open.map(({ transactionalId }) => transactionalId);
  }

  /** What the broker does when a transaction has been open for too long. */
  async function abort(ids: readonly string[]): Promise<void> {
    for (const id of ids) await initProducerId(e2e.kafka, id, 60_000);
  }

  const kinds = (name: string) => new Set(storedLedger(e2e, name).map(({ kind }) => kind));

  test('workers with prepared transactions: what they left open holds no reader back', async () => {
    const { output, feed } = await running('prepared');
    await killAllAt('prepare.after');
    const written = await feed.stop();
    expect(await openTransactions('prepared')).not.toEqual([]);
    await bringBack();
    await e2e.client.until(
      'prepared',
      'to run again',
      (now) => now.generation > 1 && stateName(now) === 'running',
    );
    expect(await stuckReaders(e2e.kafka, [output])).toBe(0);
    await expectEachIdOnce(e2e, output, written);
    expect(await openTransactions('prepared')).toEqual([]);
    await remove('prepared');
  });

  test('a decided epoch that the broker aborted wholly is abandoned, and its input is read again', async () => {
    const { output, feed } = await running('aborted');
    await killAllAt('decide.after');
    const written = await feed.stop();
    const open = await openTransactions('aborted');
    expect(open.length).toBeGreaterThanOrEqual(2);
    await abort(open);
    const decided = storedLedger(e2e, 'aborted').at(-1);
    await bringBack();
    await expectEachIdOnce(e2e, output, written);
    const verdict = { kind: 'Abandoned', g: decided?.g, e: decided?.e };
    expect(storedLedger(e2e, 'aborted')).toContainEqual(expect.objectContaining(verdict));
    expect(kinds('aborted')).not.toContain('Torn');
    expect(await stuckReaders(e2e.kafka, [output])).toBe(0);
    await remove('aborted');
  });

  test.each(['committed', 'abandoned'] as const)(
    'a decided epoch of which the broker aborted a part halts; resolved as %s it goes on',
    async (as) => {
      const name = `torn-${as}`;
      const { input, output, feed } = await running(name);
      await killAllAt('decide.after');
      const written = await feed.stop();
      const ofSecondSubtask = (await openTransactions(name)).filter((id) => /\.1\.\d$/.test(id));
      expect(ofSecondSubtask).not.toEqual([]);
      await abort(ofSecondSubtask);
      await bringBack();

      await e2e.client.untilState(name, 'halted');
      const { stdout } = await e2e.weir('status', name);
      const partition = `${output}/\\d`;
      expect(stdout).toMatch(new RegExp(`committed: ${partition}.*aborted by the broker: ${partition}`));
      for (const choice of ['committed', 'abandoned'])
        expect(stdout).toContain(`weir resolve ${name} --as ${choice}`);
      expect(await stuckReaders(e2e.kafka, [output])).toBe(0);

      expect(await e2e.weir('resolve', name, '--as', as)).toMatchObject({ code: 0 });
      // One behind all others in each partition: when they are committed, all are that will be.
      const lasts = Array.from({ length: partitions }, (_, index) => written + index);
      await e2e.produce(
        input,
        lasts.map((id) => ({ id })),
      );
      const ids = await waitUntil(
        async () => {
          const now = await committedIds(e2e, output);
          return lasts.every((id) => now.includes(id)) && now;
        },
        { what: `the last records in ${output}`, everyMs: 100 },
      );
      const distinct = new Set(ids);
      if (as === 'committed') {
        // What was aborted is missing, and nothing comes twice.
        expect(ids).toHaveLength(distinct.size);
        expect(distinct.size).toBeLessThan(written + partitions);
      } else {
        // What was committed comes twice, and nothing is missing.
        expect(distinct.size).toBe(written + partitions);
        expect(ids.length).toBeGreaterThan(distinct.size);
      }
      await remove(name);
    },
  );

  test("a crash before the first decided epoch: 'latest' still means the moment of the first start", async () => {
    const [input, output] = [await e2e.topic('ids'), await e2e.topic('copies')];
    await e2e.produce(input, [{ id: -1 }, { id: -2 }]);
    steps.arm('start-tasks.before', 1, 'kill');
    const sql = copyIds(e2e, input, output, { 'source.offset': 'latest' });
    await e2e.client.create({ name: 'first', sql, parallelism: 2, checkpointInterval: '200ms' });
    await steps.hit();
    const ids = Array.from({ length: 40 }, (_, id) => ({ id }));
    await e2e.produce(input, ids);
    // The tasks read them, and die before the epoch is decided.
    steps.arm('decide.before', 1, 'kill');
    const controller = e2e.processes.controllers[0];
    await controller?.restart();
    expect(await steps.hit()).toBe(controller?.pid);
    expect(storedLedger(e2e, 'first').filter(({ kind }) => kind === 'Epoch')).toMatchObject([{ e: 0 }]);
    await Promise.all(e2e.processes.workers.map((worker) => worker.kill()));
    await bringBack();
    await expectEachIdOnce(e2e, output, ids.length);
    await remove('first');
  });
});
