import { expect, test } from 'vitest';
import { guardedRun } from './guarded-run.ts';
import { regressions } from './regressions.ts';

const runs = 50;

test.each(regressions())('seed $seed, which once failed: $what', async ({ seed }) => {
  const { result, trace } = await guardedRun(seed);
  expect(result.problems, trace.slice(-100).join('\n')).toEqual([]);
});

test(
  'clusters under faults: every result once, the ledger and the brokers agree, all goes on after the faults',
  { timeout: 180_000 },
  async () => {
    const outcomes: string[] = [];
    let epochs = 0;
    let late = 0;
    for (let run = 0; run < runs; run += 1) {
      const { result, trace } = await guardedRun(`unit-${run}`);
      expect(result.problems, `seed unit-${run}\n${trace.slice(-100).join('\n')}`).toEqual([]);
      outcomes.push(result.outcome);
      if (result.kinds.includes('lateSchemas')) late += 1;
      epochs += result.epochs;
    }
    expect(outcomes.filter((outcome) => outcome === 'stopped').length).toBeGreaterThan(runs / 2);
    expect(epochs).toBeGreaterThan(5 * runs);
    // Records that came before their schemas: no row is lost or late for it (F3, F4).
    expect(late).toBeGreaterThan(3);
  },
);

test('a run is a function of its seed', async () => {
  const first = await guardedRun('same');
  const again = await guardedRun('same');
  expect(again.trace).toEqual(first.trace);
  expect(again.result).toEqual(first.result);
  expect((await guardedRun('another')).trace).not.toEqual(first.trace);
});
