import { WeirError } from '@weir/kernel/errors.ts';
import type { ProtoMessage, ProtoSchema } from './proto-type.ts';

/** The message at such indexes, from the outermost inwards; undefined: there is none. */
export function messageAt(schema: ProtoSchema, indexes: readonly number[]): ProtoMessage | undefined {
  let found: ProtoMessage | undefined;
  let among = schema.messages;
  for (const index of indexes) {
    found = among[index];
    if (found === undefined) return undefined;
    among = found.nested;
  }
  return found;
}

/** The indexes of a message of the main text; undefined for others. */
export function indexesOf(
  message: ProtoMessage,
  among: readonly ProtoMessage[],
): readonly number[] | undefined {
  for (const [index, each] of among.entries()) {
    if (each === message) return [index];
    const inside = indexesOf(message, each.nested);
    if (inside !== undefined) return [index, ...inside];
  }
  return undefined;
}

/**
 * The message that is meant: by full name or by the name in its package, or the only one of the text.
 * @throws WeirError WEIR-3120
 */
export function messageNamed(schema: ProtoSchema, name: string | undefined): ProtoMessage {
  const [first, ...others] = schema.messages;
  if (first === undefined) throw unknown('the Protobuf schema declares no message');
  if (name === undefined) {
    if (others.length === 0) return first;
    throw unknown(
      'the Protobuf schema declares several messages',
      `set 'protobuf.message' to one of ${namesOf(schema)}`,
    );
  }
  const found = schema.byName.get(name) ?? schema.messages.find((each) => each.name.endsWith(`.${name}`));
  if (found !== undefined) return found;
  throw unknown(`the Protobuf schema declares no message ${name}`, `it has ${namesOf(schema)}`);
}

function namesOf({ messages }: ProtoSchema): string {
  const all = (each: ProtoMessage): string[] => [each.name, ...each.nested.flatMap(all)];
  return messages.flatMap(all).slice(0, 50).join(', ');
}

function unknown(problem: string, hint?: string): WeirError {
  return new WeirError('WEIR-3120', problem, hint === undefined ? {} : { hint });
}
