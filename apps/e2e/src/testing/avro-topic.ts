import type { FakeRegistry } from '@weir/schemas/registry/testing/fake-registry.ts';

/** The encoding of a long in Avro. */
export function avroLong(value: number): Buffer {
  const bytes: number[] = [];
  let rest = BigInt.asUintN(64, (BigInt(value) << 1n) ^ (BigInt(value) >> 63n));
  for (; rest > 0x7fn; rest >>= 7n) bytes.push(Number(rest & 0x7fn) | 0x80);
  bytes.push(Number(rest));
  return Buffer.from(bytes);
}

/** The encoding of a string. */
export function avroText(value: string): Buffer {
  const bytes = Buffer.from(value);
  return Buffer.concat([avroLong(bytes.length), bytes]);
}

/** A value as the registry's serializers write it: 0, the id of its schema, the value. */
export function framedById(id: number, ...parts: readonly Buffer[]): Buffer {
  const frame = Buffer.alloc(5);
  frame.writeInt32BE(id, 1);
  return Buffer.concat([frame, ...parts]);
}

/** The JSON of a record schema with these fields. */
export function recordSchema(...fields: readonly object[]): string {
  return JSON.stringify({ type: 'record', name: 'Order', namespace: 'shop', fields });
}

/** Registers a schema as the next version of the topic's values. @returns its id */
export function registerValue(registry: FakeRegistry, topic: string, schema: string): number {
  return registry.subjects.register(`${topic}-value`, { schema }).id;
}
