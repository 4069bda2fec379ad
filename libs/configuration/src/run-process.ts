import { renameSync, writeFileSync } from 'node:fs';
import { WeirError, describeError } from '@weir/kernel/errors.ts';
import { UsageError } from './settings.ts';

/** A process that has started. */
export interface RunningProcess {
  /** What others need to reach it: `{ address, adminAddress }`. */
  readonly addresses: Readonly<Record<string, string>>;
  stop(): Promise<void>;
}

/** How long a process may take to end after SIGTERM. */
const stopLimitMs = 9_500;

/**
 * The life of a process of ours: start it, tell its addresses in `readyFile` (JSON, there whole or not at all), end it on SIGTERM or
 * SIGINT within 10 s; a second signal ends it at once. Bad usage exits with 2, any other failure with 1.
 */
export async function runProcess(
  start: () => Promise<RunningProcess>,
  options: { readonly readyFile?: string | undefined } = {},
): Promise<void> {
  let stopping = false;
  let running: RunningProcess | undefined;
  const stop = (): void => {
    if (stopping) process.exit(1);
    stopping = true;
    setTimeout(() => process.exit(1), stopLimitMs).unref();
    const stopped = running === undefined ? Promise.resolve() : running.stop();
    stopped.then(
      () => process.exit(0),
      (error: unknown) => failWith(error),
    );
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
  try {
    running = await start();
  } catch (error) {
    failWith(error);
  }
  if (options.readyFile !== undefined) {
    const staged = `${options.readyFile}.${process.pid}`;
    writeFileSync(staged, `${JSON.stringify({ pid: process.pid, ...running.addresses })}\n`);
    renameSync(staged, options.readyFile);
  }
}

/** Says what is wrong on standard error and ends the process. */
export function failWith(error: unknown): never {
  process.stderr.write(`${explainError(error)}\n`);
  process.exit(error instanceof UsageError ? 2 : 1);
}

/** The error with its causes, and the hint below it. */
function explainError(error: unknown): string {
  const hint = error instanceof WeirError ? error.hint : undefined;
  const told = error instanceof WeirError ? describeError(error) : ((error as Error)?.stack ?? String(error));
  return hint === undefined ? told : `${told}\n  hint: ${hint}`;
}
