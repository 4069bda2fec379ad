import { WeirError } from '@weir/kernel/errors.ts';
import { expect, test, vi } from 'vitest';
import { BatchBuilder } from './column-builder.ts';
import { FrameReader } from './frame-reader.ts';
import { FrameWriter } from './frame-writer.ts';
import { BatchGatherer } from './gather.ts';
import { RandomRows } from './testing/random-rows.ts';
import { batchOfRows, plainRows } from './row-view.ts';

// A busy machine may take its time.
vi.setConfig({ testTimeout: 60_000 });

const seed = Number(process.env['WEIR_SEED'] ?? 20261120);

test(`random batches come back from frames, whole and selected (seed ${seed})`, () => {
  const random = new RandomRows(seed);
  for (let round = 0; round < 200; round += 1) {
    const schema = random.schema();
    const rows = random.rows(schema, random.below(40));
    const builder = new BatchBuilder(schema, 8);
    const batch = batchOfRows(builder, rows, 3);
    expect(plainRows(batch)).toEqual(rows);
    const writer = new FrameWriter(schema);
    const reader = new FrameReader(schema);
    const read = reader.read(writer.write(batch));
    expect(read.partition).toBe(3);
    expect(plainRows(read)).toEqual(rows);

    const selection = Int32Array.from({ length: rows.length * 2 }, () => random.below(rows.length));
    const selected = Array.from(selection, (row) => rows[row]);
    const gatherer = new BatchGatherer(schema);
    gatherer.gather(batch, selection, Math.min(1, selection.length));
    expect(plainRows(gatherer.gather(batch, selection, selection.length))).toEqual(selected);
    const part = writer.write(batch, selection, selection.length);
    expect(plainRows(reader.read(part))).toEqual(selected);
    // A frame may itself be sent on, and may lie at any address.
    const moved = new Uint8Array(part.length + 3).subarray(3);
    moved.set(part);
    expect(plainRows(reader.read(writer.write(reader.read(moved))))).toEqual(selected);
  }
});

test('row kinds travel with the rows', () => {
  const schema = { fields: [{ name: 'a', type: { kind: 'text' as const }, nullable: true }] };
  const batch = batchOfRows(new BatchBuilder(schema), [['x'], [null], ['y']]);
  const changed = { ...batch, rowKinds: Uint8Array.of(0, 3, 2) };
  const frame = new FrameWriter(schema).write(changed, Int32Array.of(2, 1), 2);
  const read = new FrameReader(schema).read(frame);
  expect([...(read.rowKinds ?? [])]).toEqual([2, 3]);
  expect(plainRows(read)).toEqual([['y'], [null]]);
});

test(`truncated and overwritten frames are errors or rows, never anything else (seed ${seed})`, () => {
  const random = new RandomRows(seed);
  for (let round = 0; round < 20; round += 1) {
    const schema = random.schema();
    const frame = new FrameWriter(schema).write(
      batchOfRows(new BatchBuilder(schema), random.rows(schema, 9)),
    );
    const reader = new FrameReader(schema);
    for (let length = 0; length < frame.length; length += 1) {
      expect(() => reader.read(frame.slice(0, length))).toThrow(WeirError);
    }
    for (let change = 0; change < 300; change += 1) {
      const broken = frame.slice();
      broken[random.below(broken.length)] = random.below(256);
      try {
        for (const column of reader.read(broken).columns) {
          if (column.kind !== 'bytes') continue;
          expect(Math.max(0, ...column.ends)).toBeLessThanOrEqual(column.data.length);
        }
      } catch (error) {
        expect(error).toBeInstanceOf(WeirError);
      }
    }
  }
});

test('a frame of another version or other columns says so', () => {
  const text = { fields: [{ name: 'a', type: { kind: 'text' as const }, nullable: true }] };
  const bool = { fields: [{ name: 'a', type: { kind: 'boolean' as const }, nullable: true }] };
  const frame = new FrameWriter(text).write(batchOfRows(new BatchBuilder(text), [['x']]));
  expect(() => new FrameReader(bool).read(frame)).toThrow(/columns of other types/);
  frame[4] = 9;
  expect(() => new FrameReader(text).read(frame)).toThrow(/version is 9/);
});
