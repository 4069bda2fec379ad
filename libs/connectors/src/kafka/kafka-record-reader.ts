import type { Batch } from '@weir/columnar/batch.ts';
import type { BatchBuilder } from '@weir/columnar/column-builder.ts';
import type { SchemaIdentity, WriterSchemas } from '@weir/formats/writer-schemas.ts';
import type { FetchedBlock, Fetcher } from '@weir/kafka/contracts/fetch.ts';
import { present } from '@weir/kernel/assert.ts';
import type { BadRecords } from './bad-records.ts';
import type { KafkaBlockDecoder } from './kafka-block-decoder.ts';
import { isDone, type KafkaSplit } from './kafka-split.ts';
import type { KafkaSplits } from './kafka-splits.ts';
import { WaitingPartitions } from './waiting-partitions.ts';

/**
 * Turns what a fetcher brings of some partitions into batches, and moves the positions of their splits.
 *
 * K1  A position moves only when rows were handed out (or there were none to hand out): a snapshot never runs ahead of `poll`.
 * K3  A partition that waits for a schema is neither at its end nor ended: rows of it are still to come, so it must hold back the watermark.
 */
export class KafkaRecordReader {
  readonly #fetcher: Fetcher;
  readonly #splits: KafkaSplits;
  readonly #decoder: KafkaBlockDecoder;
  readonly #builder: BatchBuilder;
  readonly #bad: BadRecords;
  readonly #waiting: WaitingPartitions;
  #block: FetchedBlock | undefined;
  /** All its records were handed out; the last of them may still be in use until the next poll. */
  #lastBlock: FetchedBlock | undefined;
  /** Next record of `#block`. */
  #cursor = 0;
  records = 0;
  bytes = 0;

  /** The splits are assigned to the fetcher, but for those that are done. */
  constructor(parts: {
    readonly fetcher: Fetcher;
    readonly splits: KafkaSplits;
    readonly decoder: KafkaBlockDecoder;
    readonly builder: BatchBuilder;
    readonly bad: BadRecords;
    readonly writers: WriterSchemas | null;
  }) {
    this.#fetcher = parts.fetcher;
    this.#splits = parts.splits;
    this.#decoder = parts.decoder;
    this.#builder = parts.builder;
    this.#bad = parts.bad;
    this.#waiting = new WaitingPartitions(parts.fetcher, parts.writers);
  }

  /** As Source.poll. */
  poll(): Batch | undefined {
    const builder = this.#builder;
    this.#releaseLast();
    this.#bad.rejected?.clear();
    this.#waiting.resume();
    for (;;) {
      const block = (this.#block ??= this.#fetcher.poll());
      if (block === undefined) return undefined;
      builder.reset(); // what a block without good records has left in it belongs to nothing
      const missing = this.#decodeInto(block);
      const rows = builder.rowCount;
      if (rows > 0) this.#decoder.fillMetadata(builder, block);
      const split = this.#splits.of(block);
      if (this.#cursor >= this.#countOf(block)) {
        this.#advance(split, block.nextOffset); // K1
        this.#giveBack(block);
      } else {
        this.#advance(split, present(block.index.offsets[this.#cursor], 'offset of the next record')); // K1
        if (missing !== null) {
          this.#waiting.add(split, missing);
          this.#giveBack(block);
        }
      }
      if (rows > 0) {
        this.records += rows;
        return builder.batch(split.index);
      }
      if (this.#bad.rejected?.isFull === true) return undefined;
    }
  }

  /** As Source.takeRejected. */
  takeRejected(): Batch | undefined {
    return this.#bad.rejected?.take();
  }

  /**
   * Decodes from the cursor on until the batch is full, as many were rejected as one poll may, or the block ends; the cursor stands after what was consumed.
   * @returns the schema that the next record needs, if that is why it stands there
   */
  #decodeInto(block: FetchedBlock): SchemaIdentity | null {
    const count = this.#countOf(block);
    if (this.#cursor === 0) this.bytes += block.bytes;
    while (this.#cursor < count) {
      this.#cursor += this.#decoder.decode(block, this.#cursor, count - this.#cursor, this.#builder);
      const { error } = this.#decoder;
      if (error === null) return this.#decoder.missing;
      this.#bad.add(block, this.#cursor, error);
      this.#cursor += 1;
      if (this.#bad.rejected?.isFull === true) return null;
    }
    return null;
  }

  /** Records of the block that are to be read: all, or those before the end of a bounded read. */
  #countOf(block: FetchedBlock): number {
    const end = this.#splits.of(block).endOffset;
    const { count, offsets } = block.index;
    if (end === undefined || block.nextOffset <= end) return count;
    let low = 0;
    let high = count;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((offsets[middle] ?? 0) < end) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  #advance(split: KafkaSplit, nextOffset: number): void {
    split.nextOffset = nextOffset;
    // What lies behind the end must not fill the budget that the other partitions need.
    if (isDone(split)) this.#fetcher.unassign(split);
  }

  /** No more is read of the block, but its last rows may be in the batch that `poll` returns. */
  #giveBack(block: FetchedBlock): void {
    this.#releaseLast();
    this.#lastBlock = block;
    this.#block = undefined;
    this.#cursor = 0;
  }

  #releaseLast(): void {
    this.#lastBlock?.release();
    this.#lastBlock = undefined;
  }

  /** Resolves once `poll` may return something or throw; rejects with the signal's reason. */
  async wait(signal: AbortSignal): Promise<void> {
    this.#waiting.resume();
    if (this.#block !== undefined) return;
    if (this.#waiting.size === 0) {
      await this.#fetcher.waitForData(signal);
      return;
    }
    const other = new AbortController();
    const either = AbortSignal.any([signal, other.signal]);
    const data = this.#fetcher.waitForData(either);
    data.catch(() => {}); // it is awaited below; when a schema comes first nobody is there for the end of it
    try {
      await Promise.race([data, this.#waiting.changed(either)]);
    } finally {
      other.abort();
    }
    signal.throwIfAborted();
  }

  /** Has all that is there of the split been polled? (K3) */
  isAtEnd(split: KafkaSplit): boolean {
    if (isDone(split)) return true;
    if (this.#waiting.has(split)) return false;
    const block = this.#block;
    return (
      (block === undefined || this.#splits.of(block) !== split) && this.#fetcher.position(split).caughtUp
    );
  }

  /** Where the split's records end, as far as is known; -1 before the first answer. */
  endOf(split: KafkaSplit): number {
    return (
      split.endOffset ??
      this.#waiting.lastStableOffset(split) ??
      this.#fetcher.position(split).lastStableOffset
    );
  }

  /** For each partition that waits for a schema which, and why it isn't there. */
  get waiting(): ReturnType<WaitingPartitions['reasons']> {
    return this.#waiting.reasons();
  }
}
