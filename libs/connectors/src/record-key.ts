import type { Batch } from '@weir/columnar/batch.ts';
import { JsonObjectText } from '@weir/formats/json/json-object-text.ts';
import { JsonValueText } from '@weir/formats/json/json-value-text.ts';
import type { SinkNode } from '@weir/plan/nodes/sink.ts';

/** The key of each row's record, in a buffer that is used again. */
export interface RecordKey {
  /** The last key taken is data[start .. end). */
  readonly data: Uint8Array;
  readonly start: number;
  readonly end: number;
  begin(batch: Batch): void;
  /** False: the row has no key. @throws WeirError WEIR-3110 */
  take(row: number): boolean;
}

/** The key of a table's PRIMARY KEY: of one column its text, of several a JSON object. Undefined: it has none. */
export function primaryKeyText(
  { schema, primaryKey }: Pick<SinkNode, 'schema' | 'primaryKey'>,
  options: Readonly<Record<string, string>>,
): RecordKey | undefined {
  const [first, ...others] = primaryKey;
  if (first === undefined) return undefined;
  return others.length === 0
    ? new JsonValueText(schema, first, options)
    : new JsonObjectText(schema, primaryKey, options);
}
