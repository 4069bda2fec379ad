import { expect, test } from 'vitest';
import { cpuSecondsAt } from './cost-samples.ts';
import { quantile } from './latency-case.ts';
import { readFigure } from './micro.ts';
import { median } from './pair-case.ts';
import { costByFunction } from './profile-summary.ts';
import { pipelineSql, queries } from './queries.ts';
import { readScrape, stallQuantileMs } from './worker-scrape.ts';

test('CPU at a number of records lies between the samples around it', () => {
  const samples = [
    { atMs: 0, records: 0, cpuSeconds: 1 },
    { atMs: 100, records: 0, cpuSeconds: 2 },
    { atMs: 200, records: 100, cpuSeconds: 3 },
    { atMs: 300, records: 300, cpuSeconds: 4 },
    { atMs: 400, records: 300, cpuSeconds: 9 },
  ];
  expect(cpuSecondsAt(samples, 50)).toBe(2.5);
  expect(cpuSecondsAt(samples, 100)).toBe(3);
  expect(cpuSecondsAt(samples, 200)).toBe(3.5);
  expect(cpuSecondsAt(samples, 300)).toBe(4);
});

test('quantiles are values that were seen', () => {
  const hundred = Float64Array.from({ length: 100 }, (_, index) => index + 1);
  expect([0.5, 0.99, 0.999, 1].map((share) => quantile(hundred, share))).toEqual([50, 99, 100, 100]);
});

test('a quantile of a histogram counts what came between two scrapes, and lies between the bounds of its bucket', () => {
  const scraped = (counts: readonly number[]) =>
    readScrape(
      [
        ...['0.01', '0.02', '+Inf'].map(
          (bound, index) => `weir_epoch_snapshot_seconds_bucket{le="${bound}",pipeline="p"} ${counts[index]}`,
        ),
        `weir_epoch_snapshot_seconds_count{pipeline="p"} ${counts[2]}`,
        'weir_records_out_total{operator="a"} 5',
        'weir_records_out_total{operator="b"} 3',
        'weir_state_bytes{operator="a"} 10',
        'weir_state_bytes{operator="b"} 20',
      ].join('\n'),
    );
  const [before, after] = [scraped([100, 100, 100]), scraped([102, 110, 110])];
  expect(after).toMatchObject({ read: 5, stateBytes: 30, stalls: { count: 110 } });
  expect(stallQuantileMs(before.stalls, after.stalls, 0.6)).toBe(15);
  expect(stallQuantileMs(before.stalls, after.stalls, 0.1)).toBe(5);
  expect(stallQuantileMs(after.stalls, after.stalls, 0.5)).toBeNaN();
});

test('the median of an even number of values lies in the middle', () => {
  expect(median([5, 1, 3])).toBe(3);
  expect(median([4, 1, 3, 2])).toBe(2.5);
});

test.each([
  ['{"name":"CRC-32C","recordsPerCpuSecond":5}', { name: 'CRC-32C', recordsPerCpuSecond: 5 }],
  ['count by auction: 6.1 M rows/s', { name: 'count by auction', recordsPerCpuSecond: 6_100_000 }],
  ['first snapshot: 164 MB in 9 ms', { name: 'first snapshot', figure: '164 MB in 9 ms' }],
  ['nothing to see', undefined],
])('a bench file may say %s', (line, figure) => {
  expect(readFigure(line)).toEqual(figure);
});

test('a profile is summed up by function, idle time left out', () => {
  const node = (id: number, functionName: string, url = '') => ({
    id,
    callFrame: { functionName, url, lineNumber: 9 },
  });
  const profile = {
    nodes: [node(1, '(root)'), node(2, '(idle)'), node(3, 'encode', 'file:///a/encoder.ts'), node(4, '')],
    samples: [2, 3, 4, 3],
    timeDeltas: [9000, 1000, 1000, 2000],
  };
  expect(costByFunction(profile)).toEqual([
    { function: 'encode encoder.ts:10', selfMs: 3, share: 0.75 },
    { function: '(anonymous)', selfMs: 1, share: 0.25 },
  ]);
});

test('a latency pipeline begins at the end of its topic, others read it once from the beginning', () => {
  const text = { query: queries['q0']!, bootstrap: 'b:1', inputTopic: 'in', outputTopic: 'out' };
  const bounded = pipelineSql({ ...text, bounded: true, sink: 'exactly-once', compression: 'lz4' });
  expect(bounded).toContain(`'source.offset' = 'earliest', 'source.bounded' = 'latest'`);
  expect(bounded).toContain(`'sink.commit_mode' = 'exactly_once', 'sink.compression' = 'lz4'`);
  const endless = pipelineSql({ ...text, bounded: false, sink: 'blackhole' });
  expect(endless).toContain(`'source.offset' = 'latest'`);
  expect(endless).not.toContain('bounded');
  expect(endless).not.toContain('out');
});
