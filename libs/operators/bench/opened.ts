import { nothingRestored, type Operator } from '../src/operator.ts';

/** An operator that owns all key groups and whose output goes nowhere. */
export function opened<T extends Operator>(operator: T): T {
  operator.open(
    {
      output: { emit: () => {}, watermark: () => {}, idle: () => {} },
      clock: { nowMs: () => 0, monotonicMs: () => 0 },
      subtask: 0,
      parallelism: 1,
      keyGroups: 128,
      keyGroupStart: 0,
      keyGroupEnd: 128,
      partitionName: String,
      count: () => {},
    },
    nothingRestored,
  );
  return operator;
}
