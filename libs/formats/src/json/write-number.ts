import { decimalText } from '@weir/columnar/decimal-text.ts';

/*
 * Numbers as ASCII, straight into the target. All return the position after the last byte written.
 */

/** A non-negative integer below 10^9. */
function writeSmall(target: Uint8Array, at: number, value: number): number {
  const length =
    value < 10 ? 1
    : value < 100 ? 2
    : value < 1e3 ? 3
    : value < 1e4 ? 4
    : value < 1e5 ? 5
    : value < 1e6 ? 6
    : value < 1e7 ? 7
    : value < 1e8 ? 8
    : 9; // prettier-ignore
  const end = at + length;
  for (let p = end - 1; p >= at; p -= 1) {
    const rest = (value / 10) | 0;
    target[p] = 0x30 + (value - rest * 10);
    value = rest;
  }
  return end;
}

/** Exactly `width` digits, with leading zeros; value < 10^9. */
export function writePadded(target: Uint8Array, at: number, value: number, width: number): number {
  for (let p = at + width - 1; p >= at; p -= 1) {
    const rest = (value / 10) | 0;
    target[p] = 0x30 + (value - rest * 10);
    value = rest;
  }
  return at + width;
}

/** An integer, |value| <= 2^53. */
export function writeInteger(target: Uint8Array, at: number, value: number): number {
  if (value < 0) {
    target[at] = 0x2d;
    at += 1;
    value = -value;
  }
  if (value < 1e9) return writeSmall(target, at, value | 0);
  const low = value % 1e9;
  return writePadded(target, writeSmall(target, at, (value - low) / 1e9), low, 9);
}

export function writeAscii(target: Uint8Array, at: number, text: string): number {
  for (let index = 0; index < text.length; index += 1) target[at + index] = text.charCodeAt(index);
  return at + text.length;
}

export function writeBigInt(target: Uint8Array, at: number, value: bigint): number {
  return writeAscii(target, at, value.toString());
}

/** A decimal from its unscaled value, |unscaled| <= 2^53 and 1 <= scale. */
export function writeDecimal(target: Uint8Array, at: number, unscaled: number, scale: number): number {
  if (scale > 9) return writeAscii(target, at, decimalText(BigInt(unscaled), scale));
  if (unscaled < 0) {
    target[at] = 0x2d;
    at += 1;
    unscaled = -unscaled;
  }
  const power = powersOfTen[scale]!;
  const fraction = unscaled % power;
  at = writeInteger(target, at, (unscaled - fraction) / power);
  target[at] = 0x2e;
  return writePadded(target, at + 1, fraction, scale);
}

export function writeBigDecimal(target: Uint8Array, at: number, unscaled: bigint, scale: number): number {
  return writeAscii(target, at, decimalText(unscaled, scale));
}

const powersOfTen = Array.from({ length: 10 }, (_, power) => 10 ** power);

/** The shortest text that reads back as the same double; NaN and infinities as strings, which JSON has no numbers for. */
export function writeDouble(target: Uint8Array, at: number, value: number): number {
  const thousandths = Math.round(value * 1000);
  // A decimal of at most 15 digits that is this double is the shortest one.
  if (thousandths / 1000 === value && thousandths < 1e15 && thousandths > -1e15 && thousandths !== 0) {
    return writeThousandths(target, at, thousandths);
  }
  return writeAscii(target, at, doubleText(value));
}

function writeThousandths(target: Uint8Array, at: number, thousandths: number): number {
  if (thousandths % 1000 === 0) return writeInteger(target, at, thousandths / 1000);
  at = writeDecimal(target, at, thousandths, 3);
  while (target[at - 1] === 0x30) at -= 1;
  return at;
}

function doubleText(value: number): string {
  if (!Number.isFinite(value)) return `"${value}"`;
  return Object.is(value, -0) ? '-0' : String(value);
}

/** As writeDouble, for a FLOAT: the shortest text that reads back as the same 32-bit float. */
export function writeFloat(target: Uint8Array, at: number, value: number): number {
  if (!Number.isFinite(value) || value === 0) return writeAscii(target, at, doubleText(value));
  for (let digits = 6; digits < 9; digits += 1) {
    const short = Number(value.toPrecision(digits));
    if (Math.fround(short) === value) return writeAscii(target, at, String(short));
  }
  return writeAscii(target, at, String(Number(value.toPrecision(9))));
}
