import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { E2eCluster } from './testing/e2e-cluster.ts';

interface Click {
  id: number;
  page: string;
  at: string;
}
interface Total {
  page: string;
  second: string;
  clicks: number;
}

/** Number `id` at second `second` of an hour, on one of two pages. */
const click = (id: number, second: number): Click => ({
  id,
  page: id % 2 === 0 ? 'even' : 'odd',
  at: `2026-01-01T00:00:${String(second).padStart(2, '0')}Z`,
});

/** The tests follow one pipeline: what one commits the next goes back behind. */
describe('a pipeline goes back to an older epoch', () => {
  let e2e: E2eCluster;
  let input: string;
  let copies: string;
  let totals: string;

  beforeAll(async () => {
    e2e = await E2eCluster.start();
    input = await e2e.topic('clicks', 1);
    copies = await e2e.topic('copies');
    totals = await e2e.topic('totals', 1);
    const file = e2e.sqlFile(
      'clicks.sql',
      `CREATE TABLE clicks (id BIGINT NOT NULL, page TEXT, at TIMESTAMP(3) WITH TIME ZONE, WATERMARK FOR at AS at)
         ${e2e.with(input, 'source')};
       CREATE TABLE copies (id BIGINT NOT NULL) ${e2e.with(copies, 'sink')};
       CREATE TABLE totals (page TEXT, second TIMESTAMP(3) WITH TIME ZONE, clicks BIGINT) ${e2e.with(totals, 'sink')};
       INSERT INTO copies SELECT id FROM clicks;
       INSERT INTO totals SELECT page, w.start AS second, clicks FROM (
         SELECT page, tumble(INTERVAL '10 seconds') AS w, count(*) AS clicks FROM clicks GROUP BY 1, 2) AS t;`,
    );
    const applied = await e2e.weir('apply', file, '--name', 'clicks', '--checkpoint-interval', '500ms');
    expect(applied).toMatchObject({ code: 0, stderr: '' });
  });
  afterAll(() => e2e.dispose());

  /** How often each number was committed, from 0 on. */
  async function timesCommitted(atLeast: number): Promise<number[]> {
    const rows = await e2e.untilCommitted<{ id: number }>(copies, atLeast);
    const times: number[] = [];
    for (const { id } of rows) times[id] = (times[id] ?? 0) + 1;
    return times;
  }

  /** Totals as they were committed, `page second clicks`, sorted. */
  async function totalsCommitted(atLeast: number): Promise<string[]> {
    const rows = await e2e.untilCommitted<Total>(totals, atLeast);
    return rows
      .map(({ page, second, clicks }) => `${page} ${new Date(second).getUTCSeconds()} ${clicks}`)
      .toSorted();
  }

  async function stop(): Promise<number> {
    expect((await e2e.weir('stop', 'clicks')).code).toBe(0);
    return (await e2e.client.get('clicks')).committedEpoch;
  }

  async function checkpoints(): Promise<{ epoch: number; status: string; restoredFrom?: number }[]> {
    const { stdout } = await e2e.weir('checkpoints', 'clicks', '--json');
    return stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { epoch: number; status: string; restoredFrom?: number });
  }

  let first = 0;
  let second = 0;

  test('two runs: numbers 0 to 2, then 3 to 6, of which the last closes a window', async () => {
    await e2e.produce(input, [click(0, 1), click(1, 2), click(2, 3)]);
    expect(await timesCommitted(3)).toEqual([1, 1, 1]);
    const running = await e2e.weir('start', 'clicks', '--from', '0');
    expect(running.code).toBe(1);
    expect(running.stderr).toMatch(/WEIR-8302 .*'clicks' is running/);
    expect(running.stderr).toContain('stop it first: weir stop clicks');
    first = await stop();
    await e2e.produce(input, [click(3, 4), click(4, 5), click(5, 6), click(6, 21)]);
    expect((await e2e.weir('start', 'clicks')).code).toBe(0);
    expect(await timesCommitted(7)).toEqual(Array(7).fill(1));
    expect(await totalsCommitted(2)).toEqual(['even 0 3', 'odd 0 3']);
    second = await stop();
  });

  test('an epoch that is not there is refused, with those that are', async () => {
    const refused = await e2e.weir('start', 'clicks', '--from', '4711');
    expect(refused.code).toBe(1);
    expect(refused.stderr).toContain("'clicks' can't start from epoch 4711");
    expect(refused.stderr).toMatch(new RegExp(`possible are .*\\b${first}\\b`));
    expect(await e2e.weir('start', 'clicks', '--from', 'yesterday')).toMatchObject({ code: 2 });
  });

  test('what came after the epoch comes once more, with windows as they were then, whatever dies meanwhile', async () => {
    const [controller] = e2e.processes.controllers;
    await controller?.kill();
    // It dies when it has gone back in the ledger, and has not said yet who runs the tasks.
    await controller?.restart({ WEIR_FAILPOINTS: 'place.before=kill' });
    const started = e2e.weir('start', 'clicks', '--from', String(first), '--json');
    await controller?.exited;
    await controller?.restart();
    await started; // it may have lost its controller before it was answered
    await e2e.client.untilState('clicks', 'running');
    expect(await timesCommitted(11)).toEqual([1, 1, 1, 2, 2, 2, 2]);
    expect(await totalsCommitted(4)).toEqual(['even 0 3', 'even 0 3', 'odd 0 3', 'odd 0 3']);
    const restored = (await checkpoints()).filter(({ restoredFrom }) => restoredFrom !== undefined);
    expect(restored).toMatchObject([{ epoch: second + 1, restoredFrom: first, status: 'committed' }]);
    const { stdout } = await e2e.weir('checkpoints', 'clicks');
    expect(stdout).toContain(`goes back to epoch ${first}\n`);
  });

  test('it goes on from there: a later start and another controller do not go back again', async () => {
    await e2e.processes.controllers[0]?.kill();
    await e2e.processes.controllers[0]?.restart();
    await e2e.client.untilState('clicks', 'running');
    await e2e.produce(input, [click(7, 22)]);
    expect(await timesCommitted(12)).toEqual([1, 1, 1, 2, 2, 2, 2, 1]);
    await stop();
    const plain = await e2e.weir('start', 'clicks');
    expect(plain).toMatchObject({ code: 0, stderr: '' });
    await e2e.produce(input, [click(8, 23)]);
    expect(await timesCommitted(13)).toEqual([1, 1, 1, 2, 2, 2, 2, 1, 1]);
    await stop();
  });

  test('at another parallelism, on the state of then', async () => {
    expect((await e2e.weir('scale', 'clicks', '--parallelism', '2')).code).toBe(0);
    const started = await e2e.weir('start', 'clicks', '--from', String(second), '--json');
    expect(started.code).toBe(0);
    expect(started.stdout.trim().split('\n')).toHaveLength(1);
    expect(started.stderr).toMatch(
      new RegExp(
        `^warning: clicks goes back to epoch ${second} of 20.* Since then \\d+ epochs of output were committed: their rows stay in the sinks, and come again\\.\n$`,
      ),
    );
    expect(JSON.parse(started.stdout)).toMatchObject({ state: 'running', parallelism: 2 });
    expect(await timesCommitted(15)).toEqual([1, 1, 1, 2, 2, 2, 2, 2, 2]);
    // Second 21 (number 6) is of the epoch's state, 22 and 23 come again: each is counted once.
    await e2e.produce(input, [click(9, 41)]);
    expect((await totalsCommitted(6)).slice(0, 6)).toEqual([
      'even 0 3',
      'even 0 3',
      'even 20 2',
      'odd 0 3',
      'odd 0 3',
      'odd 20 1',
    ]);
  });

  test('one that has finished reads its files again, and finishes again', async () => {
    const [from, to] = [join(e2e.folder, 'from.json'), join(e2e.folder, 'to.json')];
    writeFileSync(from, '{"n":1}\n{"n":2}\n');
    const file = e2e.sqlFile(
      'files.sql',
      `CREATE TABLE a (n BIGINT) WITH ('connector' = 'single_file', 'path' = '${from}', 'type' = 'source', 'format' = 'json');
       CREATE TABLE b (n BIGINT) WITH ('connector' = 'single_file', 'path' = '${to}', 'type' = 'sink', 'format' = 'json');
       INSERT INTO b SELECT n FROM a;`,
    );
    expect((await e2e.weir('apply', file, '--name', 'files')).code).toBe(0);
    await e2e.client.untilState('files', 'finished');
    expect(readFileSync(to, 'utf8')).toBe('{"n":1}\n{"n":2}\n');
    const again = await e2e.weir('start', 'files', '--from', '0');
    expect(again).toMatchObject({ code: 0, stderr: expect.stringContaining('files goes back to epoch 0') });
    await e2e.client.untilState('files', 'finished');
    expect(readFileSync(to, 'utf8')).toBe('{"n":1}\n{"n":2}\n{"n":1}\n{"n":2}\n');
  });
});
