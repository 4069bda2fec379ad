import { setTimeout as pause } from 'node:timers/promises';
import { endedBadly } from '@weir/tool-cluster/cluster-client.ts';
import type { ClusterClient } from '@weir/tool-cluster/cluster-client.ts';
import { waitUntil } from '@weir/tool-stack/wait-until.ts';
import type { Pipeline } from '@weir/wire/gen/weir/v1/pipeline.ts';

const everyMs = 50;
/** A controller that stands still is left alone for this long, while the others are asked. */
const answerWithinMs = 1000;

/** What the controllers say of a pipeline, from moment to moment; whichever knows the newest epoch is believed. */
export class PipelineWatch {
  readonly #pipeline: string;
  readonly #loops: Promise<unknown>;
  #latest: Pipeline | undefined;
  #stopped = false;

  constructor(clients: readonly ClusterClient[], pipeline: string) {
    this.#pipeline = pipeline;
    this.#loops = Promise.all(clients.map((client) => this.#follow(client)));
  }

  /** Undefined until a controller has answered. */
  get latest(): Pipeline | undefined {
    return this.#latest;
  }

  /** Waits for an epoch that was not decided when this was called (nor was about to be). @throws WeirError WEIR-9001, WEIR-9042 */
  async untilNextEpoch(): Promise<Pipeline> {
    const after = (this.#latest?.epoch ?? 0) + 1;
    const found = () =>
      this.#latest !== undefined && this.#latest.committedEpoch > after ? this.#latest : false;
    return waitUntil(found, {
      what: `an epoch after ${after} to be committed`,
      everyMs: 10,
      giveUp: () => this.#latest && endedBadly(this.#latest),
    });
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    await this.#loops;
  }

  async #follow(client: ClusterClient): Promise<void> {
    while (!this.#stopped) {
      const [now] = await Promise.all([
        client.get(this.#pipeline, answerWithinMs).catch(() => undefined),
        pause(everyMs),
      ]);
      if (now !== undefined && now.committedEpoch >= (this.#latest?.committedEpoch ?? 0)) this.#latest = now;
    }
  }
}
