import { physicalKind } from '@weir/columnar/column.ts';
import { formatType, type SqlType } from '@weir/columnar/sql-type.ts';
import { layoutHash } from '../pieces/piece-layout.ts';

/*
 * A record: words of 8 bytes.
 *
 *   0   u32 hash of what it is found by, u16 key group, u16 flags
 *   1   u32 touched (seconds), u32 NULL bits of fields 0 .. 31
 *   …   NULL bits of further fields, 64 a word
 *   …   a word a field: a number as f64; bytes and nested values as u32 offset and u32 length in the page's heap; an integer beyond 2^53 as a NaN
 *       whose upper half is 0xfff8 and the length, the lower half the offset of its decimal text (an integer is never NaN)
 *
 * It stands in pieces as it is, but for the offsets: a change needs another `recordVersion`.
 */

const recordVersion = 1;

export interface RowField {
  /** For people; no part of the layout. */
  readonly name: string;
  readonly type: SqlType;
}

/** How a field lies in its word. */
export type FieldKind = 'number' | 'integer' | 'bytes' | 'nested';

/** The record holds a row; a record without it is free. */
export const liveFlag = 1;

/** Upper half of the word of an integer beyond 2^53: the length of its text is in the lower 16 bits. */
export const bigMark = 0xfff8_0000 | 0;

const pageBytes = 64 * 1024;

/** Where the fields of a store's records are. */
export class RowLayout {
  readonly fields: readonly RowField[];
  readonly kinds: readonly FieldKind[];
  /** Words of a record. */
  readonly stride: number;
  /** Word of field 0; the others follow. */
  readonly firstField: number;
  /** Some field may lie in the heap. */
  readonly hasHeap: boolean;
  /** Slots of a page, a power of two: slot >>> pageBits is its page. */
  readonly pageBits: number;
  /** Of what its pieces' rows consist of. */
  readonly hash: number;

  /** `use`: what kind of state it is, so that two that happen to have equal fields are kept apart. */
  constructor(use: string, fields: readonly RowField[]) {
    this.fields = fields;
    this.kinds = fields.map(({ type }) => fieldKind(type));
    this.firstField = 2 + Math.ceil(Math.max(0, fields.length - 32) / 64);
    this.stride = this.firstField + fields.length;
    this.hasHeap = this.kinds.some((kind) => kind !== 'number');
    this.pageBits = Math.max(0, Math.floor(Math.log2(pageBytes / (8 * this.stride))));
    const types = fields.map(({ type }) => formatType(type)).join(',');
    this.hash = layoutHash(`rows ${recordVersion}|${use}|${types}`);
  }
}

function fieldKind(type: SqlType): FieldKind {
  switch (physicalKind(type)) {
    case 'bool':
    case 'float':
      return 'number';
    case 'int':
      return 'integer';
    case 'bytes':
      return 'bytes';
    default:
      return 'nested';
  }
}
