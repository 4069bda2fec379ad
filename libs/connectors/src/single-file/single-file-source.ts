import { open } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import type { Batch } from '@weir/columnar/batch.ts';
import { BatchBuilder } from '@weir/columnar/column-builder.ts';
import { csvRowEnd } from '@weir/formats/csv/csv-fields.ts';
import { decoderBelowHeader } from '@weir/formats/csv/csv-header.ts';
import { readCsvOptions, type CsvOptions } from '@weir/formats/csv/csv-options.ts';
import { partWithoutHeaders, type Decoder } from '@weir/formats/decoder.ts';
import { formatNamed } from '@weir/formats/formats.ts';
import { present } from '@weir/kernel/assert.ts';
import { WeirError } from '@weir/kernel/errors.ts';
import type { SourceNode } from '@weir/plan/nodes/source.ts';
import type { SplitState } from '@weir/plan/split-state.ts';
import type { SubtaskContext } from '../connector.ts';
import { fillOptions } from '../options/fill-variables.ts';
import type { Source, SourceStats } from '../source.ts';
import { pathBelow } from './files-root.ts';
import { singleFileTableOptions } from './single-file-options.ts';

const chunkBytes = 1024 * 1024;
const longestLineBytes = 64 * 1024 * 1024;
const maxLines = 4096;
const newline = 10;
const carriageReturn = 13;
const byteOrderMark = Buffer.from('\uFEFF');

/**
 * Reads a file of one value a line, once, from its beginning to the end that it has when it is reached; subtask 0 alone reads. The position is the
 * byte after the last line that was handed out.
 */
export class SingleFileSource implements Source {
  ended: boolean;
  readonly #node: SourceNode;
  readonly #context: SubtaskContext;
  readonly #options: Readonly<Record<string, string>>;
  readonly #path: string;
  #decoder: Decoder;
  readonly #builder: BatchBuilder;
  readonly #starts = new Int32Array(maxLines);
  readonly #ends = new Int32Array(maxLines);
  /** Where the line after each begins. */
  readonly #nexts = new Int32Array(maxLines);
  readonly #reads: boolean;
  /** Lines are text, which may end with CR LF, and a byte order mark may stand before the first. */
  readonly #isText: boolean;
  /** Of CSV: line breaks in quotes end no line, and in a file of one column an empty line is a NULL. */
  readonly #csv: CsvOptions | null;
  #file: FileHandle | undefined;
  /** Bytes read and not handed out: `#data` from `#at` on; `#offset` is the position in the file of `#at`. */
  #data: Buffer = Buffer.alloc(0);
  #at = 0;
  #offset = 0;
  #atEndOfFile = false;
  #records = 0;
  #badRecords = 0;

  constructor(node: SourceNode, context: SubtaskContext) {
    this.#node = node;
    this.#context = context;
    this.#options = fillOptions(singleFileTableOptions, node.options, context.access.variables);
    this.#path = this.#options['path'] ?? '';
    this.#decoder = formatNamed(this.#options['format'] ?? 'json').createDecoder(node.schema, this.#options);
    this.#builder = new BatchBuilder(node.schema);
    this.#reads = context.subtask === 0;
    this.#isText = this.#options['format'] !== 'raw_bytes';
    this.#csv = this.#options['format'] === 'csv' ? readCsvOptions(this.#options).options : null;
    this.ended = !this.#reads;
  }

  async open(splits: Readonly<Record<string, SplitState>>): Promise<void> {
    this.#offset = Number(splits[this.#path]?.['offset'] ?? 0);
    if (!this.#reads) return;
    const place = await pathBelow(this.#context.access.filesRoot, this.#node.table, this.#path);
    this.#file = await open(place, 'r').catch((cause: unknown) => {
      throw new WeirError('WEIR-3301', `table ${this.#node.table}: the file ${this.#path} can not be read`, {
        cause,
      });
    });
    if (this.#csv?.header) await this.#readHeader(this.#file);
    await this.#readMore();
  }

  /** Also where the position is behind it: it says where the fields stand. */
  async #readHeader(file: FileHandle): Promise<void> {
    let text: Buffer = Buffer.alloc(0);
    let end = -1;
    for (;;) {
      const { buffer, bytesRead } = await file.read(Buffer.alloc(chunkBytes), 0, chunkBytes, text.length);
      text = Buffer.concat([text, buffer.subarray(0, bytesRead)]);
      end = this.#rowEnd(text, 0);
      if (end >= 0 || bytesRead === 0) break;
      if (text.length > longestLineBytes) throw this.#tooLong(0);
    }
    if (text.length === 0) return;
    const line = end < 0 ? text.length : end;
    const begin = text.subarray(0, byteOrderMark.length).equals(byteOrderMark) ? byteOrderMark.length : 0;
    try {
      this.#decoder = decoderBelowHeader(this.#node.schema, this.#options, text.subarray(begin, line));
    } catch (error) {
      if (!(error instanceof WeirError)) throw error;
      const hint = error.hint === undefined ? {} : { hint: error.hint };
      const message = `table ${this.#node.table}: ${this.#path}: ${error.message}`;
      throw new WeirError(error.code, message, { cause: error, ...hint });
    }
    if (this.#offset === 0) this.#offset = Math.min(line + 1, text.length);
  }

  /** An empty line of CSV with one column is a row in which it is NULL. */
  get #keepsEmpty(): boolean {
    return this.#csv !== null && this.#node.schema.fields.length === 1;
  }

  #rowEnd(data: Buffer, from: number): number {
    return this.#csv === null ? data.indexOf(newline, from) : csvRowEnd(data, from, data.length, this.#csv);
  }

  poll(): Batch | undefined {
    const builder = this.#builder;
    for (;;) {
      const lines = this.#takeLines();
      if (lines === 0) {
        this.ended ||= this.#atEndOfFile;
        return undefined;
      }
      builder.reset();
      const consumed = this.#decodeLines(lines);
      this.#advance(consumed, lines);
      if (builder.rowCount === 0) continue;
      this.#records += builder.rowCount;
      return builder.batch(0);
    }
  }

  /** Lines decoded or left out; fewer than `lines` when the batch is full. */
  #decodeLines(lines: number): number {
    const part = partWithoutHeaders(this.#data, this.#starts, this.#ends);
    let from = 0;
    while (from < lines) {
      from += this.#decoder.decode(part, from, lines - from, this.#builder);
      const { error } = this.#decoder;
      if (error === null) return from;
      if (this.#options['bad_data'] !== 'drop') {
        const offset = this.#offset + ((this.#starts[from] ?? 0) - this.#at);
        throw new WeirError(
          'WEIR-3302',
          `table ${this.#node.table}: the line at byte ${offset} of ${this.#path} can not be decoded: ${error.message}`,
          { cause: error, hint: error.hint ?? "'bad_data' = 'drop' leaves such lines out" },
        );
      }
      this.#badRecords += 1;
      from += 1;
    }
    return from;
  }

  /** Finds whole lines in what was read; the last line of the file may lack its newline. Empty lines count as none. */
  #takeLines(): number {
    let lines = 0;
    let from = this.#at;
    while (lines < maxLines) {
      let end = this.#rowEnd(this.#data, from);
      if (end < 0) {
        if (!this.#atEndOfFile || from >= this.#data.length) break;
        end = this.#data.length;
      }
      const first = this.#lineStart(from);
      const last = this.#isText && this.#data[end - 1] === carriageReturn ? end - 1 : end;
      if (last > first || (this.#keepsEmpty && end < this.#data.length)) {
        this.#starts[lines] = first;
        this.#ends[lines] = last;
        this.#nexts[lines] = Math.min(end + 1, this.#data.length);
        lines += 1;
      }
      from = end + 1;
    }
    return lines;
  }

  /** Of the line that begins at `from`: behind the byte order mark of the file. */
  #lineStart(from: number): number {
    const beginsFile = this.#isText && this.#offset + (from - this.#at) === 0;
    const after = from + byteOrderMark.length;
    return beginsFile && this.#data.subarray(from, after).equals(byteOrderMark) ? after : from;
  }

  #advance(consumed: number, lines: number): void {
    const next = consumed === 0 ? this.#at : this.#nexts[Math.min(consumed, lines) - 1]!;
    this.#offset += next - this.#at;
    this.#at = next;
  }

  async wait(_signal: AbortSignal): Promise<void> {
    if (!this.ended) await this.#readMore();
  }

  async #readMore(): Promise<void> {
    if (this.#atEndOfFile) return;
    const rest = this.#data.subarray(this.#at);
    if (rest.length > longestLineBytes) throw this.#tooLong(this.#offset);
    const chunk = Buffer.allocUnsafe(rest.length + chunkBytes);
    rest.copy(chunk);
    const { bytesRead } = await present(this.#file, 'open file').read(
      chunk,
      rest.length,
      chunkBytes,
      this.#offset + rest.length,
    );
    this.#data = chunk.subarray(0, rest.length + bytesRead);
    this.#at = 0;
    this.#atEndOfFile = bytesRead === 0;
  }

  #tooLong(offset: number): WeirError {
    const hint =
      this.#csv === null ? {} : { hint: 'a quote that nothing closes makes all that follows one line' };
    const message = `${this.#path} holds a line of over ${longestLineBytes} bytes at byte ${offset}`;
    return new WeirError('WEIR-3303', message, hint);
  }

  partitionName(): string {
    return this.#path;
  }

  takeEndChanges(): readonly [] {
    return [];
  }

  partitions(): readonly number[] {
    return this.#reads ? [0] : [];
  }

  snapshot(): Readonly<Record<string, SplitState>> {
    return this.#reads ? { [this.#path]: { offset: this.#offset } } : {};
  }

  async committed(): Promise<void> {}

  stats(): SourceStats {
    return { records: this.#records, bytes: this.#offset, badRecords: this.#badRecords, lag: {} };
  }

  async close(): Promise<void> {
    await this.#file?.close();
  }
}
