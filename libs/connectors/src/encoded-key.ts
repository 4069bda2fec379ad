import type { Batch } from '@weir/columnar/batch.ts';
import type { Column } from '@weir/columnar/column.ts';
import type { Encoder } from '@weir/formats/encoder.ts';
import { formatNamed } from '@weir/formats/formats.ts';
import { JsonValueText } from '@weir/formats/json/json-value-text.ts';
import type { PinnedSchema } from '@weir/plan/pinned-schema.ts';
import type { SinkNode } from '@weir/plan/nodes/sink.ts';
import { keyFormatOptions, keyFramingOf, type KeyColumns } from './key-columns.ts';
import type { RecordKey } from './record-key.ts';

/** A record's key in a format of its own; a row whose key columns are all NULL has none. */
class EncodedKey implements RecordKey {
  data: Uint8Array = new Uint8Array(256);
  readonly start = 0;
  end = 0;
  readonly #encoder: Encoder;
  readonly #indexes: readonly number[];
  #columns: Column[] = [];

  constructor(encoder: Encoder, indexes: readonly number[]) {
    this.#encoder = encoder;
    this.#indexes = indexes;
  }

  begin(batch: Batch): void {
    this.#encoder.begin(batch);
    this.#columns = this.#indexes.map((index) => batch.columns[index]!);
  }

  take(row: number): boolean {
    let hasValue = false;
    for (const { nulls } of this.#columns) if (nulls === null || nulls[row] !== 1) hasValue = true;
    if (!hasValue) return false;
    const bound = this.#encoder.bound(row);
    if (this.data.length < bound) this.data = new Uint8Array(bound * 2);
    this.end = this.#encoder.encode(row, this.data, 0);
    return this.end >= 0;
  }
}

/**
 * The key of a sink's records as the table's options say.
 * @param pinned the schema that keys are written with, where they have one
 * @throws WeirError WEIR-3100 when the format can't write the columns
 */
export function encodedKey(
  { schema }: Pick<SinkNode, 'schema'>,
  key: KeyColumns,
  options: Readonly<Record<string, string>>,
  pinned: PinnedSchema | null,
): RecordKey {
  const { format, columns } = key;
  // Of any type: the text that JSON has for it.
  if (format === 'raw_string' && columns.length === 1) return new JsonValueText(schema, columns[0]!, options);
  const encoder = formatNamed(format).createEncoder(schema, keyFormatOptions(options), {
    part: 'key',
    framing: keyFramingOf(key, options),
    writer: pinned,
    columns,
  });
  return new EncodedKey(encoder, columns);
}
