import type { ColumnBuilder } from '@weir/columnar/column-builder.ts';
import type { AvroCursor } from './avro-cursor.ts';
import type { OwnText } from './own-text.ts';

/** Reads the next value into a row of its column, which is the one after those written so far. Throws AvroProblem. */
export type ReadValue = (cursor: AvroCursor, row: number) => void;

export interface TextColumns {
  readonly own: ReadonlyMap<ColumnBuilder, OwnText>;
  /** Columns whose values this reader appends to their own buffers; those of the others are slices of the records. */
  readonly made: ReadonlySet<ColumnBuilder>;
}
