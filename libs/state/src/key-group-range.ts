/** The key groups [start, end) of `keyGroups` that a subtask owns. */
export interface KeyGroupRange {
  readonly keyGroups: number;
  readonly start: number;
  readonly end: number;
}
