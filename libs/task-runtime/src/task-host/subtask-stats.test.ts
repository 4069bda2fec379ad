import { expect, it } from 'vitest';
import type { OperatorStats } from '@weir/wire/gen/weir/internal/v1/worker.ts';
import { sameStats } from './subtask-stats.ts';

const stats: OperatorStats = {
  operator: 'source-1',
  subtask: { stage: 's0', index: 1 },
  recordsIn: 10n,
  recordsOut: 9n,
  bytes: 100n,
  lateRows: 0n,
  badRecords: 1n,
  badByCode: { 'WEIR-3102': 1n },
  nullValues: 1n,
  watermarkMicros: 5n,
  lag: 3n,
  stateBytes: 7n,
  warnings: [],
};

it('statistics are the same only when nothing in them has changed', () => {
  expect(sameStats([stats], [{ ...stats, subtask: { stage: 's0', index: 1 } }])).toBe(true);
  expect(sameStats([stats], [])).toBe(false);
  const { watermarkMicros: _, ...withoutWatermark } = stats;
  const others: OperatorStats[] = [
    { ...stats, operator: 'source-2' },
    { ...stats, subtask: { stage: 's0', index: 2 } },
    withoutWatermark,
    { ...stats, warnings: [{ code: 'WEIR-3208', message: 'a partition waits', hint: '' }] },
    ...(
      [
        'recordsIn',
        'recordsOut',
        'bytes',
        'lateRows',
        'badRecords',
        'nullValues',
        'lag',
        'stateBytes',
      ] as const
    ).map((field) => ({ ...stats, [field]: 11n })),
  ];
  for (const other of others) expect(sameStats([stats], [other])).toBe(false);
});
