import { unreachable } from '@weir/kernel/assert.ts';
import type { BytesColumn, Column } from './column.ts';

/** Do two rows of one batch hold the same in every column? NULL is as NULL, NaN as NaN. */
export function sameRow(columns: readonly Column[], a: number, b: number): boolean {
  for (const column of columns) if (!sameValue(column, a, b)) return false;
  return true;
}

function sameValue(column: Column, a: number, b: number): boolean {
  const { nulls } = column;
  if (nulls !== null && (nulls[a] === 1 || nulls[b] === 1)) return nulls[a] === nulls[b];
  switch (column.kind) {
    case 'bool':
      return column.values[a] === column.values[b];
    case 'int':
      return column.big === null ? column.values[a] === column.values[b] : column.big[a] === column.big[b];
    case 'float':
      return Object.is(column.values[a], column.values[b]);
    case 'bytes':
      return sameBytes(column, a, b);
    case 'struct':
      return sameRow(column.children, a, b);
    case 'list':
      return sameElements(column.offsets, [column.element], a, b);
    case 'map':
      return sameElements(column.offsets, [column.keys, column.values], a, b);
    default:
      return unreachable(column);
  }
}

function sameBytes({ data, starts, ends }: BytesColumn, a: number, b: number): boolean {
  const [from, other] = [starts[a]!, starts[b]!];
  const length = ends[a]! - from;
  if (length !== ends[b]! - other) return false;
  for (let at = 0; at < length; at += 1) if (data[from + at] !== data[other + at]) return false;
  return true;
}

function sameElements(offsets: Int32Array, parts: readonly Column[], a: number, b: number): boolean {
  const [from, other] = [offsets[a]!, offsets[b]!];
  const length = offsets[a + 1]! - from;
  if (length !== offsets[b + 1]! - other) return false;
  for (let at = 0; at < length; at += 1) if (!sameRow(parts, from + at, other + at)) return false;
  return true;
}
