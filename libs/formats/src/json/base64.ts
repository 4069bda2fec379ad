const codes = new Int8Array(256).fill(-1);
const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
for (let code = 0; code < 64; code += 1) codes[alphabet.charCodeAt(code)] = code;
// The URL-safe alphabet is read too.
codes[0x2d] = 62;
codes[0x5f] = 63;

/**
 * Decodes base64 (with or without padding, both alphabets) from data[start, end) to data[at, …).
 * @returns the position after the last byte written, or -1 when it is no base64
 */
export function decodeBase64(data: Uint8Array, start: number, end: number, at: number): number {
  if ((end - start) % 4 === 0 && end > start && data[end - 1] === 0x3d) {
    end -= data[end - 2] === 0x3d ? 2 : 1;
  }
  if ((end - start) % 4 === 1) return -1;
  let bits = 0;
  let held = 0;
  for (let p = start; p < end; p += 1) {
    const code = codes[data[p]!]!;
    if (code < 0) return -1;
    bits = (bits << 6) | code;
    held += 6;
    if (held >= 8) {
      held -= 8;
      data[at] = (bits >> held) & 0xff;
      at += 1;
      bits &= (1 << held) - 1;
    }
  }
  return bits === 0 ? at : -1;
}

/** Writes data[start, end) as base64 with padding. Returns the position after it. */
export function encodeBase64(
  data: Uint8Array,
  start: number,
  end: number,
  target: Uint8Array,
  at: number,
): number {
  for (let p = start; p < end; p += 3) {
    const left = end - p;
    const bits = (data[p]! << 16) | ((left > 1 ? data[p + 1]! : 0) << 8) | (left > 2 ? data[p + 2]! : 0);
    target[at] = alphabet.charCodeAt(bits >> 18);
    target[at + 1] = alphabet.charCodeAt((bits >> 12) & 63);
    target[at + 2] = left > 1 ? alphabet.charCodeAt((bits >> 6) & 63) : 0x3d;
    target[at + 3] = left > 2 ? alphabet.charCodeAt(bits & 63) : 0x3d;
    at += 4;
  }
  return at;
}
