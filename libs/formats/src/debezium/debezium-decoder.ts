import { rowKind } from '@weir/columnar/batch.ts';
import type { BatchBuilder } from '@weir/columnar/column-builder.ts';
import type { Schema } from '@weir/columnar/sql-type.ts';
import { WeirError } from '@weir/kernel/errors.ts';
import type { Decoder, DecoderSettings, RecordPart } from '../decoder.ts';
import { firstBytes } from '../json/record-problem.ts';
import type { SchemaIdentity } from '../writer-schemas.ts';
import type { ChangeScanner } from './change-scanner.ts';

const code = (letter: string): number => letter.charCodeAt(0);
const [create, read, update, remove, truncate, message] = ['c', 'r', 'u', 'd', 't', 'm'].map(code);

/**
 * Changes as Debezium tells them into rows: one or two a record, both or none (F9).
 *
 * With a key (of the table's PRIMARY KEY) rows take each other's place by it: new rows only, and of one that goes only the key counts. Without, old rows must
 * come whole. Records without a value are skipped: Debezium sends one behind each delete, for the topic's compaction.
 */
export class DebeziumDecoder implements Decoder {
  error: WeirError | null = null;
  missing: SchemaIdentity | null = null;
  nullValues = 0;
  readonly #scanner: ChangeScanner;
  readonly #rows: Decoder;
  readonly #keyed: boolean;
  /** Columns that a row which stays must have, by name; a row that goes by its key may lack them. */
  readonly #required: readonly { readonly column: number; readonly name: string }[];
  /** The rows found: of which record, of what kind, where. */
  #count = 0;
  #records: Int32Array = new Int32Array(0);
  #kinds: Uint8Array = new Uint8Array(0);
  #starts: Int32Array = new Int32Array(0);
  #ends: Int32Array = new Int32Array(0);

  /** @param rows makes the decoder of the rows that `scanner` finds */
  constructor(
    schema: Schema,
    settings: DecoderSettings,
    scanner: ChangeScanner,
    rows: (schema: Schema, settings: DecoderSettings) => Decoder,
  ) {
    this.#scanner = scanner;
    const columns = settings.columns ?? schema.fields.map((_, index) => index);
    const key = settings.key ?? [];
    this.#keyed = key.length > 0;
    const mayLack = (column: number): boolean => this.#keyed && !key.includes(column);
    const lenient = schema.fields.map((field, column) =>
      mayLack(column) ? { ...field, nullable: true } : field,
    );
    this.#rows = rows({ fields: lenient }, { ...settings, columns });
    this.#required = columns.flatMap((column) => {
      const field = schema.fields[column];
      return field === undefined || field.nullable || !mayLack(column) ? [] : [{ column, name: field.name }];
    });
  }

  decode(part: RecordPart, from: number, count: number, into: BatchBuilder): number {
    this.error = null;
    this.missing = null;
    // A record may make two rows.
    const room = Math.floor((into.capacity - into.rowCount) / 2);
    const to = from + Math.min(count, room);
    const scanned = this.#scan(part, from, to);
    const firstRow = into.rowCount;
    const rows = { ...part, starts: this.#starts, ends: this.#ends };
    const decoded = this.#count === 0 ? 0 : this.#rows.decode(rows, 0, this.#count, into);
    this.#note(into, firstRow, decoded);
    let consumed = scanned - from;
    if (decoded < this.#count) {
      this.error = this.#rows.error;
      this.missing = this.#rows.missing;
      consumed = this.#giveUp(into, firstRow, this.#records[decoded]!) - from;
    }
    const lacking = this.#firstLacking(into, firstRow);
    if (lacking !== null) this.missing = null;
    if (lacking !== null) consumed = this.#giveUp(into, firstRow, lacking) - from;
    for (let record = from; record < from + consumed; record += 1)
      if (part.starts[record]! < 0) this.nullValues += 1;
    return consumed;
  }

  /** @throws Error keys are read by their own format */
  decodeRows(): number {
    throw new WeirError('WEIR-3100', 'a key is no Debezium envelope');
  }

  /** Finds the rows of records. @returns the first record that was not taken; `error` says why */
  #scan(part: RecordPart, from: number, to: number): number {
    const { data, starts, ends } = part;
    const { unavailable } = this.#scanner;
    this.#reserve(2 * (to - from));
    this.#count = 0;
    const marked = this.#mentionsUnavailable(data, starts, ends, from, to);
    for (let record = from; record < to; record += 1) {
      const [start, end] = [starts[record]!, ends[record]!];
      if (start < 0) continue;
      const isChange = this.#scanner.scan(part, record);
      if (!isChange && (this.#scanner.error !== null || this.#scanner.missing !== null)) {
        this.error = this.#scanner.error;
        this.missing = this.#scanner.missing;
        return record;
      }
      const problem = isChange ? this.#take(record) : 'it is no JSON object';
      const lacks = marked && problem === null && data.subarray(start, end).includes(unavailable[0]!);
      const unread = lacks && Buffer.from(data.subarray(start, end)).includes(unavailable);
      if (problem === null && !unread) continue;
      while (this.#count > 0 && this.#records[this.#count - 1] === record) this.#count -= 1;
      const why =
        problem ?? 'a large value that was not changed is left out of it (__debezium_unavailable_value)';
      this.error = unreadable(why, data.subarray(start, end));
      return record;
    }
    return to;
  }

  #mentionsUnavailable(
    data: Uint8Array,
    starts: Int32Array,
    ends: Int32Array,
    from: number,
    to: number,
  ): boolean {
    let [low, high] = [data.length, 0];
    for (let record = from; record < to; record += 1) {
      if (starts[record]! < 0) continue;
      low = Math.min(low, starts[record]!);
      high = Math.max(high, ends[record]!);
    }
    const { unavailable } = this.#scanner;
    return low < high && Buffer.from(data.buffer, data.byteOffset + low, high - low).includes(unavailable);
  }

  /** Null, or what is wrong. */
  #take(record: number): string | null {
    const { op, isNull, beforeStart, afterStart } = this.#scanner;
    if (isNull || op === message) return null;
    if (op === truncate) return 'the whole table was emptied (op t), which a stream of rows can not tell';
    if (op === create || op === read) {
      if (afterStart < 0) return 'its `after` is null';
      this.#addAfter(record, rowKind.insert);
      return null;
    }
    if (op === update) {
      if (afterStart < 0) return 'its `after` is null';
      if (!this.#keyed && beforeStart < 0) return 'its `before` is null';
      if (!this.#keyed) this.#addBefore(record, rowKind.updateBefore);
      this.#addAfter(record, this.#keyed ? rowKind.insert : rowKind.updateAfter);
      return null;
    }
    if (op !== remove) return 'it is no Debezium envelope: there is no `op` of c, r, u, d';
    if (beforeStart < 0) return 'its `before` is null';
    this.#addBefore(record, rowKind.delete);
    return null;
  }

  #addBefore(record: number, kind: number): void {
    this.#scanner.took(this.#count, true);
    this.#add(record, kind, this.#scanner.beforeStart, this.#scanner.beforeEnd);
  }

  #addAfter(record: number, kind: number): void {
    this.#scanner.took(this.#count, false);
    this.#add(record, kind, this.#scanner.afterStart, this.#scanner.afterEnd);
  }

  #add(record: number, kind: number, start: number, end: number): void {
    this.#records[this.#count] = record;
    this.#kinds[this.#count] = kind;
    this.#starts[this.#count] = start;
    this.#ends[this.#count] = end;
    this.#count += 1;
  }

  #note(into: BatchBuilder, firstRow: number, count: number): void {
    const kinds = into.kinds();
    for (let index = 0; index < count; index += 1) {
      kinds[firstRow + index] = this.#kinds[index]!;
      into.recordIndex[firstRow + index] = this.#records[index]!;
    }
  }

  /** Forgets the rows of a record and of those behind it. @returns the record */
  #giveUp(into: BatchBuilder, firstRow: number, record: number): number {
    let rows = into.rowCount;
    while (rows > firstRow && into.recordIndex[rows - 1]! >= record) rows -= 1;
    into.truncate(rows);
    return record;
  }

  /** The record of the first row that stays and has NULL in a NOT NULL column; `error` says so. */
  #firstLacking(into: BatchBuilder, firstRow: number): number | null {
    let first: number | null = null;
    for (const { column, name } of this.#required) {
      const builder = into.column(column);
      if (!builder.anyNull) continue;
      for (let row = firstRow; row < into.rowCount; row += 1) {
        if (builder.nullFlags[row] !== 1 || into.kinds()[row] === rowKind.delete) continue;
        const record = into.recordIndex[row]!;
        if (first !== null && first <= record) break;
        first = record;
        this.error = new WeirError('WEIR-3102', `$.after.${name}: expected a value, the column is NOT NULL`, {
          hint: `declare column ${name} without NOT NULL, or set 'bad_data' = 'drop'`,
        });
        break;
      }
    }
    return first;
  }

  #reserve(rows: number): void {
    if (this.#starts.length >= rows) return;
    this.#records = new Int32Array(rows);
    this.#kinds = new Uint8Array(rows);
    this.#starts = new Int32Array(rows);
    this.#ends = new Int32Array(rows);
  }
}

function unreadable(problem: string, record: Uint8Array): WeirError {
  const hint = problem.includes('`before`')
    ? 'the source database must log whole old rows (PostgreSQL: ALTER TABLE … REPLICA IDENTITY FULL), or declare a PRIMARY KEY'
    : problem.includes('op t')
      ? "skip.truncate of the connector leaves them out at the source; 'bad_data' = 'drop' here"
      : problem.includes('__debezium')
        ? 'ALTER TABLE … REPLICA IDENTITY FULL brings them'
        : "'bad_data' = 'drop' leaves such records out";
  return new WeirError(
    'WEIR-3102',
    `a Debezium change: ${problem}; the record begins with ${firstBytes(record)}`,
    { hint },
  );
}
