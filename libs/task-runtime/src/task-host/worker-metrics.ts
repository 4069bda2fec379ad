import type { OperatorStats } from '@weir/wire/gen/weir/internal/v1/worker.ts';
import { durationHistogram, gauge, type Registry } from '@weir/telemetry/metrics.ts';
import type { EpochTiming } from '../barrier-path/subtask-epochs.ts';
import type { RunningGeneration } from './running-generation.ts';

export interface WorkerMetrics {
  readonly observeEpoch: (pipeline: string, timing: EpochTiming) => void;
}

const labels = ['pipeline', 'operator', 'title', 'subtask'];

/** What an operator's gauges show; undefined shows nothing. */
const gauges: readonly [string, string, (stats: OperatorStats) => number | undefined][] = [
  ['weir_records_in_total', 'rows taken by an operator', (stats) => Number(stats.recordsIn)],
  ['weir_records_out_total', 'rows given on by an operator', (stats) => Number(stats.recordsOut)],
  ['weir_bytes_total', 'bytes read or written by a source or sink', (stats) => Number(stats.bytes)],
  ['weir_late_rows_total', 'rows that came after their window', (stats) => Number(stats.lateRows)],
  ['weir_bad_records_total', 'records that could not be read', (stats) => Number(stats.badRecords)],
  ['weir_null_values_total', 'records without a value that made no row', (stats) => Number(stats.nullValues)],
  ['weir_source_lag_records', 'records behind the end of the input', (stats) => Number(stats.lag)],
  ['weir_state_bytes', 'size of the state in the last checkpoint', (stats) => Number(stats.stateBytes)],
  [
    'weir_watermark_seconds',
    'event time that an operator has reached, seconds since 1970',
    (stats) => (stats.watermarkMicros === undefined ? undefined : Number(stats.watermarkMicros) / 1e6),
  ],
];

/** Metrics of the tasks of a worker, read when somebody looks. */
export function workerMetrics(
  registry: Registry,
  running: () => readonly RunningGeneration[],
): WorkerMetrics {
  for (const [name, help, value] of gauges) {
    gauge(registry, name, help, labels, (metric) => {
      metric.reset();
      for (const [subject, stats] of operatorsOf(running())) {
        const shown = value(stats);
        if (shown !== undefined) metric.set(subject, shown);
      }
    });
  }
  const help = 'records that could not be read, by the code of what is wrong with them';
  gauge(registry, 'weir_bad_records_by_code_total', help, [...labels, 'code'], (metric) => {
    metric.reset();
    for (const [subject, stats] of operatorsOf(running())) {
      for (const [code, count] of Object.entries(stats.badByCode))
        metric.set({ ...subject, code }, Number(count));
    }
  });
  const phase = ['pipeline'];
  const align = durationHistogram(
    registry,
    'weir_epoch_align_seconds',
    'first to last barrier of a subtask',
    phase,
  );
  const snapshot = durationHistogram(
    registry,
    'weir_epoch_snapshot_seconds',
    'time for which a subtask stood still to snapshot',
    phase,
  );
  const prepare = durationHistogram(
    registry,
    'weir_epoch_prepare_seconds',
    'barrier to acknowledgement: uploads, and output at the brokers',
    phase,
  );
  return {
    observeEpoch(pipeline, { alignMs, snapshotMs, prepareMs }) {
      align.observe({ pipeline }, alignMs / 1000);
      snapshot.observe({ pipeline }, snapshotMs / 1000);
      prepare.observe({ pipeline }, prepareMs / 1000);
    },
  };
}

type Subject = Readonly<Record<'pipeline' | 'operator' | 'title' | 'subtask', string>>;

/** Every operator of every subtask that runs, with its labels. */
function* operatorsOf(running: readonly RunningGeneration[]): Generator<readonly [Subject, OperatorStats]> {
  for (const generation of running) {
    const { pipeline } = generation.spec.scope;
    const titles = titlesOf(generation);
    for (const stats of generation.stats()) {
      const { operator } = stats;
      const subtask = `${stats.subtask?.stage ?? ''}/${stats.subtask?.index ?? 0}`;
      yield [{ pipeline, operator, title: titles.get(operator) ?? '', subtask }, stats];
    }
  }
}

function titlesOf(generation: RunningGeneration): Map<string, string> {
  const operators = generation.spec.plan.stages.flatMap((stage) => stage.operators);
  return new Map(operators.map(({ id, title }) => [id, title]));
}
