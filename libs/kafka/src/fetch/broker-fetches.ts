import type { BrokerConnection } from '../broker-connection.ts';
import type { KafkaCluster } from '../cluster-access.ts';
import { requestFetch } from '../requests/fetch.ts';
import type { FetchedPartition } from '../requests/fetch.ts';
import type { AnswerBuffers } from './answer-buffers.ts';
import type { ResolvedFetcherOptions } from './fetcher-options.ts';
import type { PartitionReading } from './partition-reading.ts';

/** What became of one Fetch: answers by partition, or why there is none. */
export type FetchAnswer =
  | { readonly partitions: readonly FetchedPartition[]; readonly bytes: Uint8Array }
  | { readonly error: unknown };

/** `settled` gives the `asked` bytes back: called once what came is counted. */
export type OnFetchAnswer = (
  readings: readonly PartitionReading[],
  answer: FetchAnswer,
  asked: number,
  settled: () => void,
) => Promise<void>;

/** Fetches on one connection queue up behind each other, so each concurrent one has its own. */
const maxConcurrent = 3;
const smallestFetchBytes = 64 * 1024;
/** While other partitions of the broker may soon be asked for, or nothing is known of one yet, a Fetch is not held for long. */
const shortWaitMs = 100;

/** The Fetches under way to one broker, each on a socket of its own, opened when first needed. */
export class BrokerFetches {
  /** Most bytes that the Fetches under way may bring. */
  askedBytes = 0;
  readonly #cluster: KafkaCluster;
  readonly #nodeId: number;
  readonly #options: ResolvedFetcherOptions;
  readonly #onAnswer: OnFetchAnswer;
  readonly #buffers: AnswerBuffers;
  readonly #idle: BrokerConnection[] = [];
  readonly #open = new Set<BrokerConnection>();
  #running = 0;
  #rotation = 0;
  #closed = false;

  constructor(
    cluster: KafkaCluster,
    nodeId: number,
    options: ResolvedFetcherOptions,
    onAnswer: OnFetchAnswer,
    buffers: AnswerBuffers,
  ) {
    this.#cluster = cluster;
    this.#nodeId = nodeId;
    this.#options = options;
    this.#onAnswer = onAnswer;
    this.#buffers = buffers;
  }

  /** Asks for these partitions in one Fetch, if one more may be under way and the allowance is worth it. */
  start(readings: readonly PartitionReading[], allowanceBytes: number, othersWait: boolean): void {
    if (this.#closed || this.#running >= maxConcurrent) return;
    let wanted = 0;
    for (const reading of readings) wanted += reading.maxBytes;
    // What comes compressed takes its room when it is decompressed.
    const expansion = readings.reduce((most, reading) => Math.max(most, reading.expansion), 1);
    // Half at most, so that a Fetch which is held by the broker doesn't keep the others from being asked for.
    const maxBytes = Math.min(
      wanted,
      Math.max(smallestFetchBytes, Math.floor(allowanceBytes / 2 / expansion)),
    );
    if (allowanceBytes < smallestFetchBytes) return;
    // The broker fills an answer in the order asked: the partitions take turns to be first.
    const from = this.#rotation++ % readings.length;
    const inOrder = [...readings.slice(from), ...readings.slice(0, from)];
    for (const reading of inOrder) reading.inFlight = true;
    this.#running += 1;
    const asked = Math.min(maxBytes * expansion, allowanceBytes);
    this.askedBytes += asked;
    void this.#fetch(inOrder, maxBytes, othersWait).then((answer) => {
      this.#running -= 1;
      return this.#onAnswer(inOrder, answer, asked, () => (this.askedBytes -= asked));
    });
  }

  async #fetch(
    readings: readonly PartitionReading[],
    maxBytes: number,
    othersWait: boolean,
  ): Promise<FetchAnswer> {
    let connection: BrokerConnection | undefined;
    try {
      connection = await this.#connection();
      const { maxWaitMs, minBytes, isolation } = this.#options;
      const short = othersWait || readings.some(({ answeredAtMs }) => answeredAtMs < 0);
      const { errorCode, partitions, bytes } = await requestFetch(
        connection,
        {
          maxWaitMs: short ? Math.min(shortWaitMs, maxWaitMs) : maxWaitMs,
          minBytes,
          maxBytes,
          isolation,
          partitions: readings.map((reading) => ({
            topic: reading.topic,
            partition: reading.partition,
            offset: reading.fetchOffset,
            maxBytes: reading.maxBytes,
          })),
        },
        maxWaitMs + this.#cluster.requestTimeoutMs,
      );
      this.#idle.push(connection);
      if (errorCode !== 0) return { error: new Error(`Fetch was answered with error ${errorCode}`) };
      return { partitions, bytes };
    } catch (error) {
      if (connection !== undefined) {
        this.#open.delete(connection);
        connection.drop(error);
      }
      return { error };
    }
  }

  async #connection(): Promise<BrokerConnection> {
    for (let idle = this.#idle.pop(); idle !== undefined; idle = this.#idle.pop()) {
      if (idle.isUsable) return idle;
      this.#open.delete(idle);
    }
    const connection = await this.#cluster.ownConnectionTo(this.#nodeId, this.#buffers.take);
    this.#open.add(connection);
    if (this.#closed) connection.drop();
    return connection;
  }

  close(): void {
    this.#closed = true;
    for (const connection of this.#open) connection.drop();
    this.#open.clear();
  }
}
