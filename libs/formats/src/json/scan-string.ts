import type { ScanBuffer } from './scan-buffer.ts';

/**
 * Finds the end of a string and checks all of it: escapes, control characters, UTF-8.
 * @param p after the opening quote
 * @returns position of the closing quote, or -1; `s.escaped` says whether there are escapes
 */
export function closingQuote(s: ScanBuffer, p: number): number {
  const { data, view, end } = s;
  const wordEnd = end - 3;
  s.escaped = false;
  for (;;) {
    // Four bytes at a time: a high bit comes up for ", \, below 0x20 and above 0x7f; the lowest such byte is a real one.
    while (p < wordEnd) {
      const x = view.getInt32(p, true);
      const hit =
        (((x ^ 0x22222222) - 0x01010101) | ((x ^ 0x5c5c5c5c) - 0x01010101) | (x - 0x20202020) | x) &
        0x80808080;
      if (hit === 0) {
        p += 4;
        continue;
      }
      p += (31 - Math.clz32(hit & -hit)) >> 3;
      break;
    }
    if (p >= end) return -1;
    const c = data[p]!;
    if (c === 0x22) return p;
    if (c === 0x5c) {
      s.escaped = true;
      p = afterEscape(data, p, end);
      if (p < 0) return -1;
    } else if (c >= 0x80) {
      const length = utf8Length(data, p, end);
      if (length === 0) return -1;
      p += length;
    } else if (c < 0x20) return -1;
    else p += 1;
  }
}

/** Length of the well-formed UTF-8 sequence at `p` (2, 3 or 4; overlong forms and surrogates are refused), or 0. */
export function utf8Length(data: Uint8Array, p: number, end: number): number {
  const a = data[p]!;
  if (a < 0xc2 || a > 0xf4) return 0;
  if (p + 1 >= end) return 0;
  const b = data[p + 1]!;
  if (a < 0xe0) return (b & 0xc0) === 0x80 ? 2 : 0;
  if (p + 2 >= end || (data[p + 2]! & 0xc0) !== 0x80) return 0;
  if (a < 0xf0) {
    const low = a === 0xe0 ? 0xa0 : 0x80;
    const high = a === 0xed ? 0x9f : 0xbf;
    return b >= low && b <= high ? 3 : 0;
  }
  const low = a === 0xf0 ? 0x90 : 0x80;
  const high = a === 0xf4 ? 0x8f : 0xbf;
  return p + 3 < end && b >= low && b <= high && (data[p + 3]! & 0xc0) === 0x80 ? 4 : 0;
}

function afterEscape(data: Uint8Array, p: number, end: number): number {
  if (p + 1 >= end) return -1;
  if (data[p + 1] === 0x75) return hex4(data, p + 2, end) < 0 ? -1 : p + 6;
  return unescaped(data[p + 1]!) < 0 ? -1 : p + 2;
}

/** The byte that a one-letter escape stands for, or -1. */
function unescaped(letter: number): number {
  switch (letter) {
    case 0x22:
    case 0x5c:
    case 0x2f:
      return letter;
    case 0x62:
      return 8;
    case 0x66:
      return 12;
    case 0x6e:
      return 10;
    case 0x72:
      return 13;
    case 0x74:
      return 9;
    default:
      return -1;
  }
}

function hex4(data: Uint8Array, p: number, end: number): number {
  if (p + 4 > end) return -1;
  let value = 0;
  for (let i = p; i < p + 4; i += 1) {
    const c = data[i]!;
    const lower = c | 0x20;
    const digit = c >= 0x30 && c <= 0x39 ? c - 0x30 : lower >= 0x61 && lower <= 0x66 ? lower - 0x57 : -1;
    if (digit < 0) return -1;
    value = value * 16 + digit;
  }
  return value;
}

/**
 * Reads the string whose opening quote is at `p`: `s.start` .. `s.stop` are its bytes, unescaped at the tail when it has escapes.
 * A surrogate escape without its other half becomes U+FFFD, as everywhere where text becomes UTF-8.
 * @returns the position after the closing quote, or -1
 */
export function readString(s: ScanBuffer, p: number): number {
  if (s.data[p] !== 0x22 || p >= s.end) return -1;
  const close = closingQuote(s, p + 1);
  if (close < 0) return -1;
  if (!s.escaped) {
    s.start = p + 1;
    s.stop = close;
    s.plain = true;
    return close + 1;
  }
  if (s.tail < 0) {
    s.needsSlack = true;
    return -1;
  }
  unescape(s, p + 1, close);
  return close + 1;
}

/** Writes the string between `p` and `close`, which `closingQuote` has checked, to the tail. */
function unescape(s: ScanBuffer, p: number, close: number): void {
  const data = s.data;
  let at = s.tail;
  s.start = at;
  s.plain = true;
  while (p < close) {
    const c = data[p]!;
    if (c !== 0x5c) {
      data[at] = c;
      at += 1;
      p += 1;
      continue;
    }
    const letter = data[p + 1]!;
    if (letter !== 0x75) {
      const value = unescaped(letter);
      if (value !== 0x2f) s.plain = false;
      data[at] = value;
      at += 1;
      p += 2;
      continue;
    }
    let code = hex4(data, p + 2, close);
    p += 6;
    if (code >= 0xd800 && code <= 0xdfff) {
      const low = code < 0xdc00 && data[p] === 0x5c && data[p + 1] === 0x75 ? hex4(data, p + 2, close) : -1;
      if (low >= 0xdc00 && low <= 0xdfff) {
        code = 0x10000 + ((code - 0xd800) << 10) + (low - 0xdc00);
        p += 6;
      } else code = 0xfffd;
    }
    if (code < 0x20 || code === 0x22 || code === 0x5c) s.plain = false;
    at = writeCodePoint(data, at, code);
  }
  s.stop = at;
  s.tail = at;
}

function writeCodePoint(data: Uint8Array, at: number, code: number): number {
  if (code < 0x80) {
    data[at] = code;
    return at + 1;
  }
  if (code < 0x800) {
    data[at] = 0xc0 | (code >> 6);
    data[at + 1] = 0x80 | (code & 0x3f);
    return at + 2;
  }
  if (code < 0x10000) {
    data[at] = 0xe0 | (code >> 12);
    data[at + 1] = 0x80 | ((code >> 6) & 0x3f);
    data[at + 2] = 0x80 | (code & 0x3f);
    return at + 3;
  }
  data[at] = 0xf0 | (code >> 18);
  data[at + 1] = 0x80 | ((code >> 12) & 0x3f);
  data[at + 2] = 0x80 | ((code >> 6) & 0x3f);
  data[at + 3] = 0x80 | (code & 0x3f);
  return at + 4;
}

/**
 * Checks that the bytes from `p` to `s.end` are UTF-8; `s.plain` says whether none of them must be escaped in JSON.
 * @returns `s.end`, or -1
 */
export function plainTextEnd(s: ScanBuffer, p: number): number {
  const { data, end } = s;
  s.plain = true;
  while (p < end) {
    const c = data[p]!;
    if (c < 0x80) {
      if (c < 0x20 || c === 0x22 || c === 0x5c) s.plain = false;
      p += 1;
      continue;
    }
    const length = utf8Length(data, p, end);
    if (length === 0) return -1;
    p += length;
  }
  return end;
}
