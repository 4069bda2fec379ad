import { maxDepth, type ScanBuffer } from './scan-buffer.ts';
import { closingQuote } from './scan-string.ts';

/** Position of the next byte that is no white space, at most `end`. */
export function skipSpace(data: Uint8Array, p: number, end: number): number {
  while (p < end) {
    const c = data[p]!;
    if (c > 0x20 || (c !== 0x20 && c !== 0x0a && c !== 0x0d && c !== 0x09)) return p;
    p += 1;
  }
  return p;
}

/** Position after the UTF-8 byte order mark that some producers put before the value, or `p`. */
export function afterByteOrderMark(data: Uint8Array, p: number, end: number): number {
  return p + 3 <= end && data[p] === 0xef && data[p + 1] === 0xbb && data[p + 2] === 0xbf ? p + 3 : p;
}

/** End of the JSON number at `p`, by JSON's grammar (no leading zeros, no bare point), or -1. What follows is not looked at. */
export function endOfNumber(data: Uint8Array, p: number, end: number): number {
  if (p < end && data[p] === 0x2d) p += 1;
  const first = p;
  p = endOfDigits(data, p, end);
  if (p === first || (data[first] === 0x30 && p > first + 1)) return -1;
  if (p < end && data[p] === 0x2e) {
    const fraction = p + 1;
    p = endOfDigits(data, fraction, end);
    if (p === fraction) return -1;
  }
  if (p < end && (data[p]! | 0x20) === 0x65) {
    p += 1;
    if (p < end && (data[p] === 0x2b || data[p] === 0x2d)) p += 1;
    const exponent = p;
    p = endOfDigits(data, exponent, end);
    if (p === exponent) return -1;
  }
  return p;
}

function endOfDigits(data: Uint8Array, p: number, end: number): number {
  while (p < end && data[p]! >= 0x30 && data[p]! <= 0x39) p += 1;
  return p;
}

/** Position after `null`, `true` or `false` when it stands at `p`, else -1. */
export function afterNull(data: Uint8Array, p: number, end: number): number {
  const fits =
    p + 4 <= end && data[p] === 0x6e && data[p + 1] === 0x75 && data[p + 2] === 0x6c && data[p + 3] === 0x6c;
  return fits ? p + 4 : -1;
}

export function afterTrue(data: Uint8Array, p: number, end: number): number {
  const fits =
    p + 4 <= end && data[p] === 0x74 && data[p + 1] === 0x72 && data[p + 2] === 0x75 && data[p + 3] === 0x65;
  return fits ? p + 4 : -1;
}

export function afterFalse(data: Uint8Array, p: number, end: number): number {
  const fits =
    p + 5 <= end &&
    data[p] === 0x66 &&
    data[p + 1] === 0x61 &&
    data[p + 2] === 0x6c &&
    data[p + 3] === 0x73 &&
    data[p + 4] === 0x65;
  return fits ? p + 5 : -1;
}

/**
 * Goes over the value at `p` and checks that it is JSON, all of it: what no column asks for is still checked, so that a corrupt record
 * is never hidden by a projection.
 * @param depth how many arrays and objects are open around it
 * @returns the position after it, or -1
 */
export function skipValue(s: ScanBuffer, p: number, depth: number): number {
  const { data, end } = s;
  if (p >= end) return -1;
  switch (data[p]) {
    case 0x22: {
      const close = closingQuote(s, p + 1);
      return close < 0 ? -1 : close + 1;
    }
    case 0x7b:
      return depth >= maxDepth ? -1 : skipObject(s, p, depth + 1);
    case 0x5b:
      return depth >= maxDepth ? -1 : skipArray(s, p, depth + 1);
    case 0x6e:
      return afterNull(data, p, end);
    case 0x74:
      return afterTrue(data, p, end);
    case 0x66:
      return afterFalse(data, p, end);
    default:
      return endOfNumber(data, p, end);
  }
}

function skipObject(s: ScanBuffer, p: number, depth: number): number {
  const { data, end } = s;
  p = skipSpace(data, p + 1, end);
  if (p < end && data[p] === 0x7d) return p + 1;
  for (;;) {
    if (p >= end || data[p] !== 0x22) return -1;
    const close = closingQuote(s, p + 1);
    if (close < 0) return -1;
    p = skipSpace(data, close + 1, end);
    if (p >= end || data[p] !== 0x3a) return -1;
    p = skipValue(s, skipSpace(data, p + 1, end), depth);
    if (p < 0) return -1;
    p = skipSpace(data, p, end);
    if (p >= end) return -1;
    if (data[p] === 0x7d) return p + 1;
    if (data[p] !== 0x2c) return -1;
    p = skipSpace(data, p + 1, end);
  }
}

function skipArray(s: ScanBuffer, p: number, depth: number): number {
  const { data, end } = s;
  p = skipSpace(data, p + 1, end);
  if (p < end && data[p] === 0x5d) return p + 1;
  for (;;) {
    p = skipValue(s, p, depth);
    if (p < 0) return -1;
    p = skipSpace(data, p, end);
    if (p >= end) return -1;
    if (data[p] === 0x5d) return p + 1;
    if (data[p] !== 0x2c) return -1;
    p = skipSpace(data, p + 1, end);
  }
}
