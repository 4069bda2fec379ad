import type { Field } from '@weir/columnar/sql-type.ts';
import type { FormatOptions } from '@weir/formats/format.ts';
import type { PinnedSchema } from '@weir/plan/pinned-schema.ts';

/** One part of the records of a table that is written, in a format whose records name a schema of a registry. */
export interface SinkPart {
  readonly part: 'key' | 'value';
  readonly format: PinnedSchema['format'];
  /** Of Avro: what is written are changes in Debezium's envelope. */
  readonly isEnvelope?: boolean;
  readonly columns: readonly Field[];
  /** Of the format, and of the registry. */
  readonly options: FormatOptions;
  readonly subject: string;
}
