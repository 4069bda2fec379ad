import { assert, present } from '@weir/kernel/assert.ts';
import type { Batch } from './batch.ts';
import { decimalText } from './decimal-text.ts';
import { plainValue, type PlainRow, type PlainValue } from './row-view.ts';
import { dateText, timeText, timestampText } from './time-text.ts';
import type { Field, SqlType } from './sql-type.ts';

/** A value as people (and JSON.stringify) read it; integers beyond 53 bits are strings. */
export type ReadableValue =
  null | boolean | number | string | readonly ReadableValue[] | { readonly [name: string]: ReadableValue };

/** One row by column names: for stdout, previews and `weir tail`. Slow. */
export function readableRow(batch: Batch, row: number): Readonly<Record<string, ReadableValue>> {
  return Object.fromEntries(
    batch.schema.fields.map((field, index) => {
      const column = present(batch.columns[index], 'column');
      return [field.name, readableValue(plainValue(column, row, field.type), field.type)];
    }),
  );
}

function readableValue(value: PlainValue, type: SqlType): ReadableValue {
  if (value === null) return null;
  if (typeof value === 'bigint') return readableNumber(value, type);
  if (typeof value === 'boolean' || typeof value === 'string') return value;
  if (typeof value === 'number') return Number.isFinite(value) ? value : String(value);
  if (value instanceof Uint8Array) {
    return `\\x${Array.from(value, (byte) => byte.toString(16).padStart(2, '0')).join('')}`;
  }
  return readableItems(value as PlainRow, type);
}

function readableItems(values: PlainRow, type: SqlType): ReadableValue {
  if (type.kind === 'list') return values.map((item) => readableValue(item, type.element.type));
  if (type.kind === 'struct') {
    return Object.fromEntries(
      type.fields.map((field: Field, index) => [
        field.name,
        readableValue(values[index] ?? null, field.type),
      ]),
    );
  }
  assert(type.kind === 'map', 'an array is a list, a struct or a map');
  return Object.fromEntries(
    values.map((entry) => {
      const [key, item] = entry as PlainRow;
      return [
        String(readableValue(key ?? null, type.key.type)),
        readableValue(item ?? null, type.value.type),
      ];
    }),
  );
}

function readableNumber(value: bigint, type: SqlType): ReadableValue {
  switch (type.kind) {
    case 'decimal':
      return decimalText(value, type.scale);
    case 'date':
      return dateText(Number(value));
    case 'time':
      return timeText(Number(value));
    case 'timestamp':
      return `${timestampText(value, 'T')}${type.zoned ? 'Z' : ''}`;
    default:
      return Number.isSafeInteger(Number(value)) ? Number(value) : value.toString();
  }
}
