import type { KafkaCluster } from '../cluster-access.ts';
import type { WaitOptions } from '../contracts/cluster.ts';
import type { IdempotentProducerContract, ProducerOptions } from '../contracts/produce.ts';
import { initProducerId } from '../transactions/init-producer-id.ts';
import type { ProducerIds } from '../transactions/init-producer-id.ts';
import { BatchSender } from './batch-sender.ts';
import type { ProducerIdentity } from './batch-sender.ts';

/** At least once: records are visible as soon as they are acknowledged; retries make no duplicates within its life. */
export class IdempotentProducer extends BatchSender implements IdempotentProducerContract {
  readonly producerId: string;
  readonly #identity: ProducerIdentity;

  private constructor(cluster: KafkaCluster, ids: ProducerIds, options: ProducerOptions) {
    super(cluster, options);
    this.producerId = ids.producerId;
    this.#identity = { producerId: BigInt(ids.producerId), producerEpoch: ids.producerEpoch };
  }

  static async open(
    cluster: KafkaCluster,
    options: ProducerOptions = {},
    wait?: WaitOptions,
  ): Promise<IdempotentProducer> {
    return new IdempotentProducer(cluster, await initProducerId(cluster, null, 0, wait), options);
  }

  protected override identity(): ProducerIdentity {
    return this.#identity;
  }

  protected override get transactional(): null {
    return null;
  }

  protected override mayBeSent(): boolean {
    return true;
  }

  protected override refuseSend(): void {}
}
