import { rowKind, type Batch } from '@weir/columnar/batch.ts';
import { BatchBuilder } from '@weir/columnar/column-builder.ts';
import { FrameReader } from '@weir/columnar/frame-reader.ts';
import { batchOfRows, plainRows, type PlainRow } from '@weir/columnar/row-view.ts';
import { bigintType, textType, type Schema } from '@weir/columnar/sql-type.ts';
import { expect, test } from 'vitest';
import { BoundedFrames } from './bounded-frames.ts';

const schema: Schema = {
  fields: [
    { name: 'id', type: bigintType, nullable: false },
    { name: 'note', type: textType, nullable: true },
  ],
};
const bounds = { split: 4000, largest: 8000 };

function framesOf(batch: Batch, selection: Int32Array | null = null, count = batch.rowCount): Uint8Array[] {
  const frames: Uint8Array[] = [];
  new BoundedFrames(schema, bounds).write(batch, selection, count, (frame) => frames.push(frame));
  return frames;
}

function rowsOf(frames: readonly Uint8Array[]): PlainRow[] {
  return frames.flatMap((frame) => plainRows(new FrameReader(schema).read(frame)));
}

const rows = (count: number, bytes: number): PlainRow[] =>
  Array.from({ length: count }, (_, id) => [BigInt(id), 'x'.repeat(bytes)]);

test('rows that fit into a frame go in one', () => {
  expect(framesOf(batchOfRows(new BatchBuilder(schema), rows(10, 100)))).toHaveLength(1);
});

test('a frame that would be too large is split, rows keep their order', () => {
  const batch = batchOfRows(new BatchBuilder(schema), rows(100, 500));
  const frames = framesOf(batch);
  expect(frames.length).toBeGreaterThan(10);
  expect(frames.every(({ length }) => length <= bounds.split)).toBe(true);
  expect(rowsOf(frames).map(([id]) => id)).toEqual(rows(100, 0).map(([id]) => id));
  const even = Int32Array.from({ length: 50 }, (_, index) => index * 2);
  expect(rowsOf(framesOf(batch, even, 50)).map(([id]) => id)).toEqual([...even].map(BigInt));
});

test('one row may be larger than frames are split at, and none larger than what is sent', () => {
  expect(framesOf(batchOfRows(new BatchBuilder(schema), rows(3, 6000)))).toHaveLength(3);
  expect(() => framesOf(batchOfRows(new BatchBuilder(schema), rows(3, 9000)))).toThrow(
    expect.objectContaining({ code: 'WEIR-7217', disposition: 'fatal' }),
  );
});

test('an update is not parted', () => {
  const batch = batchOfRows(new BatchBuilder(schema), rows(31, 900));
  const rowKinds = Uint8Array.from({ length: 31 }, (_, row) =>
    row === 0 ? rowKind.insert : row % 2 === 1 ? rowKind.updateBefore : rowKind.updateAfter,
  );
  const frames = framesOf({ ...batch, rowKinds });
  expect(frames.length).toBeGreaterThan(5);
  for (const frame of frames) {
    const kinds = new FrameReader(schema).read(frame).rowKinds ?? expect.fail('kinds are gone');
    expect(kinds[0]).not.toBe(rowKind.updateAfter);
    expect(kinds.at(-1)).not.toBe(rowKind.updateBefore);
  }
  expect(rowsOf(frames)).toHaveLength(31);
});
