import type { OperatorState, RestoredState } from './operator.ts';

/** A watermark as a split of the key groups that it holds for. */
export function watermarkSplit(micros: number, start: number, end: number): OperatorState['splits'] {
  // JSON has no infinities.
  const saved = Number.isFinite(micros) ? micros : micros > 0 ? 'end' : 'none';
  return { [`key-groups/${start}-${end}`]: { watermarkMicros: saved } };
}

/**
 * The watermark up to which results of these key groups are out. Subtasks see the same watermark at an aligned barrier;
 * where they did not, the greatest is taken: nothing may come out twice.
 */
export function restoredWatermark(restored: RestoredState, start: number, end: number): number {
  let watermark = -Infinity;
  for (const [name, state] of Object.entries(restored.splits)) {
    const range = /^key-groups\/(\d+)-(\d+)$/.exec(name);
    if (range === null || Number(range[1]) >= end || Number(range[2]) <= start) continue;
    const saved = state['watermarkMicros'];
    if (typeof saved === 'number') watermark = Math.max(watermark, saved);
    else if (saved === 'end') watermark = Infinity;
  }
  return watermark;
}
