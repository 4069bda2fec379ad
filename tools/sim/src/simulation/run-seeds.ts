import { Worker } from 'node:worker_threads';
import type { SeedReport } from './sim-worker.ts';

/** Real time after which a run is taken for one that never ends: nothing but a busy loop takes this long. */
const stuckAfterMs = 60_000;

/** Plays the seeds on some threads and tells of each, in the order in which they end. */
export function runSeeds(
  seeds: readonly string[],
  threads: number,
  onReport: (report: SeedReport) => void,
): Promise<void> {
  const waiting = [...seeds];
  return Promise.all(
    Array.from({ length: Math.min(threads, seeds.length) }, () => playOn(waiting, onReport)),
  ).then(() => {});
}

async function playOn(waiting: string[], onReport: (report: SeedReport) => void): Promise<void> {
  let worker = newThread();
  for (let seed = waiting.shift(); seed !== undefined; seed = waiting.shift()) {
    let report = await play(worker, seed);
    if (report.run === null) {
      // On a busy machine a thread may just have got no time: what is really stuck is stuck again.
      await worker.terminate();
      worker = newThread();
      report = await play(worker, seed);
    }
    onReport(report);
    if (report.run !== null) continue;
    await worker.terminate();
    worker = newThread();
  }
  await worker.terminate();
}

function newThread(): Worker {
  const worker = new Worker(new URL('./sim-worker.ts', import.meta.url));
  worker.on('error', () => {}); // `play` tells of it; one that is given up may still run out of memory
  return worker;
}

function play(worker: Worker, seed: string): Promise<SeedReport> {
  return new Promise((resolve) => {
    const finish = (report: SeedReport): void => {
      clearTimeout(timer);
      worker.off('message', finish);
      worker.off('error', failed);
      resolve(report);
    };
    const failed = (error: unknown): void => finish({ seed, run: null, broken: String(error) });
    const broken = `it has not ended after ${stuckAfterMs / 1000} s: a process never gives the event loop a turn`;
    const timer = setTimeout(() => finish({ seed, run: null, broken }), stuckAfterMs);
    worker.on('message', finish);
    worker.on('error', failed);
    worker.postMessage(seed);
  });
}
