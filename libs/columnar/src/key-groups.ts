import { assert } from '@weir/kernel/assert.ts';

/** The default number of key groups, fixed for a pipeline at its creation and stored with it. */
export const defaultKeyGroups = 128;

/** The key group of a key's hash (unsigned 32 bits). */
export function keyGroupOf(hash: number, keyGroups: number): number {
  return (hash >>> 0) % keyGroups;
}

/** The subtask that owns a key group. */
export function subtaskOf(keyGroup: number, parallelism: number, keyGroups: number): number {
  return Math.floor((keyGroup * parallelism) / keyGroups);
}

/** The key groups that a subtask owns: `start` inclusive, `end` exclusive. Together the ranges cover all, without overlap. */
export function keyGroupRange(
  subtask: number,
  parallelism: number,
  keyGroups: number,
): { start: number; end: number } {
  assert(parallelism <= keyGroups, 'parallelism is at most the number of key groups');
  const start = Math.ceil((subtask * keyGroups) / parallelism);
  const end = Math.ceil(((subtask + 1) * keyGroups) / parallelism);
  return { start, end };
}
