import type { Batch } from '@weir/columnar/batch.ts';
import { FrameReader } from '@weir/columnar/frame-reader.ts';
import { FrameWriter } from '@weir/columnar/frame-writer.ts';
import { BatchPartitioner } from '@weir/columnar/partition-batch.ts';
import type { Schema } from '@weir/columnar/sql-type.ts';
import type { Exchange } from '@weir/plan/physical-plan.ts';
import type { FrameDecoder, FramePartitioner } from './frame-port.ts';

/** Rows to the owners of their key groups. */
class HashFrames implements FramePartitioner {
  readonly #partitioner: BatchPartitioner;
  readonly #writer: FrameWriter;
  readonly #keys: readonly number[];
  readonly #parallelism: number;

  constructor(schema: Schema, keys: readonly number[], parallelism: number, keyGroups: number) {
    this.#partitioner = new BatchPartitioner(parallelism, keyGroups);
    this.#writer = new FrameWriter(schema);
    this.#keys = keys;
    this.#parallelism = parallelism;
  }

  split(batch: Batch, send: (subtask: number, frame: Uint8Array) => void): void {
    if (this.#keys.length === 0) return send(0, this.#writer.write(batch));
    const cut = this.#partitioner.partition(batch, this.#keys);
    for (let subtask = 0; subtask < this.#parallelism; subtask += 1) {
      const count = this.#partitioner.count(subtask);
      if (count > 0) send(subtask, this.#writer.write(cut, this.#partitioner.selection(subtask), count));
    }
  }
}

/** All rows to the subtask of the same number. */
class ForwardFrames implements FramePartitioner {
  readonly #writer: FrameWriter;
  readonly #to: number;

  constructor(schema: Schema, to: number) {
    this.#writer = new FrameWriter(schema);
    this.#to = to;
  }

  split(batch: Batch, send: (subtask: number, frame: Uint8Array) => void): void {
    send(this.#to, this.#writer.write(batch));
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
