import type { PhysicalPlan } from '@weir/plan/physical-plan.ts';
import type { OperatorStats } from '@weir/wire/gen/weir/internal/v1/worker.ts';
import type { OperatorTotals } from './job-status.ts';
import type { Problem } from '../problem.ts';

/** Sums the counters of all subtasks, operator by operator in the order of the plan; a watermark is the least of them. */
export function mergeOperators(
  plan: PhysicalPlan,
  byWorker: ReadonlyMap<string, readonly OperatorStats[]>,
): OperatorTotals[] {
  const all = [...byWorker.values()].flat();
  return plan.stages.flatMap((stage) =>
    stage.operators.map((operator) => {
      const mine = all.filter((stats) => stats.operator === operator.id);
      const sum = (pick: (stats: OperatorStats) => bigint): number =>
        Number(mine.reduce((total, stats) => total + pick(stats), 0n));
      return {
        id: operator.id,
        title: operator.title,
        kind: operator.node.kind,
        stage: stage.id,
        subtasks: mine.length,
        recordsIn: sum((stats) => stats.recordsIn),
        recordsOut: sum((stats) => stats.recordsOut),
        bytes: sum((stats) => stats.bytes),
        lateRows: sum((stats) => stats.lateRows),
        badRecords: sum((stats) => stats.badRecords),
        nullValues: sum((stats) => stats.nullValues),
        lag: sum((stats) => stats.lag),
        stateBytes: sum((stats) => stats.stateBytes),
        watermarkMicros: leastWatermark(mine),
        warnings: distinctWarnings(mine),
      };
    }),
  );
}

/** Subtasks say the same of what they share. */
function distinctWarnings(stats: readonly OperatorStats[]): Problem[] {
  const byMessage = new Map(
    stats.flatMap((one) => one.warnings.map((warning) => [warning.message, warning])),
  );
  return [...byMessage.values()].map(({ code, message, hint }) => ({ code, message, hint, transient: true }));
}

/** Null while a subtask has none: the operator's watermark is not known then. */
function leastWatermark(stats: readonly OperatorStats[]): string | null {
  let least: bigint | null = null;
  for (const { watermarkMicros } of stats) {
    if (watermarkMicros === undefined) return null;
    if (least === null || watermarkMicros < least) least = watermarkMicros;
  }
  return least === null ? null : String(least);
}
