import type { Problem } from '../problem.ts';
import type { JobState } from './job-transitions.ts';

/** Counters of one operator over its subtasks. 64-bit counts are safe integers here: 9e15 records take a while. */
export interface OperatorTotals {
  readonly id: string;
  readonly title: string;
  readonly kind: string;
  readonly stage: string;
  readonly subtasks: number;
  readonly recordsIn: number;
  readonly recordsOut: number;
  readonly bytes: number;
  readonly lateRows: number;
  readonly badRecords: number;
  /** A controller of an earlier version tells of none. */
  readonly nullValues?: number;
  readonly lag: number;
  readonly stateBytes: number;
  /** Least of its subtasks', microseconds since 1970, as decimal text; null before the first. */
  readonly watermarkMicros: string | null;
  /** What people should know of it although it runs; a controller of an earlier version tells of none. */
  readonly warnings?: readonly Problem[];
}

/** A pipeline as its driver sees it; JSON, told to the other controllers. */
export interface JobStatus {
  readonly state: JobState;
  readonly generation: number;
  /** The newest decided epoch. */
  readonly epoch: number;
  readonly committedEpoch: number;
  /** Wall time of the newest commit; 0 before the first. */
  readonly committedAtMs: number;
  readonly restarts: number;
  readonly operators: readonly OperatorTotals[];
  readonly problem: Problem | null;
  /** Incarnation -> slots that it holds. */
  readonly slots: Readonly<Record<string, number>>;
}

export const freshStatus: JobStatus = {
  state: 'created',
  generation: 0,
  epoch: 0,
  committedEpoch: 0,
  committedAtMs: 0,
  restarts: 0,
  operators: [],
  problem: null,
  slots: {},
};
