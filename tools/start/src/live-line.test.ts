import { expect, test } from 'vitest';
import { LiveLine } from './live-line.ts';
import type { Sample } from './live-line.ts';

const sample = (more: Partial<Sample>): Sample => ({
  atMs: 10_000,
  state: 'running',
  committedEpoch: 4,
  committedAtMs: 9_600,
  recordsIn: 0,
  recordsOut: 0,
  restarts: 0,
  problem: '',
  ...more,
});

test('tells the last commit, the records and how many a second', () => {
  const line = new LiveLine();
  line.next(sample({}));
  expect(line.next(sample({ atMs: 12_000, committedAtMs: 11_700, recordsIn: 4000, recordsOut: 1500 }))).toBe(
    'epoch 4 committed 0.3 s ago | in 4,000 out 1,500 | 2,000/s in 750/s out | restarts 0',
  );
});

test('counts on when the counters of the processes begin anew', () => {
  const line = new LiveLine();
  line.next(sample({ recordsIn: 5000, recordsOut: 100 }));
  expect(line.next(sample({ recordsIn: 20, recordsOut: 1, restarts: 1 }))).toContain('in 5,020 out 101');
});

test('says what state it is in when it does not run, and why', () => {
  expect(
    new LiveLine().next(sample({ state: 'starting', committedEpoch: 0, problem: 'WEIR-7001 no slot' })),
  ).toBe('starting | no epoch committed yet | in 0 out 0 | 0/s in 0/s out | restarts 0 | WEIR-7001 no slot');
});
