/** Bytes and strings as generated code handles them: comparison of TEXT is by its UTF-8 bytes, as in PostgreSQL's C collation. */

type ReadText = (this: Uint8Array, start: number, end: number) => string;
const { utf8Slice: decodeUtf8 } = Buffer.prototype as unknown as { readonly utf8Slice: ReadText };

/** The text of a slice. Short ASCII is put together without a call into native code. */
export function textOf(data: Uint8Array, start: number, end: number): string {
  if (end - start > 12) return decodeUtf8.call(data, start, end);
  let text = '';
  for (let index = start; index < end; index += 1) {
    const byte = data[index] ?? 0;
    if (byte > 127) return decodeUtf8.call(data, start, end);
    text += String.fromCharCode(byte);
  }
  return text;
}

export function bytesOfText(text: string): Uint8Array {
  return Buffer.from(text, 'utf8');
}

export function copyBytes(data: Uint8Array, start: number, end: number): Uint8Array {
  return data.slice(start, end);
}

export function equalBytes(
  a: Uint8Array,
  aStart: number,
  aEnd: number,
  b: Uint8Array,
  bStart: number,
  bEnd: number,
): boolean {
  const length = aEnd - aStart;
  if (length !== bEnd - bStart) return false;
  for (let index = 0; index < length; index += 1) {
    if (a[aStart + index] !== b[bStart + index]) return false;
  }
  return true;
}

/** Negative, zero or positive, by unsigned bytes. */
export function compareBytes(
  a: Uint8Array,
  aStart: number,
  aEnd: number,
  b: Uint8Array,
  bStart: number,
  bEnd: number,
): number {
  const common = Math.min(aEnd - aStart, bEnd - bStart);
  for (let index = 0; index < common; index += 1) {
    const difference = (a[aStart + index] ?? 0) - (b[bStart + index] ?? 0);
    if (difference !== 0) return difference;
  }
  return aEnd - aStart - (bEnd - bStart);
}

/** By code points, which is the order of the UTF-8 bytes. UTF-16 order differs from U+E000 on. */
export function compareText(a: string, b: string): number {
  const common = Math.min(a.length, b.length);
  for (let index = 0; index < common; index += 1) {
    const x = a.charCodeAt(index);
    const y = b.charCodeAt(index);
    if (x !== y) {
      const xSurrogate = x >= 0xd800 && x <= 0xdfff;
      const ySurrogate = y >= 0xd800 && y <= 0xdfff;
      if (xSurrogate !== ySurrogate) return xSurrogate ? 1 : -1;
      return x - y;
    }
  }
  return a.length - b.length;
}

export function compareWholeBytes(a: Uint8Array, b: Uint8Array): number {
  return compareBytes(a, 0, a.length, b, 0, b.length);
}
