/** JSON whose objects keep the order of their text, and all of their names. */
export type OrderedJson = null | boolean | number | string | readonly OrderedJson[] | OrderedObject;
export type OrderedObject = ReadonlyMap<string, OrderedJson>;

/** Arrays and objects inside each other. */
const mostDeep = 200;

/**
 * JSON.parse puts names that look like numbers first and loses `__proto__`: where the order of names means something, it is read here (J3).
 * @throws SyntaxError for what is no JSON; RangeError when it is nested too deep
 */
export function parseOrderedJson(text: string): OrderedJson {
  // Whatever it says of the text is right; from here on the text is known to be JSON.
  JSON.parse(text);
  return new Reader(text).value(0);
}

export function isOrderedObject(value: OrderedJson | undefined): value is OrderedObject {
  return value instanceof Map;
}

const space = /[ \t\r\n]*/y;
const string = /"(?:[^"\\]|\\.)*"/y;
const scalar = /[^,\]} \t\r\n]+/y;

class Reader {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  value(depth: number): OrderedJson {
    if (depth > mostDeep) throw new RangeError(`it is nested more than ${mostDeep} deep`);
    switch (this.#next()) {
      case '{':
        return this.#object(depth);
      case '[':
        return this.#array(depth);
      case '"':
        return this.#string();
      default:
        return JSON.parse(this.#take(scalar)) as null | boolean | number;
    }
  }

  #object(depth: number): OrderedObject {
    const members = new Map<string, OrderedJson>();
    this.#at += 1;
    while (this.#next() !== '}') {
      if (this.#next() === ',') this.#at += 1;
      this.#next();
      const name = this.#string();
      this.#next();
      this.#at += 1; // the colon
      members.set(name, this.value(depth + 1));
    }
    this.#at += 1;
    return members;
  }

  #array(depth: number): OrderedJson[] {
    const items: OrderedJson[] = [];
    this.#at += 1;
    while (this.#next() !== ']') {
      if (this.#next() === ',') this.#at += 1;
      items.push(this.value(depth + 1));
    }
    this.#at += 1;
    return items;
  }

  #string(): string {
    return JSON.parse(this.#take(string)) as string;
  }

  /** The next character that is no space, at which it then stands. */
  #next(): string | undefined {
    this.#take(space);
    return this.#text[this.#at];
  }

  #take(pattern: RegExp): string {
    pattern.lastIndex = this.#at;
    const [found = ''] = pattern.exec(this.#text) ?? [];
    this.#at += found.length;
    return found;
  }
}
