import { BatchWriter } from '@weir/kafka/record-batch/batch-writer.ts';
import type { SimKafka } from '../simulator/kafka/sim-kafka.ts';
import { SimRandom } from '@weir/testkit/sim-random.ts';
import { simEpochMs, type SimWorld } from '@weir/testkit/sim-world.ts';
import type { SimSchemas } from './sim-schemas.ts';
import { topics, windowMs } from './sim-pipeline.ts';

export interface InputRecord {
  readonly id: number;
  readonly k: number;
  readonly v: number;
  /** Event time, ms since 1970. */
  readonly ts: number;
}

/** Keys that end the windows: far behind all others, and left out of what is compared. */
const lastKey = -1;

/** Records that nobody can read. */
const isBad = ({ id }: InputRecord): boolean => id % 11 === 3;

/** What dead letters hold, too. */
function textOf(record: InputRecord): string {
  return isBad(record) ? `bad ${record.id}` : JSON.stringify(record);
}

/** What the committed input asks for; open windows at the end aren't among it. */
export interface ExpectedOutput {
  /** id -> the record of topic `kept`. */
  readonly kept: ReadonlyMap<number, string>;
  /** `k start` -> the record of topic `windows`. */
  readonly windows: ReadonlyMap<string, string>;
  /** id -> the record of topic `dead`. */
  readonly dead: ReadonlyMap<number, string>;
}

/** Writes the input: transactions over all partitions, of which some are aborted, event times in order within each partition. */
export class SimInput {
  readonly #world: SimWorld;
  readonly #kafka: SimKafka;
  readonly #random: SimRandom;
  readonly #schemas: SimSchemas;
  readonly #committed: InputRecord[] = [];
  readonly #eventTime: number[];
  #nextId = 0;
  #ended = false;

  constructor(world: SimWorld, kafka: SimKafka, schemas: SimSchemas) {
    this.#world = world;
    this.#schemas = schemas;
    this.#kafka = kafka;
    this.#random = new SimRandom(`${world.seed}/input`);
    const { logs } = kafka.createTopic(topics.input, 3);
    this.#eventTime = logs.map(() => simEpochMs);
  }

  get ended(): boolean {
    return this.#ended;
  }

  /** Writes until `untilMs`, then what closes all windows. */
  start(untilMs: number): void {
    const step = (): void => {
      if (this.#world.nowMs >= untilMs) return this.#end();
      this.#transaction();
      this.#world.after(this.#random.between(5, 150), step);
    };
    step();
  }

  expected(): ExpectedOutput {
    const kept = new Map<number, string>();
    const dead = new Map<number, string>();
    const sums = new Map<string, { k: number; start: number; n: number; total: number }>();
    for (const record of this.#committed) {
      const { id, k, v, ts } = record;
      if (isBad(record)) {
        dead.set(id, textOf(record));
        continue;
      }
      if (v % 10 < 7) kept.set(id, JSON.stringify({ id, k, twice: v * 2 }));
      if (k === lastKey) continue;
      const start = Math.floor(ts / windowMs) * windowMs;
      const sum = sums.get(`${k} ${start}`) ?? { k, start, n: 0, total: 0 };
      sum.n += 1;
      sum.total += v;
      sums.set(`${k} ${start}`, sum);
    }
    const windows = new Map([...sums].map(([key, sum]) => [key, JSON.stringify(sum)]));
    return { kept, windows, dead };
  }

  #transaction(): void {
    const producerId = this.#kafka.transactions.newProducerId();
    const { logs } = this.#kafka.topics.get(topics.input) ?? { logs: [] };
    const isAborted = this.#random.chance(0.15);
    for (const log of logs) {
      const count = this.#random.below(6);
      if (count === 0) continue;
      const records = Array.from({ length: count }, () => this.#record(log.partition));
      log.append(this.#batchOf(records, producerId, log.partition), true);
      if (!isAborted) this.#committed.push(...records);
      const openMs = this.#random.chance(0.05) ? this.#random.between(100, 900) : this.#random.between(1, 10);
      this.#world.after(openMs, () => log.endTransaction(producerId, 0, isAborted ? 'abort' : 'commit'));
    }
  }

  #record(partition: number): InputRecord {
    const random = this.#random;
    this.#nextId += 1;
    const ts = (this.#eventTime[partition] ?? simEpochMs) + random.below(60);
    this.#eventTime[partition] = ts;
    return { id: this.#nextId, k: random.below(8), v: random.below(1000), ts };
  }

  #end(): void {
    const { logs } = this.#kafka.topics.get(topics.input) ?? { logs: [] };
    for (const log of logs) {
      do this.#nextId += 1;
      while (isBad({ id: this.#nextId, k: lastKey, v: 7, ts: 0 }));
      const record = { id: this.#nextId, k: lastKey, v: 7, ts: simEpochMs + 86_400_000 };
      log.append(this.#batchOf([record], this.#kafka.transactions.newProducerId(), log.partition), true);
      const [batch] = log.batches.slice(-1);
      if (batch !== undefined) log.endTransaction(batch.producerId, 0, 'commit');
    }
    this.#ended = true;
  }

  #batchOf(records: readonly InputRecord[], producerId: bigint, partition: number): Uint8Array {
    const writer = new BatchWriter(64 * 1024);
    for (const record of records) {
      const value =
        this.#schemas.drawn && !isBad(record)
          ? this.#schemas.encode(record, partition)
          : Buffer.from(textOf(record));
      writer.reserve(value.length);
      writer.buffer.set(value, writer.valueStart);
      writer.commitRecord(writer.valueStart + value.length, record.ts);
    }
    // Without compression nothing of it is asynchronous.
    void writer.seal('none', true);
    return writer.stamp(producerId, 0, 0);
  }
}
