import type { Field, SqlType } from '@weir/columnar/sql-type.ts';
import { WeirError } from '@weir/kernel/errors.ts';
import {
  describeProto,
  wellKnown,
  wrappedValue,
  type ProtoField,
  type ProtoMessage,
  type ProtoScalar,
} from './proto-type.ts';

/** A column that a field of a message becomes. */
export interface ProtobufColumn {
  readonly field: Field;
  readonly path: readonly string[];
  readonly as: 'native' | 'json';
}

export interface ProtobufColumns {
  readonly columns: readonly ProtobufColumn[];
  /** Why a column became JSON. */
  readonly notes: readonly { readonly column: string; readonly note: string }[];
}

/** Columns, and fields inside them: a schema of a few lines whose messages lie in each other can mean billions. */
const maxFields = 10_000;
const json: SqlType = { kind: 'json' };

/**
 * The columns of a message, one for each field. A message in a field is a STRUCT; what SQL has no type for, repeated fields and maps are
 * JSON; what has presence may be NULL.
 * @throws WeirError WEIR-3120 when there are too many
 */
export function columnsOfProtobuf(message: ProtoMessage): ProtobufColumns {
  const notes: { column: string; note: string }[] = [];
  let fields = 0;
  const map = (field: ProtoField, column: string, around: readonly ProtoMessage[]): Field => {
    fields += 1;
    if (fields > maxFields) {
      throw new WeirError(
        'WEIR-3120',
        `the Protobuf schema has more than ${maxFields} fields inside its columns`,
        {
          hint: 'declare the columns that are read',
        },
      );
    }
    const { name } = field;
    if (field.label !== 'single') {
      notes.push({ column, note: `${describeProto(field)} is JSON` });
      return { name, type: json, nullable: false };
    }
    const scalar = scalarColumn(field);
    if (scalar !== null) return { name, type: scalar, nullable: field.presence };
    const inside = field.type as ProtoMessage;
    const problem = whyJson(inside, around);
    if (problem !== null) {
      notes.push({ column, note: problem });
      return { name, type: json, nullable: true };
    }
    const type: SqlType = {
      kind: 'struct',
      fields: inside.fields.map((each) => map(each, `${column}.${each.name}`, [...around, inside])),
    };
    return { name, type, nullable: true };
  };
  const columns = message.fields.map((each) => {
    const field = map(each, each.name, [message]);
    return {
      field,
      path: [each.name],
      as: field.type.kind === 'json' ? ('json' as const) : ('native' as const),
    };
  });
  return { columns, notes };
}

function whyJson(message: ProtoMessage, around: readonly ProtoMessage[]): string | null {
  const { struct, value, listValue, any } = wellKnown;
  if ([struct, value, listValue, any].some((each) => each === message.name)) return `${message.name} is JSON`;
  if (around.includes(message)) return `message ${message.name} lies inside itself`;
  return message.fields.length === 0 ? `message ${message.name} has no fields` : null;
}

/** Null for messages that are no value. */
function scalarColumn({ type }: ProtoField): SqlType | null {
  if (type.kind === 'scalar') return scalarTypes[type.scalar];
  if (type.kind === 'enum') return { kind: 'text' };
  if (type.name === wellKnown.timestamp) return { kind: 'timestamp', precision: 6, zoned: true };
  if (type.name === wellKnown.duration) return { kind: 'interval', unit: 'micros' };
  const wrapped = wrappedValue(type);
  return wrapped === undefined ? null : scalarColumn(wrapped);
}

const integer = (bits: 32 | 64, signed: boolean): SqlType => ({ kind: 'integer', bits, signed });

const scalarTypes: Readonly<Record<ProtoScalar, SqlType>> = {
  double: { kind: 'float', bits: 64 },
  float: { kind: 'float', bits: 32 },
  int32: integer(32, true),
  sint32: integer(32, true),
  sfixed32: integer(32, true),
  int64: integer(64, true),
  sint64: integer(64, true),
  sfixed64: integer(64, true),
  uint32: integer(32, false),
  fixed32: integer(32, false),
  uint64: integer(64, false),
  fixed64: integer(64, false),
  bool: { kind: 'boolean' },
  string: { kind: 'text' },
  bytes: { kind: 'bytes' },
};
