import { InvalidStoreName } from './store-errors.ts';

const maxSegmentBytes = 180;
const maxKeyBytes = 800;

/**
 * Refuses keys that some store can't hold: empty ones, empty segments (a leading, trailing or double slash), too long ones.
 * Any other character is allowed; a store escapes what it must.
 */
export function checkKey(key: string): void {
  const segments = key.split('/');
  if (segments.some((segment) => segment === '')) {
    throw new InvalidStoreName(
      `'${key}' is no key: it has an empty part`,
      'write parts joined by single slashes',
    );
  }
  if (
    Buffer.byteLength(key) > maxKeyBytes ||
    segments.some((segment) => escapeSegment(segment).length > maxSegmentBytes)
  ) {
    throw new InvalidStoreName(`the key '${key.slice(0, 60)}…' is too long`);
  }
}

/** Refuses ranges of an object's bytes that are none: whole numbers, the first below the second. */
export function checkRange(key: string, start: number, end: number): void {
  if (Number.isSafeInteger(start) && Number.isSafeInteger(end) && start >= 0 && start < end) return;
  throw new InvalidStoreName(`bytes ${start} to ${end} of ${key} are no range of an object`);
}

/** A file name for one part of a key. `@`, a leading dot and everything outside a small alphabet are escaped. */
export function escapeSegment(segment: string): string {
  const escaped = encodeURIComponent(segment).replaceAll(
    /[*'()]/g,
    (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return escaped.startsWith('.') ? `%2E${escaped.slice(1)}` : escaped;
}

/** The inverse; undefined for names that `escapeSegment` doesn't make: they aren't ours. */
export function unescapeSegment(name: string): string | undefined {
  let segment: string;
  try {
    segment = decodeURIComponent(name);
  } catch {
    return undefined;
  }
  return escapeSegment(segment) === name ? segment : undefined;
}
