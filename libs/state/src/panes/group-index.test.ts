import type { Column } from '@weir/columnar/column.ts';
import { bigintType, textType } from '@weir/columnar/sql-type.ts';
import { describe, expect, it } from 'vitest';
import { consecutive, GroupIndex } from './group-index.ts';
import { KeyEncoder } from '../key-encoding.ts';

const integers = (values: readonly number[], nulls: readonly number[] = []): Column => ({
  kind: 'int',
  values: Float64Array.from(values),
  big: null,
  nulls: nulls.length === 0 ? null : Uint8Array.from(values, (_, row) => (nulls.includes(row) ? 1 : 0)),
});

function slotsOf(index: GroupIndex, column: Column, count: number): number[] {
  const slots = new Int32Array(count);
  index.findAll([column], consecutive(0, count), count, slots);
  return [...slots];
}

describe('group index', () => {
  it('gives dense slots in the order in which keys are first seen', () => {
    const index = new GroupIndex([bigintType], new KeyEncoder());
    expect(slotsOf(index, integers([5, -7, 5, 2 ** 40, 0], [4]), 5)).toEqual([0, 1, 0, 2, 3]);
    expect(slotsOf(index, integers([9, 0, 2 ** 40, -7], [1]), 4)).toEqual([4, 3, 2, 1]);
    expect(index.count).toBe(5);
  });

  it('finds an integer under one slot, whether it came as a number or among bigints', () => {
    const index = new GroupIndex([bigintType], new KeyEncoder());
    expect(slotsOf(index, integers([5, 6]), 2)).toEqual([0, 1]);
    const big: Column = { kind: 'int', values: new Float64Array(3), big: [6n, 2n ** 60n, 5n], nulls: null };
    expect(slotsOf(index, big, 3)).toEqual([1, 2, 0]);
  });

  it('keeps a million keys apart, with colliding low bits and high bits', () => {
    const index = new GroupIndex([bigintType], new KeyEncoder());
    const keys = Array.from({ length: 1_000_000 }, (_, row) => (row % 2 === 0 ? row * 4096 : row * 2 ** 30));
    const column = integers(keys);
    const first = new Int32Array(keys.length);
    index.findAll([column], consecutive(0, keys.length), keys.length, first);
    const again = new Int32Array(keys.length);
    index.findAll([column], consecutive(0, keys.length), keys.length, again);
    expect(index.count).toBe(new Set(keys).size);
    expect(Buffer.compare(Buffer.from(first.buffer), Buffer.from(again.buffer))).toBe(0);
  });

  it('tells composite keys apart that would be one when joined', () => {
    const text = (values: readonly string[]): Column => {
      const data = Buffer.from(values.join(''));
      const ends = Int32Array.from(values, (_, row) => values.slice(0, row + 1).join('').length);
      const starts = Int32Array.from(values, (_, row) => (row === 0 ? 0 : ends[row - 1]!));
      return { kind: 'bytes', data, starts, ends, jsonPlain: true, nulls: null };
    };
    const index = new GroupIndex([textType, textType], new KeyEncoder());
    const slots = new Int32Array(3);
    index.findAll([text(['ab', 'a', '']), text(['c', 'bc', 'abc'])], consecutive(0, 3), 3, slots);
    expect([...slots]).toEqual([0, 1, 2]);
  });

  it('starts over after clear', () => {
    const index = new GroupIndex([bigintType], new KeyEncoder());
    slotsOf(index, integers([5, 6, 7], [1]), 3);
    index.clear();
    expect(slotsOf(index, integers([7, 5, 0], [2]), 3)).toEqual([0, 1, 2]);
  });
});
