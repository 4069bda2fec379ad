import type { Batch } from '@weir/columnar/batch.ts';
import type { JoinParts } from '@weir/plan/nodes/join.ts';

/** Which columns of a side are the key of a join, and which of them match nothing where they are NULL. */
export interface SideKeys {
  readonly keys: readonly number[];
  readonly strict: readonly number[];
}

export function sideKeys(node: JoinParts, side: 'left' | 'right'): SideKeys {
  const keys = side === 'left' ? node.leftKeys : node.rightKeys;
  return { keys, strict: keys.filter((_, index) => node.nullSafe[index] !== true) };
}

/** Whether a row's key matches nothing. */
export function hasNullKey(batch: Batch, strict: readonly number[], row: number): boolean {
  for (const key of strict) if (batch.columns[key]?.nulls?.[row] === 1) return true;
  return false;
}
