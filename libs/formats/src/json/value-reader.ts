import type { ColumnBuilder } from '@weir/columnar/column-builder.ts';
import { afterNull } from './scan-value.ts';
import type { ScanBuffer } from './scan-buffer.ts';

/** Reads a value of one type straight into one column. */
export abstract class ValueReader {
  readonly builder: ColumnBuilder;
  readonly nullable: boolean;

  constructor(builder: ColumnBuilder, nullable: boolean) {
    this.builder = builder;
    this.nullable = nullable;
  }

  /**
   * @param p the value's first byte
   * @returns the position after the value, or -1 (see ScanBuffer)
   */
  read(s: ScanBuffer, p: number, row: number): number {
    if (p >= s.end) return -1;
    if (s.data[p] !== 0x6e) return this.readValue(s, p, row);
    const after = this.nullable ? afterNull(s.data, p, s.end) : -1;
    if (after >= 0) this.builder.setNull(row);
    return after;
  }

  /** As `read`, of a value that is not null; p < s.end. */
  protected abstract readValue(s: ScanBuffer, p: number, row: number): number;
}
