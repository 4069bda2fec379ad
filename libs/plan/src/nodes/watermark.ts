import type { Expression } from '../expression.ts';

/** Makes watermarks from rows, per source partition, monotonic; the subtask's watermark is the least over partitions that are not idle. */
export interface WatermarkNode {
  readonly kind: 'watermark';
  /** Index of the event-time column (a timestamp). Rows with NULL there fail the pipeline unless the table drops them. */
  readonly eventTime: number;
  /** The watermark that a row implies: a timestamp expression over the row. A plain `ts - INTERVAL` is given as `delayMicros` too. */
  readonly expression: Expression;
  readonly delayMicros: number | null;
  readonly idleTimeMs: number;
}
