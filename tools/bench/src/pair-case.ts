import { round } from './bench-setting.ts';
import type { BenchSetting } from './bench-setting.ts';
import { runThroughputCase } from './throughput-case.ts';
import type { ThroughputCase, ThroughputFigures } from './throughput-case.ts';

export interface PairCase {
  readonly name: string;
  readonly of: ThroughputCase;
  readonly against: ThroughputCase;
}

export interface PairFigures {
  readonly name: string;
  readonly pairs: number;
  /** Steady CPU seconds per million records of the one, in parts of the other's, each the median of all pairs. */
  readonly cpuRatio: number;
  /** Records a second of wall time, steady, of the one in parts of the other's: says little on a busy machine. */
  readonly throughputRatio: number;
  readonly cpuRatios: readonly number[];
  readonly throughputRatios: readonly number[];
}

const pairs = 5;

/** Two cases in turns, so that both meet the same moods of the machine. */
export async function runPairCase(setting: BenchSetting, given: PairCase): Promise<PairFigures> {
  const cpuRatios: number[] = [];
  const throughputRatios: number[] = [];
  for (let pair = 0; pair < pairs; pair += 1) {
    const order = pair % 2 === 0 ? [given.of, given.against] : [given.against, given.of];
    const figures = new Map<ThroughputCase, ThroughputFigures>();
    for (const one of order) figures.set(one, await runThroughputCase(setting, one));
    const of = figures.get(given.of);
    const against = figures.get(given.against);
    if (of === undefined || against === undefined) continue;
    cpuRatios.push(round(of.steadyCpuSecondsPerMillion / against.steadyCpuSecondsPerMillion, 3));
    throughputRatios.push(round(of.steadyRecordsPerSecond / against.steadyRecordsPerSecond, 3));
  }
  return {
    name: given.name,
    pairs,
    cpuRatio: median(cpuRatios),
    throughputRatio: median(throughputRatios),
    cpuRatios,
    throughputRatios,
  };
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] ?? Number.NaN)) / 2;
}
