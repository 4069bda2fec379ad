import { waitUntil } from '@weir/tool-stack/wait-until.ts';

/** A histogram as Prometheus has it: how many values are at most so many seconds. */
export interface Stalls {
  readonly count: number;
  readonly atMost: readonly (readonly [seconds: number, count: number])[];
}

/** What a worker's metrics say of its one pipeline. */
export interface WorkerScrape {
  /** Records that its source has read. */
  readonly read: number;
  readonly stateBytes: number;
  readonly stalls: Stalls;
}

/** The text of a process's metrics. */
export async function scrape(adminAddress: string): Promise<string> {
  const read = async (): Promise<string> => (await fetch(`http://${adminAddress}/metrics`)).text();
  return await waitUntil(read, { what: `the metrics of the worker at ${adminAddress}` });
}

export function readScrape(text: string): WorkerScrape {
  const lines = text.split('\n');
  const of = (start: string): string[] => lines.filter((line) => line.startsWith(start));
  const value = (line: string): number => Number(line.slice(line.lastIndexOf(' ') + 1));
  const buckets = of('weir_epoch_snapshot_seconds_bucket{').map((line): readonly [number, number] => {
    const bound = /le="([^"]+)"/.exec(line)?.[1] ?? '';
    return [bound === '+Inf' ? Infinity : Number(bound), value(line)];
  });
  return {
    // No operator behind the only source gives on more rows than that.
    read: Math.max(0, ...of('weir_records_out_total{').map(value)),
    stateBytes: of('weir_state_bytes{').reduce((total, line) => total + value(line), 0),
    stalls: { count: of('weir_epoch_snapshot_seconds_count').map(value)[0] ?? 0, atMost: buckets },
  };
}

/** A quantile of what came between two scrapes, in ms, taken to lie evenly between the bounds of its bucket. NaN when nothing came. */
export function stallQuantileMs(from: Stalls, to: Stalls, share: number): number {
  const wanted = (to.count - from.count) * share;
  let [below, lower] = [0, 0];
  for (const [index, [bound, count]] of to.atMost.entries()) {
    const now = count - (from.atMost[index]?.[1] ?? 0);
    if (now >= wanted && now > below) {
      const upper = Number.isFinite(bound) ? bound : lower;
      return (lower + ((wanted - below) / (now - below)) * (upper - lower)) * 1000;
    }
    [below, lower] = [now, bound];
  }
  return Number.NaN;
}
