import type { SimProcess } from '@weir/testkit/sim-process.ts';
import type { SimWorld } from '@weir/testkit/sim-world.ts';
import { hostOf } from './sim-hosts.ts';
import { SimLog } from './sim-log.ts';
import { SimTransactions } from './sim-transactions.ts';

/** How requests to brokers fare now; probabilities are per request. */
export interface KafkaWeather {
  slowestMs: number;
  /** The connection breaks before the broker has the request. */
  requestLost: number;
  /** The connection breaks after the broker took the request. */
  answerLost: number;
  /** The connection breaks, and the broker takes the request up to `latestMs` later all the same. */
  requestLate: number;
  latestMs: number;
  /** Coordinators answer COORDINATOR_NOT_AVAILABLE, NOT_COORDINATOR, LOAD_IN_PROGRESS. */
  coordinatorAway: number;
}

const fair: KafkaWeather = {
  slowestMs: 2,
  requestLost: 0,
  answerLost: 0,
  requestLate: 0,
  latestMs: 0,
  coordinatorAway: 0,
};

export interface SimTopic {
  readonly name: string;
  /** 32 hex digits. */
  readonly id: string;
  readonly logs: readonly SimLog[];
}

/** A request that a broker takes, before it does: whoever sent it may be killed or frozen now. */
export interface TakenRequest {
  readonly by: SimProcess;
  readonly api: string;
}

/** A connection as its cluster sees it. */
export interface OpenConnection {
  readonly node: number;
  /** The broker, or the network, ends it. */
  lose(): void;
}

/** A Kafka cluster: what its brokers know. Clients reach it by sim-broker-connection.ts. */
export class SimKafka {
  readonly world: SimWorld;
  readonly nodes: number;
  readonly topics = new Map<string, SimTopic>();
  readonly transactions: SimTransactions;
  readonly maxTransactionTimeoutMs = 900_000;
  weather: KafkaWeather = fair;
  onTaken: (request: TakenRequest) => void = () => {};
  readonly #awayUntilMs: number[];
  readonly #connections = new Set<OpenConnection>();

  constructor(world: SimWorld, nodes: number) {
    this.world = world;
    this.nodes = nodes;
    this.transactions = new SimTransactions(world);
    this.#awayUntilMs = Array.from({ length: nodes }, () => 0);
  }

  get bootstrap(): string {
    return Array.from({ length: this.nodes }, (_, node) => `${hostOf(node)}:9092`).join(',');
  }

  createTopic(name: string, partitions: number): SimTopic {
    const id = String(this.topics.size + 1).padStart(32, '0');
    const logs = Array.from({ length: partitions }, (_, partition) => new SimLog(name, partition));
    const topic = { name, id, logs };
    this.topics.set(name, topic);
    return topic;
  }

  clearUp(): void {
    this.weather = fair;
    this.transactions.slowestMarkersMs = 6;
    this.#awayUntilMs.fill(0);
  }

  isAway(node: number): boolean {
    return this.world.nowMs < (this.#awayUntilMs[node] ?? 0);
  }

  /** A broker can't be reached for a while; its partitions and coordinators come back as they were. */
  takeAway(node: number, forMs: number): void {
    this.#awayUntilMs[node] = this.world.nowMs + forMs;
    for (const connection of [...this.#connections]) if (connection.node === node) connection.lose();
  }

  leaderOf(partition: number): number {
    return partition % this.nodes;
  }

  coordinatorOf(key: string): number {
    let sum = 0;
    for (let i = 0; i < key.length; i += 1) sum = (sum * 31 + key.charCodeAt(i)) >>> 0;
    return sum % this.nodes;
  }

  connected(connection: OpenConnection): void {
    this.#connections.add(connection);
  }

  forget(connection: OpenConnection): void {
    this.#connections.delete(connection);
  }
}
