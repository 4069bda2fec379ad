import { expect, test } from 'vitest';
import { BatchBuilder } from './column-builder.ts';
import { readableRow } from './readable-row.ts';
import { batchOfRows } from './row-view.ts';
import { bigintType, textType, timestampType, type SqlType } from './sql-type.ts';

test('rows for people', () => {
  const types: Record<string, SqlType> = {
    small: bigintType,
    large: bigintType,
    price: { kind: 'decimal', precision: 10, scale: 2 },
    at: timestampType,
    zoned: { kind: 'timestamp', precision: 6, zoned: true },
    day: { kind: 'date' },
    time: { kind: 'time', precision: 3 },
    bytes: { kind: 'bytes' },
    tags: { kind: 'list', element: { name: 'item', type: textType, nullable: true } },
    who: { kind: 'struct', fields: [{ name: 'id', type: bigintType, nullable: true }] },
    map: {
      kind: 'map',
      key: { name: 'key', type: textType, nullable: false },
      value: { name: 'value', type: { kind: 'float', bits: 64 }, nullable: true },
    },
    nothing: textType,
  };
  const schema = {
    fields: Object.entries(types).map(([name, type]) => ({ name, type, nullable: true })),
  };
  const batch = batchOfRows(new BatchBuilder(schema), [
    [5n, 2n ** 60n, 1050n, 1767225600123000n, -1n, 19782n, 3_600_000_000n, Uint8Array.of(1, 255), ['a', null], [7n], [['k', NaN]], null],
  ]); // prettier-ignore
  expect(readableRow(batch, 0)).toEqual({
    small: 5,
    large: '1152921504606846976',
    price: '10.50',
    at: '2026-01-01T00:00:00.123',
    zoned: '1969-12-31T23:59:59.999999Z',
    day: '2024-02-29',
    time: '01:00:00',
    bytes: '\\x01ff',
    tags: ['a', null],
    who: { id: 7 },
    map: { k: 'NaN' },
    nothing: null,
  });
});
