import type { Column } from '@weir/columnar/column.ts';
import type { SqlType } from '@weir/columnar/sql-type.ts';

/**
 * The bytes of a record's key, one row at a time: TEXT and BYTEA as they are, whole numbers as decimal text, other values as their
 * text. Valid until the next `take`.
 */
export class KeyBytes {
  data: Uint8Array = new Uint8Array(0);
  start = 0;
  end = 0;
  readonly #digits = new Uint8Array(24);
  readonly #encoder = new TextEncoder();

  /** False when the key is NULL. */
  take(column: Column, type: SqlType, row: number): boolean {
    if (column.nulls?.[row] === 1) return false;
    switch (column.kind) {
      case 'bytes':
        this.data = column.data;
        this.start = column.starts[row] ?? 0;
        this.end = column.ends[row] ?? 0;
        return true;
      case 'int':
        if (column.big === null && type.kind !== 'decimal') this.#takeInteger(column.values[row] ?? 0);
        else this.#takeText(textOf(column.big?.[row] ?? BigInt(column.values[row] ?? 0), type));
        return true;
      case 'bool':
        this.#takeText(column.values[row] === 1 ? 'true' : 'false');
        return true;
      case 'float':
        this.#takeText(String(column.values[row]));
        return true;
      default:
        return false;
    }
  }

  #takeInteger(value: number): void {
    const digits = this.#digits;
    let at = digits.length;
    let rest = Math.abs(value);
    do {
      const next = Math.floor(rest / 10);
      digits[--at] = 48 + (rest - next * 10);
      rest = next;
    } while (rest > 0);
    if (value < 0) digits[--at] = 45;
    this.data = digits;
    this.start = at;
    this.end = digits.length;
  }

  #takeText(text: string): void {
    this.data = this.#encoder.encode(text);
    this.start = 0;
    this.end = this.data.length;
  }
}

function textOf(value: bigint, type: SqlType): string {
  if (type.kind !== 'decimal' || type.scale === 0) return String(value);
  const negative = value < 0n;
  const digits = String(negative ? -value : value).padStart(type.scale + 1, '0');
  const point = digits.length - type.scale;
  return `${negative ? '-' : ''}${digits.slice(0, point)}.${digits.slice(point)}`;
}
