import { WeirError } from '@weir/kernel/errors.ts';

/*
 * Text and bytes of columns as Avro types that hold only some of them. All return the position after the last byte written.
 */

/** The text of one of an enum's symbols as the symbol's index, found by length and bytes. */
export class EnumWriter {
  readonly #name: string;
  readonly #symbols: readonly Uint8Array[];
  /** What each is written as: at most 5 bytes. */
  readonly #codes: readonly Uint8Array[];
  #last = 0;

  constructor(name: string, symbols: readonly string[]) {
    this.#name = name;
    this.#symbols = symbols.map((symbol) => Buffer.from(symbol));
    this.#codes = symbols.map((_, index) => smallVarint(index));
  }

  /** @throws WeirError WEIR-3110 for a text that is no symbol */
  write(data: Uint8Array, start: number, end: number, target: Uint8Array, at: number): number {
    // Neighbours are often the same.
    let found = this.#isAt(this.#last, data, start, end) ? this.#last : -1;
    for (let index = 0; found < 0 && index < this.#symbols.length; index += 1)
      if (this.#isAt(index, data, start, end)) found = index;
    if (found < 0) throw this.#unknown(data, start, end);
    this.#last = found;
    const code = this.#codes[found]!;
    target.set(code, at);
    return at + code.length;
  }

  #isAt(index: number, data: Uint8Array, start: number, end: number): boolean {
    const symbol = this.#symbols[index];
    if (symbol === undefined || symbol.length !== end - start) return false;
    for (let p = 0; p < symbol.length; p += 1) if (symbol[p] !== data[start + p]) return false;
    return true;
  }

  #unknown(data: Uint8Array, start: number, end: number): WeirError {
    const text = Buffer.from(data.subarray(start, Math.min(end, start + 60))).toString();
    const symbols = this.#symbols.slice(0, 20).map((symbol) => Buffer.from(symbol).toString());
    return new WeirError('WEIR-3110', `${this.#name}: '${text}' is no symbol of the schema's enum`, {
      hint: `its symbols are ${symbols.join(', ')}`,
    });
  }
}

/** A number of an index, as Avro writes it. */
export function smallVarint(index: number): Uint8Array {
  const bytes: number[] = [];
  let rest = index * 2;
  for (; rest > 127; rest = Math.floor(rest / 128)) bytes.push((rest % 128) | 128);
  bytes.push(rest);
  return Uint8Array.from(bytes);
}

/** The bytes of a fixed. @throws WeirError WEIR-3110 where they are more or fewer */
export function writeFixed(
  data: Uint8Array,
  start: number,
  end: number,
  target: Uint8Array,
  at: number,
  size: number,
  name: string,
): number {
  if (end - start !== size) {
    throw new WeirError(
      'WEIR-3110',
      `${name}: a value of ${end - start} bytes can't be written as a fixed of ${size}`,
      { hint: 'make all values of that length, or use another schema' },
    );
  }
  target.set(data.subarray(start, end), at);
  return at + size;
}

const uuidPattern = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** A UUID's text as its 16 bytes. @throws WeirError WEIR-3110 for other text */
export function writeUuid(
  data: Uint8Array,
  start: number,
  end: number,
  target: Uint8Array,
  at: number,
  name: string,
): number {
  const text = Buffer.from(data.buffer, data.byteOffset + start, end - start).toString('latin1');
  if (!uuidPattern.test(text)) {
    throw new WeirError('WEIR-3110', `${name}: '${text.slice(0, 60)}' is no UUID`, {
      hint: 'a UUID has 8-4-4-4-12 hexadecimal digits',
    });
  }
  target.set(Buffer.from(text.replaceAll('-', ''), 'hex'), at);
  return at + 16;
}
