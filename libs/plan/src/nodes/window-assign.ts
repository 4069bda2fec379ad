import type { FixedWindow } from './window-aggregate.ts';

/**
 * Gives each row its windows: the row once a window that holds its event time, in the order of the windows, with window_start, window_end and
 * window_time (end - 1 ms) behind its own columns. Nothing is late here: rows go on whatever the watermark is.
 */
export interface WindowAssignNode {
  readonly kind: 'window_assign';
  readonly window: FixedWindow;
  /** Index of the event-time column. Rows that have NULL there are in no window: counted and dropped. */
  readonly eventTime: number;
}
