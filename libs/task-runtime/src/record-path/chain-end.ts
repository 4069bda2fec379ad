import type { Batch } from '@weir/columnar/batch.ts';

/** Where rows leave a subtask: a sink, or the sending side of an exchange. */
export interface ChainEnd {
  write(batch: Batch): void;
  watermark(micros: number): void;
  /** Everything that reaches this end is idle, or something is active again. */
  idle(idle: boolean): void;
  /** False asks the subtask to stop until `notify` was called. Writes are taken all the same: a batch isn't split. */
  hasRoom(notify: () => void): boolean;
}
