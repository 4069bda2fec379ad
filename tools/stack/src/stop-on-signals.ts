import { killAllGroups } from './process-group.ts';

/** npm passes a terminal's Ctrl-C on to a script that has already had it: the same key press, within this time. */
const sameKeyPressMs = 500;

export interface StopRequest {
  /** Resolves when this process is to end: Ctrl-C, SIGTERM, SIGHUP, or npm, under which it runs, is gone. */
  readonly requested: Promise<string>;
  /** As if a signal had come: for a program that ends by itself. */
  request(reason: string): void;
}

/**
 * Takes over this process's signals. The first asks for an orderly end; a second Ctrl-C or SIGTERM ends at once, with all
 * that this process has started.
 */
export function stopOnSignals(): StopRequest {
  const { promise, resolve } = Promise.withResolvers<string>();
  let firstMs: number | undefined;
  const request = (reason: string) => {
    firstMs ??= performance.now();
    resolve(reason);
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => {
      if (firstMs === undefined) return request(signal);
      if (performance.now() - firstMs < sameKeyPressMs || signal === 'SIGHUP') return;
      killAllGroups();
      process.exit(130);
    });
  }
  if (process.env['npm_lifecycle_event']) watchParent(() => request('npm is gone'));
  return { requested: promise, request };
}

/** Notices that the parent was killed: the system then gives this process another one. */
function watchParent(gone: () => void): void {
  const parent = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(timer);
    gone();
  }, 500);
  timer.unref();
}
