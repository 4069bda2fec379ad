import type { AvroType } from './avro-type.ts';

/** Types inside types of a default; a recursive one ends where its JSON does. */
const maxDepth = 64;
/** Values that are tried for one default: of fields that lie in each other's defaults there may be more than could ever be written. */
const maxValues = 10_000;

interface Output {
  readonly bytes: number[];
  left: number;
}

/**
 * A default of a schema as a writer of that schema would write it, so that readers read it as any value; null when it doesn't fit its type.
 * A union's is taken by the first branch that it fits (A1: the specification asks for the very first). Bytes are latin-1 text (A5).
 */
export function encodeDefault(type: AvroType, json: unknown): Uint8Array | null {
  const out: Output = { bytes: [], left: maxValues };
  return put(type, json, out, 0) ? Uint8Array.from(out.bytes) : null;
}

function put(type: AvroType, json: unknown, out: Output, depth: number): boolean {
  out.left -= 1;
  if (depth > maxDepth || out.left < 0) return false;
  switch (type.kind) {
    case 'null':
      return json === null;
    case 'boolean':
      if (typeof json !== 'boolean') return false;
      out.bytes.push(json ? 1 : 0);
      return true;
    case 'int':
      return putWhole(json, 32, out);
    case 'long':
      return putWhole(json, 64, out);
    case 'float':
    case 'double':
      return putFloat(type.kind, json, out);
    case 'string':
      return typeof json === 'string' && putBytes(Buffer.from(json), out);
    case 'bytes':
      return typeof json === 'string' && putBytes(Buffer.from(json, 'latin1'), out);
    case 'fixed':
      if (typeof json !== 'string' || json.length !== type.size) return false;
      for (const byte of Buffer.from(json, 'latin1')) out.bytes.push(byte);
      return true;
    case 'enum': {
      const index = typeof json === 'string' ? type.symbols.indexOf(json) : -1;
      if (index >= 0) putLong(BigInt(index), out);
      return index >= 0;
    }
    case 'array':
      return Array.isArray(json) && putItems(json, out, (item) => put(type.items, item, out, depth + 1));
    case 'map':
      return (
        isObject(json) &&
        putItems(
          Object.entries(json),
          out,
          ([key, value]) => putBytes(Buffer.from(key), out) && put(type.values, value, out, depth + 1),
        )
      );
    case 'union':
      return putUnion(type.branches, json, out, depth);
    case 'record':
      return (
        isObject(json) &&
        type.fields.every((field) => {
          const value = Object.hasOwn(json, field.name) ? json[field.name] : field.default?.json;
          return value !== undefined && put(field.type, value, out, depth + 1);
        })
      );
  }
}

function putUnion(branches: readonly AvroType[], json: unknown, out: Output, depth: number): boolean {
  const before = out.bytes.length;
  return branches.some((branch, index) => {
    out.bytes.length = before;
    putLong(BigInt(index), out);
    return put(branch, json, out, depth + 1);
  });
}

function putItems<T>(items: readonly T[], out: Output, each: (item: T) => boolean): boolean {
  if (items.length > 0) putLong(BigInt(items.length), out);
  if (!items.every(each)) return false;
  out.bytes.push(0);
  return true;
}

function putWhole(json: unknown, bits: number, out: Output): boolean {
  if (typeof json !== 'bigint' && !Number.isInteger(json)) return false;
  const value = BigInt(json as number | bigint);
  if (BigInt.asIntN(bits, value) !== value) return false;
  putLong(value, out);
  return true;
}

function putFloat(kind: 'float' | 'double', json: unknown, out: Output): boolean {
  const value = typeof json === 'bigint' ? Number(json) : floatOf(json);
  if (value === null) return false;
  const bytes = Buffer.alloc(kind === 'float' ? 4 : 8);
  if (kind === 'float') bytes.writeFloatLE(value);
  else bytes.writeDoubleLE(value);
  for (const byte of bytes) out.bytes.push(byte);
  return true;
}

/** Schemas write what JSON has no number for as text. */
function floatOf(json: unknown): number | null {
  if (typeof json === 'number') return json;
  return json === 'NaN' || json === 'Infinity' || json === '-Infinity' ? Number(json) : null;
}

function putBytes(bytes: Uint8Array, out: Output): boolean {
  putLong(BigInt(bytes.length), out);
  for (const byte of bytes) out.bytes.push(byte);
  return true;
}

function putLong(value: bigint, out: Output): void {
  let rest = BigInt.asUintN(64, (value << 1n) ^ (value >> 63n));
  for (; rest > 0x7fn; rest >>= 7n) out.bytes.push(Number(rest & 0x7fn) | 0x80);
  out.bytes.push(Number(rest));
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
