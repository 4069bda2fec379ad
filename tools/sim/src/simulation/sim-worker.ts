import { parentPort } from 'node:worker_threads';
import { describeError } from '@weir/kernel/errors.ts';
import { guardedRun, type GuardedRun } from './guarded-run.ts';

/** What a thread says of a seed. The trace comes with failures only. */
export interface SeedReport {
  readonly seed: string;
  readonly run: GuardedRun | null;
  /** Why there is no run: the simulation itself is at fault. */
  readonly broken: string | null;
}

parentPort?.on('message', (seed: string) => {
  guardedRun(seed)
    .then(
      (run): SeedReport => {
        const trace = run.result.problems.length > 0 ? run.trace : [];
        return { seed, run: { ...run, trace }, broken: null };
      },
      (error: unknown): SeedReport => ({ seed, run: null, broken: describeError(error) }),
    )
    .then(
      (report) => parentPort?.postMessage(report),
      () => process.exit(1),
    );
});
