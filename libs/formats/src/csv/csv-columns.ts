import type { ColumnBuilder } from '@weir/columnar/column-builder.ts';
import { formatType } from '@weir/columnar/sql-type.ts';
import { assert } from '@weir/kernel/assert.ts';
import { bytesOf, type OwnText } from '../avro/own-text.ts';
import { decodeBase64 } from '../json/base64.ts';
import { ScanBuffer } from '../json/scan-buffer.ts';
import { plainTextEnd } from '../json/scan-string.ts';
import { skipValue } from '../json/scan-value.ts';
import { valueFromText, type ReadText } from '../text/value-from-text.ts';

/** A field of a row into a row of its column. False: it is no value of the column. Positions are in `s.data`. */
export type ReadField = (
  s: ScanBuffer,
  start: number,
  end: number,
  row: number,
  unescape: boolean,
) => boolean;

/**
 * The reader of a column.
 * @param own the buffer of a column of bytes
 * @param quote the byte that stands twice where `unescape` is said
 * @param rows how many rows the batch has before the one being read
 */
export function fieldReader(
  builder: ColumnBuilder,
  own: OwnText | undefined,
  quote: number,
  rows: () => number,
): ReadField {
  const value = valueFromText(builder);
  if (value !== null) return valueReader(value, quote);
  assert(own !== undefined, `${formatType(builder.type)} is a column of bytes`);
  if (builder.type.kind === 'bytes') return base64Reader(builder, own, quote, rows);
  return builder.type.kind === 'json'
    ? jsonReader(builder, own, quote, rows)
    : textReader(builder, own, quote, rows);
}

/** Numbers, words and times hold no quotes: a field with doubled ones is none of them. */
function valueReader(read: ReadText, quote: number): ReadField {
  return (s, start, end, row, unescape) => {
    if (unescape && s.data.subarray(start, end).includes(quote)) return false;
    while (start < end && s.data[start] === 0x20) start += 1;
    while (start < end && s.data[end - 1] === 0x20) end -= 1;
    return start < end && read(s, start, end, row);
  };
}

function isJson(s: ScanBuffer, start: number, end: number): boolean {
  s.end = end;
  while (start < end && isSpace(s.data[start]!)) start += 1;
  let after = start < end ? skipValue(s, start, 0) : -1;
  while (after >= 0 && after < end && isSpace(s.data[after]!)) after += 1;
  return after === end;
}

function isSpace(byte: number): boolean {
  return byte === 0x20 || byte === 9 || byte === 10 || byte === 13;
}

function textReader(builder: ColumnBuilder, own: OwnText, quote: number, rows: () => number): ReadField {
  const place = placeText(builder, own, quote, rows);
  return (s, start, end, row, unescape) => {
    s.end = end;
    return plainTextEnd(s, start) === end && place(s, start, end, row, unescape);
  };
}

function jsonReader(builder: ColumnBuilder, own: OwnText, quote: number, rows: () => number): ReadField {
  const place = placeText(builder, own, quote, rows);
  const column = bytesOf(builder);
  const made = new ScanBuffer();
  return (s, start, end, row, unescape) => {
    if (!unescape) return isJson(s, start, end) && place(s, start, end, row, false);
    place(s, start, end, row, true);
    made.use(own.buffer, -1);
    return isJson(made, column.starts[row]!, own.length);
  };
}

/** A slice of the record; where quotes must be taken out, or those of a row before were, the column's own buffer holds it. */
function placeText(builder: ColumnBuilder, own: OwnText, quote: number, rows: () => number): ReadField {
  const column = bytesOf(builder);
  return (s, start, end, row, unescape) => {
    if (!unescape && !own.active) {
      column.starts[row] = start;
      column.ends[row] = end;
      return true;
    }
    own.activate(s.data, rows());
    column.starts[row] = own.length;
    if (unescape) appendUnescaped(s.data, start, end, quote, own);
    else own.append(s.data, start, end);
    column.ends[row] = own.length;
    return true;
  };
}

function base64Reader(builder: ColumnBuilder, own: OwnText, quote: number, rows: () => number): ReadField {
  const column = bytesOf(builder);
  return (s, start, end, row) => {
    if (quote >= 0 && s.data.subarray(start, end).includes(quote)) return false;
    own.activate(s.data, rows());
    const at = own.length;
    own.append(s.data, start, end);
    // What comes out is shorter than what goes in, so it may lie in the same place.
    const after = decodeBase64(own.buffer, at, own.length, at);
    if (after < 0) return false;
    own.length = after;
    column.starts[row] = at;
    column.ends[row] = after;
    return true;
  };
}

function appendUnescaped(data: Uint8Array, start: number, end: number, quote: number, own: OwnText): void {
  own.reserve(end - start);
  let at = own.length;
  for (let p = start; p < end; p += 1) {
    const byte = data[p]!;
    own.buffer[at] = byte;
    at += 1;
    if (byte === quote) p += 1;
  }
  own.length = at;
}
