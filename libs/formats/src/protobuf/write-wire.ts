import { WeirError } from '@weir/kernel/errors.ts';
import { TimestampWriter, writeDate, writeInterval, writeTime } from '../json/write-time.ts';
import { writeBigDecimal, writeBigInt, writeDecimal, writeInteger } from '../json/write-number.ts';

/*
 * Protobuf's values straight into the target. All return the position after the last byte written.
 */

/** Bytes that a varint takes at most. */
export const maxVarintBytes = 10;
/** Bytes that a time of Google's takes at most, with the length before it. */
export const maxTimeBytes = 19;
/** Bytes of a number or a time as text, with the length before it. */
export const maxTextBytes = 100;

/** A whole number, |value| <= 2^53, as the 64 bits that it has in two's complement: seven bits a byte. */
export function writeBits(target: Uint8Array, at: number, value: number): number {
  if (value < 0 || value > 0x7fffffff) return writeFar(target, at, value);
  let rest = value | 0;
  while (rest > 127) {
    target[at] = (rest & 127) | 128;
    at += 1;
    rest >>>= 7;
  }
  target[at] = rest;
  return at + 1;
}

function writeFar(target: Uint8Array, at: number, value: number): number {
  const high = Math.floor(value / 0x10000000);
  const low = value - high * 0x10000000;
  for (let shift = 0; shift < 28; shift += 7, at += 1) target[at] = ((low >>> shift) & 127) | 128;
  // 36 bits are left; of a negative number they are all ones above.
  const top = Math.floor(high / 0x10000000);
  let middle = high - top * 0x10000000;
  if (top === 0) {
    while (middle > 127) {
      target[at] = (middle & 127) | 128;
      at += 1;
      middle >>>= 7;
    }
    target[at] = middle;
    return at + 1;
  }
  for (let count = 0; count < 4; count += 1, middle >>>= 7, at += 1) target[at] = (middle & 127) | 128;
  target[at] = (top & 127) | 128;
  target[at + 1] = top < 0 ? 1 : 0;
  return at + 2;
}

export function writeBigBits(target: Uint8Array, at: number, value: bigint): number {
  let rest = BigInt.asUintN(64, value);
  while (rest > 127n) {
    target[at] = Number(rest & 127n) | 128;
    at += 1;
    rest >>= 7n;
  }
  target[at] = Number(rest);
  return at + 1;
}

/** zigzag, as the sint types have it. */
export function writeZigzag(target: Uint8Array, at: number, value: number): number {
  if (value < 0x40000000 && value >= -0x40000000)
    return writeBits(target, at, ((value << 1) ^ (value >> 31)) >>> 0);
  return writeBigZigzag(target, at, BigInt(value));
}

export function writeBigZigzag(target: Uint8Array, at: number, value: bigint): number {
  return writeBigBits(target, at, (value << 1n) ^ (value >> 63n));
}

/** Four or eight bytes, the least first. */
export function writeFixed64(view: DataView, at: number, value: number | bigint): number {
  view.setBigInt64(at, BigInt.asIntN(64, BigInt(value)), true);
  return at + 8;
}

/** Puts the length of what was written behind the byte at `start` there, and makes room for one that takes more than a byte. */
export function closeSized(target: Uint8Array, start: number, end: number): number {
  const length = end - start - 1;
  if (length < 128) {
    target[start] = length;
    return end;
  }
  let more = 0;
  for (let rest = length >>> 7; rest > 0; rest >>>= 7) more += 1;
  target.copyWithin(start + 1 + more, start + 1, end);
  writeBits(target, start, length);
  return end + more;
}

const micros = 1_000_000;
const minSeconds = -62_135_596_800;
const maxSeconds = 253_402_300_799;

/** google.protobuf.Timestamp, with its length, of microseconds since 1970. @throws WeirError WEIR-3110 */
export function writeTimestamp(target: Uint8Array, at: number, value: number | bigint, name: string): number {
  const seconds =
    typeof value === 'number' ? Math.floor(value / micros) : Number((value - modulo(value)) / BigInt(micros));
  if (seconds < minSeconds || seconds > maxSeconds) {
    throw new WeirError('WEIR-3110', `column ${name}: Protobuf's Timestamp goes from the year 1 to 9999`, {
      hint: 'filter such rows out, or write the column as BIGINT',
    });
  }
  const below = typeof value === 'number' ? value - seconds * micros : Number(modulo(value));
  return writeSeconds(target, at, seconds, below * 1000);
}

function modulo(value: bigint): bigint {
  const rest = value % BigInt(micros);
  return rest < 0n ? rest + BigInt(micros) : rest;
}

/** google.protobuf.Duration, with its length: seconds and nanoseconds have one sign. @throws WeirError WEIR-3110 */
export function writeDuration(target: Uint8Array, at: number, value: number | bigint, name: string): number {
  const seconds = typeof value === 'number' ? Math.trunc(value / micros) : Number(value / BigInt(micros));
  if (Math.abs(seconds) > 315_576_000_000) {
    throw new WeirError('WEIR-3110', `column ${name}: Protobuf's Duration goes to 10,000 years`, {
      hint: 'filter such rows out, or write the column as TEXT',
    });
  }
  const below = typeof value === 'number' ? value - seconds * micros : Number(value % BigInt(micros));
  return writeSeconds(target, at, seconds, below * 1000);
}

function writeSeconds(target: Uint8Array, at: number, seconds: number, nanos: number): number {
  const start = at;
  at += 1;
  if (seconds !== 0) {
    target[at] = 8;
    at = writeBits(target, at + 1, seconds);
  }
  if (nanos !== 0) {
    target[at] = 16;
    at = writeBits(target, at + 1, nanos);
  }
  target[start] = at - start - 1;
  return at;
}

const zonedTimes = new TimestampWriter('T', 'Z');
const localTimes = new TimestampWriter('T', '');

/** Numbers and times as text, with its length, as the JSON format writes them. */
export const textWriters = {
  integer: (target: Uint8Array, at: number, value: number | bigint): number =>
    sized(
      target,
      at,
      typeof value === 'number' ? writeInteger(target, at + 1, value) : writeBigInt(target, at + 1, value),
    ),
  decimal: (target: Uint8Array, at: number, value: number | bigint, scale: number): number =>
    sized(
      target,
      at,
      typeof value === 'number' && scale > 0
        ? writeDecimal(target, at + 1, value, scale)
        : writeBigDecimal(target, at + 1, BigInt(value), scale),
    ),
  date: (target: Uint8Array, at: number, value: number | bigint): number =>
    sized(target, at, writeDate(target, at + 1, Number(value))),
  time: (target: Uint8Array, at: number, value: number | bigint): number =>
    sized(target, at, writeTime(target, at + 1, Number(value))),
  timestamp: (
    target: Uint8Array,
    view: DataView,
    at: number,
    value: number | bigint,
    zoned: boolean,
  ): number => {
    const writer = zoned ? zonedTimes : localTimes;
    const end =
      typeof value === 'number'
        ? writer.write(target, view, at + 1, value)
        : writer.writeBig(target, view, at + 1, value);
    return sized(target, at, end);
  },
  months: (target: Uint8Array, at: number, value: number | bigint): number =>
    sized(target, at, writeInterval(target, at + 1, value, 'months')),
  micros: (target: Uint8Array, at: number, value: number | bigint): number =>
    sized(target, at, writeInterval(target, at + 1, value, 'micros')),
};

/** Of a text of less than 128 bytes. */
function sized(target: Uint8Array, at: number, end: number): number {
  target[at] = end - at - 1;
  return end;
}

/** @throws WeirError WEIR-3110 for a number that the field's type doesn't hold */
export function inRange<T extends number | bigint>(
  value: T,
  min: number | bigint,
  max: number | bigint,
  name: string,
): T {
  if (value >= min && value <= max) return value;
  throw new WeirError('WEIR-3110', `column ${name}: ${value} is out of the range of its field`, {
    hint: 'filter such rows out, or give the field a larger type',
  });
}

/** @throws WeirError WEIR-3110 */
export function refuseNull(name: string): never {
  throw new WeirError('WEIR-3110', `column ${name} is NULL, which its field can't be`, {
    hint: `filter such rows out, use COALESCE(${name}, …), or make the field optional`,
  });
}
