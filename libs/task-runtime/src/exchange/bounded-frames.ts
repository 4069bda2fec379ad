import { rowKind, type Batch } from '@weir/columnar/batch.ts';
import { FrameWriter } from '@weir/columnar/frame-writer.ts';
import type { Schema } from '@weir/columnar/sql-type.ts';
import { WeirError } from '@weir/kernel/errors.ts';
import { largestFrameBytes } from '@weir/wire/call-limits.ts';

export interface FrameBounds {
  /** Bytes above which a frame of several rows is split. */
  readonly split: number;
  /** Bytes above which a frame can't be sent. */
  readonly largest: number;
}

const frameBounds: FrameBounds = { split: 4 * 1024 * 1024, largest: largestFrameBytes };

/**
 * Frames of rows that the transport takes: rows that are too much for one go in several, in their order. An update-before stays in one
 * frame with its update-after, as on every edge.
 */
export class BoundedFrames {
  readonly #writer: FrameWriter;
  readonly #bounds: FrameBounds;
  #everyRow = new Int32Array(0);

  constructor(schema: Schema, bounds = frameBounds) {
    this.#writer = new FrameWriter(schema);
    this.#bounds = bounds;
  }

  /**
   * The rows selection[0] .. selection[count - 1], or all.
   * @throws WeirError WEIR-7217 (fatal: it would come again) for a row that no frame holds
   */
  write(batch: Batch, selection: Int32Array | null, count: number, send: (frame: Uint8Array) => void): void {
    const frame = this.#writer.write(batch, selection, count);
    if (frame.length <= this.#bounds.split) return send(frame);
    const rows = selection ?? this.#all(count);
    const half = cutAt(batch, rows, count);
    if (half > 0) {
      this.write(batch, rows.subarray(0, half), half, send);
      this.write(batch, rows.subarray(half, count), count - half, send);
      return;
    }
    if (frame.length <= this.#bounds.largest) return send(frame);
    throw new WeirError(
      'WEIR-7217',
      `a row of ${frame.length} bytes can't go from one worker to another: ${this.#bounds.largest} is the most`,
      { hint: 'leave the large columns out before rows are grouped or joined, or make them smaller' },
    );
  }

  #all(count: number): Int32Array {
    if (this.#everyRow.length < count) this.#everyRow = Int32Array.from({ length: count }, (_, row) => row);
    return this.#everyRow.subarray(0, count);
  }
}

/** Where rows are cut in two without parting an update; 0 where they can't be. */
function cutAt(batch: Batch, rows: Int32Array, count: number): number {
  const half = count >> 1;
  const parts = (at: number): boolean =>
    batch.rowKinds !== null && at > 0 && batch.rowKinds[rows[at - 1] ?? 0] === rowKind.updateBefore;
  if (!parts(half)) return half;
  return half + 1 < count ? half + 1 : half - 1;
}
