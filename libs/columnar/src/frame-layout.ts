import type { Schema } from './sql-type.ts';
import { formatType } from './sql-type.ts';

/*
 * A frame: rows in columns as bytes, for the exchange and for whoever keeps batches. Little-endian; every section begins at a multiple of 8.
 *
 *   head      u32 magic 'WFRM', u16 version, u16 flags (1: row kinds), u32 rows, i32 partition, u32 fingerprint of the schema, u32 bytes of the frame
 *   kinds     rows x u8, if flag 1
 *   columns   in order, each: u8 kind, u8 flags, u16 0, u32 extra; then
 *     nulls   rows x u8, if flag 1
 *     bool    rows x u8
 *     int     rows x f64; with flag 2 rows x (u64 low, i64 high)
 *     float   rows x f64
 *     bytes   (rows + 1) x i32 offsets into the bytes that follow; extra: their number; flag 4: jsonPlain
 *     struct  its children; extra: their number
 *     list    (rows + 1) x i32 offsets from 0; extra: elements; then the element column of so many rows
 *     map     as list, with two columns
 */
export const frameMagic = 0x4d524657;
export const frameVersion = 1;
export const headBytes = 24;
export const columnHeadBytes = 8;

export const frameFlag = { rowKinds: 1 } as const;
export const columnFlag = { nulls: 1, big: 2, jsonPlain: 4 } as const;
export const kindCode = { bool: 0, int: 1, float: 2, bytes: 3, struct: 4, list: 5, map: 6 } as const;

export function aligned(bytes: number): number {
  return (bytes + 7) & ~7;
}

/** 32 bits of the types of a schema (names of columns don't count): a frame read with another one is an error. */
export function schemaFingerprint(schema: Schema): number {
  let hash = 0x811c9dc5;
  for (const field of schema.fields) {
    for (const character of `${formatType(field.type)};`) {
      hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 0x01000193);
    }
  }
  return hash >>> 0;
}
