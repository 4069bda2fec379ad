import { expect } from 'vitest';
import type { E2eCluster } from './e2e-cluster.ts';

const everyMs = 50;
const recordsAtATime = 40;

/** Records `{ id }`, counted from 0, written to a topic at a steady pace whatever happens to the pipeline that reads it. */
export class IdFeed {
  readonly #e2e: E2eCluster;
  readonly #topic: string;
  readonly #timer: NodeJS.Timeout;
  #writing: Promise<void> | null = null;
  #written = 0;

  constructor(e2e: E2eCluster, topic: string) {
    this.#e2e = e2e;
    this.#topic = topic;
    this.#timer = setInterval(() => void (this.#writing ??= this.#write()), everyMs);
  }

  /** Ends it, and gives how many ids are in the topic. */
  async stop(): Promise<number> {
    clearInterval(this.#timer);
    await this.#writing;
    return this.#written;
  }

  async #write(): Promise<void> {
    const ids = Array.from({ length: recordsAtATime }, (_, index) => ({ id: this.#written + index }));
    await this.#e2e.produce(this.#topic, ids);
    this.#written += ids.length;
    this.#writing = null;
  }
}

/** SQL that copies the ids of a topic to another one. */
export function copyIds(
  e2e: E2eCluster,
  input: string,
  output: string,
  more: Record<string, string> = {},
): string {
  return `CREATE TABLE ids (id BIGINT NOT NULL) ${e2e.with(input, 'source', more)};
    CREATE TABLE copies (id BIGINT NOT NULL) ${e2e.with(output, 'sink')};
    INSERT INTO copies SELECT id FROM ids;`;
}

export async function committedIds(e2e: E2eCluster, topic: string): Promise<number[]> {
  return (await e2e.committed<{ id: number }>(topic)).map(({ id }) => id).toSorted((a, b) => a - b);
}

/** Waits until the ids 0 to `count` are committed; each is there once. */
export async function expectEachIdOnce(e2e: E2eCluster, topic: string, count: number): Promise<void> {
  await e2e.untilCommitted(topic, count);
  const wanted = Array.from({ length: count }, (_, id) => id);
  expect(await committedIds(e2e, topic)).toEqual(wanted);
}
