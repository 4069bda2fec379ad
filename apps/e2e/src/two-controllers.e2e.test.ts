import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { present } from '@weir/kernel/assert.ts';
import { ClusterClient, stateName } from '@weir/tool-cluster/cluster-client.ts';
import type { WeirProcess } from '@weir/tool-cluster/weir-process.ts';
import type { Pipeline } from '@weir/wire/gen/weir/v1/pipeline.ts';
import { waitUntil } from '@weir/tool-stack/wait-until.ts';
import { E2eCluster } from './testing/e2e-cluster.ts';
import { copyIds, expectEachIdOnce, IdFeed } from './testing/id-feed.ts';

describe('two controllers, while records flow', () => {
  let e2e: E2eCluster;
  let second: ClusterClient;
  let output: string;
  let feed: IdFeed;

  beforeAll(async () => {
    e2e = await E2eCluster.start({ controllers: 2, workers: 2, slots: 2 });
    second = new ClusterClient(e2e.processes.controllers[1]?.addresses.address ?? '');
    const input = await e2e.topic('ids', 4);
    output = await e2e.topic('copies', 4);
    feed = new IdFeed(e2e, input);
    const sql = copyIds(e2e, input, output);
    // Both subtasks fit on one worker, so that the other can take them over.
    await e2e.client.create({ name: 'copy', sql, parallelism: 2, checkpointInterval: '100ms' });
    await e2e.client.until('copy', 'to commit', ({ committedEpoch }) => committedEpoch > 2);
  });
  afterAll(async () => {
    await feed?.stop();
    second?.close();
    await e2e?.dispose();
  });

  /** Waits until this controller knows of so many more committed epochs, and checks that it is the same start of the tasks. */
  async function goesOn(client: ClusterClient, epochs: number, start: Pipeline): Promise<void> {
    const { generation, restarts } = start;
    const known = await client.until('copy', 'to be known', (now) => now.generation >= generation);
    const wanted = Math.max(known.committedEpoch, start.committedEpoch) + epochs;
    const now = await client.until('copy', 'to go on', ({ committedEpoch }) => committedEpoch > wanted);
    expect(now).toMatchObject({ generation, restarts });
  }

  test('the one that drives is killed: the other takes the generation over, no task is restarted', async () => {
    const [first] = e2e.processes.controllers;
    const before = await e2e.client.get('copy');
    await first?.kill();
    await goesOn(second, 5, before);
    await first?.restart();
  });

  test('the one that drives stands still until the other has taken over, and wakes up: no harm', async () => {
    const driver = present(e2e.processes.controllers[1], 'second controller');
    const before = await second.get('copy');
    driver.signal('SIGSTOP');
    try {
      // With an epoch every 100 ms at most this takes 4 s at least.
      await goesOn(e2e.client, 40, before);
    } finally {
      driver.signal('SIGCONT');
    }
    const then = await e2e.client.get('copy');
    for (const client of [second, e2e.client])
      await goesOn(client, 10, { ...before, committedEpoch: then.committedEpoch });
  });

  test('a worker stands still until its subtasks run elsewhere, and wakes up: its tasks end, its slots are free', async () => {
    const workers = await e2e.client.workers();
    const busy = present(
      workers.find(({ usedSlots }) => usedSlots > 0),
      'a worker with subtasks',
    );
    const frozen = present(processAt(busy.address), 'its process');
    const { generation } = await e2e.client.get('copy');
    frozen.signal('SIGSTOP');
    const elsewhere = await e2e.client
      .until('copy', 'to run elsewhere', (now) => now.generation > generation && stateName(now) === 'running')
      .finally(() => frozen.signal('SIGCONT'));
    await waitUntil(
      async () => {
        const worker = (await e2e.client.workers()).find(
          ({ incarnation }) => incarnation === busy.incarnation,
        );
        return worker !== undefined && worker.silentMs < 2000 && worker.usedSlots === 0;
      },
      { what: 'the slots of the worker that woke up to be free' },
    );
    expect(frozen.running).toBe(true);
    await goesOn(e2e.client, 10, elsewhere);
  });

  test('every record came through once', async () => {
    await expectEachIdOnce(e2e, output, await feed.stop());
  });

  function processAt(address: string): WeirProcess | undefined {
    return e2e.processes.workers.find(({ addresses }) => addresses.address === address);
  }
});
