import type { OperatorStats } from '@weir/wire/gen/weir/internal/v1/worker.ts';
import type { SinkStats } from '@weir/connectors/sink.ts';
import type { SourceStats } from '@weir/connectors/source.ts';
import type { ChainNode } from '../record-path/chain-node.ts';
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

/**
 * Counters and gauges of every operator of a subtask. Looking must never end what is looked at: where a source or sink can't tell its own, or tells
 * what are no figures, its rows are told as the chain counted them, and `onProblem` is told why.
 */
export function subtaskStats(
  subtask: RunningSubtask,
  onProblem: (operator: string, error: unknown) => void,
): OperatorStats[] {
  return subtask.path.chain.nodes.map((node) => {
    try {
      return statsOf(subtask, node, reportsOf(subtask, node));
    } catch (error) {
      onProblem(node.planned.id, error);
      return statsOf(subtask, node, {});
    }
  });
}

interface Reports {
  readonly source?: SourceStats | undefined;
  readonly sink?: SinkStats | undefined;
}

function reportsOf(subtask: RunningSubtask, node: ChainNode): Reports {
  const { sources, sinks } = subtask.path;
  return {
    source: sources.find((input) => input.node === node)?.source.stats(),
    sink: sinks.find((end) => end.operator === node.planned.id)?.sink.stats(),
  };
}

function statsOf(subtask: RunningSubtask, node: ChainNode, { source, sink }: Reports): OperatorStats {
  const { id } = node.planned;
  const lag = Object.values(source?.lag ?? {}).reduce((sum, one) => sum + one, 0);
  return {
    operator: id,
    subtask: subtask.id,
    recordsIn: BigInt(source?.records ?? node.recordsIn),
    recordsOut: BigInt(sink?.records ?? node.recordsOut),
    bytes: BigInt(source?.bytes ?? sink?.bytes ?? 0),
    lateRows: BigInt(node.counters['late_rows'] ?? 0),
    badRecords: BigInt(source?.badRecords ?? node.counters['bad_records'] ?? 0),
    badByCode: Object.fromEntries(
      Object.entries(source?.badByCode ?? {}).map(([code, count]) => [code, BigInt(count)]),
    ),
    nullValues: BigInt(source?.nullValues ?? 0),
    ...(Number.isFinite(node.watermarkMicros) && {
      watermarkMicros: BigInt(Math.floor(node.watermarkMicros)),
    }),
    lag: BigInt(Math.max(0, Math.round(lag))),
    stateBytes: BigInt(subtask.writer.stateBytes(id)),
    warnings: [...(source?.warnings ?? [])],
  };
}
