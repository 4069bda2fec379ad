import type { ColumnBuilder } from '@weir/columnar/column-builder.ts';
import type { EventRandom } from './event-random.ts';

/** The texts of one batch of made-up events, one after another in one buffer. ASCII without anything that JSON escapes. */
export class TextHeap {
  #bytes = new Uint8Array(1 << 20);
  #at = 0;
  #start = 0;

  reset(): void {
    this.#at = 0;
  }

  begin(): void {
    if (this.#bytes.length - this.#at < 4096) {
      const grown = new Uint8Array(this.#bytes.length * 2);
      grown.set(this.#bytes);
      this.#bytes = grown;
    }
    this.#start = this.#at;
  }

  /** The text since `begin` becomes the value of this row. */
  end(column: ColumnBuilder, row: number): void {
    const target = column.column;
    if (target.kind !== 'bytes') return;
    target.starts[row] = this.#start;
    target.ends[row] = this.#at;
  }

  whole(text: string, column: ColumnBuilder, row: number): void {
    this.begin();
    this.text(text);
    this.end(column, row);
  }

  text(text: string): void {
    for (let index = 0; index < text.length; index += 1) this.#bytes[this.#at++] = text.charCodeAt(index);
  }

  number(value: number): void {
    let width = 1;
    for (let rest = value; rest >= 10; rest = Math.floor(rest / 10)) width += 1;
    this.digits(value, width);
  }

  digits(value: number, width: number): void {
    let rest = value;
    for (let index = width - 1; index >= 0; index -= 1) {
      const next = Math.floor(rest / 10);
      this.#bytes[this.#at + index] = 48 + (rest - next * 10);
      rest = next;
    }
    this.#at += width;
  }

  letters(count: number, random: EventRandom): void {
    for (let left = count; left > 0; left -= 5) {
      let bits = random.below(4294967296);
      for (let index = Math.min(left, 5); index > 0; index -= 1) {
        this.#bytes[this.#at++] = 97 + ((bits & 63) % 26);
        bits >>>= 6;
      }
    }
  }

  /** Five letters that belong to a channel. */
  channelLetters(channel: number, part: number): void {
    let bits = Math.imul(channel * 3 + part + 1, 0x9e3779b1) >>> 0;
    for (let index = 0; index < 5; index += 1) {
      this.#bytes[this.#at++] = 97 + ((bits & 63) % 26);
      bits >>>= 6;
    }
  }

  bind(column: ColumnBuilder): void {
    if (column.column.kind === 'bytes') column.column.data = this.#bytes;
  }
}
