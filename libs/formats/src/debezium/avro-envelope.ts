import type { AvroField, AvroRecord, AvroType } from '../avro/avro-type.ts';

/** A record in which Debezium tells a change. */
export interface AvroEnvelope {
  readonly fields: readonly AvroField[];
  /** What the rows are; both usually are one type. */
  readonly before: AvroRecord;
  readonly after: AvroRecord;
}

/** Names of the fields of an envelope that are looked at. */
export const envelopeNames = { before: 'before', after: 'after', op: 'op' } as const;

/** Null for a type that is no envelope: a record with `before` and `after`, rows or null, and `op`. */
export function envelopeOf(type: AvroType): AvroEnvelope | null {
  if (type.kind !== 'record') return null;
  const typeOf = (name: string): AvroType | undefined =>
    type.fields.find((field) => field.name === name)?.type;
  const before = rowType(typeOf(envelopeNames.before));
  const after = rowType(typeOf(envelopeNames.after));
  const op = typeOf(envelopeNames.op);
  if (before === null || after === null || op === undefined) return null;
  return { fields: type.fields, before, after };
}

function rowType(type: AvroType | undefined): AvroRecord | null {
  if (type?.kind === 'record') return type;
  if (type?.kind !== 'union') return null;
  const [only, ...others] = type.branches.filter(({ kind }) => kind !== 'null');
  return only?.kind === 'record' && others.length === 0 ? only : null;
}
