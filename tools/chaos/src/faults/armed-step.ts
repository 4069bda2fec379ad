import { existsSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { FailpointName } from '@weir/kernel/failpoints.ts';
import { waitUntil } from '@weir/tool-stack/wait-until.ts';

/** Longer than the rarest step takes to come: housekeeping has a round every 5 s. */
const reachedWithinMs = 20_000;

let armed = 0;

/**
 * The file to which every process of the cluster looks at each step (WEIR_FAILPOINTS=@FILE). The first process that comes to the step takes the
 * file away by renaming it to `FILE.<pid>`, and dies or stands still.
 */
export class ArmedStep {
  readonly #file: string;

  constructor(file: string) {
    this.#file = file;
  }

  /** @param nth the process that comes to the step so often is hit */
  arm(point: FailpointName, nth: number, action: 'kill' | 'freeze'): void {
    for (const { path } of this.#claims()) rmSync(path, { force: true });
    armed += 1;
    const next = `${this.#file}-next`;
    // The second line makes each plan another one: processes count from here.
    writeFileSync(next, `${point}@${nth}=${action}\n${armed}\n`);
    renameSync(next, this.#file); // nobody reads half of it
  }

  /** Process id of whoever was hit; undefined when nobody came to the step in time, and nobody will be hit any more. */
  async victim(): Promise<number | undefined> {
    try {
      return await this.#reached(reachedWithinMs);
    } catch {
      rmSync(this.#file, { force: true });
      return this.#claims()[0]?.pid; // it may have come just now
    }
  }

  /**
   * Process id of whoever was hit at a step that is sure to come. It is waited for as long as all else that a test waits for: on a busy machine a
   * pipeline may be half a minute between two epochs.
   * @throws WeirError WEIR-9001
   */
  hit(): Promise<number> {
    return this.#reached();
  }

  #reached(deadlineMs?: number): Promise<number> {
    const what = `a process to come to the step of ${this.#file}`;
    const limit = deadlineMs === undefined ? {} : { deadlineMs };
    return waitUntil(() => this.#claims()[0]?.pid, { what, everyMs: 10, ...limit });
  }

  #claims(): { path: string; pid: number }[] {
    const folder = dirname(this.#file);
    if (!existsSync(folder)) return [];
    return readdirSync(folder).flatMap((name) => {
      const pid = new RegExp(`^${basename(this.#file)}\\.(\\d+)$`).exec(name)?.[1];
      return pid === undefined ? [] : [{ path: join(folder, name), pid: Number(pid) }];
    });
  }
}
