import { WeirError } from '@weir/kernel/errors.ts';
import type { ProtoEnum } from './proto-type.ts';

/** Texts as the numbers of an enum: those of its names; digits are a number without one. */
export class EnumNumbers {
  readonly #name: string;
  readonly #type: ProtoEnum;
  #lastText: Uint8Array = new Uint8Array(0);
  #lastNumber = -1;

  /** @param name of the column */
  constructor(name: string, type: ProtoEnum) {
    this.#name = name;
    this.#type = type;
  }

  /** @throws WeirError WEIR-3110 for a text that is no name */
  of(data: Uint8Array, start: number, end: number): number {
    // Neighbours are often the same.
    if (this.#isLast(data, start, end)) return this.#lastNumber;
    const text = Buffer.from(data.buffer, data.byteOffset + start, end - start).toString();
    const number = this.#type.numbers.get(text) ?? (/^-?\d{1,10}$/.test(text) ? Number(text) : NaN);
    if (!(number >= -0x80000000 && number <= 0x7fffffff)) {
      throw new WeirError(
        'WEIR-3110',
        `column ${this.#name}: '${text.slice(0, 60)}' is no name of enum ${this.#type.name}`,
        {
          hint: `its names are ${[...this.#type.numbers.keys()].slice(0, 20).join(', ')}`,
        },
      );
    }
    this.#lastText = data.slice(start, end);
    this.#lastNumber = number;
    return number;
  }

  #isLast(data: Uint8Array, start: number, end: number): boolean {
    const last = this.#lastText;
    if (last.length !== end - start || last.length === 0) return false;
    for (let at = 0; at < last.length; at += 1) if (last[at] !== data[start + at]) return false;
    return true;
  }
}
