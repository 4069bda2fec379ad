import { whenNpmIsGone } from '@weir/configuration/npm-above.ts';
import { killAllGroups } from './process-group.ts';

/** npm passes a terminal's Ctrl-C on to a script that has already had it: the same key press, within this time. */
const sameKeyPressMs = 500;

export interface StopRequest {
  /** Resolves when this process is to end: Ctrl-C, SIGTERM, SIGHUP, or npm, under which it runs, or its parent is gone. */
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
  whenNpmIsGone(() => request('npm is gone'));
  // Of a program that was started with a channel, as `weir up` starts its own.
  process.on('disconnect', () => request('its parent is gone'));
  process.channel?.unref();
  return { requested: promise, request };
}
