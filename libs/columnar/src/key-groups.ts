import { assert } from '@weir/kernel/assert.ts';

/** The default number of key groups, fixed for a pipeline at its creation and stored with it. */
export const defaultKeyGroups = 128;

/** The key group of a key's hash (unsigned 32 bits). */
export function keyGroupOf(hash: number, keyGroups: number): number {
  return (hash >>> 0) % keyGroups;
}

/** The key groups of the first `count` hashes, into `groups` from `at` on. */
export function keyGroupsOf(
  hashes: Int32Array,
  count: number,
  keyGroups: number,
  groups: Uint16Array,
  at = 0,
): void {
  // A division costs more than the hash; a power of two, which is the default, needs none.
  if ((keyGroups & (keyGroups - 1)) === 0) {
    const mask = keyGroups - 1;
    for (let index = 0; index < count; index += 1) groups[at + index] = hashes[index]! & mask;
    return;
  }
  for (let index = 0; index < count; index += 1) groups[at + index] = keyGroupOf(hashes[index]!, keyGroups);
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
