import type { Batch } from '@weir/columnar/batch.ts';

/** Collects rows into frames by the subtask that they go to. Rows are copied: batches are only lent. */
export interface FramePartitioner {
  add(batch: Batch): void;
  /** Rows that are collected for a subtask and in no frame yet. */
  rows(subtask: number): number;
  /** The frame with what is collected for a subtask; undefined when that is nothing. The bytes are the caller's. */
  take(subtask: number): Uint8Array | undefined;
}

export interface FrameDecoder {
  /** A batch whose columns may be views into `frame`; valid until the next call. @throws WeirError when the frame is damaged */
  decode(frame: Uint8Array): Batch;
}
