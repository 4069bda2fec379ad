import { describeError } from '@weir/kernel/errors.ts';
import { runSimulation, type RunResult } from './run-simulation.ts';

/** Lines of the trace that a failing run is told with. */
const keptLines = 4000;

export interface GuardedRun {
  readonly result: RunResult;
  readonly trace: readonly string[];
  readonly wallMs: number;
}

/** A run whose exceptions, and promises that nobody handled, are problems of the run. */
export async function guardedRun(seed: string): Promise<GuardedRun> {
  const trace: string[] = [];
  const rejected: string[] = [];
  const onRejected = (reason: unknown): void => void rejected.push(`unhandled: ${describeError(reason)}`);
  process.on('unhandledRejection', onRejected);
  const startedMs = performance.now();
  try {
    const result = await runSimulation(seed, (line) => {
      trace.push(line);
      if (trace.length > 2 * keptLines) trace.splice(0, keptLines);
    });
    return {
      result: { ...result, problems: [...result.problems, ...rejected] },
      trace: trace.slice(-keptLines),
      wallMs: performance.now() - startedMs,
    };
  } finally {
    process.off('unhandledRejection', onRejected);
  }
}
