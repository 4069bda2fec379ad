import { setTimeout as pause } from 'node:timers/promises';
import type { WeirCluster } from '@weir/tool-cluster/weir-cluster.ts';
import { cpuSecondsOf } from './process-cost.ts';

export interface CostSample {
  readonly atMs: number;
  /** Records that the workers' sources have read. */
  readonly records: number;
  /** Of all of Weir's processes, since they began. */
  readonly cpuSeconds: number;
}

const everyMs = 150;

/** CPU of a cluster's processes against the records that its only source has read, sampled until it is told to stop. */
export class CostSampler {
  readonly #samples: CostSample[] = [];
  readonly #cluster: WeirCluster;
  #ended = false;
  readonly #running: Promise<void>;

  /** To be made before the pipeline: the first sample is from before the first record. */
  constructor(cluster: WeirCluster) {
    this.#cluster = cluster;
    this.#running = this.#run();
    this.#running.catch(() => this.end()); // `all` tells
  }

  /** No more samples. */
  end(): void {
    this.#ended = true;
  }

  /** After `end`. @throws WeirError WEIR-9100 when a process has ended */
  async all(): Promise<readonly CostSample[]> {
    await this.#running;
    return this.#samples;
  }

  async #run(): Promise<void> {
    while (!this.#ended) {
      await this.#take();
      await pause(everyMs);
    }
  }

  async #take(): Promise<void> {
    const counts = await Promise.all(
      this.#cluster.workers.map(({ addresses }) => recordsOf(addresses.adminAddress)),
    );
    const records = counts.reduce((total, count) => total + count, 0);
    const last = this.#samples.at(-1)?.records ?? 0;
    // A generation that has ended shows no operators any more.
    this.#samples.push({
      atMs: performance.now(),
      records: Math.max(records, last),
      cpuSeconds: clusterCpuSeconds(this.#cluster),
    });
  }
}

/** In a pipeline with one source no operator gives on more rows than that. */
async function recordsOf(adminAddress: string): Promise<number> {
  const answer = await fetch(`http://${adminAddress}/metrics`).catch(() => undefined);
  if (answer?.ok !== true) return 0;
  let records = 0;
  for (const line of (await answer.text()).split('\n')) {
    if (line.startsWith('weir_records_out_total{'))
      records = Math.max(records, Number(line.slice(line.lastIndexOf(' ') + 1)));
  }
  return records;
}

export function clusterCpuSeconds(cluster: WeirCluster): number {
  return cluster.processes.reduce((total, { pid }) => total + cpuSecondsOf(pid), 0);
}

/** CPU seconds when `records` had been read, between the samples around it. */
export function cpuSecondsAt(samples: readonly CostSample[], records: number): number {
  return interpolate(samples, records, 'cpuSeconds');
}

/** When `records` had been read. */
export function timeMsAt(samples: readonly CostSample[], records: number): number {
  return interpolate(samples, records, 'atMs');
}

function interpolate(samples: readonly CostSample[], records: number, what: 'cpuSeconds' | 'atMs'): number {
  for (let index = 1; index < samples.length; index += 1) {
    const before = samples[index - 1];
    const after = samples[index];
    if (before === undefined || after === undefined || after.records < records) continue;
    const share =
      after.records === before.records ? 1 : (records - before.records) / (after.records - before.records);
    return before[what] + Math.max(0, share) * (after[what] - before[what]);
  }
  return samples.at(-1)?.[what] ?? 0;
}
