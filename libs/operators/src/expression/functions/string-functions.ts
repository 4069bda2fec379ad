import { badArgument } from '../evaluation-errors.ts';
import { md5, sha256 } from './digest.ts';
import type { Exact } from './exact.ts';
import { plain, type FunctionTable, type RowValue } from './runtime-function.ts';

/** Positions and lengths count code points. Text without surrogates, the common case, is cut without being spread out. */
const surrogates = /[\ud800-\udfff]/;

/** A result of a repetition or padding may not grow without bound. */
const longestText = 64 * 1024 * 1024;

function codePoints(text: string): number {
  if (!surrogates.test(text)) return text.length;
  let count = 0;
  for (const _ of text) count += 1;
  return count;
}

/** Code points [from, to) of the text. */
function sliceText(text: string, from: number, to: number): string {
  if (to <= from) return '';
  if (!surrogates.test(text)) return text.slice(from, to);
  return Array.from(text).slice(from, to).join('');
}

function substring(text: string, from: Exact, length?: Exact): string {
  if (length !== undefined && length < 0) badArgument('substring', `the length ${length} is negative`);
  const start = Number(from) - 1;
  const end = length === undefined ? Infinity : start + Number(length);
  return sliceText(text, Math.max(0, start), Math.max(0, end));
}

function padded(text: string, length: Exact, fill: string, atStart: boolean): string {
  const wanted = Number(length);
  const has = codePoints(text);
  if (wanted <= has) return sliceText(text, 0, Math.max(0, wanted));
  if (fill === '') return text;
  if (wanted > longestText) badArgument(atStart ? 'lpad' : 'rpad', `${length} characters are too many`);
  const missing = wanted - has;
  const padding = sliceText(fill.repeat(Math.ceil(missing / codePoints(fill))), 0, missing);
  return atStart ? padding + text : text + padding;
}

function trimmed(text: string, set: string, start: boolean, end: boolean): string {
  const characters = new Set(Array.from(set));
  const points = Array.from(text);
  let from = 0;
  let to = points.length;
  while (start && from < to && characters.has(points[from] ?? '')) from += 1;
  while (end && to > from && characters.has(points[to - 1] ?? '')) to -= 1;
  return points.slice(from, to).join('');
}

function splitPart(text: string, delimiter: string, field: Exact): string {
  if (Number(field) === 0) badArgument('split_part', 'fields count from 1 (or from -1, backwards)');
  const parts = delimiter === '' ? [text] : text.split(delimiter);
  const index = field > 0 ? Number(field) - 1 : parts.length + Number(field);
  return parts[index] ?? '';
}

/** The value, if it is short enough; spaces at the end don't count, as in PostgreSQL. */
function withinLength(description: string): (value: string | Uint8Array, most: Exact) => RowValue {
  return (value, most) => {
    const length = lengthOf(value);
    if (length <= most) return value;
    if (typeof value === 'string' && codePoints(value.trimEnd()) <= most)
      return sliceText(value, 0, Number(most));
    const shown = typeof value === 'string' ? `'${sliceText(value, 0, 100)}'` : 'a value';
    return badArgument(description, `${shown} has ${length} characters, the column takes ${most}`);
  };
}

/** As Flink's: there are no fields in an empty text. */
function splitIndex(text: string, delimiter: string, index: Exact): string | null {
  if (text === '' || index < 0) return null;
  const parts = delimiter === '' ? text.split(/\s+/) : text.split(delimiter);
  return parts[Number(index)] ?? null;
}

/** Position in code points, from 1, of a part at or behind `from` (in UTF-16 units); 0 if it is absent. */
function positionOf(text: string, part: string, from: number): number {
  const at = text.indexOf(part, from);
  return at < 0 ? 0 : codePoints(text.slice(0, at)) + 1;
}

function locate(part: string, text: string, from: Exact = 1): number {
  if (from < 1) return 0;
  const before = sliceText(text, 0, Number(from) - 1).length;
  return codePoints(text) < Number(from) - 1 ? 0 : positionOf(text, part, before);
}

function overlay(text: string, replacement: string, from: Exact, length?: Exact): string {
  const start = Number(from) - 1;
  if (start < 0) badArgument('overlay', `the position ${from} is below 1`);
  const count = length === undefined ? codePoints(replacement) : Number(length);
  return sliceText(text, 0, start) + replacement + sliceText(text, start + count, Infinity);
}

function translate(text: string, from: string, to: string): string {
  const targets = Array.from(to);
  const table = new Map<string, string>();
  Array.from(from).forEach((character, index) => {
    if (!table.has(character)) table.set(character, targets[index] ?? '');
  });
  let result = '';
  for (const character of text) result += table.get(character) ?? character;
  return result;
}

function initcap(text: string): string {
  return text.toLowerCase().replace(/[\p{L}\p{N}]+/gu, (word) => {
    const [first = ''] = word;
    return first.toUpperCase() + word.slice(first.length);
  });
}

function chr(code: Exact): string {
  if (code <= 0 || code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff)) {
    badArgument('chr', `${code} is no character`);
  }
  return String.fromCodePoint(Number(code));
}

function encode(bytes: Uint8Array, format: string): string {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  switch (format.toLowerCase()) {
    case 'hex':
      return buffer.toString('hex');
    case 'base64':
      return buffer.toString('base64');
    case 'escape':
      return Array.from(bytes, (byte) =>
        byte === 0x5c
          ? '\\\\'
          : byte === 0 || byte > 126
            ? `\\${byte.toString(8).padStart(3, '0')}`
            : String.fromCharCode(byte),
      ).join('');
    default:
      return badArgument('encode', `unknown format '${format}': use 'base64', 'hex' or 'escape'`);
  }
}

function decode(text: string, format: string): Uint8Array {
  switch (format.toLowerCase()) {
    case 'hex': {
      if (!/^(?:[0-9a-fA-F]{2})*$/.test(text)) badArgument('decode', `'${text}' is no hex`);
      return Buffer.from(text, 'hex');
    }
    case 'base64': {
      const packed = text.replace(/\s/g, '');
      if (!/^[A-Za-z0-9+/]*={0,2}$/.test(packed) || packed.length % 4 !== 0) {
        badArgument('decode', `'${text}' is no base64`);
      }
      return Buffer.from(packed, 'base64');
    }
    case 'escape':
      return Buffer.concat(
        Array.from(text.matchAll(/\\\\|\\([0-3][0-7]{2})|[^\\]+|\\/g), (match) =>
          match[0] === '\\\\'
            ? Buffer.from('\\')
            : match[1] !== undefined
              ? Buffer.from([parseInt(match[1], 8)])
              : Buffer.from(match[0], 'utf8'),
        ),
      );
    default:
      return badArgument('decode', `unknown format '${format}': use 'base64', 'hex' or 'escape'`);
  }
}

function concatWs(separator: string | null, ...values: readonly (string | null)[]): RowValue {
  return separator === null ? null : values.filter((value) => value !== null).join(separator);
}

/** Code points of TEXT, bytes of BYTEA. */
const lengthOf = (value: string | Uint8Array): number =>
  typeof value === 'string' ? codePoints(value) : value.length;
const octets = (value: string | Uint8Array): number =>
  typeof value === 'string' ? Buffer.byteLength(value) : value.length;

export const stringFunctions: FunctionTable = {
  upper: plain((text: string) => text.toUpperCase()),
  lower: plain((text: string) => text.toLowerCase()),
  initcap: plain(initcap),
  length: plain(lengthOf),
  octet_length: plain(octets),
  bit_length: plain((value: string | Uint8Array) => octets(value) * 8),
  ascii: plain((text: string) => text.codePointAt(0) ?? 0),
  chr: plain(chr),
  concat: {
    strict: true,
    bind: ({ result }) =>
      result.kind === 'bytes'
        ? (...parts: Uint8Array[]) => Buffer.concat(parts)
        : (a: string, b: string) => a + b,
  },
  concat_all: {
    strict: false,
    bind:
      () =>
      (...values: (string | null)[]) =>
        values.map((value) => value ?? '').join(''),
  },
  concat_ws: { strict: false, bind: () => concatWs },
  /** The compiler cuts BYTEA as well, for CAST(… AS VARBINARY(n)). */
  left: plain((value: string | Uint8Array, count: Exact) =>
    typeof value === 'string'
      ? sliceText(value, 0, count < 0 ? codePoints(value) + Number(count) : Number(count))
      : value.subarray(0, Number(count)),
  ),
  /** Of the compiler: a value that goes into a VARCHAR(n) or VARBINARY(n). */
  within_length: { strict: true, bind: ({ description }) => withinLength(description) },
  right: plain((text: string, count: Exact) => {
    const length = codePoints(text);
    return sliceText(text, count < 0 ? -Number(count) : Math.max(0, length - Number(count)), length);
  }),
  lpad: plain((text: string, length: Exact, fill = ' ') => padded(text, length, fill, true)),
  rpad: plain((text: string, length: Exact, fill = ' ') => padded(text, length, fill, false)),
  ltrim: plain((text: string, set = ' ') => trimmed(text, set, true, false)),
  rtrim: plain((text: string, set = ' ') => trimmed(text, set, false, true)),
  btrim: plain((text: string, set = ' ') => trimmed(text, set, true, true)),
  repeat: plain((text: string, count: Exact) => {
    if (text.length * Number(count) > longestText) badArgument('repeat', `${count} times are too many`);
    return count <= 0 ? '' : text.repeat(Number(count));
  }),
  replace: plain((text: string, from: string, to: string) =>
    from === '' ? text : text.split(from).join(to),
  ),
  reverse: plain((text: string) => Array.from(text).toReversed().join('')),
  split_part: plain(splitPart),
  split_index: plain(splitIndex),
  starts_with: plain((text: string, prefix: string) => text.startsWith(prefix)),
  ends_with: plain((text: string, suffix: string) => text.endsWith(suffix)),
  strpos: plain((text: string, part: string) => positionOf(text, part, 0)),
  locate: plain(locate),
  substring: plain(substring),
  overlay: plain(overlay),
  translate: plain(translate),
  md5: plain((text: string) => md5(Buffer.from(text, 'utf8'))),
  sha256: plain((text: string) => sha256(Buffer.from(text, 'utf8'))),
  to_hex: plain((value: Exact) => BigInt.asUintN(64, BigInt(value)).toString(16)),
  encode: plain(encode),
  decode: plain(decode),
};
