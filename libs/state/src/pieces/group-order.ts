import type { KeyGroupRange } from '../key-group-range.ts';

/** Rows of a piece that make a block: slots[from .. to) of the order. */
export interface PlannedBlock {
  readonly firstGroup: number;
  readonly endGroup: number;
  readonly from: number;
  readonly to: number;
}

/** Slots in the order in which a piece holds their rows. */
export interface GroupOrder {
  readonly slots: Int32Array;
  readonly blocks: readonly PlannedBlock[];
}

/**
 * Neighbouring key groups share a block up to this many bytes: a restore reads at most two blocks more than it needs, and the directory and the
 * sections of small groups cost nothing to speak of. A piece below it isn't put in order at all.
 */
export const blockBytes = 64 * 1024;

/** All rows in one block: for small pieces. */
export function oneBlock(slots: Int32Array, count: number, range: KeyGroupRange): GroupOrder {
  const { start: firstGroup, end: endGroup } = range;
  return { slots, blocks: [{ firstGroup, endGroup, from: 0, to: count }] };
}

/**
 * Puts slots[0 .. count) in the order of their key groups, keeping their order within each, and cuts them into blocks.
 * @param groups the key group of each of them, within the range
 */
export function orderByGroup(
  slots: Int32Array,
  groups: Uint16Array,
  count: number,
  range: KeyGroupRange,
  rowBytes: number,
): GroupOrder {
  const { start, end } = range;
  const next = new Int32Array(end - start + 1);
  for (let index = 0; index < count; index += 1) next[groups[index]! - start + 1]! += 1;
  const blocks: PlannedBlock[] = [];
  let firstGroup = start;
  let from = 0;
  for (let group = start; group < end; group += 1) {
    const to = next[group - start]! + next[group - start + 1]!;
    next[group - start + 1] = to;
    if ((to - from) * rowBytes < blockBytes && group + 1 < end) continue;
    if (to > from) blocks.push({ firstGroup, endGroup: group + 1, from, to });
    firstGroup = group + 1;
    from = to;
  }
  const ordered = new Int32Array(count);
  for (let index = 0; index < count; index += 1) {
    const place = groups[index]! - start;
    const to = next[place]!;
    next[place] = to + 1;
    ordered[to] = slots[index]!;
  }
  return { slots: ordered, blocks };
}
