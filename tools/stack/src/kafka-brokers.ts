import { join } from 'node:path';
import { present } from '@weir/kernel/assert.ts';
import { KafkaBroker, newClusterId, type KafkaBrokerOptions } from './kafka-broker.ts';
import type { KafkaLauncher } from './kafka-launcher.ts';
import { RememberedPorts } from './free-port.ts';

export interface KafkaBrokersOptions extends Omit<KafkaBrokerOptions, 'member'> {
  readonly brokers: number;
}

const startAttempts = 3;

/** Every partition is on all brokers (three at most), and a write is acknowledged by all but one of them. */
function replication(brokers: number): Record<string, string> {
  const replicas = String(Math.min(brokers, 3));
  const acknowledging = String(Math.max(1, Math.min(brokers, 3) - 1));
  return {
    'default.replication.factor': replicas,
    'min.insync.replicas': acknowledging,
    'offsets.topic.replication.factor': replicas,
    'transaction.state.log.replication.factor': replicas,
    'transaction.state.log.min.isr': acknowledging,
  };
}

/** Several Kafka brokers that are one cluster; each is a voter for the controller too, so any one may be killed. */
export class KafkaBrokers {
  readonly brokers: readonly KafkaBroker[];

  private constructor(brokers: readonly KafkaBroker[]) {
    this.brokers = brokers;
  }

  static async start(launcher: KafkaLauncher, options: KafkaBrokersOptions): Promise<KafkaBrokers> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await KafkaBrokers.#startOnce(launcher, {
          ...options,
          folder: join(options.folder, String(attempt)),
        });
      } catch (error) {
        if (attempt === startAttempts || !/Address already in use/i.test(String(error))) throw error;
      }
    }
  }

  static async #startOnce(launcher: KafkaLauncher, options: KafkaBrokersOptions): Promise<KafkaBrokers> {
    const folders = Array.from({ length: options.brokers }, (_, index) =>
      join(options.folder, `broker-${index + 1}`),
    );
    const voters: string[] = [];
    for (const [index, folder] of folders.entries()) {
      voters.push(`${index + 1}@127.0.0.1:${await new RememberedPorts(folder).get('controller')}`);
    }
    const clusterId = newClusterId();
    // None is ready before most of them are there.
    const starts = folders.map((folder, index) =>
      KafkaBroker.start(launcher, {
        ...options,
        folder,
        name: `Kafka ${index + 1}`,
        properties: { ...replication(options.brokers), ...options.properties },
        member: { clusterId, nodeId: index + 1, voters: voters.join(',') },
      }),
    );
    const ended = await Promise.allSettled(starts);
    const brokers = ended.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
    const failed = ended.find((result) => result.status === 'rejected');
    if (failed === undefined) return new KafkaBrokers(brokers);
    await Promise.all(brokers.map((broker) => broker.kill()));
    throw failed.reason;
  }

  /** `127.0.0.1:PORT` of all of them, joined by commas. */
  get bootstrap(): string {
    return this.brokers.map((broker) => broker.bootstrap).join(',');
  }

  /** @param nodeId from 1, as in Kafka's metadata */
  node(nodeId: number): KafkaBroker {
    return present(this.brokers[nodeId - 1], `broker ${nodeId}`);
  }

  async kill(): Promise<void> {
    await Promise.all(this.brokers.map((broker) => broker.kill()));
  }
}
