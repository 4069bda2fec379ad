import type { Batch } from '@weir/columnar/batch.ts';

/** Splits rows by the subtask that they go to. Rows are copied: batches are only lent. */
export interface FramePartitioner {
  /** Calls `send` with a frame for every subtask that gets rows. The bytes are the receiver's. */
  split(batch: Batch, send: (subtask: number, frame: Uint8Array) => void): void;
}

export interface FrameDecoder {
  /** A batch whose columns may be views into `frame`. @throws WeirError when the frame is damaged */
  decode(frame: Uint8Array): Batch;
}
