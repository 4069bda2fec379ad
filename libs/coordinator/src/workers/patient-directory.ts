import type { Clock } from '@weir/kernel/ports.ts';
import type { WorkerDirectory } from './worker-directory.ts';

/** Two heartbeats: every worker that lives has been heard then. */
const settleMs = 1100;

/**
 * A directory that declares nobody dead for the first while. A controller that was started with the wrong NATS hears no worker at all, and is
 * told so after some seconds: until then it must not take the tasks of a healthy cluster for lost. Workers that are really gone refuse
 * the connection, which is noticed at once all the same.
 */
export function patientDirectory(
  directory: WorkerDirectory,
  clock: Clock,
  patienceMs: number,
): WorkerDirectory {
  const fromMs = clock.monotonicMs() + patienceMs;
  return {
    settlesAtMs: clock.monotonicMs() + settleMs,
    workers: () => directory.workers(),
    isGone: (incarnation) => clock.monotonicMs() >= fromMs && directory.isGone(incarnation),
    onChange: (listener) => directory.onChange(listener),
  };
}
