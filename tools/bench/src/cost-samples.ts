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

/** CPU of a cluster's processes against the records that its sources have read, sampled until it is told to stop. */
export class CostSampler {
  readonly samples: CostSample[] = [];
  readonly #cluster: WeirCluster;
  readonly #sources: ReadonlySet<string>;
  #stopped = false;
  readonly #running: Promise<void>;

  /** @param sources ids of the pipeline's source operators */
  constructor(cluster: WeirCluster, sources: ReadonlySet<string>) {
    this.#cluster = cluster;
    this.#sources = sources;
    this.#running = this.#run();
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    await this.#running;
  }

  async #run(): Promise<void> {
    while (!this.#stopped) {
      await this.take();
      await pause(everyMs);
    }
  }

  /** One more sample, now. */
  async take(): Promise<void> {
    const counts = await Promise.all(this.#cluster.workers.map(({ addresses }) => this.#recordsOf(addresses.adminAddress)));
    const records = counts.reduce((total, count) => total + count, 0);
    const last = this.samples.at(-1)?.records ?? 0;
    // A generation that has ended shows no operators any more.
    this.samples.push({
      atMs: performance.now(),
      records: Math.max(records, last),
      cpuSeconds: clusterCpuSeconds(this.#cluster),
    });
  }

  async #recordsOf(adminAddress: string): Promise<number> {
    const answer = await fetch(`http://${adminAddress}/metrics`).catch(() => undefined);
    if (answer?.ok !== true) return 0;
    let records = 0;
    for (const line of (await answer.text()).split('\n')) {
      if (!line.startsWith('weir_records_out_total{')) continue;
      const operator = /operator="([^"]*)"/.exec(line)?.[1] ?? '';
      if (this.#sources.has(operator)) records += Number(line.slice(line.lastIndexOf(' ') + 1));
    }
    return records;
  }
}

export function clusterCpuSeconds(cluster: WeirCluster): number {
  return cluster.processes.reduce((total, { pid }) => total + cpuSecondsOf(pid), 0);
}

/** CPU seconds when `records` had been read, between the samples around it. */
export function cpuSecondsAt(samples: readonly CostSample[], records: number): number {
  for (let index = 1; index < samples.length; index += 1) {
    const before = samples[index - 1];
    const after = samples[index];
    if (before === undefined || after === undefined || after.records < records) continue;
    const share = after.records === before.records ? 1 : (records - before.records) / (after.records - before.records);
    return before.cpuSeconds + Math.max(0, share) * (after.cpuSeconds - before.cpuSeconds);
  }
  return samples.at(-1)?.cpuSeconds ?? 0;
}
