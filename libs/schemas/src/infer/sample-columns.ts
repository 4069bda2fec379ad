import type { Field, SqlType } from '@weir/columnar/sql-type.ts';
import { bigintType, booleanType, doubleType, textType } from '@weir/columnar/sql-type.ts';
import { dateFromText, timestampFromText } from '@weir/columnar/time-text.ts';
import { WeirError } from '@weir/kernel/errors.ts';
import type { InferredColumns } from './json-schema-columns.ts';

/** Text that looks like no accident; whether it is a date or a timestamp the readers say. */
const timestampPattern = /^\d{4}-\d{2}-\d{2}[Tt ]\d{2}:\d{2}/;
const datePattern = /^\d{4}-\d{2}-\d{2}$/;
const jsonType: SqlType = { kind: 'json' };

/** What the samples said of one place: a type, and whether it was missing or null somewhere. */
interface Seen {
  type: SqlType | null;
  nullable: boolean;
  note: string | undefined;
  times: number;
}

/**
 * Columns that fit every sample message (JSON objects). A field that some lack is nullable; one whose samples disagree is JSON.
 * @throws WeirError WEIR-3403 when a sample is no JSON object, WEIR-3404 without samples
 */
export function columnsOfSamples(messages: readonly Uint8Array[]): InferredColumns {
  if (messages.length === 0) throw new WeirError('WEIR-3404', 'no sample messages were given');
  const decoder = new TextDecoder('utf-8', { fatal: true });
  const samples = messages.map((message, index) => {
    try {
      const value: unknown = JSON.parse(decoder.decode(message));
      if (typeof value === 'object' && value !== null && !Array.isArray(value))
        return value as Record<string, unknown>;
    } catch (cause) {
      throw new WeirError('WEIR-3403', `sample ${index + 1} is no JSON`, { cause });
    }
    throw new WeirError('WEIR-3403', `sample ${index + 1} is no JSON object`);
  });
  const notes: { column: string; note: string }[] = [];
  return { columns: fieldsOf(samples, [], notes), notes };
}

function fieldsOf(
  objects: readonly Record<string, unknown>[],
  path: readonly string[],
  notes: { column: string; note: string }[],
): Field[] {
  const names = new Set(objects.flatMap((object) => Object.keys(object)));
  return [...names].map((name) => {
    const values = objects.filter((object) => name in object).map((object) => object[name]);
    const seen = typeOfValues(values, [...path, name], notes);
    return {
      name,
      type: seen.type ?? jsonType,
      nullable: seen.nullable || values.length < objects.length,
    };
  });
}

function typeOfValues(
  values: readonly unknown[],
  path: readonly string[],
  notes: { column: string; note: string }[],
): Seen {
  const present = values.filter((value) => value !== null);
  const seen: Seen = {
    type: null,
    nullable: present.length < values.length,
    note: undefined,
    times: values.length,
  };
  const asJson = (note: string): Seen => {
    notes.push({ column: path.join('.'), note: `JSON, since ${note}` });
    return { ...seen, type: jsonType };
  };
  if (present.length === 0) return { ...asJson('it is null in every sample'), nullable: true };
  const kinds = new Set(present.map(kindOf));
  if (kinds.size === 1) {
    const [kind] = kinds;
    if (kind === 'object') {
      return {
        ...seen,
        type: { kind: 'struct', fields: fieldsOf(present as Record<string, unknown>[], path, notes) },
      };
    }
    if (kind === 'array') {
      const element = typeOfValues((present as unknown[][]).flat(), [...path, 'element'], notes);
      return {
        ...seen,
        type: {
          kind: 'list',
          element: { name: 'element', type: element.type ?? jsonType, nullable: element.nullable },
        },
      };
    }
    return { ...seen, type: scalarTypes[kind ?? 'text'] };
  }
  if (isSubset(kinds, ['integer', 'number'])) return { ...seen, type: doubleType };
  if (isSubset(kinds, ['text', 'timestamp', 'date'])) return { ...seen, type: textType };
  return asJson(`samples hold ${[...kinds].join(' and ')}`);
}

type Kind = 'boolean' | 'integer' | 'number' | 'text' | 'timestamp' | 'date' | 'object' | 'array';

const scalarTypes: Readonly<Record<Kind, SqlType>> = {
  boolean: booleanType,
  integer: bigintType,
  number: doubleType,
  text: textType,
  timestamp: { kind: 'timestamp', precision: 6, zoned: false },
  date: { kind: 'date' },
  object: jsonType,
  array: jsonType,
};

function kindOf(value: unknown): Kind {
  if (typeof value === 'boolean') return 'boolean';
  if (typeof value === 'number') return Number.isInteger(value) ? 'integer' : 'number';
  if (typeof value === 'string') {
    if (timestampPattern.test(value) && timestampFromText(value) !== null) return 'timestamp';
    return datePattern.test(value) && dateFromText(value) !== null ? 'date' : 'text';
  }
  return Array.isArray(value) ? 'array' : 'object';
}

function isSubset(kinds: ReadonlySet<Kind>, of: readonly Kind[]): boolean {
  return [...kinds].every((kind) => of.includes(kind));
}
