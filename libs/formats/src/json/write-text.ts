/*
 * Bytes into the target. All return the position after the last byte written.
 */

/** For each byte: 0 as it is, 1 as \u00XX, else the letter of its escape. */
const escapes = new Uint8Array(256);
escapes.fill(1, 0, 0x20);
for (const [byte, letter] of [
  [0x22, '"'],
  [0x5c, '\\'],
  [8, 'b'],
  [9, 't'],
  [10, 'n'],
  [12, 'f'],
  [13, 'r'],
] as const) {
  escapes[byte] = letter.charCodeAt(0);
}
const hexDigits = '0123456789abcdef';

/** Copies text and escapes what JSON must escape. */
export function copyEscaped(
  data: Uint8Array,
  start: number,
  end: number,
  target: Uint8Array,
  at: number,
): number {
  for (let p = start; p < end; p += 1) {
    const byte = data[p]!;
    const escape = escapes[byte]!;
    if (escape === 0) {
      target[at] = byte;
      at += 1;
      continue;
    }
    target[at] = 0x5c;
    if (escape !== 1) {
      target[at + 1] = escape;
      at += 2;
      continue;
    }
    target[at + 1] = 0x75;
    target[at + 2] = 0x30;
    target[at + 3] = 0x30;
    target[at + 4] = hexDigits.charCodeAt(byte >> 4);
    target[at + 5] = hexDigits.charCodeAt(byte & 15);
    at += 6;
  }
  return at;
}

/** Copies JSON text; line breaks and tabs between its tokens become spaces, so that a record stays on one line. */
export function copyJson(
  data: Uint8Array,
  start: number,
  end: number,
  target: Uint8Array,
  at: number,
): number {
  for (let p = start; p < end; p += 1, at += 1) {
    const byte = data[p]!;
    target[at] = byte < 0x20 ? 0x20 : byte;
  }
  return at;
}
