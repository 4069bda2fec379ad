import { setTimeout as pause } from 'node:timers/promises';
import { describeError } from '@weir/kernel/errors.ts';
import type { WeirProcess } from '@weir/tool-cluster/weir-process.ts';

const restartAfterMs = 1000;

/** Starts a process again whenever it has ended (killed by a curious person, most of the time), until `stopping`. */
export async function supervise(
  child: WeirProcess,
  stopping: AbortSignal,
  say: (line: string) => void,
): Promise<void> {
  while (!stopping.aborted) {
    const { code, signal } = await child.exited;
    if (stopping.aborted) return;
    say(`${child.name} ended (${signal ?? `exit code ${code}`}); the others go on`);
    await pause(restartAfterMs, undefined, { signal: stopping }).catch(() => undefined);
    if (stopping.aborted) return;
    try {
      await child.restart();
      say(`${child.name} is back as process ${child.pid}`);
    } catch (error) {
      say(`${child.name} can't be started again: ${describeError(error)}`);
    }
  }
}
