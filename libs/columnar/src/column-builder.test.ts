import { expect, it } from 'vitest';
import { BatchBuilder } from './column-builder.ts';
import { FrameReader } from './frame-reader.ts';
import { FrameWriter } from './frame-writer.ts';
import { plainRows } from './row-view.ts';
import { timestampType, type Schema } from './sql-type.ts';

const schema: Schema = { fields: [{ name: 'ts', type: timestampType, nullable: false }] };

it('fault 1.1.2: bigints beyond 2^53 go into an integer column and through a frame', () => {
  const values = [1n, 2n ** 53n + 1n, -11_676_096_000_000_001n, 253_402_300_799_999_999n];
  const builder = new BatchBuilder(schema);
  values.forEach((value, row) => builder.column(0).setInt(row, value));
  builder.rowCount = values.length;
  const frame = new FrameWriter(schema).write(builder.batch());
  expect(plainRows(new FrameReader(schema).read(frame))).toEqual(values.map((value) => [value]));
});

it('fault 1.1.2: a number beyond 2^53 was rounded before it came, and is refused', () => {
  const column = new BatchBuilder(schema).column(0);
  expect(() => column.setInt(0, 2 ** 53)).toThrow('no safe integer');
  expect(() => column.setInt(0, -(2 ** 53))).toThrow('no safe integer');
  expect(() => column.setInt(0, 0.5)).toThrow('no safe integer');
});
