import type { AvroType } from '../avro/avro-type.ts';
import { encodeDefault } from '../avro/encode-default.ts';
import { smallVarint } from '../avro/write-text-value.ts';
import { envelopeNames, type AvroEnvelope } from './avro-envelope.ts';
import type { ChangeLayout } from './debezium-encoder.ts';

const nothing = new Uint8Array(0);

/**
 * How changes are written as records of an envelope; fields beside the rows and `op` are their defaults, or null.
 * @param frame bytes before each record
 * @returns the name of a field that can't be written, where there is one
 */
export function avroChangeLayout(
  envelope: AvroEnvelope,
  frame: Uint8Array,
): ChangeLayout | { readonly unwritable: string } {
  const parts: ChangeLayout['parts'][number][] = [frame];
  let [rows, op]: [AvroType | null, AvroType | null] = [null, null];
  for (const { name, type, default: fallback } of envelope.fields) {
    if (name === envelopeNames.before || name === envelopeNames.after) {
      if (rows !== null && !sameBranches(rows, type)) return { unwritable: name };
      rows = type;
      parts.push(name);
    } else if (name === envelopeNames.op) {
      op = type;
      parts.push(name);
    } else {
      const bytes = fallback === undefined ? nullOf(type) : encodeDefault(type, fallback.json);
      if (bytes === null) return { unwritable: name };
      parts.push(bytes);
    }
  }
  const noRow = rows === null ? null : nullOf(rows);
  const opHead = op === null ? null : textHead(op);
  if (rows === null || noRow === null) return { unwritable: envelopeNames.before };
  if (opHead === null) return { unwritable: envelopeNames.op };
  const letter = (text: string): Uint8Array => Uint8Array.from([...opHead, 2, text.charCodeAt(0)]);
  const rowHead = branchOf(rows, 'record') ?? nothing;
  return { parts, noRow, rowHead, created: letter('c'), updated: letter('u'), deleted: letter('d') };
}

function sameBranches(a: AvroType, b: AvroType): boolean {
  const kinds = (type: AvroType): string =>
    (type.kind === 'union' ? type.branches : [type]).map(({ kind }) => kind).join();
  return kinds(a) === kinds(b);
}

function nullOf(type: AvroType): Uint8Array | null {
  return type.kind === 'null' ? nothing : branchOf(type, 'null');
}

function textHead(type: AvroType): Uint8Array | null {
  return type.kind === 'string' ? nothing : branchOf(type, 'string');
}

/** The bytes that say which branch of a union follows. */
function branchOf(type: AvroType, kind: AvroType['kind']): Uint8Array | null {
  if (type.kind !== 'union') return null;
  const index = type.branches.findIndex((branch) => branch.kind === kind);
  return index < 0 ? null : smallVarint(index);
}
