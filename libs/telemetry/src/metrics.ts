import { Counter, Gauge, Histogram, Registry, collectDefaultMetrics } from 'prom-client';

export type { Registry };

/** The event loop's delay is sampled this often: each time wakes the process up, and 100 times a second is half a percent of a core. */
const eventLoopPrecisionMs = 200;

/** The metrics of one process, in Prometheus text at /metrics. Names begin with `weir_`; units last (`_seconds`, `_bytes`, `_total`). */
export function createMetrics(service: string): Registry {
  const registry = new Registry();
  registry.setDefaultLabels({ service });
  collectDefaultMetrics({ register: registry, eventLoopMonitoringPrecision: eventLoopPrecisionMs });
  return registry;
}

export function counter(
  registry: Registry,
  name: string,
  help: string,
  labels: readonly string[] = [],
): Counter {
  return new Counter({ name, help, labelNames: [...labels], registers: [registry] });
}

/** A gauge that is read when somebody looks: `collect` sets the values. */
export function gauge(
  registry: Registry,
  name: string,
  help: string,
  labels: readonly string[],
  collect?: (gauge: Gauge) => void,
): Gauge {
  return new Gauge({
    name,
    help,
    labelNames: [...labels],
    registers: [registry],
    ...(collect === undefined
      ? {}
      : {
          collect(this: Gauge) {
            collect(this);
          },
        }),
  });
}

/** Seconds, with buckets from a millisecond to a minute. */
export function durationHistogram(
  registry: Registry,
  name: string,
  help: string,
  labels: readonly string[] = [],
): Histogram {
  return new Histogram({
    name,
    help,
    labelNames: [...labels],
    buckets: [0.001, 0.002, 0.005, 0.01, 0.02, 0.03, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 30, 60],
    registers: [registry],
  });
}
