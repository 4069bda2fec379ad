import type { OperatorStats } from '@weir/wire/gen/weir/internal/v1/worker.ts';
import type { RunningSubtask } from './running-subtask.ts';

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
      ...(Number.isFinite(node.watermarkMicros) && {
        watermarkMicros: BigInt(Math.floor(node.watermarkMicros)),
      }),
      lag: BigInt(Math.max(0, Math.round(lag))),
      stateBytes: BigInt(subtask.writer.stateBytes(id)),
    };
  });
}
