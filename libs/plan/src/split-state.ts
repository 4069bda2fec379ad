/**
 * State of an operator that isn't keyed goes by split: a source partition (`topic/3`), a file. Plain JSON. A restore hands every
 * subtask the splits of all subtasks; each takes those that it owns.
 */
export type SplitState = Readonly<Record<string, unknown>>;
