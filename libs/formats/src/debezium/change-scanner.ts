import type { WeirError } from '@weir/kernel/errors.ts';
import type { RecordPart } from '../decoder.ts';
import type { SchemaIdentity } from '../writer-schemas.ts';

/** Finds the rows and the kind of a change in records. */
export interface ChangeScanner {
  /** How a value stands in a record that was left out of it, because it is large and wasn't changed. */
  readonly unavailable: Buffer;
  /** The code of `op`'s letter; 0: there is none. */
  readonly op: number;
  /** The record has a value, which is null. */
  readonly isNull: boolean;
  /** Bytes of the rows; -1: null, or not there. */
  readonly beforeStart: number;
  readonly beforeEnd: number;
  readonly afterStart: number;
  readonly afterEnd: number;
  /** Why the last record was no change, or what schema it needs; neither of them: it is something else. */
  readonly error: WeirError | null;
  readonly missing: SchemaIdentity | null;
  /** @returns false: it is no change */
  scan(part: RecordPart, record: number): boolean;
  /** One of the rows found last is the row `index` of those to be read. */
  took(index: number, isBefore: boolean): void;
}
