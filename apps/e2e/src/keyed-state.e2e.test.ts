import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { stateName } from '@weir/tool-cluster/cluster-client.ts';
import { E2eCluster } from './testing/e2e-cluster.ts';

interface Reading {
  readonly id: number;
  readonly k: number;
  readonly ts: number;
}

interface Count {
  readonly k: number;
  readonly start: number;
  readonly n: number;
  readonly total: number;
}

const keys = 13;
/** Event time between two readings, and length of a window. */
const stepMs = 10;
const windowMs = 1000;
const firstMs = 1_700_000_000_000;

const reading = (id: number): Reading => ({ id, k: id % keys, ts: firstMs + id * stepMs });
const startOf = ({ ts }: Reading): number => Math.floor(ts / windowMs) * windowMs;

/** What the windows of the first `count` readings hold, worked out record by record. */
function countsOf(count: number): Count[] {
  const counts = new Map<string, Count>();
  for (let id = 0; id < count; id += 1) {
    const { k } = reading(id);
    const start = startOf(reading(id));
    const { n, total } = counts.get(`${k}/${start}`) ?? { n: 0, total: 0 };
    counts.set(`${k}/${start}`, { k, start, n: n + 1, total: total + id });
  }
  return [...counts.values()];
}

const sorted = (counts: readonly Count[]) => counts.toSorted((a, b) => a.start - b.start || a.k - b.k);

describe('windows over keys', () => {
  let e2e: E2eCluster;
  let input: string;
  let output: string;
  let produced = 0;

  const sql = (to: string, more: Record<string, string> = {}) => `
    CREATE TABLE readings (id BIGINT NOT NULL, k BIGINT NOT NULL, ts TIMESTAMP(3) NOT NULL,
      WATERMARK FOR ts AS ts - INTERVAL '1 second')
      ${e2e.with(input, 'source', { 'json.timestamp_format': 'unix_millis', ...more })};
    CREATE TABLE counts (k BIGINT NOT NULL, start TIMESTAMP(3) NOT NULL, n BIGINT NOT NULL, total BIGINT)
      ${e2e.with(to, 'sink', { 'json.timestamp_format': 'unix_millis' })};
    INSERT INTO counts SELECT k, window_start AS start, count(*) AS n, sum(id) AS total
      FROM TABLE(TUMBLE(TABLE readings, DESCRIPTOR(ts), INTERVAL '1' SECOND)) GROUP BY window_start, window_end, k;`;

  async function produce(count: number): Promise<void> {
    const readings = Array.from({ length: count }, (_, index) => reading(produced + index));
    await e2e.produce(input, readings);
    produced += count;
  }

  /** The windows that are over so far are in the topic; others have begun, and are in the state. */
  async function someWindows(): Promise<void> {
    const over = countsOf(produced).filter(({ start }) => start + windowMs + 2000 < reading(produced).ts);
    await e2e.untilCommitted(output, over.length);
  }

  beforeAll(async () => {
    e2e = await E2eCluster.start({ workers: 2, slots: 3 });
    input = await e2e.topic('readings', 4);
    output = await e2e.topic('counts', 4);
    await produce(1040);
    await e2e.client.create({
      name: 'counts',
      sql: sql(output),
      parallelism: 1,
      checkpointInterval: '100ms',
    });
    await someWindows();
  });
  afterAll(() => e2e?.dispose());

  test('more subtasks, on more workers: open windows are counted on', async () => {
    expect((await e2e.weir('scale', 'counts', '--parallelism', '4')).code).toBe(0);
    await produce(1040);
    const scaled = await e2e.client.until(
      'counts',
      'to run at the new parallelism',
      (now) => now.generation === 2 && stateName(now) === 'running',
    );
    expect(scaled).toMatchObject({ parallelism: 4, restarts: 0 });
    await someWindows();
    expect((await e2e.client.workers()).filter(({ usedSlots }) => usedSlots > 0)).toHaveLength(2);
  });

  test('another worker comes, one is lost for good', async () => {
    await e2e.processes.addWorker();
    await produce(1040);
    await e2e.processes.workers[0]?.kill();
    await e2e.client.until(
      'counts',
      'to run on the workers that are left',
      (now) => now.generation > 2 && stateName(now) === 'running',
    );
    await someWindows();
  });

  test('stopped, scaled down meanwhile, and started', async () => {
    await e2e.client.stop('counts');
    await e2e.client.untilState('counts', 'stopped');
    expect((await e2e.weir('scale', 'counts', '--parallelism', '3')).code).toBe(0);
    await produce(1040);
    expect((await e2e.weir('start', 'counts')).code).toBe(0);
    await someWindows();
  });

  test('every window came through once, with every record in it', async () => {
    // Far later readings in each partition end the windows before them.
    const closing = Array.from({ length: 4 }, (_, index) => ({
      ...reading(produced + index),
      ts: firstMs + 1e9,
    }));
    await e2e.produce(input, closing);
    const wanted = sorted(countsOf(produced));
    expect(sorted(await e2e.untilCommitted<Count>(output, wanted.length))).toEqual(wanted);
  });

  test('an input that ends: the windows that are open then are written, and the pipeline is finished', async () => {
    const last = await e2e.topic('all-counts', 4);
    await e2e.client.create({
      name: 'bounded',
      sql: sql(last, { 'source.bounded': 'latest' }),
      parallelism: 2,
      checkpointInterval: '100ms',
    });
    const finished = await e2e.client.untilState('bounded', 'finished');
    expect(finished.committedEpoch).toBe(finished.epoch);
    const rows = await e2e.committed<Count>(last);
    const open = rows.filter(({ start }) => start >= firstMs + 1e8);
    expect(open.reduce((sum, { n }) => sum + n, 0)).toBe(4);
    expect(sorted(rows.filter((row) => !open.includes(row)))).toEqual(sorted(countsOf(produced)));
  });
});
