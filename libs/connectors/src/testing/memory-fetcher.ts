import type { TopicPartition } from '@weir/kafka/contracts/cluster.ts';
import type { FetchedBlock, Fetcher, PartitionPosition } from '@weir/kafka/contracts/fetch.ts';

export interface MemoryRecord {
  readonly key?: string | null;
  readonly value: string | null;
}

interface Reading {
  offset: number;
  paused: boolean;
}

/** For tests: a fetcher of partitions that lie in memory. Blocks hold at most `blockRecords` records; offsets count from 0. */
export class MemoryFetcher implements Fetcher {
  readonly blockRecords: number;
  /** What was given back and assigned again, in order: `-0`, `+0@3`. */
  readonly events: string[] = [];
  heldBlocks = 0;
  readonly #partitions: MemoryRecord[][];
  readonly #readings = new Map<number, Reading>();
  #turn = 0;

  constructor(partitions: readonly (readonly MemoryRecord[])[], blockRecords = 100) {
    this.#partitions = partitions.map((records) => [...records]);
    this.blockRecords = blockRecords;
  }

  assign(partitions: readonly (TopicPartition & { readonly offset: number })[]): void {
    for (const { partition, offset } of partitions) {
      if (this.#readings.has(partition)) throw new Error(`partition ${partition} is assigned twice`);
      this.events.push(`+${partition}@${offset}`);
      this.#readings.set(partition, { offset, paused: false });
    }
  }

  unassign({ partition }: TopicPartition): void {
    this.events.push(`-${partition}`);
    if (!this.#readings.delete(partition)) throw new Error(`partition ${partition} is not assigned`);
  }

  poll(): FetchedBlock | undefined {
    const partitions = [...this.#readings.keys()];
    for (let tried = 0; tried < partitions.length; tried += 1) {
      const partition = partitions[(this.#turn + tried) % partitions.length] ?? 0;
      const reading = this.#reading(partition);
      const records = this.#records(partition).slice(reading.offset, reading.offset + this.blockRecords);
      if (reading.paused || records.length === 0) continue;
      this.#turn += tried + 1;
      const block = this.#block(partition, reading.offset, records);
      reading.offset += records.length;
      return block;
    }
    return undefined;
  }

  #block(partition: number, offset: number, records: readonly MemoryRecord[]): FetchedBlock {
    let data = Buffer.alloc(0);
    const put = (text: string | null | undefined): readonly [number, number] => {
      if (text === null || text === undefined) return [-1, -1];
      const start = data.length;
      data = Buffer.concat([data, Buffer.from(text)]);
      return [start, data.length];
    };
    const keys = records.map(({ key }) => put(key));
    const values = records.map(({ value }) => put(value));
    const none = new Int32Array(records.length);
    const end = this.#records(partition).length;
    this.heldBlocks += 1;
    let released = false;
    return {
      topic: 't',
      partition,
      index: {
        data: new Uint8Array(data),
        count: records.length,
        keyStarts: Int32Array.from(keys, ([start]) => start),
        keyEnds: Int32Array.from(keys, ([, stop]) => stop),
        valueStarts: Int32Array.from(values, ([start]) => start),
        valueEnds: Int32Array.from(values, ([, stop]) => stop),
        headerStarts: none,
        headerEnds: none,
        timestampsMs: new Float64Array(records.length),
        offsets: Float64Array.from(records, (_, index) => offset + index),
      },
      startOffset: offset,
      nextOffset: offset + records.length,
      highWatermark: end,
      lastStableOffset: end,
      logStartOffset: 0,
      bytes: data.length,
      release: () => {
        if (!released) this.heldBlocks -= 1;
        released = true;
      },
    };
  }

  async waitForData(signal?: AbortSignal): Promise<void> {
    const ready = [...this.#readings].some(
      ([partition, { offset, paused }]) => !paused && offset < this.#records(partition).length,
    );
    if (ready || signal === undefined) return;
    await new Promise((_, reject) => {
      signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
    });
  }

  pause({ partition }: TopicPartition): void {
    this.#reading(partition).paused = true;
  }

  resume({ partition }: TopicPartition): void {
    this.#reading(partition).paused = false;
  }

  position({ topic, partition }: TopicPartition): PartitionPosition {
    const { offset, paused } = this.#reading(partition);
    const end = this.#records(partition).length;
    return {
      topic,
      partition,
      nextOffset: offset,
      highWatermark: end,
      lastStableOffset: end,
      logStartOffset: 0,
      caughtUp: offset >= end,
      answeredAtMs: 0,
      paused,
      retrying: undefined,
    };
  }

  positions(): readonly PartitionPosition[] {
    return [...this.#readings.keys()].map((partition) => this.position({ topic: 't', partition }));
  }

  async close(): Promise<void> {}

  #records(partition: number): MemoryRecord[] {
    return this.#partitions[partition] ?? [];
  }

  #reading(partition: number): Reading {
    const reading = this.#readings.get(partition);
    if (reading === undefined) throw new Error(`partition ${partition} is not assigned`);
    return reading;
  }
}
