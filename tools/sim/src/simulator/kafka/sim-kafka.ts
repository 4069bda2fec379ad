import { BrokerConnection, type Api } from '@weir/kafka/broker-connection.ts';
import { NoAnswerError } from '@weir/kafka/broker-errors.ts';
import { ResponseReader } from '@weir/kafka/wire/response-reader.ts';
import { present } from '@weir/kernel/assert.ts';
import type { SimProcess } from '@weir/testkit/sim-process.ts';
import { runningProcess, type SimWorld } from '@weir/testkit/sim-world.ts';
import { answerRequest } from './sim-broker-requests.ts';
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

/** Room for an answer; the client may lend a buffer that it uses again. */
type Allocate = (bytes: number) => Buffer;

/** A Kafka cluster behind `BrokerConnection.open`: the whole of libs/kafka runs over it, bytes and all. */
export class SimKafka {
  readonly world: SimWorld;
  readonly nodes: number;
  readonly topics = new Map<string, SimTopic>();
  readonly transactions: SimTransactions;
  readonly maxTransactionTimeoutMs = 900_000;
  weather: KafkaWeather = fair;
  onTaken: (request: TakenRequest) => void = () => {};
  readonly #awayUntilMs: number[];
  readonly #connections = new Set<SimBrokerConnection>();

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

  /** As BrokerConnection.open, for the process that runs now. */
  connect(host: string, port: number, allocate: Allocate = Buffer.allocUnsafe): Promise<BrokerConnection> {
    const process = present(runningProcess.getStore(), 'a simulated process');
    const node = Number(/^sim-(\d+)$/.exec(host)?.[1] ?? -1);
    return new Promise((resolve, reject) => {
      this.world.after(0.2 + this.world.random.next() * this.weather.slowestMs, () =>
        process.dispatch(() => {
          if (node >= 0 && node < this.nodes && !this.isAway(node)) {
            const connection = new SimBrokerConnection(this, process, node, `${host}:${port}`, allocate);
            this.#connections.add(connection);
            resolve(connection as unknown as BrokerConnection);
          } else reject(new NoAnswerError('WEIR-4001', `simulated broker ${host} is away`, { sent: false }));
        }),
      );
    });
  }

  forget(connection: SimBrokerConnection): void {
    this.#connections.delete(connection);
  }
}

/** From here on every simulated process's connections lead to the cluster that `kafkaOf` names; others are real. */
export function installSimBrokers(kafkaOf: (process: SimProcess) => SimKafka | undefined): void {
  const real = BrokerConnection.open.bind(BrokerConnection);
  BrokerConnection.open = (...args: Parameters<typeof BrokerConnection.open>) => {
    const process = runningProcess.getStore();
    const kafka = process && kafkaOf(process);
    return kafka === undefined ? real(...args) : kafka.connect(args[1], args[2], args[3]);
  };
}

/** One connection: requests are taken in order, and answered in order. */
export class SimBrokerConnection {
  readonly address: string;
  readonly node: number;
  readonly #kafka: SimKafka;
  readonly #process: SimProcess;
  readonly #allocate: Allocate;
  readonly #pending = new Set<(error: Error) => void>();
  #broken: Error | undefined;
  #takenAtMs = 0;

  constructor(kafka: SimKafka, process: SimProcess, node: number, address: string, allocate: Allocate) {
    this.#allocate = allocate;
    this.#kafka = kafka;
    this.#process = process;
    this.node = node;
    this.address = address;
    process.onDeath(() => kafka.forget(this));
  }

  get isUsable(): boolean {
    return this.#broken === undefined;
  }

  throttle(): void {}

  drop(): void {
    this.#fail(new Error('the connection was closed by this client'));
  }

  /** The broker, or the network, ends it. */
  lose(): void {
    this.#kafka.world.after(0.1, () =>
      this.#process.dispatch(() => this.#fail(new Error('the simulated connection broke'))),
    );
    this.#kafka.forget(this);
  }

  send(api: Api, parts: readonly Uint8Array[], timeoutMs = 30_000): Promise<ResponseReader> {
    const { world, weather } = this.#kafka;
    const process = this.#process;
    const { random } = world;
    return new Promise((resolve, reject) => {
      const failed = (cause: Error, sent: boolean): void => {
        this.#pending.delete(lost);
        reject(new NoAnswerError('WEIR-4002', `${api.name} was not answered`, { sent, cause }));
      };
      const lost = (cause: Error): void => failed(cause, true);
      if (this.#broken !== undefined) return failed(this.#broken, false);
      if (!process.alive) return;
      this.#pending.add(lost);
      process.after(timeoutMs, () => {
        if (this.#pending.has(lost)) this.#fail(new Error(`no answer within ${timeoutMs} ms`));
      });
      const body = Buffer.concat(parts);
      const answered = (answer: Uint8Array): void => {
        world.after(0.1 + random.next() * weather.slowestMs, () =>
          process.dispatch(() => {
            if (!this.#pending.delete(lost)) return;
            const bytes = this.#allocate(answer.length).subarray(0, answer.length);
            bytes.set(answer);
            resolve(new ResponseReader(bytes, api.name));
          }),
        );
      };
      const take = (answer: (bytes: Uint8Array) => void): void => {
        this.#kafka.onTaken({ by: process, api: api.name });
        answerRequest(this.#kafka, this.node, api.key, body, answer);
      };
      const draw = random.next();
      if (draw < weather.requestLost) return this.lose();
      this.#takenAtMs = Math.max(
        this.#takenAtMs + 0.001,
        world.nowMs + 0.1 + random.next() * weather.slowestMs,
      );
      if (draw < weather.requestLost + weather.requestLate) {
        world.after(random.between(1, weather.latestMs), () => take(() => {}));
        return this.lose();
      }
      const loses = draw < weather.requestLost + weather.requestLate + weather.answerLost;
      world.after(this.#takenAtMs - world.nowMs, () => {
        if (this.#kafka.isAway(this.node)) return this.lose();
        take(loses ? () => {} : answered);
        if (loses) this.lose();
      });
    });
  }

  #fail(error: Error): void {
    if (this.#broken !== undefined) return;
    this.#broken = error;
    this.#kafka.forget(this);
    for (const fail of [...this.#pending]) fail(error);
    this.#pending.clear();
  }
}
