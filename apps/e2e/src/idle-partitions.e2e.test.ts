import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { E2eCluster } from './testing/e2e-cluster.ts';

interface Count {
  readonly k: number;
  readonly start: number;
  readonly n: number;
}

const firstMs = 1_700_000_000_000;
/** Two readings a second, over `seconds` from `from` on. */
const readings = (from: number, seconds: number) =>
  Array.from({ length: seconds * 2 }, (_, index) => ({ k: 1, ts: firstMs + from * 1000 + index * 500 }));

/** Hops of 1 s, 2 s long, that are over when the watermark has come to the last reading before second `until`. */
const startsUntil = (until: number) =>
  Array.from({ length: until - 1 }, (_, index) => firstMs + (index - 1) * 1000);

describe('fault 1.1.1: windows of a topic with quiet partitions fire after idle_time', () => {
  let e2e: E2eCluster;

  const sql = (from: string, to: string) => `
    CREATE TABLE readings (k BIGINT NOT NULL, ts TIMESTAMP(3) NOT NULL, WATERMARK FOR ts AS ts)
      ${e2e.with(from, 'source', { 'json.timestamp_format': 'unix_millis', idle_time: '1s' })};
    CREATE TABLE counts (k BIGINT NOT NULL, start TIMESTAMP(3) NOT NULL, n BIGINT NOT NULL)
      ${e2e.with(to, 'sink', { 'json.timestamp_format': 'unix_millis' })};
    INSERT INTO counts SELECT k, window_start AS start, count(*) AS n
      FROM TABLE(HOP(TABLE readings, DESCRIPTOR(ts), INTERVAL '1' SECOND, INTERVAL '2' SECOND))
      GROUP BY window_start, window_end, k;`;

  const starts = (rows: readonly Count[]) => rows.map(({ start }) => start).toSorted((a, b) => a - b);

  beforeAll(async () => {
    e2e = await E2eCluster.start({ workers: 1, slots: 16 });
  });
  afterAll(() => e2e.dispose());

  test.each([
    { busy: 0, parallelism: 1 },
    { busy: 3, parallelism: 1 },
    { busy: 0, parallelism: 2 },
    { busy: 3, parallelism: 2 },
    { busy: 0, parallelism: 5 }, // one has no partition
  ])('of 4 partitions, data in $busy only, parallelism $parallelism', async ({ busy, parallelism }) => {
    const name = `busy-${busy}-${parallelism}`;
    const [from, to] = [await e2e.topic(`${name}-in`, 4), await e2e.topic(`${name}-out`, 1)];
    await e2e.client.create({ name, sql: sql(from, to), parallelism, checkpointInterval: '200ms' });
    await e2e.produce(from, readings(0, 5), busy);
    const fired = startsUntil(5);
    expect(starts(await e2e.untilCommitted<Count>(to, fired.length))).toEqual(fired);
  });

  test.each([0, 1])('of 2 partitions, %i went quiet before a stop and a start', async (quiet) => {
    const busy = 1 - quiet;
    const name = `quiet-${quiet}`;
    const [from, to] = [await e2e.topic(`${name}-in`, 2), await e2e.topic(`${name}-out`, 1)];
    await e2e.client.create({ name, sql: sql(from, to), parallelism: 1, checkpointInterval: '200ms' });
    await e2e.produce(from, readings(0, 2), quiet);
    await e2e.produce(from, readings(0, 5), busy);
    await e2e.untilCommitted(to, startsUntil(5).length);
    await e2e.client.stop(name);
    await e2e.client.untilState(name, 'stopped');
    await e2e.produce(from, readings(5, 5), busy);
    await e2e.client.start(name);
    const fired = startsUntil(10);
    expect(starts(await e2e.untilCommitted<Count>(to, fired.length))).toEqual(fired);
  });
});
