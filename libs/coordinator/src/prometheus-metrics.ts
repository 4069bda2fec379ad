import { counter, durationHistogram, gauge, type Registry } from '@weir/telemetry/metrics.ts';
import type { Coordinator } from './coordinator.ts';
import type { CoordinatorMetrics } from './coordinator-metrics.ts';
import { legalTransitions } from './job/job-transitions.ts';

const labels = ['pipeline'];

export function prometheusMetrics(registry: Registry): CoordinatorMetrics {
  const decided = durationHistogram(
    registry,
    'weir_epoch_decide_seconds',
    'injection of a barrier to its decision',
    labels,
  );
  const committed = durationHistogram(
    registry,
    'weir_epoch_commit_seconds',
    'injection of a barrier to its last commit',
    labels,
  );
  const recovered = durationHistogram(
    registry,
    'weir_recovery_seconds',
    'loss of a generation to the first epoch that the next one committed',
    labels,
  );
  const generations = counter(
    registry,
    'weir_generations_total',
    'generations that this controller has begun',
    labels,
  );
  return {
    epochDecided: (pipeline, seconds) => decided.observe({ pipeline }, seconds),
    epochCommitted: (pipeline, seconds) => committed.observe({ pipeline }, seconds),
    recovered: (pipeline, seconds) => recovered.observe({ pipeline }, seconds),
    generationBegun: (pipeline) => generations.inc({ pipeline }),
  };
}

/** Gauges of what the pipelines are doing, read when somebody looks. */
export function observePipelines(registry: Registry, coordinator: Coordinator): void {
  const each = (
    name: string,
    help: string,
    value: (driver: Coordinator['drivers'][number]) => number | undefined,
  ): void => {
    gauge(registry, name, help, labels, (metric) => {
      metric.reset();
      for (const driver of coordinator.drivers) {
        const shown = value(driver);
        if (shown !== undefined) metric.set({ pipeline: driver.record.name }, shown);
      }
    });
  };
  each('weir_epoch', 'newest decided epoch', (driver) => driver.status?.epoch);
  each('weir_committed_epoch', 'newest committed epoch', (driver) => driver.status?.committedEpoch);
  each('weir_generation', 'current generation', (driver) => driver.status?.generation);
  each('weir_restarts', 'generations begun because something failed', (driver) => driver.status?.restarts);
  each('weir_committed_timestamp_seconds', 'when the newest epoch was committed', (driver) =>
    driver.status === null ? undefined : driver.status.committedAtMs / 1000,
  );
  gauge(
    registry,
    'weir_pipeline_state',
    '1 for the state that a pipeline is in',
    ['pipeline', 'state'],
    (metric) => {
      metric.reset();
      for (const driver of coordinator.drivers) {
        for (const state of Object.keys(legalTransitions)) {
          metric.set({ pipeline: driver.record.name, state }, driver.status?.state === state ? 1 : 0);
        }
      }
    },
  );
}
