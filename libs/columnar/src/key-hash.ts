import { present, unreachable } from '@weir/kernel/assert.ts';
import type { Batch } from './batch.ts';
import type { BytesColumn, Column, IntColumn } from './column.ts';

/*
 * Hashes of keys, MurmurHash3's 32-bit mixing. They decide which key group a row belongs to and stand in snapshots: NEVER change what they give
 * for a value. An integer counts as its 64-bit two's complement (wider ones as more words), so it is the same in `values` and in `big`;
 * a float as its bits with -0 as 0 and one NaN; text as its bytes; NULL as a constant of its own.
 */

const nullWord = 0x6e756c6c;

function mix(hash: number, word: number): number {
  let k = Math.imul(word, 0xcc9e2d51);
  k = (k << 15) | (k >>> 17);
  const h = hash ^ Math.imul(k, 0x1b873593);
  return (Math.imul((h << 13) | (h >>> 19), 5) + 0xe6546b64) | 0;
}

function finish(hash: number): number {
  let h = hash;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return h ^ (h >>> 16);
}

/** Hashes the key columns of each row (by their indexes, in this order) into `into`, which holds at least `rowCount` entries. */
export function hashKeys(batch: Batch, keyColumns: readonly number[], into: Int32Array): void {
  const rows = batch.rowCount;
  into.fill(0, 0, rows);
  for (const index of keyColumns) mixColumn(present(batch.columns[index], 'key column'), rows, into);
  for (let row = 0; row < rows; row += 1) into[row] = finish(into[row]!);
}

function mixColumn(column: Column, rows: number, into: Int32Array): void {
  if (column.kind === 'int' && column.big === null && column.nulls === null) {
    const values = column.values;
    for (let row = 0; row < rows; row += 1) into[row] = mixNumber(into[row]!, values[row]!);
    return;
  }
  if (column.kind === 'bytes' && column.nulls === null) {
    for (let row = 0; row < rows; row += 1) into[row] = mixBytes(into[row]!, column, row);
    return;
  }
  for (let row = 0; row < rows; row += 1) into[row] = mixValue(into[row]!, column, row);
}

function mixValue(hash: number, column: Column, row: number): number {
  if (column.nulls !== null && column.nulls[row] === 1) return mix(hash, nullWord);
  switch (column.kind) {
    case 'bool':
      return mix(hash, column.values[row] === 1 ? 1 : 0);
    case 'int':
      return mixInt(hash, column, row);
    case 'float':
      return mixFloat(hash, column.values[row]!);
    case 'bytes':
      return mixBytes(hash, column, row);
    case 'struct': {
      let h = hash;
      for (const child of column.children) h = mixValue(h, child, row);
      return h;
    }
    case 'list': {
      let h = hash;
      const end = column.offsets[row + 1]!;
      for (let at = column.offsets[row]!; at < end; at += 1) h = mixValue(h, column.element, at);
      return mix(h, end - column.offsets[row]!);
    }
    case 'map': {
      // Entries have no order: their hashes are added.
      let sum = 0;
      const end = column.offsets[row + 1]!;
      for (let at = column.offsets[row]!; at < end; at += 1) {
        sum = (sum + finish(mixValue(mixValue(0, column.keys, at), column.values, at))) | 0;
      }
      return mix(mix(hash, sum), end - column.offsets[row]!);
    }
    default:
      return unreachable(column);
  }
}

function mixNumber(hash: number, value: number): number {
  const low = value | 0;
  if (low === value) return mix(mix(hash, low), low >> 31);
  return mix(mix(hash, low), Math.floor(value / 4294967296) | 0);
}

function mixInt(hash: number, column: IntColumn, row: number): number {
  if (column.big === null) return mixNumber(hash, column.values[row]!);
  const value = present(column.big[row], 'value');
  const word = (shift: bigint): number => Number(BigInt.asIntN(32, value >> shift));
  const h = mix(mix(hash, word(0n)), word(32n));
  return BigInt.asIntN(64, value) === value ? h : mix(mix(h, word(64n)), word(96n));
}

const floatBits = new DataView(new ArrayBuffer(8));

function mixFloat(hash: number, value: number): number {
  floatBits.setFloat64(0, value === 0 ? 0 : value, true);
  if (Number.isNaN(value)) return mix(mix(hash, 0), 0x7ff80000);
  return mix(mix(hash, floatBits.getInt32(0, true)), floatBits.getInt32(4, true));
}

function mixBytes(hash: number, column: BytesColumn, row: number): number {
  const data = column.data;
  const start = column.starts[row]!;
  const end = column.ends[row]!;
  let h = hash;
  let p = start;
  for (const words = end - 3; p < words; p += 4) {
    h = mix(h, data[p]! | (data[p + 1]! << 8) | (data[p + 2]! << 16) | (data[p + 3]! << 24));
  }
  let tail = 0;
  for (let shift = 0; p < end; p += 1, shift += 8) tail |= data[p]! << shift;
  return mix(mix(h, tail), end - start);
}
