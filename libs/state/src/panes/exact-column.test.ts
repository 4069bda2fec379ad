import { describe, expect, it } from 'vitest';
import { ExactColumn } from './exact-column.ts';
import { PieceReader, PieceWriter } from '../pieces/piece-codec.ts';

const values = [0n, 1n, -1n, 2n ** 52n, -(2n ** 53n), 2n ** 63n - 1n, -(2n ** 104n) - 5n, 10n ** 45n];

describe('exact column', () => {
  it('holds sums of any size exactly', () => {
    const column = new ExactColumn();
    column.reserve(1);
    let expected = 0n;
    for (let round = 0; round < 50; round += 1) {
      for (const value of values) {
        if (value <= 2n ** 53n - 1n && value >= -(2n ** 53n - 1n)) column.add(0, Number(value));
        else column.addBig(0, value);
        expected += value;
        expect(BigInt(column.get(0))).toBe(expected);
      }
    }
  });

  it('comes back from a piece, also over values that were wider', () => {
    const column = new ExactColumn();
    column.reserve(values.length);
    values.forEach((value, slot) => column.set(slot, value));
    const slots = Int32Array.from(values, (_, slot) => slot);
    const writer = new PieceWriter(7, { store: 2, keyGroups: 128, pane: -3, slots: 0 }, 1);
    writer.beginBlock(3, 5, values.length);
    column.write(writer, slots, values.length);
    const reader = new PieceReader(writer.finish(), 7);
    expect(reader.header).toEqual({ store: 2, keyGroups: 128, pane: -3, slots: 0, rows: values.length });
    expect(reader.open(0)).toMatchObject({ firstGroup: 3, endGroup: 5, rows: values.length });
    const restored = new ExactColumn();
    restored.reserve(values.length);
    values.forEach((_, slot) => restored.set(slot, 10n ** 40n));
    restored.read(reader, slots, values.length);
    expect(values.map((_, slot) => BigInt(restored.get(slot)))).toEqual(values);
  });
});
