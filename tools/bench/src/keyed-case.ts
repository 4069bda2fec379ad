import { setTimeout as pause } from 'node:timers/promises';
import { IdempotentProducer } from '@weir/kafka/produce/idempotent-producer.ts';
import { present } from '@weir/kernel/assert.ts';
import type { Pipeline } from '@weir/wire/gen/weir/v1/pipeline.ts';
import { inRoom, round } from './bench-setting.ts';
import type { BenchSetting, CaseRoom } from './bench-setting.ts';
import { inputPartitions } from './fill-bids.ts';
import { fileBytesOf, peakRssMiBOf, rssMiBOf } from './process-cost.ts';
import { pipelineSql, queries } from './queries.ts';
import { readScrape, scrape, stallQuantileMs } from './worker-scrape.ts';
import type { WorkerScrape } from './worker-scrape.ts';

/** Windowed aggregates over many keys, fed as fast as the worker takes it, then by a share of the keys a second. */
export interface KeyedCase {
  readonly name: string;
  readonly query: string;
  /** Windows that come one after the other, each with every key once. */
  readonly windows: number;
  readonly windowSeconds: number;
  readonly keys: number;
  /** Seconds in which a hundredth of the keys changes in each, in the last window. */
  readonly changingSeconds: number;
}

export const keyedCases: readonly KeyedCase[] = [
  {
    name: 'keys-1m',
    query: 'tumble',
    windows: 20,
    windowSeconds: 10,
    keys: 1_000_000,
    changingSeconds: 0,
  },
  {
    name: 'state-500mb',
    query: 'tumble-hour',
    windows: 1,
    windowSeconds: 3600,
    keys: 14_000_000,
    changingSeconds: 120,
  },
];

/** Epochs of a stretch of time, of the one worker. */
interface EpochFigures {
  readonly epochs: number;
  readonly writtenMiBPerEpoch: number;
  /** For which a subtask with state stood still to snapshot, between the bounds of a histogram. */
  readonly stallP50Ms: number;
  readonly stallP99Ms: number;
}

export interface KeyedFigures {
  readonly name: string;
  readonly records: number;
  readonly wallSeconds: number;
  /** After each window was read: of the worker. */
  readonly rssMiB: readonly number[];
  readonly peakRssMiB: number;
  /** In the pieces of a checkpoint, at most. */
  readonly stateMiB: number;
  readonly filling: EpochFigures;
  readonly changing: EpochFigures | null;
}

const pipeline = 'bench';
const recordsInBatch = 500;
const startMs = Date.UTC(2026, 0, 1);
const readLimitMs = 10 * 60_000;
const changedShare = 0.01;
/** The source's and the aggregate's. The source has no state: its half of the figures is the lower one. */
const subtasks = 2;
const ascii = new TextEncoder();

/** @throws WeirError when the pipeline fails, or doesn't read what was written */
export async function runKeyedCase(setting: BenchSetting, given: KeyedCase): Promise<KeyedFigures> {
  return await inRoom(setting, { workers: 1, topics: 2 }, async (room) => {
    const [inputTopic = '', outputTopic = ''] = room.topics;
    const { client, kafka } = room;
    const query = present(queries[given.query], `query ${given.query}`);
    const { bootstrap } = setting;
    const sql = pipelineSql({
      query,
      bootstrap,
      inputTopic,
      bounded: false,
      sink: 'exactly-once',
      outputTopic,
    });
    await client.create({ name: pipeline, sql, parallelism: 1, checkpointInterval: '1s' });
    await client.untilState(pipeline, 'running');
    const producer = await IdempotentProducer.open(kafka, { batchBytes: 256 * 1024 });
    try {
      const feed = new KeyedFeed(producer, inputTopic, given);
      const figures = await measure(room, feed, given);
      await client.stop(pipeline, 'immediate');
      return figures;
    } finally {
      await producer.close();
    }
  });
}

async function measure(room: CaseRoom, feed: KeyedFeed, given: KeyedCase): Promise<KeyedFigures> {
  const { pid, addresses } = present(room.cluster.workers[0], 'the worker');
  const look = (): Promise<Look> => takeLook(pid, addresses.adminAddress);
  const startedMs = performance.now();
  const begin = await look();
  const rssMiB: number[] = [];
  let stateBytes = 0;
  for (let window = 0; window < given.windows; window += 1) {
    await feed.window(window);
    await untilRead(room, feed.written);
    rssMiB.push(Math.round(rssMiBOf(pid)));
    stateBytes = Math.max(stateBytes, (await look()).scrape.stateBytes);
  }
  const filled = await look();
  for (let second = 0; second < given.changingSeconds; second += 1) {
    const next = pause(1000);
    await feed.change(second);
    await next;
  }
  const changed = await look();
  return {
    name: given.name,
    records: feed.written,
    wallSeconds: round((performance.now() - startedMs) / 1000, 1),
    rssMiB,
    peakRssMiB: Math.round(peakRssMiBOf(pid)),
    stateMiB: Math.round(Math.max(stateBytes, changed.scrape.stateBytes) / 2 ** 20),
    filling: between(begin, filled),
    changing: given.changingSeconds === 0 ? null : between(filled, changed),
  };
}

interface Look {
  readonly scrape: WorkerScrape;
  readonly fileBytes: number;
}

async function takeLook(pid: number, adminAddress: string): Promise<Look> {
  return { scrape: readScrape(await scrape(adminAddress)), fileBytes: fileBytesOf(pid) };
}

function between(from: Look, to: Look): EpochFigures {
  const epochs = (to.scrape.stalls.count - from.scrape.stalls.count) / subtasks;
  const stall = (share: number): number => {
    const { stalls } = from.scrape;
    return round(stallQuantileMs(stalls, to.scrape.stalls, 1 - (1 - share) / subtasks), 1);
  };
  return {
    epochs: Math.round(epochs),
    writtenMiBPerEpoch: round((to.fileBytes - from.fileBytes) / 2 ** 20 / epochs, 2),
    stallP50Ms: stall(0.5),
    stallP99Ms: stall(0.99),
  };
}

/** @throws WeirError with the pipeline's error once it has failed */
async function untilRead({ client }: CaseRoom, records: number): Promise<void> {
  const isRead = ({ operators }: Pipeline): boolean =>
    operators.some(({ kind, recordsOut }) => kind === 'source' && Number(recordsOut) >= records);
  await client.until(pipeline, `to have read ${records} records`, isRead, readLimitMs);
}

/** Writes bids of 70 bytes, keys in the order of a window's time. */
class KeyedFeed {
  readonly #producer: IdempotentProducer;
  readonly #topic: string;
  readonly #given: KeyedCase;
  #turn = 0;
  written = 0;

  constructor(producer: IdempotentProducer, topic: string, given: KeyedCase) {
    this.#producer = producer;
    this.#topic = topic;
    this.#given = given;
  }

  /** Every key once. */
  async window(window: number): Promise<void> {
    const { keys, windowSeconds } = this.#given;
    await this.#write(
      keys,
      (row) => row,
      (row) => startMs + (window + row / keys) * windowSeconds * 1000,
    );
  }

  /** A hundredth of the keys, in no order, at the end of the last window. */
  async change(turn: number): Promise<void> {
    const { keys, windows, windowSeconds } = this.#given;
    const count = keys * changedShare;
    const atMs = startMs + windows * windowSeconds * 1000 - 1;
    const key = (row: number): number => (Math.imul(row + turn * count, 0x9e3779b1) >>> 0) % keys;
    await this.#write(count, key, () => atMs);
  }

  async #write(count: number, key: (row: number) => number, timeMs: (row: number) => number): Promise<void> {
    const producer = this.#producer;
    for (let row = 0; row < count;) {
      const writer = producer.newBatch();
      const end = Math.min(count, row + recordsInBatch);
      // One text of time a batch: a window's end lies within no batch.
      const nowMs = Date.now(); // of the record: with its event time the broker's retention would take it
      const time = new Date(Math.floor(timeMs(row))).toISOString();
      for (; row < end; row += 1) {
        const value = `{"auction":${key(row)},"price":100,"dateTime":"${time}"}`;
        writer.reserve(value.length);
        const { written } = ascii.encodeInto(value, writer.buffer.subarray(writer.valueStart));
        writer.commitRecord(writer.valueStart + written, nowMs);
      }
      producer.send({ topic: this.#topic, partition: this.#turn % inputPartitions }, writer);
      this.#turn += 1;
      if (!producer.hasRoom) await producer.waitForRoom();
    }
    await producer.flush({ deadlineMs: 60_000 });
    this.written += count;
  }
}
