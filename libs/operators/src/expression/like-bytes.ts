type BytesTest = (data: Uint8Array, start: number, end: number, bytes: Uint8Array) => boolean;

/** LIKE patterns of the forms `abc`, `abc%`, `%abc`, `%abc%` as a test of bytes; null for all others. */
export function byteTestOf(
  pattern: string,
  escape: string,
): { readonly test: BytesTest; readonly bytes: Uint8Array } | null {
  if (escape !== '' && pattern.includes(escape)) return null;
  if (pattern.includes('_')) return null;
  const open = pattern.startsWith('%');
  const close = pattern.length > 1 && pattern.endsWith('%');
  const inner = pattern.slice(open ? 1 : 0, close ? -1 : undefined);
  if (inner.includes('%')) return null;
  const bytes = Buffer.from(inner, 'utf8');
  if (open) return { test: close ? contains : endsWith, bytes };
  return { test: close ? startsWith : equals, bytes };
}

function matchesAt(data: Uint8Array, at: number, bytes: Uint8Array): boolean {
  for (let index = 0; index < bytes.length; index += 1) {
    if (data[at + index] !== bytes[index]) return false;
  }
  return true;
}

function equals(data: Uint8Array, start: number, end: number, bytes: Uint8Array): boolean {
  return end - start === bytes.length && matchesAt(data, start, bytes);
}

function startsWith(data: Uint8Array, start: number, end: number, bytes: Uint8Array): boolean {
  return end - start >= bytes.length && matchesAt(data, start, bytes);
}

function endsWith(data: Uint8Array, start: number, end: number, bytes: Uint8Array): boolean {
  return end - start >= bytes.length && matchesAt(data, end - bytes.length, bytes);
}

function contains(data: Uint8Array, start: number, end: number, bytes: Uint8Array): boolean {
  if (bytes.length === 0) return true;
  const last = end - bytes.length;
  const first = bytes[0];
  for (let at = start; at <= last; at += 1) {
    if (data[at] === first && matchesAt(data, at, bytes)) return true;
  }
  return false;
}
