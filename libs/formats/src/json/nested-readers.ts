import type { ListColumn, MapColumn } from '@weir/columnar/column.ts';
import type { ColumnBuilder } from '@weir/columnar/column-builder.ts';
import type { ScanBuffer } from './scan-buffer.ts';
import { readString } from './scan-string.ts';
import { skipSpace } from './scan-value.ts';
import { ValueReader } from './value-reader.ts';

export class ListReader extends ValueReader {
  readonly #element: ValueReader;

  constructor(builder: ColumnBuilder, nullable: boolean, element: ValueReader) {
    super(builder, nullable);
    this.#element = element;
  }

  protected readValue(s: ScanBuffer, p: number, row: number): number {
    const { data, end } = s;
    if (data[p] !== 0x5b) return -1;
    const offsets = (this.builder.column as ListColumn).offsets;
    const element = this.#element;
    let count = offsets[row]!;
    p = skipSpace(data, p + 1, end);
    if (p < end && data[p] === 0x5d) {
      offsets[row + 1] = count;
      return p + 1;
    }
    for (;;) {
      element.builder.reserve(count + 1);
      p = element.read(s, p, count);
      if (p < 0) return -1;
      count += 1;
      p = skipSpace(data, p, end);
      if (p >= end) return -1;
      if (data[p] === 0x5d) break;
      if (data[p] !== 0x2c) return -1;
      p = skipSpace(data, p + 1, end);
    }
    offsets[row + 1] = count;
    return p + 1;
  }
}

/** Entries that are compared pairwise to find a key that stands twice; larger maps go to the plain reader. */
const maxCompared = 64;

/** MAP with keys of TEXT: an object. */
export class MapReader extends ValueReader {
  readonly #value: ValueReader;

  constructor(builder: ColumnBuilder, nullable: boolean, value: ValueReader) {
    super(builder, nullable);
    this.#value = value;
  }

  protected readValue(s: ScanBuffer, p: number, row: number): number {
    const { data, end } = s;
    if (data[p] !== 0x7b) return -1;
    const column = this.builder.column as MapColumn;
    const first = column.offsets[row]!;
    let count = first;
    p = skipSpace(data, p + 1, end);
    if (p < end && data[p] === 0x7d) {
      column.offsets[row + 1] = count;
      return p + 1;
    }
    for (;;) {
      if (count - first >= maxCompared) return -1;
      p = this.#readEntry(s, p, first, count);
      if (p < 0) return -1;
      count += 1;
      p = skipSpace(data, p, end);
      if (p >= end) return -1;
      if (data[p] === 0x7d) break;
      if (data[p] !== 0x2c) return -1;
      p = skipSpace(data, p + 1, end);
    }
    column.offsets[row + 1] = count;
    return p + 1;
  }

  #readEntry(s: ScanBuffer, p: number, first: number, entry: number): number {
    const keyBuilder = this.builder.child(0);
    keyBuilder.reserve(entry + 1);
    const keys = keyBuilder.column;
    if (keys.kind !== 'bytes') return -1;
    p = readString(s, p);
    if (p < 0) return -1;
    keys.starts[entry] = s.start;
    keys.ends[entry] = s.stop;
    if (!s.plain) keys.jsonPlain = false;
    for (let other = first; other < entry; other += 1) {
      if (sameBytes(s.data, keys.starts[other]!, keys.ends[other]!, s.start, s.stop)) return -1;
    }
    p = skipSpace(s.data, p, s.end);
    if (p >= s.end || s.data[p] !== 0x3a) return -1;
    this.#value.builder.reserve(entry + 1);
    return this.#value.read(s, skipSpace(s.data, p + 1, s.end), entry);
  }
}

function sameBytes(data: Uint8Array, a: number, aEnd: number, b: number, bEnd: number): boolean {
  if (aEnd - a !== bEnd - b) return false;
  for (; a < aEnd; a += 1, b += 1) if (data[a] !== data[b]) return false;
  return true;
}
