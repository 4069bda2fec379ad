/**
 * Finds a value inside JSON text without building objects, so that numbers keep their digits and values their spelling.
 * The text was validated when it came in; where it is broken all the same, scanning ends with "not found".
 */

const spaces = /\s/;

function skipSpaces(text: string, at: number): number {
  let index = at;
  while (index < text.length && spaces.test(text[index] ?? '')) index += 1;
  return index;
}

/** End of the string literal that begins at `at`. */
function endOfString(text: string, at: number): number {
  let index = at + 1;
  while (index < text.length) {
    const code = text.charCodeAt(index);
    if (code === 0x22) return index + 1;
    index += code === 0x5c ? 2 : 1;
  }
  return text.length;
}

/** End of the value that begins at `at`. */
function endOfValue(text: string, at: number): number {
  const first = text[at];
  if (first === '"') return endOfString(text, at);
  if (first !== '{' && first !== '[') {
    let index = at;
    while (index < text.length && !/[,\]}\s]/.test(text[index] ?? '')) index += 1;
    return index;
  }
  let depth = 0;
  let index = at;
  while (index < text.length) {
    const character = text[index];
    if (character === '"') {
      index = endOfString(text, index);
      continue;
    }
    if (character === '{' || character === '[') depth += 1;
    if (character === '}' || character === ']') {
      depth -= 1;
      if (depth === 0) return index + 1;
    }
    index += 1;
  }
  return text.length;
}

/** Calls `visit` with each member or element until it returns false. Key is null in arrays. False for scalars. */
function eachChild(
  text: string,
  visit: (key: string | null, start: number, end: number) => boolean,
): boolean {
  let at = skipSpaces(text, 0);
  const isObject = text[at] === '{';
  if (!isObject && text[at] !== '[') return false;
  const close = isObject ? '}' : ']';
  at = skipSpaces(text, at + 1);
  while (at < text.length && text[at] !== close) {
    let key: string | null = null;
    if (isObject) {
      const keyEnd = endOfString(text, at);
      key = stringValue(text.slice(at, keyEnd));
      at = skipSpaces(text, keyEnd);
      if (text[at] !== ':') return true;
      at = skipSpaces(text, at + 1);
    }
    const end = endOfValue(text, at);
    if (end === at || !visit(key, at, end)) return true;
    at = skipSpaces(text, end);
    if (text[at] === ',') at = skipSpaces(text, at + 1);
  }
  return true;
}

/** The text of a JSON string literal. */
export function stringValue(literal: string): string {
  if (!literal.includes('\\')) return literal.slice(1, -1);
  try {
    return String(JSON.parse(literal));
  } catch {
    return literal.slice(1, -1);
  }
}

/** A member by key (of duplicates the last, as in PostgreSQL's jsonb) or null. */
export function memberOf(text: string, key: string): string | null {
  let found: string | null = null;
  const at = skipSpaces(text, 0);
  if (text[at] !== '{') return null;
  eachChild(text, (name, start, end) => {
    if (name === key) found = text.slice(start, end);
    return true;
  });
  return found;
}

/** An element by index from 0; negative from the end; null if there is none. */
export function elementOf(text: string, index: number): string | null {
  if (text[skipSpaces(text, 0)] !== '[') return null;
  const wanted = index >= 0 ? index : (childCount(text) ?? 0) + index;
  let position = 0;
  let found: string | null = null;
  eachChild(text, (_, start, end) => {
    if (position === wanted) found = text.slice(start, end);
    position += 1;
    return found === null;
  });
  return found;
}

/** Members or elements, or null for a scalar. */
export function childCount(text: string): number | null {
  let count = 0;
  const isContainer = eachChild(text, () => {
    count += 1;
    return true;
  });
  return isContainer ? count : null;
}

export type JsonKind = 'object' | 'array' | 'string' | 'number' | 'boolean' | 'null';

export function jsonKind(text: string): JsonKind {
  switch (text[skipSpaces(text, 0)]) {
    case '{':
      return 'object';
    case '[':
      return 'array';
    case '"':
      return 'string';
    case 't':
    case 'f':
      return 'boolean';
    case 'n':
      return 'null';
    default:
      return 'number';
  }
}
