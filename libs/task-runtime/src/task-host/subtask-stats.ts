import type { OperatorStats } from '@weir/wire/gen/weir/internal/v1/worker.ts';
import type { RunningSubtask } from './running-subtask.ts';

/** False when there is anything new to tell. */
export function sameStats(a: readonly OperatorStats[], b: readonly OperatorStats[]): boolean {
  return a.length === b.length && a.every((stats, index) => isSame(stats, b[index]));
}

function isSame(a: OperatorStats, b: OperatorStats | undefined): boolean {
  return (
    a.operator === b?.operator &&
    a.subtask?.stage === b.subtask?.stage &&
    a.subtask?.index === b.subtask?.index &&
    a.recordsIn === b.recordsIn &&
    a.recordsOut === b.recordsOut &&
    a.bytes === b.bytes &&
    a.lateRows === b.lateRows &&
    a.badRecords === b.badRecords &&
    a.nullValues === b.nullValues &&
    a.watermarkMicros === b.watermarkMicros &&
    a.lag === b.lag &&
    a.stateBytes === b.stateBytes &&
    a.warnings.length === b.warnings.length &&
    a.warnings.every(({ message }, index) => message === b.warnings[index]?.message)
  );
}

/** Counters and gauges of every operator of a subtask. */
export function subtaskStats(subtask: RunningSubtask): OperatorStats[] {
  const { chain, sources, sinks } = subtask.path;
  return chain.nodes.map((node): OperatorStats => {
    const { id } = node.planned;
    const source = sources.find((input) => input.node === node)?.source.stats();
    const sink = sinks.find((end) => end.operator === id)?.sink.stats();
    const lag = Object.values(source?.lag ?? {}).reduce((sum, one) => sum + one, 0);
    return {
      operator: id,
      subtask: subtask.id,
      recordsIn: BigInt(source?.records ?? node.recordsIn),
      recordsOut: BigInt(sink?.records ?? node.recordsOut),
      bytes: BigInt(source?.bytes ?? sink?.bytes ?? 0),
      lateRows: BigInt(node.counters['late_rows'] ?? 0),
      badRecords: BigInt(source?.badRecords ?? node.counters['bad_records'] ?? 0),
      nullValues: BigInt(source?.nullValues ?? 0),
      ...(Number.isFinite(node.watermarkMicros) && {
        watermarkMicros: BigInt(Math.floor(node.watermarkMicros)),
      }),
      lag: BigInt(Math.max(0, Math.round(lag))),
      stateBytes: BigInt(subtask.writer.stateBytes(id)),
      warnings: [...(source?.warnings ?? [])],
    };
  });
}
