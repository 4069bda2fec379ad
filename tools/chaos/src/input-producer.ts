import type { KafkaCluster } from '@weir/kafka/cluster-access.ts';
import { TransactionalProducer } from '@weir/kafka/produce/transactional-producer.ts';
import { WeirError, describeError } from '@weir/kernel/errors.ts';
import { waitUntil } from '@weir/tool-stack/wait-until.ts';

const producerOptions = { transactionTimeoutMs: 60_000 };
const openDeadlineMs = 120_000;
const openAttemptMs = 5000;

/**
 * A transactional producer that outlives Kafka: whatever goes wrong, it is opened again under the same id, which ends the
 * transaction that was open. What became of a transaction whose end was not answered is Kafka's knowledge alone.
 */
export class InputProducer {
  readonly #cluster: KafkaCluster;
  readonly #transactionalId: string;
  readonly #say: (line: string) => void;
  #producer: TransactionalProducer;

  private constructor(
    cluster: KafkaCluster,
    transactionalId: string,
    producer: TransactionalProducer,
    say: (line: string) => void,
  ) {
    this.#cluster = cluster;
    this.#transactionalId = transactionalId;
    this.#producer = producer;
    this.#say = say;
  }

  static async open(
    cluster: KafkaCluster,
    transactionalId: string,
    say: (line: string) => void,
  ): Promise<InputProducer> {
    const producer = await TransactionalProducer.open(cluster, transactionalId, producerOptions);
    return new InputProducer(cluster, transactionalId, producer, say);
  }

  /**
   * One transaction with what `send` sends. @returns false when it is not known to have ended so: then the producer is
   * open again, and the next may be written. @throws WeirError WEIR-9001 when it can't be opened for two minutes
   */
  async transaction(
    end: 'commit' | 'abort',
    send: (producer: TransactionalProducer) => void,
  ): Promise<boolean> {
    let ended = false;
    try {
      send(this.#producer);
      await this.#producer.flush();
      this.#producer.handle();
      const { outcome, message } = await (end === 'commit'
        ? this.#producer.commit()
        : this.#producer.abort());
      if (outcome !== 'committed')
        throw new WeirError('WEIR-9061', `${end} was answered with ${outcome}, ${message}`);
      ended = true;
      await this.#producer.reinitialize();
    } catch (error) {
      if (!(error instanceof WeirError)) throw error;
      this.#say(`the input's ${this.#transactionalId} is opened again: ${describeError(error)}`);
      await this.#openAgain();
    }
    return ended;
  }

  async #openAgain(): Promise<void> {
    await this.#producer.close();
    const wait = { deadlineMs: openAttemptMs };
    this.#producer = await waitUntil(
      () => TransactionalProducer.open(this.#cluster, this.#transactionalId, producerOptions, wait),
      { what: `${this.#transactionalId} to be opened again`, deadlineMs: openDeadlineMs, everyMs: 100 },
    );
  }

  close(): Promise<void> {
    return this.#producer.close();
  }
}
