import { setTimeout as pause } from 'node:timers/promises';
import type { KafkaCluster } from '@weir/kafka/cluster-access.ts';
import { PartitionFetcher } from '@weir/kafka/fetch/partition-fetcher.ts';
import { IdempotentProducer } from '@weir/kafka/produce/idempotent-producer.ts';
import { present } from '@weir/kernel/assert.ts';
import { WeirError } from '@weir/kernel/errors.ts';
import { inRoom, round } from './bench-setting.ts';
import type { BenchSetting, CaseRoom } from './bench-setting.ts';
import { clusterCpuSeconds } from './cost-samples.ts';
import { peakRssMiBOf } from './process-cost.ts';
import { pipelineSql, queries } from './queries.ts';

export interface LatencyCase {
  readonly name: string;
  readonly checkpointInterval: string;
}

export interface LatencyFigures {
  readonly name: string;
  readonly records: number;
  readonly cpuSecondsPerMillion: number;
  readonly recordsPerCpuSecond: number;
  readonly wallSeconds: number;
  readonly peakRssMiB: number;
  /** From a record's produce to its sight by a read_committed reader. */
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly p999Ms: number;
  readonly maxMs: number;
  /** CPU of Weir's processes while the load ran. */
  readonly cores: number;
}

const perSecond = 5000;
const tickMs = 5;
const partitions = 4;
const pipeline = 'bench';
/** Records of this long are not counted: processes and connections are cold. */
const warmUpMs = 8000;
const measuredMs = 30_000;

/** q0, exactly once, under a steady load of 5,000 records a second. */
export async function runLatencyCase(setting: BenchSetting, given: LatencyCase): Promise<LatencyFigures> {
  return await inRoom(setting, { workers: 1, topics: 2 }, async (room) => {
    const [inputTopic = '', outputTopic = ''] = room.topics;
    const sql = pipelineSql({
      query: present(queries['q0'], 'query q0'),
      bootstrap: setting.bootstrap,
      inputTopic,
      bounded: false,
      sink: 'exactly-once',
      outputTopic,
    });
    await room.client.create({
      name: pipeline,
      sql,
      parallelism: 1,
      checkpointInterval: given.checkpointInterval,
    });
    await room.client.untilState(pipeline, 'running');
    const figures = await underLoad(room, inputTopic, outputTopic);
    await room.client.stop(pipeline, 'immediate');
    return { name: given.name, ...figures };
  });
}

async function underLoad(
  { kafka, cluster }: CaseRoom,
  inputTopic: string,
  outputTopic: string,
): Promise<Omit<LatencyFigures, 'name'>> {
  const reader = new LatencyReader(kafka, outputTopic);
  const load = await Load.start(kafka, inputTopic);
  await pause(warmUpMs);
  reader.begin();
  const beginCpu = clusterCpuSeconds(cluster);
  await pause(measuredMs);
  const cpuSeconds = clusterCpuSeconds(cluster) - beginCpu;
  const latencies = reader.end();
  await load.stop();
  await reader.close();
  const worker = present(cluster.workers[0], 'the worker');
  if (latencies.length < (measuredMs / 1000) * perSecond * 0.9) {
    throw new WeirError(
      'WEIR-9102',
      `only ${latencies.length} records came through in ${measuredMs / 1000} s at ${perSecond} a second`,
      { hint: 'the pipeline, the broker or this program did not keep up: is the machine busy?' },
    );
  }
  return {
    records: latencies.length,
    cpuSecondsPerMillion: round((cpuSeconds / latencies.length) * 1e6, 2),
    recordsPerCpuSecond: Math.round(latencies.length / cpuSeconds),
    wallSeconds: measuredMs / 1000,
    peakRssMiB: Math.round(peakRssMiBOf(worker.pid)),
    p50Ms: quantile(latencies, 0.5),
    p99Ms: quantile(latencies, 0.99),
    p999Ms: quantile(latencies, 0.999),
    maxMs: quantile(latencies, 1),
    cores: round(cpuSeconds / (measuredMs / 1000), 3),
  };
}

/** @param sorted ascending */
export function quantile(sorted: Float64Array, share: number): number {
  const index = Math.min(sorted.length - 1, Math.max(0, Math.ceil(sorted.length * share) - 1));
  return round(sorted[index] ?? Number.NaN, 1);
}

function nowMicros(): number {
  return Math.round((performance.timeOrigin + performance.now()) * 1000);
}

/** Produces bids in step with the clock; the bidder is the time of the produce in microseconds. */
class Load {
  readonly #producer: IdempotentProducer;
  readonly #topic: string;
  readonly #beginMs = performance.now();
  readonly #timer: NodeJS.Timeout;
  #written = 0;

  private constructor(producer: IdempotentProducer, topic: string) {
    this.#producer = producer;
    this.#topic = topic;
    this.#timer = setInterval(() => this.#writeDue(), tickMs);
  }

  static async start(kafka: KafkaCluster, topic: string): Promise<Load> {
    return new Load(await IdempotentProducer.open(kafka), topic);
  }

  async stop(): Promise<void> {
    clearInterval(this.#timer);
    await this.#producer.flush({ deadlineMs: 10_000 });
    await this.#producer.close();
  }

  #writeDue(): void {
    const due = Math.floor(((performance.now() - this.#beginMs) * perSecond) / 1000);
    const writers = Array.from({ length: partitions }, () => this.#producer.newBatch());
    for (; this.#written < due; this.#written += 1) {
      const value = Buffer.from(bidAt(this.#written, nowMicros()));
      const writer = present(writers[this.#written % partitions], 'batch of a partition');
      writer.reserve(value.length);
      writer.buffer.set(value, writer.valueStart);
      writer.commitRecord(writer.valueStart + value.length, Date.now());
    }
    for (const [partition, writer] of writers.entries())
      this.#producer.send({ topic: this.#topic, partition }, writer);
  }
}

function bidAt(number: number, micros: number): string {
  return `{"auction":${1000 + (number % 977)},"bidder":${micros},"price":${100 + (number % 99_991)},"channel":"channel-${number % 10_000}","url":"https://www.nexmark.com/abcde/fghij/klmno/item.htm?query=1&channel_id=${number % 1_000_003}","dateTime":"2026-01-01 00:00:00.000","extra":"abcdefghijklmnopqrstuvwx"}`;
}

const marker = Buffer.from('"bidder":');
/** The marker comes early in a record. */
const markerLimit = 64;

/** Reads committed records as they become visible and notes how old each is. */
class LatencyReader {
  readonly #fetcher: PartitionFetcher;
  readonly #latencies = new Float64Array(((warmUpMs + measuredMs) / 1000) * perSecond * 2);
  #count = 0;
  #counting = false;

  constructor(kafka: KafkaCluster, topic: string) {
    this.#fetcher = new PartitionFetcher(kafka, {
      isolation: 'read_committed',
      onReady: () => setImmediate(() => this.#readAll()),
    });
    this.#fetcher.assign(
      Array.from({ length: partitions }, (_, partition) => ({ topic, partition, offset: 0 })),
    );
    this.#readAll();
  }

  begin(): void {
    this.#counting = true;
  }

  /** @returns milliseconds, ascending */
  end(): Float64Array {
    this.#counting = false;
    return this.#latencies.slice(0, this.#count).toSorted();
  }

  async close(): Promise<void> {
    await this.#fetcher.close().catch(() => undefined);
  }

  #readAll(): void {
    const now = nowMicros();
    for (let block = this.#next(); block !== undefined; block = this.#next()) {
      const { index } = block;
      const bytes = Buffer.from(index.data.buffer, index.data.byteOffset, index.data.byteLength);
      for (let record = 0; record < index.count; record += 1) {
        this.#note(now - producedAt(bytes, index.valueStarts[record] ?? 0));
      }
      block.release();
    }
  }

  #next(): ReturnType<PartitionFetcher['poll']> {
    try {
      return this.#fetcher.poll();
    } catch {
      return undefined; // closed
    }
  }

  #note(micros: number): void {
    if (!this.#counting || this.#count >= this.#latencies.length) return;
    this.#latencies[this.#count] = micros / 1000;
    this.#count += 1;
  }
}

function producedAt(bytes: Buffer, start: number): number {
  const found = bytes.subarray(start, start + markerLimit).indexOf(marker);
  let micros = 0;
  for (let at = start + found + marker.length; ; at += 1) {
    const digit = (bytes[at] ?? 0) - 48;
    if (digit < 0 || digit > 9) return micros;
    micros = micros * 10 + digit;
  }
}
