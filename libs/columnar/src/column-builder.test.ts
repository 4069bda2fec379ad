import { expect, it } from 'vitest';
import { rowKind } from './batch.ts';
import { BatchBuilder } from './column-builder.ts';
import { FrameReader } from './frame-reader.ts';
import { FrameWriter } from './frame-writer.ts';
import { plainRows, writePlainValue } from './row-view.ts';
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

it('truncate forgets rows with their NULLs and their kinds; the rows written next are their own', () => {
  const wide: Schema = {
    fields: [
      { name: 'a', type: timestampType, nullable: true },
      {
        name: 'b',
        type: { kind: 'list', element: { name: 'element', type: timestampType, nullable: true } },
        nullable: true,
      },
    ],
  };
  const builder = new BatchBuilder(wide, 4);
  const write = (row: number, value: bigint | null, elements: readonly (bigint | null)[]): void => {
    writePlainValue(builder.column(0), row, value, () => 0);
    writePlainValue(builder.column(1), row, elements, () => 0);
    builder.rowCount = row + 1;
  };
  write(0, 1n, [2n]);
  builder.kinds()[0] = rowKind.delete;
  write(1, null, [null, 2n ** 60n]);
  builder.kinds()[1] = rowKind.updateAfter;
  builder.truncate(5);
  builder.truncate(1);
  write(1, 3n, [4n, 5n]);
  builder.kinds()[1] = rowKind.insert;
  const batch = builder.batch();
  expect(plainRows(batch)).toEqual([
    [1n, [2n]],
    [3n, [4n, 5n]],
  ]);
  expect([...(batch.rowKinds ?? [])].slice(0, 2)).toEqual([rowKind.delete, rowKind.insert]);
  builder.reserve(100);
  expect(builder.kinds()[0]).toBe(rowKind.delete);
  builder.reset();
  write(0, 1n, []);
  expect(builder.batch().rowKinds).toBeNull();
  expect(builder.kinds()[0]).toBe(rowKind.insert);
});
