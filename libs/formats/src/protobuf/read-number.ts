import type { ProtoScalar } from './proto-type.ts';
import type { ProtoCursor } from './proto-cursor.ts';

export type ReadNumber = (cursor: ProtoCursor) => number | bigint;

/** The reader of a type of whole numbers (bool too), at the cursor; a bigint where a double doesn't hold it. Undefined for other types. */
export function readerOfNumber(scalar: ProtoScalar): ReadNumber | undefined {
  return readers[scalar];
}

const readers: Readonly<Partial<Record<ProtoScalar, ReadNumber>>> = {
  // B4: 64 bits were written, the low ones count.
  int32: (cursor) => {
    cursor.varint();
    return cursor.low;
  },
  uint32: (cursor) => {
    cursor.varint();
    return cursor.low >>> 0;
  },
  sint32: (cursor) => {
    cursor.varint();
    return (cursor.low >>> 1) ^ -(cursor.low & 1);
  },
  bool: (cursor) => {
    cursor.varint();
    return (cursor.low | cursor.high) === 0 ? 0 : 1;
  },
  int64: (cursor) => {
    cursor.varint();
    return signed(cursor.low, cursor.high);
  },
  uint64: (cursor) => {
    cursor.varint();
    return unsigned(cursor.low, cursor.high);
  },
  sint64: (cursor) => {
    cursor.varint();
    const sign = -(cursor.low & 1);
    const low = ((cursor.low >>> 1) | (cursor.high << 31)) ^ sign;
    return signed(low, (cursor.high >>> 1) ^ sign);
  },
  fixed32: (cursor) => cursor.view.getUint32(cursor.skip(4), true),
  sfixed32: (cursor) => cursor.view.getInt32(cursor.skip(4), true),
  fixed64: (cursor) => {
    const at = cursor.skip(8);
    return unsigned(cursor.view.getInt32(at, true), cursor.view.getInt32(at + 4, true));
  },
  sfixed64: (cursor) => {
    const at = cursor.skip(8);
    return signed(cursor.view.getInt32(at, true), cursor.view.getInt32(at + 4, true));
  },
};

function signed(low: number, high: number): number | bigint {
  // -(2^53 - 1) and above are safe; at -2^21 the low bits decide.
  if (high < 0x200000 && high > -0x200000) return high * 0x100000000 + (low >>> 0);
  return (BigInt(high) << 32n) | BigInt(low >>> 0);
}

function unsigned(low: number, high: number): number | bigint {
  const top = high >>> 0;
  if (top < 0x200000) return top * 0x100000000 + (low >>> 0);
  return (BigInt(top) << 32n) | BigInt(low >>> 0);
}
