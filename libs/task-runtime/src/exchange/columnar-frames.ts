import type { Batch } from '@weir/columnar/batch.ts';
import { FrameReader } from '@weir/columnar/frame-reader.ts';
import { BatchPartitioner } from '@weir/columnar/partition-batch.ts';
import type { Schema } from '@weir/columnar/sql-type.ts';
import type { Exchange } from '@weir/plan/physical-plan.ts';
import { BoundedFrames } from './bounded-frames.ts';
import type { FrameDecoder, FramePartitioner } from './frame-port.ts';

/** Rows to the owners of their key groups. */
class HashFrames implements FramePartitioner {
  readonly #partitioner: BatchPartitioner;
  readonly #frames: BoundedFrames;
  readonly #keys: readonly number[];
  readonly #parallelism: number;

  constructor(schema: Schema, keys: readonly number[], parallelism: number, keyGroups: number) {
    this.#partitioner = new BatchPartitioner(parallelism, keyGroups);
    this.#frames = new BoundedFrames(schema);
    this.#keys = keys;
    this.#parallelism = parallelism;
  }

  split(batch: Batch, send: (subtask: number, frame: Uint8Array) => void): void {
    if (this.#keys.length === 0)
      return this.#frames.write(batch, null, batch.rowCount, (frame) => send(0, frame));
    const cut = this.#partitioner.partition(batch, this.#keys);
    for (let subtask = 0; subtask < this.#parallelism; subtask += 1) {
      const count = this.#partitioner.count(subtask);
      if (count === 0) continue;
      this.#frames.write(cut, this.#partitioner.selection(subtask), count, (frame) => send(subtask, frame));
    }
  }
}

/** All rows to the subtask of the same number. */
class ForwardFrames implements FramePartitioner {
  readonly #frames: BoundedFrames;
  readonly #to: number;

  constructor(schema: Schema, to: number) {
    this.#frames = new BoundedFrames(schema);
    this.#to = to;
  }

  split(batch: Batch, send: (subtask: number, frame: Uint8Array) => void): void {
    this.#frames.write(batch, null, batch.rowCount, (frame) => send(this.#to, frame));
  }
}

/** For the sending subtask `from` of an exchange. */
export function columnarPartitioner(
  exchange: Exchange,
  parallelism: number,
  keyGroups: number,
  from: number,
): FramePartitioner {
  const { partitioning, schema } = exchange;
  if (partitioning.kind === 'forward') return new ForwardFrames(schema, from);
  return new HashFrames(schema, partitioning.columns, parallelism, keyGroups);
}

export function columnarDecoder(schema: Schema): FrameDecoder {
  const reader = new FrameReader(schema);
  return { decode: (frame) => reader.read(frame) };
}
