import type { RecordPart } from '../decoder.ts';
import { ScanBuffer } from '../json/scan-buffer.ts';
import { closingQuote } from '../json/scan-string.ts';
import { afterByteOrderMark, afterNull, skipSpace, skipValue } from '../json/scan-value.ts';
import type { ChangeScanner } from './change-scanner.ts';

const names = ['before', 'after', 'op', 'payload'].map((name) => Buffer.from(name));
const [beforeName, afterName, opName, payloadName] = names;

/** Finds the rows and the operation of a change, bare or in the `payload` of one that brings its schema. Ranges of bytes; nothing is copied. */
export class EnvelopeScanner implements ChangeScanner {
  readonly unavailable = Buffer.from('"__debezium_unavailable_value"');
  readonly error = null;
  readonly missing = null;
  /** The code of `op`'s letter; 0: there is none. */
  op = 0;
  /** -1: null, or not there. */
  beforeStart = -1;
  beforeEnd = -1;
  afterStart = -1;
  afterEnd = -1;
  readonly #scan = new ScanBuffer();
  #payloadStart = -1;
  #payloadEnd = -1;
  /** The value is there, and is null. */
  isNull = false;

  /** @returns false: it is no JSON object, or not to its end */
  scan({ data, starts, ends }: RecordPart, record: number): boolean {
    this.#scan.use(data, -1);
    const end = ends[record]!;
    const from = afterByteOrderMark(data, starts[record]!, end);
    if (!this.#object(from, end)) return false;
    if (this.op !== 0 || this.#payloadStart < 0) return true;
    const inner = this.#payloadStart;
    const innerEnd = this.#payloadEnd;
    this.isNull = afterNull(data, inner, innerEnd) >= 0;
    return this.isNull || this.#object(inner, innerEnd);
  }

  took(): void {}

  #object(start: number, end: number): boolean {
    const scan = this.#scan;
    const { data } = scan;
    scan.end = end;
    this.op = 0;
    this.isNull = false;
    this.beforeStart = this.afterStart = this.#payloadStart = -1;
    let p = skipSpace(data, start, end);
    if (p >= end || data[p] !== 0x7b) return false;
    p = skipSpace(data, p + 1, end);
    if (p < end && data[p] === 0x7d) return skipSpace(data, p + 1, end) === end;
    for (;;) {
      if (p >= end || data[p] !== 0x22) return false;
      const keyStart = p + 1;
      const keyEnd = closingQuote(scan, keyStart);
      if (keyEnd < 0) return false;
      p = skipSpace(data, keyEnd + 1, end);
      if (p >= end || data[p] !== 0x3a) return false;
      const valueStart = skipSpace(data, p + 1, end);
      const valueEnd = skipValue(scan, valueStart, 1);
      if (valueEnd < 0) return false;
      this.#field(keyStart, keyEnd, valueStart, valueEnd);
      p = skipSpace(data, valueEnd, end);
      if (p >= end) return false;
      if (data[p] === 0x7d) return skipSpace(data, p + 1, end) === end;
      if (data[p] !== 0x2c) return false;
      p = skipSpace(data, p + 1, end);
    }
  }

  #field(keyStart: number, keyEnd: number, start: number, end: number): void {
    const { data } = this.#scan;
    if (this.#is(opName, keyStart, keyEnd)) {
      if (end === start + 3) this.op = data[start + 1]!;
    } else if (this.#is(beforeName, keyStart, keyEnd)) {
      this.beforeStart = data[start] === 0x7b ? start : -1;
      this.beforeEnd = end;
    } else if (this.#is(afterName, keyStart, keyEnd)) {
      this.afterStart = data[start] === 0x7b ? start : -1;
      this.afterEnd = end;
    } else if (this.#is(payloadName, keyStart, keyEnd)) {
      this.#payloadStart = start;
      this.#payloadEnd = end;
    }
  }

  #is(name: Uint8Array | undefined, start: number, end: number): boolean {
    if (name === undefined || end - start !== name.length) return false;
    const { data } = this.#scan;
    for (let index = 0; index < name.length; index += 1)
      if (data[start + index] !== name[index]) return false;
    return true;
  }
}
