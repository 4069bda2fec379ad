import type { OverFrame } from '@weir/plan/nodes/over.ts';

/** Rows of a partition in their order, as frames look at them. */
export interface OrderedRows {
  readonly count: number;
  /** The value of the order's first column, microseconds; only asked for RANGE with distances. */
  timeAt(place: number): number;
  /** Are two neighbours equal in their order? */
  tied(place: number, next: number): boolean;
}

/**
 * The frame of each row in [from, rows.count): places [first, last] into `firsts` and `lasts`, by place - from; last < first: it is empty. Bounds never go
 * back from row to row, so one pass finds them all.
 */
export function frameBounds(
  frame: OverFrame,
  rows: OrderedRows,
  from: number,
  firsts: Int32Array,
  lasts: Int32Array,
): void {
  if (frame.unit === 'rows') {
    for (let place = from; place < rows.count; place += 1) {
      firsts[place - from] = frame.from === null ? 0 : Math.max(0, place + frame.from);
      lasts[place - from] = frame.to === null ? rows.count - 1 : Math.min(rows.count - 1, place + frame.to);
    }
    return;
  }
  let first = 0;
  let last = -1;
  for (let place = from; place < rows.count; place += 1) {
    first = frame.from === null ? 0 : rangeFirst(frame.from, rows, place, first);
    last = frame.to === null ? rows.count - 1 : rangeLast(frame.to, rows, place, last);
    firsts[place - from] = first;
    lasts[place - from] = last;
  }
}

/** The first row that is in range of a row; not before `least`. */
function rangeFirst(distance: number, rows: OrderedRows, place: number, least: number): number {
  if (distance === 0) {
    let first = place;
    while (first > 0 && rows.tied(first - 1, first)) first -= 1;
    return first;
  }
  const bound = rows.timeAt(place) + distance;
  let first = least;
  while (first < rows.count && rows.timeAt(first) < bound) first += 1;
  return first;
}

function rangeLast(distance: number, rows: OrderedRows, place: number, least: number): number {
  if (distance === 0) {
    let last = Math.max(place, least);
    while (last + 1 < rows.count && rows.tied(last, last + 1)) last += 1;
    return last;
  }
  const bound = rows.timeAt(place) + distance;
  let last = least;
  while (last + 1 < rows.count && rows.timeAt(last + 1) <= bound) last += 1;
  return last;
}
