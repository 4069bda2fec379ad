import { describeError, WeirError } from '@weir/kernel/errors.ts';
import type { CoordinatorLog } from '../coordinator-context.ts';

/** Runs a handler's body; what is our own fault (no WeirError, or a broken invariant) goes to the log too. */
export async function logged<T>(log: CoordinatorLog, call: string, body: () => Promise<T> | T): Promise<T> {
  try {
    return await body();
  } catch (error) {
    const defect = !(error instanceof WeirError) || error.code === 'WEIR-0001';
    if (defect) {
      const stack = error instanceof Error ? error.stack : undefined;
      log.error({ call, error: describeError(error), stack }, 'a call failed by a defect of Weir');
    }
    throw error;
  }
}
