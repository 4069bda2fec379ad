import { MessageSlots } from './message-slots.ts';
import type { ProtoCursor } from './proto-cursor.ts';
import type { ProtoField } from './proto-type.ts';
import { readerOfNumber } from './read-number.ts';

interface EntryShape {
  readonly slots: MessageSlots;
  readonly parts: readonly [ProtoField, ProtoField];
}

const entries = new WeakMap<ProtoField, EntryShape>();

/** The key and the value of a map's entries. */
export function entryOf(field: ProtoField): EntryShape {
  let found = entries.get(field);
  if (found === undefined) {
    const part = { label: 'single', presence: false, group: false, packed: false } as const;
    const parts: [ProtoField, ProtoField] = [
      { ...part, name: 'key', number: 1, type: { kind: 'scalar', scalar: field.key ?? 'string' } },
      { ...part, name: 'value', number: 2, type: field.type },
    ];
    found = { slots: new MessageSlots(parts), parts };
    entries.set(field, found);
  }
  return found;
}

/** The entries that count (B2: of those with one key the last), by the text of their keys, in the order in which the keys came first. */
export function keysOfEntries(
  cursor: ProtoCursor,
  value: number,
  key: ProtoField,
): ReadonlyMap<string, number> {
  const slots = keySlotsOf(key);
  const found = new Map<string, number>();
  for (; value >= 0; value = cursor.next[value]!) {
    const values = cursor.mark();
    const base = cursor.open(slots);
    cursor.collect(slots, base, cursor.starts[value]!, cursor.ends[value]!);
    const head = cursor.head(base, 0);
    found.set(head < 0 ? defaultKey(key) : keyText(cursor, cursor.last(head), key), value);
    cursor.close(base, values);
  }
  return found;
}

const keys = new WeakMap<ProtoField, MessageSlots>();

function keySlotsOf(key: ProtoField): MessageSlots {
  let found = keys.get(key);
  if (found === undefined) {
    found = new MessageSlots([key]);
    keys.set(key, found);
  }
  return found;
}

function defaultKey({ type }: ProtoField): string {
  if (type.kind !== 'scalar' || type.scalar === 'string') return '';
  return type.scalar === 'bool' ? 'false' : '0';
}

function keyText(cursor: ProtoCursor, value: number, { type }: ProtoField): string {
  const scalar = type.kind === 'scalar' ? type.scalar : 'string';
  cursor.goTo(value);
  const { at, end } = cursor;
  if (scalar === 'string') {
    cursor.text(at, end);
    return Buffer.from(cursor.data.buffer, cursor.data.byteOffset + at, end - at).toString();
  }
  const number = readerOfNumber(scalar)?.(cursor) ?? 0;
  return scalar === 'bool' ? (number === 0 ? 'false' : 'true') : String(number);
}
