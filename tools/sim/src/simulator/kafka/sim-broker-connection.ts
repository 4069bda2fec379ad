import { BrokerConnection, type Api } from '@weir/kafka/broker-connection.ts';
import { NoAnswerError } from '@weir/kafka/broker-errors.ts';
import { ResponseReader } from '@weir/kafka/wire/response-reader.ts';
import { present } from '@weir/kernel/assert.ts';
import { runningProcess, type SimProcess } from '@weir/testkit/sim-process.ts';
import { answerRequest } from './sim-broker-requests.ts';
import type { OpenConnection, SimKafka } from './sim-kafka.ts';

/** Room for an answer; the client may lend a buffer that it uses again. */
type Allocate = (bytes: number) => Buffer;

/** From here on every simulated process's connections lead to the cluster that `kafkaOf` names; others are real. */
export function installSimBrokers(kafkaOf: (process: SimProcess) => SimKafka | undefined): void {
  const real = BrokerConnection.open.bind(BrokerConnection);
  BrokerConnection.open = (...args: Parameters<typeof BrokerConnection.open>) => {
    const process = runningProcess.getStore();
    const kafka = process && kafkaOf(process);
    return kafka === undefined ? real(...args) : connect(kafka, args[1], args[2], args[3]);
  };
}

/** As BrokerConnection.open, for the process that runs now. */
function connect(
  kafka: SimKafka,
  host: string,
  port: number,
  allocate: Allocate = Buffer.allocUnsafe,
): Promise<BrokerConnection> {
  const process = present(runningProcess.getStore(), 'a simulated process');
  const node = Number(/^sim-(\d+)$/.exec(host)?.[1] ?? -1);
  return new Promise((resolve, reject) => {
    kafka.world.after(0.2 + kafka.world.random.next() * kafka.weather.slowestMs, () =>
      process.dispatch(() => {
        if (node >= 0 && node < kafka.nodes && !kafka.isAway(node)) {
          const connection = new SimBrokerConnection(kafka, process, node, `${host}:${port}`, allocate);
          kafka.connected(connection);
          resolve(connection as unknown as BrokerConnection);
        } else reject(new NoAnswerError('WEIR-4001', `simulated broker ${host} is away`, { sent: false }));
      }),
    );
  });
}

/** One connection: requests are taken in order, and answered in order. */
class SimBrokerConnection implements OpenConnection {
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
