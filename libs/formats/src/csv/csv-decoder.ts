import type { BatchBuilder, ColumnBuilder } from '@weir/columnar/column-builder.ts';
import { formatType, type Field, type Schema } from '@weir/columnar/sql-type.ts';
import { WeirError } from '@weir/kernel/errors.ts';
import { AvroProblem } from '../avro/avro-cursor.ts';
import { NoRoom, ownTextsOf, type OwnText } from '../avro/own-text.ts';
import type { Decoder, DecoderSettings, NullValue, RecordPart } from '../decoder.ts';
import { firstBytes } from '../json/record-problem.ts';
import { ScanBuffer } from '../json/scan-buffer.ts';
import { nullPartError } from '../null-value.ts';
import { fieldReader, type ReadField } from './csv-columns.ts';
import { CsvFields, fieldForm } from './csv-fields.ts';
import type { CsvSigns } from './csv-options.ts';

/** Where a column's value stands in a row. */
export interface CsvLayout {
  /** Of each column the index of its field; -1: there is none, it is NULL. */
  readonly fieldOf: readonly number[];
  /** Fields that each row has. */
  readonly fieldCount: number;
}

/** A row of fields a record: empty without quotes is NULL, `""` is an empty text. */
export class CsvDecoder implements Decoder {
  error: WeirError | null = null;
  readonly missing = null;
  nullValues = 0;
  readonly #columns: readonly number[];
  readonly #targets: readonly Field[];
  readonly #settings: DecoderSettings;
  readonly #nullValue: NullValue;
  readonly #signs: CsvSigns;
  readonly #layout: CsvLayout;
  readonly #fields: CsvFields;
  readonly #scan = new ScanBuffer();
  #into: BatchBuilder | null = null;
  #builders: readonly ColumnBuilder[] = [];
  #readers: readonly ReadField[] = [];
  #texts: readonly OwnText[] = [];
  /** The batch takes no more text. */
  #full = false;
  #rows = 0;

  /** @param layout null: fields stand in the order of the columns */
  constructor(schema: Schema, settings: DecoderSettings, signs: CsvSigns, layout: CsvLayout | null) {
    this.#columns = settings.columns ?? schema.fields.map((_, index) => index);
    this.#targets = this.#columns.map((index) => schema.fields[index]!);
    this.#settings = settings;
    this.#nullValue = settings.part === 'key' ? 'row' : (settings.nullValue ?? 'error');
    this.#signs = signs;
    this.#layout = layout ?? { fieldOf: this.#columns.map((_, at) => at), fieldCount: this.#columns.length };
    this.#fields = new CsvFields(signs, this.#layout.fieldCount);
  }

  decode(part: RecordPart, from: number, count: number, into: BatchBuilder): number {
    this.#begin(part, into, into.rowCount);
    let record = from;
    for (; record < from + count && into.rowCount < into.capacity; record += 1) {
      if (part.starts[record]! < 0 && this.#nullValue === 'skip') {
        this.nullValues += 1;
        continue;
      }
      if (!this.#read(part, record, into.rowCount, true)) break;
      into.recordIndex[into.rowCount] = record;
      into.rowCount += 1;
    }
    for (const text of this.#texts) text.endCall(part.data);
    return record - from;
  }

  decodeRows(part: RecordPart, into: BatchBuilder, fromRow: number, toRow: number): number {
    this.#begin(part, into, fromRow);
    let row = fromRow;
    while (row < toRow && this.#read(part, into.recordIndex[row]!, row, false)) row += 1;
    for (const text of this.#texts) text.endCall(part.data);
    return row - fromRow;
  }

  #begin(part: RecordPart, into: BatchBuilder, rows: number): void {
    this.error = null;
    this.#scan.use(part.data, -1);
    if (into !== this.#into) this.#bind(into);
    if (rows === 0) for (const text of this.#texts) text.beginBatch();
  }

  #bind(into: BatchBuilder): void {
    this.#into = into;
    this.#builders = this.#columns.map((index) => into.column(index));
    const texts = ownTextsOf(this.#builders);
    this.#texts = [...texts.values()];
    this.#readers = this.#builders.map((builder) =>
      fieldReader(builder, texts.get(builder), this.#signs.quote, () => this.#rows),
    );
  }

  /** False: nothing is left of the row; `error` says why, unless the batch is full. */
  #read(part: RecordPart, record: number, row: number, mayEnd: boolean): boolean {
    const start = part.starts[record]!;
    if (start < 0) return this.#setNull(row);
    const end = part.ends[record]!;
    this.#rows = row;
    for (const text of this.#texts) text.mark = text.length;
    try {
      if (this.#readFields(part.data, start, end, row)) return true;
    } catch (problem) {
      if (!(problem instanceof AvroProblem)) throw problem;
      this.#full = mayEnd && row > 0 && problem instanceof NoRoom;
      if (!this.#full) this.#fail(problem.message, 0, part.data.subarray(start, end));
    }
    for (const builder of this.#builders) builder.undo(row, row + 1);
    for (const text of this.#texts) text.length = text.mark;
    return false;
  }

  #readFields(data: Uint8Array, start: number, end: number, row: number): boolean {
    const fields = this.#fields;
    const { fieldOf, fieldCount } = this.#layout;
    const record = data.subarray(start, end);
    if (!fields.scan(data, start, end)) {
      const hint = fields.problem.startsWith('another')
        ? "set 'framing' = 'newline' for records of several lines"
        : undefined;
      return this.#fail(fields.problem, fields.problemAt - start, record, hint);
    }
    if (fields.count !== fieldCount) {
      const hint =
        "'csv.delimiter' must be what stands between the fields, and the table must have a column for each";
      return this.#fail(`it has ${fields.count} fields, not ${fieldCount}`, 0, record, hint);
    }
    for (let index = 0; index < this.#readers.length; index += 1) {
      const field = fieldOf[index]!;
      const { name, type, nullable } = this.#targets[index]!;
      const from = field < 0 ? 0 : fields.starts[field]!;
      const to = field < 0 ? 0 : fields.ends[field]!;
      const form = field < 0 ? fieldForm.bare : fields.forms[field]!;
      if (from === to && form === fieldForm.bare) {
        if (!nullable) return this.#fail(`${name} is empty (NULL), but is NOT NULL`, from - start, record);
        this.#builders[index]!.setNull(row);
        continue;
      }
      if (this.#readers[index]!(this.#scan, from, to, row, form === fieldForm.doubled)) continue;
      const shown = firstBytes(data.subarray(from, to));
      return this.#fail(`${name}: ${shown} is no ${formatType(type)}`, from - start, record);
    }
    return true;
  }

  #fail(problem: string, at: number, record: Uint8Array, hint?: string): false {
    this.error = new WeirError(
      'WEIR-3102',
      `${problem}, at byte ${at} of ${record.length}; the record begins with ${firstBytes(record)}`,
      {
        hint:
          hint ?? "correct the column's type or the producer; 'bad_data' = 'drop' leaves such records out",
      },
    );
    return false;
  }

  #setNull(row: number): boolean {
    const notNull = this.#targets.find((field) => !field.nullable)?.name;
    if (this.#nullValue !== 'row' || notNull !== undefined) {
      this.error = nullPartError(this.#settings.part, this.#nullValue === 'row' ? notNull : undefined);
      return false;
    }
    for (const builder of this.#builders) builder.setNull(row);
    return true;
  }
}
