import { AvroProblem, isUtf8 } from '../avro/avro-cursor.ts';
import type { RecordCursor } from '../record-cursor.ts';
import type { MessageSlots } from './message-slots.ts';
import { wireType } from './wire-type.ts';

/** Messages and groups inside each other in data, at most (B7). */
const maxDepth = 100;
/** Values that one record's fields are kept of, at most: two bytes can hold one. */
const maxValues = 1_000_000;
/** Fields that were not written and are shown all the same, in all of a record: an empty message takes two bytes and may have thousands. */
const maxNotWritten = 200_000;

/**
 * Reads one record's bytes and never others: what is no such value, or ends behind the record, throws (AvroProblem).
 *
 * `collect` notes where the values of a message's fields stand, each field's in their order: fields come in any order and more than once,
 * and only the last of them says what the value is (B2). Notes of a field are a chain of values, `head` its first.
 */
export class ProtoCursor implements RecordCursor {
  data: Uint8Array = new Uint8Array(0);
  view: DataView = new DataView(this.data.buffer);
  at = 0;
  end = 0;
  where = '';
  /** Of the last varint. */
  low = 0;
  high = 0;
  /** The chain that `chain` adds to. */
  chainHead = -1;
  #chainTail = -1;
  /** Where values begin and end: behind their length, inside a group's tags. */
  starts = new Int32Array(256);
  ends = new Int32Array(256);
  wires = new Uint8Array(256);
  next = new Int32Array(256);
  #values = 0;
  /** Of messages being read, for each field the first and the last value. */
  #heads = new Int32Array(256);
  #tails = new Int32Array(256);
  #slots = 0;
  #depth = 0;
  #notWritten = 0;

  use(data: Uint8Array): void {
    if (data === this.data) return;
    this.data = data;
    this.view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  }

  begin(start: number, end: number): void {
    this.at = start;
    this.end = end;
    this.where = '';
    this.#values = 0;
    this.#slots = 0;
    this.#depth = 0;
    this.#notWritten = 0;
  }

  fail(message: string, hint?: string): never {
    throw new AvroProblem(message, this.at, hint);
  }

  enter(): void {
    this.#depth += 1;
    if (this.#depth > maxDepth) this.fail(`messages lie more than ${maxDepth} deep`);
  }

  notWritten(): void {
    this.#notWritten += 1;
    if (this.#notWritten > maxNotWritten)
      this.fail(`more than ${maxNotWritten} fields of its messages were not written`);
  }

  leave(): void {
    this.#depth -= 1;
  }

  /** Sets `low` and `high` to the 64 bits of a varint; bits beyond them are dropped. */
  varint(): void {
    const { data, end } = this;
    let p = this.at;
    let low = 0;
    let high = 0;
    for (let shift = 0; shift < 70; shift += 7) {
      if (p >= end) this.fail('the record ends before its last value does');
      const byte = data[p]!;
      p += 1;
      const bits = byte & 0x7f;
      if (shift < 28) low |= bits << shift;
      else if (shift === 28) {
        low |= bits << 28;
        high = bits >>> 4;
      } else high |= bits << (shift - 32);
      if (byte < 0x80) {
        this.at = p;
        this.low = low;
        this.high = high;
        return;
      }
    }
    this.fail('a number is longer than ten bytes');
  }

  /** Leaves so many bytes out. @returns where they began */
  skip(bytes: number): number {
    const start = this.at;
    if (bytes > this.end - start)
      this.fail(`${bytes} bytes were to follow, the record ends after ${this.end - start}`);
    this.at = start + bytes;
    return start;
  }

  /** The bytes behind a length. @returns where they begin; they end at `at` */
  sized(): number {
    this.varint();
    if (this.high !== 0 || this.low < 0) this.fail('a length is beyond 2 GiB');
    return this.skip(this.low);
  }

  /** Sets `low` to a tag. */
  tag(): void {
    this.varint();
    if (this.high !== 0 || this.low >>> 3 === 0) this.fail('a tag names no field');
  }

  /** Leaves a value out, behind its tag; `number` is its field. */
  skipValue(wire: number, number: number): void {
    switch (wire) {
      case wireType.varint:
        return this.varint();
      case wireType.fixed64:
        this.skip(8);
        return;
      case wireType.sized:
        this.sized();
        return;
      case wireType.fixed32:
        this.skip(4);
        return;
      case wireType.group:
        this.#skipGroup(number);
        return;
      default:
        this.fail(
          wire === wireType.endGroup ? 'a group ends that never began' : `there is no wire type ${wire}`,
        );
    }
  }

  /** B7. @returns where the tag that ends it begins; it ends at `at` */
  #skipGroup(number: number): number {
    this.enter();
    for (;;) {
      const start = this.at;
      this.tag();
      const wire = this.low & 7;
      const field = this.low >>> 3;
      if (wire !== wireType.endGroup) {
        this.skipValue(wire, field);
        continue;
      }
      if (field !== number) this.fail(`group ${number} ends with a tag of group ${field}`);
      this.leave();
      return start;
    }
  }

  /** Room for the fields of a message; `close` gives it back. */
  open(slots: MessageSlots): number {
    const base = this.#slots;
    const needed = base + slots.size;
    if (needed > this.#heads.length) {
      this.#heads = grown(this.#heads, needed);
      this.#tails = grown(this.#tails, needed);
    }
    this.#heads.fill(-1, base, needed);
    this.#slots = needed;
    return base;
  }

  /** @param values as of `mark` when it was opened */
  close(base: number, values: number): void {
    this.#slots = base;
    this.#values = values;
  }

  mark(): number {
    return this.#values;
  }

  head(base: number, slot: number): number {
    return this.#heads[base + slot]!;
  }

  /** Notes the fields of the message from `start` to `end`; several of one field are merged (B2) by noting each. */
  collect(slots: MessageSlots, base: number, start: number, end: number): void {
    const after = this.end;
    this.at = start;
    this.end = end;
    while (this.at < end) {
      this.tag();
      const number = this.low >>> 3;
      const wire = this.low & 7;
      const slot = slots.slotOf(number, wire);
      if (slot < 0) {
        this.skipValue(wire, number);
        continue;
      }
      const value = this.#note(wire, number);
      const oneof = slots.oneofOf(slot);
      if (oneof >= 0) this.#choose(base + oneof, slot, base);
      if (this.#heads[base + slot]! < 0) this.#heads[base + slot] = value;
      else this.next[this.#tails[base + slot]!] = value;
      this.#tails[base + slot] = value;
    }
    this.end = after;
  }

  /** The member of a oneof that comes last clears the others. */
  #choose(at: number, slot: number, base: number): void {
    const before = this.#heads[at]!;
    if (before >= 0 && before !== slot) this.#heads[base + before] = -1;
    this.#heads[at] = slot;
  }

  /** Adds the value at `at`, behind its tag, to a chain of its own, which `beginChain` begins. */
  chain(wire: number, number: number): void {
    const value = this.#note(wire, number);
    if (this.chainHead < 0) this.chainHead = value;
    else this.next[this.#chainTail] = value;
    this.#chainTail = value;
  }

  beginChain(): void {
    this.chainHead = -1;
  }

  #note(wire: number, number: number): number {
    const value = this.#newValue();
    let start = this.at;
    let end = -1;
    if (wire === wireType.sized) start = this.sized();
    else if (wire === wireType.group) end = this.#skipGroup(number);
    else this.skipValue(wire, number);
    this.starts[value] = start;
    this.ends[value] = end < 0 ? this.at : end;
    this.wires[value] = wire;
    return value;
  }

  #newValue(): number {
    const value = this.#values;
    if (value >= maxValues) this.fail(`the record holds more than ${maxValues} values`);
    if (value === this.starts.length) this.#growValues();
    this.#values += 1;
    this.next[value] = -1;
    return value;
  }

  #growValues(): void {
    const length = this.starts.length * 2;
    this.starts = grown(this.starts, length);
    this.ends = grown(this.ends, length);
    this.next = grown(this.next, length);
    const wires = new Uint8Array(length);
    wires.set(this.wires);
    this.wires = wires;
  }

  /** A chain of one: what stands from `at` to `end`. */
  here(): number {
    const value = this.#newValue();
    this.starts[value] = this.at;
    this.ends[value] = this.end;
    this.wires[value] = wireType.sized;
    return value;
  }

  /** The last value of a chain. */
  last(value: number): number {
    while (this.next[value]! >= 0) value = this.next[value]!;
    return value;
  }

  /** Goes to a value, to read it. */
  goTo(value: number): void {
    this.at = this.starts[value]!;
    this.end = this.ends[value]!;
  }

  /** B5. */
  text(start: number, end: number): void {
    if (!isUtf8(this.data, this.view, start, end)) this.fail('a string is no UTF-8 text');
  }

  /**
   * Leaves out fields of numbers above `known`, as newer writers add them.
   * @returns `end`; -1 where another field stands among them
   */
  skipNewer(start: number, end: number, known: number): number {
    const after = this.end;
    this.at = start;
    this.end = end;
    while (this.at < end) {
      this.tag();
      const number = this.low >>> 3;
      if (number <= known) return -1;
      this.skipValue(this.low & 7, number);
    }
    this.end = after;
    return end;
  }
}

function grown(old: Int32Array, length: number): Int32Array<ArrayBuffer> {
  const array = new Int32Array(Math.max(length, old.length * 2));
  array.set(old);
  return array;
}
