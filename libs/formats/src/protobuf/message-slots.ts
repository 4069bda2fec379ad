import type { ProtoField, ProtoType } from './proto-type.ts';
import { wireType } from './wire-type.ts';

/** Field numbers that a table finds; others are looked up. */
const tableSize = 1024;

/**
 * The fields of a message that are read, each in a slot, and behind them slots for its oneofs: which member came last. A value of a wire type
 * that its field can't have is one of an unknown field (B3).
 */
export class MessageSlots {
  readonly fields: readonly ProtoField[];
  /** Slots, those of oneofs too. */
  readonly size: number;
  readonly #table: Int16Array;
  readonly #others: ReadonlyMap<number, number>;
  readonly #wires: Uint8Array;
  readonly #packable: Uint8Array;
  readonly #oneofs: Int16Array;

  constructor(fields: readonly ProtoField[]) {
    this.fields = fields;
    const numbers = fields.map(({ number }) => number);
    const greatest = Math.max(0, ...numbers.filter((number) => number < tableSize));
    this.#table = new Int16Array(greatest + 1).fill(-1);
    const others = new Map<number, number>();
    numbers.forEach((number, slot) => {
      if (number < tableSize) this.#table[number] = slot;
      else others.set(number, slot);
    });
    this.#others = others;
    this.#wires = Uint8Array.from(fields, (field) => (field.group ? wireType.group : wireOf(field)));
    this.#packable = Uint8Array.from(fields, (field) => (isPackable(field) ? 1 : 0));
    const oneofs = [...new Set(fields.flatMap(({ oneof }) => oneof ?? []))];
    this.#oneofs = Int16Array.from(fields, ({ oneof }) =>
      oneof === undefined ? -1 : fields.length + oneofs.indexOf(oneof),
    );
    this.size = fields.length + oneofs.length;
  }

  /** -1: nobody asks for the field, or the value can't be one of it. */
  slotOf(number: number, wire: number): number {
    const slot = number < this.#table.length ? this.#table[number]! : (this.#others.get(number) ?? -1);
    if (slot < 0 || wire === this.#wires[slot]) return slot;
    return wire === wireType.sized && this.#packable[slot] === 1 ? slot : -1;
  }

  /** -1: it is in none. */
  oneofOf(slot: number): number {
    return this.#oneofs[slot]!;
  }
}

/** How a value of the field that isn't packed stands in a record. */
export function wireOf({ type, label }: Pick<ProtoField, 'type' | 'label'>): number {
  return label === 'map' ? wireType.sized : wireOfType(type);
}

export function wireOfType(type: ProtoType): number {
  if (type.kind === 'enum') return wireType.varint;
  if (type.kind === 'message') return wireType.sized;
  switch (type.scalar) {
    case 'double':
    case 'fixed64':
    case 'sfixed64':
      return wireType.fixed64;
    case 'float':
    case 'fixed32':
    case 'sfixed32':
      return wireType.fixed32;
    case 'string':
    case 'bytes':
      return wireType.sized;
    default:
      return wireType.varint;
  }
}

/** Whether several values may stand behind one length. */
export function isPackable({ type, label }: ProtoField): boolean {
  return label === 'repeated' && wireOfType(type) !== wireType.sized;
}
