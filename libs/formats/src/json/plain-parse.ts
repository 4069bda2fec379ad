import { maxDepth } from './scan-buffer.ts';

/** A parsed JSON value with its place in the text (UTF-16 positions). Numbers keep their text. */
export type JsonNode =
  | { readonly kind: 'null' | 'true' | 'false'; readonly start: number; readonly end: number }
  | {
      readonly kind: 'number' | 'string';
      readonly text: string;
      readonly start: number;
      readonly end: number;
    }
  | {
      readonly kind: 'array';
      readonly items: readonly JsonNode[];
      readonly start: number;
      readonly end: number;
    }
  | {
      readonly kind: 'object';
      readonly entries: readonly (readonly [string, JsonNode])[];
      readonly start: number;
      readonly end: number;
    };

/** Why a text is not what was asked for. `at`: position in the text, UTF-16 units. */
export class JsonProblem extends Error {
  readonly at: number;
  readonly path: string;
  readonly expected: string;
  readonly found: string;

  constructor(at: number, path: string, expected: string, found: string) {
    super(`${path}: expected ${expected}, found ${found}`);
    this.at = at;
    this.path = path;
    this.expected = expected;
    this.found = found;
  }
}

/**
 * A plain recursive JSON parser: slow, exact about numbers and places, with good errors. It explains what the fast readers refuse, reads
 * what they don't cover, and is what the property tests compare them with.
 * @throws JsonProblem
 */
export function parseJson(text: string): JsonNode {
  const parser = new PlainParser(text);
  return parser.document();
}

class PlainParser {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  document(): JsonNode {
    if (this.#text.startsWith('\ufeff')) this.#at = 1;
    this.#space();
    const node = this.#value('$', 0);
    this.#space();
    if (this.#at < this.#text.length) throw this.#problem('$', 'the end of the value');
    return node;
  }

  #space(): void {
    while (' \n\r\t'.includes(this.#text.charAt(this.#at)) && this.#at < this.#text.length) this.#at += 1;
  }

  #problem(path: string, expected: string): JsonProblem {
    const rest = this.#text.slice(this.#at, this.#at + 20);
    const found = rest === '' ? 'the end of the record' : JSON.stringify(rest);
    return new JsonProblem(this.#at, path, expected, found);
  }

  #take(character: string, path: string, expected: string): void {
    if (this.#text.charAt(this.#at) !== character) throw this.#problem(path, expected);
    this.#at += 1;
  }

  #value(path: string, depth: number): JsonNode {
    const start = this.#at;
    switch (this.#text.charAt(start)) {
      case '{':
        return this.#object(path, depth + 1);
      case '[':
        return this.#array(path, depth + 1);
      case '"': {
        const text = this.#string(path);
        return { kind: 'string', text, start, end: this.#at };
      }
      default:
        break;
    }
    for (const word of ['null', 'true', 'false'] as const) {
      if (!this.#text.startsWith(word, start)) continue;
      this.#at += word.length;
      return { kind: word, start, end: this.#at };
    }
    const number = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
    number.lastIndex = start;
    const match = number.exec(this.#text);
    if (match === null) throw this.#problem(path, 'a JSON value');
    this.#at = number.lastIndex;
    return { kind: 'number', text: match[0], start, end: this.#at };
  }

  #object(path: string, depth: number): JsonNode {
    const start = this.#at;
    if (depth > maxDepth) throw this.#problem(path, `at most ${maxDepth} nested arrays and objects`);
    const entries: (readonly [string, JsonNode])[] = [];
    this.#at += 1;
    this.#space();
    if (this.#text.charAt(this.#at) === '}') {
      this.#at += 1;
      return { kind: 'object', entries, start, end: this.#at };
    }
    for (;;) {
      if (this.#text.charAt(this.#at) !== '"') throw this.#problem(path, 'a key in quotes');
      const key = this.#string(path);
      this.#space();
      const below = `${path}.${key}`;
      this.#take(':', below, "':'");
      this.#space();
      entries.push([key, this.#value(below, depth)]);
      this.#space();
      if (this.#text.charAt(this.#at) === '}') break;
      this.#take(',', path, "',' or '}'");
      this.#space();
    }
    this.#at += 1;
    return { kind: 'object', entries, start, end: this.#at };
  }

  #array(path: string, depth: number): JsonNode {
    const start = this.#at;
    if (depth > maxDepth) throw this.#problem(path, `at most ${maxDepth} nested arrays and objects`);
    const items: JsonNode[] = [];
    this.#at += 1;
    this.#space();
    if (this.#text.charAt(this.#at) === ']') {
      this.#at += 1;
      return { kind: 'array', items, start, end: this.#at };
    }
    for (;;) {
      items.push(this.#value(`${path}[${items.length}]`, depth));
      this.#space();
      if (this.#text.charAt(this.#at) === ']') break;
      this.#take(',', path, "',' or ']'");
      this.#space();
    }
    this.#at += 1;
    return { kind: 'array', items, start, end: this.#at };
  }

  #string(path: string): string {
    const start = this.#at;
    let text = '';
    this.#at += 1;
    for (;;) {
      const character = this.#text.charAt(this.#at);
      if (character === '"') break;
      if (character === '') {
        this.#at = start;
        throw new JsonProblem(start, path, "a string's closing quote", 'the end of the record');
      }
      if (character < ' ') throw this.#problem(path, 'no bare control character in a string');
      if (character === '\\') text += this.#escape(path);
      else {
        text += character;
        this.#at += 1;
      }
    }
    this.#at += 1;
    return text.toWellFormed();
  }

  #escape(path: string): string {
    const letter = this.#text.charAt(this.#at + 1);
    if (letter === 'u') {
      const digits = this.#text.slice(this.#at + 2, this.#at + 6);
      if (!/^[0-9a-fA-F]{4}$/.test(digits)) throw this.#problem(path, 'four hexadecimal digits after \\u');
      this.#at += 6;
      return String.fromCharCode(Number.parseInt(digits, 16));
    }
    const index = '"\\/bfnrt'.indexOf(letter);
    if (letter === '' || index < 0) throw this.#problem(path, 'an escape of JSON');
    this.#at += 2;
    return '"\\/\b\f\n\r\t'.charAt(index);
  }
}
