import type { Job } from './job.ts';

const lookEveryMs = 500;
/** After so long people are told what it waits for. */
const tellAfterMs = 2_000;

/** The wishes have changed: what was waited for isn't wanted any more. */
export class Interrupted extends Error {
  override readonly name = 'Interrupted';
}

/**
 * Waits for a server without being deaf: a wish that ends the wait is heard at once (the request goes on by itself, and must be safe to
 * make again), and the status says what takes so long.
 * @throws Interrupted
 */
export async function attend<T>(
  job: Job,
  what: string,
  work: Promise<T>,
  interrupted: () => boolean,
): Promise<T> {
  let settled = false;
  const watched = work.finally(() => {
    settled = true;
    job.wakeUp.notify();
  });
  watched.catch(() => {});
  const sinceMs = job.now();
  let told = false;
  while (!settled) {
    job.signal.throwIfAborted();
    if (interrupted()) throw new Interrupted(what);
    if (!told && job.now() - sinceMs >= tellAfterMs && job.status.problem === null) {
      told = true;
      const message = `it waits for an answer: ${what}`;
      job.showProblem({ code: 'WEIR-7116', message, hint: '', transient: true });
    }
    await job.pause(lookEveryMs);
  }
  const result = await watched;
  if (told) job.showProblem(null);
  return result;
}
