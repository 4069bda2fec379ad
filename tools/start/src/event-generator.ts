import { KafkaCluster } from '@weir/kafka/cluster-access.ts';
import { IdempotentProducer } from '@weir/kafka/produce/idempotent-producer.ts';
import { present } from '@weir/kernel/assert.ts';

export interface EventGeneratorOptions {
  readonly bootstrap: string;
  readonly topic: string;
  readonly partitions: number;
  readonly perSecond: number;
}

const channels = ['web', 'app', 'phone', 'floor'];
const everyMs = 50;

/** The world outside of Weir: a program that writes bids into a topic, as an auction house's service would. */
export class EventGenerator {
  readonly #options: EventGeneratorOptions;
  readonly #cluster: KafkaCluster;
  readonly #producer: IdempotentProducer;
  readonly #startMs = Date.now();
  readonly #timer: NodeJS.Timeout;
  #written = 0;

  private constructor(options: EventGeneratorOptions, cluster: KafkaCluster, producer: IdempotentProducer) {
    this.#options = options;
    this.#cluster = cluster;
    this.#producer = producer;
    this.#timer = setInterval(() => this.#writeDue(), everyMs);
  }

  static async start(options: EventGeneratorOptions): Promise<EventGenerator> {
    const cluster = await KafkaCluster.open({
      bootstrapServers: [options.bootstrap],
      clientId: 'auction-house',
    });
    return new EventGenerator(options, cluster, await IdempotentProducer.open(cluster));
  }

  get written(): number {
    return this.#written;
  }

  /** Why no more events come, if so. */
  get failure(): Error | undefined {
    return this.#producer.failure;
  }

  async stop(): Promise<void> {
    clearInterval(this.#timer);
    if (this.#producer.failure === undefined)
      await this.#producer.flush({ deadlineMs: 5000 }).catch(() => undefined);
    await this.#producer.close();
    await this.#cluster.close();
  }

  #writeDue(): void {
    if (this.#producer.failure !== undefined || !this.#producer.hasRoom) return;
    const { topic, partitions, perSecond } = this.#options;
    const nowMs = Date.now();
    // After a standstill (a laptop that slept) a second's worth is caught up at most.
    const due = Math.min(((nowMs - this.#startMs) * perSecond) / 1000, this.#written + perSecond);
    const writers = Array.from({ length: partitions }, () => this.#producer.newBatch());
    for (; this.#written < due; this.#written += 1) {
      const value = Buffer.from(this.#bid(nowMs));
      const writer = present(writers[this.#written % partitions], 'batch of a partition');
      writer.reserve(value.length);
      writer.buffer.set(value, writer.valueStart);
      writer.commitRecord(writer.valueStart + value.length, nowMs);
    }
    for (const [partition, writer] of writers.entries()) this.#producer.send({ topic, partition }, writer);
  }

  /** Prices between 1 and 1,000 euros, most of them small; half of the bids are for the newest auctions. */
  #bid(nowMs: number): string {
    const newest = 1000 + (Math.floor(nowMs / 10_000) % 100_000);
    return JSON.stringify({
      id: this.#startMs * 1000 + this.#written,
      auction: newest - Math.floor(Math.random() ** 2 * 20),
      bidder: 1 + Math.floor(Math.random() * 5000),
      cents: Math.round(10 ** (2 + Math.random() * 3)),
      channel: channels[Math.floor(Math.random() * channels.length)],
      bid_time: new Date(nowMs - Math.floor(Math.random() * 500)).toISOString(),
    });
  }
}
