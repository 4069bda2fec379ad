import { crc32c } from '@weir/kafka/record-batch/crc32c.ts';
import { at, attribute } from '@weir/kafka/record-batch/layout.ts';
import { brokerError } from '@weir/kafka/broker-errors.ts';

export interface LoggedBatch {
  readonly baseOffset: number;
  readonly lastOffset: number;
  readonly bytes: Buffer;
  readonly producerId: bigint;
  readonly producerEpoch: number;
  readonly transactional: boolean;
  /** Of a control batch: what it ends. */
  readonly marker: 'commit' | 'abort' | null;
}

export interface AbortedRange {
  readonly producerId: bigint;
  readonly firstOffset: number;
  readonly lastOffset: number;
}

interface KnownProducer {
  epoch: number;
  nextSequence: number;
  /** The last five batches, for repeats. */
  recent: { readonly baseSequence: number; readonly baseOffset: number }[];
  /** First offset of the open transaction, or -1. */
  openFrom: number;
}

export interface AppendResult {
  readonly errorCode: number;
  readonly baseOffset: number;
}

/** One partition: batches, the producers that it knows, transactions by their markers. */
export class SimLog {
  readonly topic: string;
  readonly partition: number;
  readonly batches: LoggedBatch[] = [];
  readonly aborted: AbortedRange[] = [];
  highWatermark = 0;
  readonly #producers = new Map<bigint, KnownProducer>();
  readonly #waiters = new Set<() => void>();

  constructor(topic: string, partition: number) {
    this.topic = topic;
    this.partition = partition;
  }

  get lastStableOffset(): number {
    let stable = this.highWatermark;
    for (const { openFrom } of this.#producers.values()) {
      if (openFrom >= 0) stable = Math.min(stable, openFrom);
    }
    return stable;
  }

  /**
   * A Produce of one batch.
   * @param verified whether the coordinator says that the transaction has this partition
   */
  append(sent: Uint8Array, verified: boolean): AppendResult {
    const bytes = Buffer.from(sent);
    const producerId = bytes.readBigInt64BE(at.producerId);
    const epoch = bytes.readInt16BE(at.producerEpoch);
    const sequence = bytes.readInt32BE(at.baseSequence);
    const transactional = (bytes.readInt16BE(at.attributes) & attribute.transactional) !== 0;
    const producer = this.#producer(producerId, epoch);
    if (epoch < producer.epoch) return refused(brokerError.invalidProducerEpoch);
    if (epoch > producer.epoch) Object.assign(producer, { epoch, nextSequence: 0, recent: [] });
    const repeated = producer.recent.find((each) => each.baseSequence === sequence);
    if (repeated !== undefined) return { errorCode: 0, baseOffset: repeated.baseOffset };
    if (transactional && !verified) return refused(brokerError.invalidTxnState);
    if (sequence !== producer.nextSequence) return refused(brokerError.outOfOrderSequence);
    const baseOffset = this.#add(bytes, producerId, epoch, transactional, null);
    producer.nextSequence += bytes.readInt32BE(at.recordCount);
    producer.recent = [...producer.recent.slice(-4), { baseSequence: sequence, baseOffset }];
    if (transactional && producer.openFrom < 0) producer.openFrom = baseOffset;
    this.changed();
    return { errorCode: 0, baseOffset };
  }

  /** What the coordinator writes at the end of a transaction. A raised epoch fences what the producer may still send. */
  endTransaction(producerId: bigint, epoch: number, marker: 'commit' | 'abort'): void {
    const producer = this.#producer(producerId, epoch);
    const bytes = markerBatch(producerId, epoch, marker);
    const offset = this.#add(bytes, producerId, epoch, true, marker);
    if (marker === 'abort' && producer.openFrom >= 0) {
      this.aborted.push({ producerId, firstOffset: producer.openFrom, lastOffset: offset });
    }
    producer.openFrom = -1;
    if (epoch > producer.epoch) Object.assign(producer, { epoch, nextSequence: 0, recent: [] });
    this.changed();
  }

  /** Batches from an offset up to `end` (exclusive), about `maxBytes` of them, at least one. */
  read(from: number, end: number, maxBytes: number): LoggedBatch[] {
    const found: LoggedBatch[] = [];
    let bytes = 0;
    let index = this.#indexOf(from);
    for (; index < this.batches.length; index += 1) {
      const batch = this.batches[index] as LoggedBatch;
      if (batch.lastOffset >= end || (found.length > 0 && bytes + batch.bytes.length > maxBytes)) break;
      bytes += batch.bytes.length;
      found.push(batch);
    }
    return found;
  }

  /** Calls back once, after the next change. Returns what takes it back. */
  onceChanged(listener: () => void): () => void {
    this.#waiters.add(listener);
    return () => void this.#waiters.delete(listener);
  }

  changed(): void {
    const waiters = [...this.#waiters];
    this.#waiters.clear();
    for (const waiter of waiters) waiter();
  }

  #producer(producerId: bigint, epoch: number): KnownProducer {
    let producer = this.#producers.get(producerId);
    if (producer === undefined) {
      producer = { epoch, nextSequence: 0, recent: [], openFrom: -1 };
      this.#producers.set(producerId, producer);
    }
    return producer;
  }

  #indexOf(offset: number): number {
    let low = 0;
    let high = this.batches.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.batches[middle] as LoggedBatch).lastOffset < offset) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  #add(
    bytes: Buffer,
    producerId: bigint,
    producerEpoch: number,
    transactional: boolean,
    marker: LoggedBatch['marker'],
  ): number {
    const baseOffset = this.highWatermark;
    bytes.writeBigInt64BE(BigInt(baseOffset), at.baseOffset);
    const lastOffset = baseOffset + bytes.readInt32BE(at.lastOffsetDelta);
    this.batches.push({ baseOffset, lastOffset, bytes, producerId, producerEpoch, transactional, marker });
    this.highWatermark = lastOffset + 1;
    return baseOffset;
  }
}

function refused(errorCode: number): AppendResult {
  return { errorCode, baseOffset: -1 };
}

function markerBatch(producerId: bigint, epoch: number, marker: 'commit' | 'abort'): Buffer {
  // Record: length 16, attributes, timestamp delta, offset delta, key of 4 bytes (version, type), value of 6, no headers.
  const record = [32, 0, 0, 0, 8, 0, 0, 0, marker === 'commit' ? 1 : 0, 12, 0, 0, 0, 0, 0, 0, 0];
  return controlBatch(record, producerId, epoch);
}

function controlBatch(record: readonly number[], producerId: bigint, epoch: number): Buffer {
  const bytes = Buffer.alloc(at.recordCount + 4 + record.length);
  bytes.set(record, at.recordCount + 4);
  bytes.writeInt32BE(bytes.length - at.leaderEpoch, at.batchLength);
  bytes.writeInt32BE(-1, at.leaderEpoch);
  bytes[at.magic] = 2;
  bytes.writeInt16BE(attribute.transactional | attribute.control, at.attributes);
  bytes.writeBigInt64BE(producerId, at.producerId);
  bytes.writeInt16BE(epoch, at.producerEpoch);
  bytes.writeInt32BE(-1, at.baseSequence);
  bytes.writeInt32BE(1, at.recordCount);
  return withCrc(bytes);
}

/** The client checks it. */
function withCrc(bytes: Buffer): Buffer {
  bytes.writeUInt32BE(crc32c(bytes, at.attributes, bytes.length), at.crc);
  return bytes;
}
