import type { JoinParts } from './join.ts';

/**
 * A join whose condition bounds the event time of one side's rows by the other's: each row goes once the other side's watermark says that what could
 * match it has come. Inserts in, inserts out: a row that matches none comes out when it goes.
 */
export interface TimeBoundedJoinNode extends JoinParts {
  readonly kind: 'time_bounded_join';
  /** Columns (timestamps): the time until which a row can match. NULL: never. Once the other side's watermark is above it, it can't any more. */
  readonly leftUntil: number;
  readonly rightUntil: number;
  /** How far behind the least of the inputs' watermarks its own is. */
  readonly holdMicros: number;
}
