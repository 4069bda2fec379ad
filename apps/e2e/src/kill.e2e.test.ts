import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { WeirProcess } from '@weir/tool-cluster/weir-process.ts';
import { E2eCluster } from './testing/e2e-cluster.ts';

describe('a process is killed while records flow', () => {
  let e2e: E2eCluster;
  let input: string;
  let output: string;
  let written = 0;
  let feed: NodeJS.Timeout;

  beforeAll(async () => {
    e2e = await E2eCluster.start();
    input = await e2e.topic('numbers', 4);
    output = await e2e.topic('doubled', 4);
    await e2e.client.create({
      name: 'doubled',
      sql: `CREATE TABLE numbers (id BIGINT NOT NULL) ${e2e.with(input, 'source')};
            CREATE TABLE doubled (id BIGINT NOT NULL, twice BIGINT) ${e2e.with(output, 'sink')};
            INSERT INTO doubled SELECT id, id * 2 AS twice FROM numbers;`,
      parallelism: 2,
      checkpointInterval: '100ms',
    });
    let writing = false;
    feed = setInterval(() => {
      if (writing) return;
      writing = true;
      const ids = Array.from({ length: 100 }, (_, index) => ({ id: written + index }));
      void e2e.produce(input, ids).then(() => {
        written += ids.length;
        writing = false;
      });
    }, 100);
    await e2e.client.until('doubled', 'to commit', ({ committedEpoch }) => committedEpoch > 0);
  });
  afterAll(async () => {
    clearInterval(feed);
    await e2e.dispose();
  });

  const victims: [string, () => WeirProcess | undefined][] = [
    ['a worker', () => e2e.processes.workers[0]],
    ['the controller', () => e2e.processes.controllers[0]],
  ];

  test.each(victims)('%s: the next epochs are committed', async (_, victim) => {
    const { epoch } = await e2e.client.get('doubled');
    await victim()?.kill();
    await victim()?.restart();
    await e2e.client.until('doubled', 'to commit again', ({ committedEpoch }) => committedEpoch > epoch + 1);
  });

  test('every record came through once', async () => {
    clearInterval(feed);
    await e2e.client.stop('doubled');
    await e2e.client.untilState('doubled', 'stopped');
    await e2e.client.start('doubled');
    const rows = await e2e.untilCommitted<{ id: number; twice: number }>(output, written);
    const wanted = Array.from({ length: written }, (__, id) => ({ id, twice: id * 2 }));
    expect(rows.toSorted((a, b) => a.id - b.id)).toEqual(wanted);
    expect((await e2e.client.get('doubled')).restarts).toBeGreaterThan(0);
  });
});
