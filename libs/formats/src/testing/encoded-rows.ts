import { BatchBuilder } from '@weir/columnar/column-builder.ts';
import { batchOfRows, type PlainRow } from '@weir/columnar/row-view.ts';
import type { Field } from '@weir/columnar/sql-type.ts';
import { assert } from '@weir/kernel/assert.ts';
import { plainRecordValue, type EncoderSettings } from '../encoder.ts';
import type { FormatOptions } from '../format.ts';
import { formatNamed } from '../formats.ts';

/** Marks bytes that an encoder may not touch. */
const untouched = 0xa5;

/**
 * For tests: each row as its format writes it, or null for a row without a value. Fails where more bytes are written than `bound` said, or
 * any before their place.
 */
export function encodedRows(
  format: string,
  fields: readonly Field[],
  rows: readonly PlainRow[],
  options: FormatOptions = {},
  settings: Partial<EncoderSettings> = {},
): (Uint8Array | null)[] {
  const schema = { fields };
  const encoder = formatNamed(format).createEncoder(schema, options, { ...plainRecordValue, ...settings });
  encoder.begin(batchOfRows(new BatchBuilder(schema, rows.length), rows));
  return rows.map((_, row) => {
    const start = 3;
    const bound = encoder.bound(row);
    const target = new Uint8Array(start + bound + 8).fill(untouched);
    const end = encoder.encode(row, target, start);
    if (end < 0) return null;
    assert(end <= start + bound, `row ${row}: ${end - start} bytes were written, ${bound} announced`);
    const around = [...target.subarray(0, start), ...target.subarray(start + bound)];
    assert(
      around.every((byte) => byte === untouched),
      `row ${row}: bytes around the record were written`,
    );
    return target.slice(start, end);
  });
}
