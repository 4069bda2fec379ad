/** Bytes of a zigzag varint for a 32-bit integer. */
export function varintBytes(value: number): number {
  const zigzag = ((value << 1) ^ (value >> 31)) >>> 0;
  if (zigzag < 0x80) return 1;
  if (zigzag < 0x4000) return 2;
  if (zigzag < 0x200000) return 3;
  return zigzag < 0x10000000 ? 4 : 5;
}

/** Writes a 32-bit integer as zigzag varint. @returns where it ends */
export function writeVarint(bytes: Uint8Array, position: number, value: number): number {
  let rest = ((value << 1) ^ (value >> 31)) >>> 0;
  let end = position;
  while (rest > 0x7f) {
    bytes[end++] = (rest & 0x7f) | 0x80;
    rest >>>= 7;
  }
  bytes[end++] = rest;
  return end;
}

const max31 = 2 ** 30;

/** Bytes of a zigzag varlong for an integer of up to 53 bits. */
export function varlongBytes(value: number): number {
  if (value < max31 && value >= -max31) return varintBytes(value);
  let rest = value < 0 ? -2 * value - 1 : 2 * value;
  let count = 1;
  while (rest > 0x7f) {
    rest = Math.floor(rest / 128);
    count += 1;
  }
  return count;
}

/** Writes an integer of up to 53 bits as zigzag varlong. @returns where it ends */
export function writeVarlong(bytes: Uint8Array, position: number, value: number): number {
  if (value < max31 && value >= -max31) return writeVarint(bytes, position, value);
  let rest = value < 0 ? -2 * value - 1 : 2 * value;
  let end = position;
  while (rest > 0x7f) {
    bytes[end++] = (rest % 128) | 0x80;
    rest = Math.floor(rest / 128);
  }
  bytes[end++] = rest;
  return end;
}

/** Where the varint or varlong at a position ends; -1 when it has more than 10 bytes or runs past `limit`. */
export function varintEnd(bytes: Uint8Array, position: number, limit: number): number {
  for (let end = position; end < limit && end < position + 10; end++) {
    if ((bytes[end] ?? 0) < 0x80) return end + 1;
  }
  return -1;
}

/** The varint between two positions (from varintEnd), zigzag undone; 32 bits. */
export function readVarint(bytes: Uint8Array, start: number, end: number): number {
  let raw = 0;
  for (let i = start, shift = 0; i < end; i++, shift += 7) raw |= ((bytes[i] ?? 0) & 0x7f) << shift;
  return (raw >>> 1) ^ -(raw & 1);
}

/** The varlong between two positions, exact up to 53 bits. */
export function readVarlong(bytes: Uint8Array, start: number, end: number): number {
  if (end - start <= 4) return readVarint(bytes, start, end);
  let raw = 0;
  for (let i = end - 1; i >= start; i--) raw = raw * 128 + ((bytes[i] ?? 0) & 0x7f);
  const half = Math.floor(raw / 2);
  return raw % 2 === 0 ? half : -half - 1;
}
