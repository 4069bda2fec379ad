const utf8 = new TextDecoder('utf-8', { ignoreBOM: true });

/**
 * Values of JSON columns in a binary format, in two steps: how long they are is known only once they are made. `measure` makes the values of a row,
 * `next` copies them in the same order.
 */
export class JsonValueWriter<Type> {
  readonly #encode: (type: Type, text: string, name: string) => Uint8Array;
  readonly #made: Uint8Array[] = [];
  #next = 0;

  /** @param encode makes a value of a type; throws WeirError WEIR-3110 */
  constructor(encode: (type: Type, text: string, name: string) => Uint8Array) {
    this.#encode = encode;
  }

  begin(): void {
    this.#made.length = 0;
    this.#next = 0;
  }

  /** @returns bytes that the value takes @throws WeirError WEIR-3110 */
  measure(type: Type, name: string, data: Uint8Array, start: number, end: number): number {
    const bytes = this.#encode(type, utf8.decode(data.subarray(start, end)), name);
    this.#made.push(bytes);
    return bytes.length;
  }

  next(target: Uint8Array, at: number): number {
    const bytes = this.#made[this.#next]!;
    this.#next += 1;
    target.set(bytes, at);
    return at + bytes.length;
  }

  /** Back to the first value of the row. */
  rewind(): void {
    this.#next = 0;
  }
}
