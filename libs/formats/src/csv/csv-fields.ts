import type { CsvSigns } from './csv-options.ts';

const lineFeed = 10;
const carriageReturn = 13;

/** How a field stood in its row: as it is, in quotes, or in quotes with doubled ones inside. */
export const fieldForm = { bare: 0, quoted: 1, doubled: 2 } as const;

/**
 * The fields of one row, by RFC 4180:
 *
 *     row    = field *(delimiter field) [CR] [LF]
 *     field  = *(any but delimiter, quote, CR, LF) | quote *(any but quote | quote quote) quote
 */
export class CsvFields {
  /** Fields of the row; positions are kept of as many as `limit`. */
  count = 0;
  readonly starts: Int32Array;
  readonly ends: Int32Array;
  readonly forms: Uint8Array;
  /** What is wrong with the row, and at which byte of `data`. */
  problem = '';
  problemAt = 0;
  readonly #limit: number;
  readonly #signs: CsvSigns;

  constructor(signs: CsvSigns, limit: number) {
    this.#signs = signs;
    this.#limit = limit;
    this.starts = new Int32Array(limit);
    this.ends = new Int32Array(limit);
    this.forms = new Uint8Array(limit);
  }

  /** False: `problem` says why the bytes are no row. */
  scan(data: Uint8Array, start: number, end: number): boolean {
    const { delimiter, quote } = this.#signs;
    const stop = withoutLineEnd(data, start, end);
    this.count = 0;
    for (let p = start; ; p += 1) {
      const after = p < stop && data[p] === quote ? this.#quoted(data, p, stop) : this.#bare(data, p, stop);
      if (after < 0) return false;
      p = after;
      if (p === stop) return true;
      if (data[p] !== delimiter) return this.#fail('bytes follow the quote that ends a field', p);
    }
  }

  #bare(data: Uint8Array, start: number, end: number): number {
    const { delimiter, quote } = this.#signs;
    let p = start;
    for (; p < end; p += 1) {
      const byte = data[p]!;
      if (byte === delimiter) break;
      if (byte === quote) return this.#failed("a quote stands inside a field that doesn't begin with one", p);
      if (byte === lineFeed) return this.#failed('another line follows', p);
    }
    this.#add(start, p, fieldForm.bare);
    return p;
  }

  #quoted(data: Uint8Array, start: number, end: number): number {
    const { quote } = this.#signs;
    let form: number = fieldForm.quoted;
    for (let p = start + 1; p < end; p += 1) {
      if (data[p] !== quote) continue;
      if (p + 1 < end && data[p + 1] === quote) {
        form = fieldForm.doubled;
        p += 1;
        continue;
      }
      this.#add(start + 1, p, form);
      return p + 1;
    }
    return this.#failed('the row ends inside quotes', start);
  }

  #add(start: number, end: number, form: number): void {
    if (this.count < this.#limit) {
      this.starts[this.count] = start;
      this.ends[this.count] = end;
      this.forms[this.count] = form;
    }
    this.count += 1;
  }

  #fail(problem: string, at: number): false {
    this.problem = problem;
    this.problemAt = at;
    return false;
  }

  #failed(problem: string, at: number): -1 {
    this.#fail(problem, at);
    return -1;
  }
}

function withoutLineEnd(data: Uint8Array, start: number, end: number): number {
  if (end > start && data[end - 1] === lineFeed) end -= 1;
  return end > start && data[end - 1] === carriageReturn ? end - 1 : end;
}

/** The position of the LF that ends the row which begins at `start`: line breaks in quotes are text. -1: there is none before `end`. */
export function csvRowEnd(
  data: Uint8Array,
  start: number,
  end: number,
  { delimiter, quote }: CsvSigns,
): number {
  let fieldStart = start;
  for (let p = start; p < end; p += 1) {
    const byte = data[p]!;
    if (byte === lineFeed) return p;
    if (byte === delimiter) fieldStart = p + 1;
    else if (byte === quote && p === fieldStart) {
      p = quotedEnd(data, p, end, quote);
      if (p < 0) return -1;
    }
  }
  return -1;
}

/** Of the quote that ends the field whose quote is at `p`; -1: there is none. */
function quotedEnd(data: Uint8Array, p: number, end: number, quote: number): number {
  for (p += 1; p < end; p += 1) {
    if (data[p] !== quote) continue;
    if (p + 1 >= end || data[p + 1] !== quote) return p;
    p += 1;
  }
  return -1;
}
