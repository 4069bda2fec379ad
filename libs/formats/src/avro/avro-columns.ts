import type { Field, SqlType } from '@weir/columnar/sql-type.ts';
import { WeirError } from '@weir/kernel/errors.ts';
import { describeAvro, type AvroLogical, type AvroRecord, type AvroType } from './avro-type.ts';

/** A column that a field of a schema becomes. */
export interface AvroColumn {
  readonly field: Field;
  /** Names from the root record to the field; empty for a schema that is no record. */
  readonly path: readonly string[];
  readonly as: 'native' | 'json';
}

export interface AvroColumns {
  readonly columns: readonly AvroColumn[];
  /** Why a column became JSON, where nobody asked for that. */
  readonly notes: readonly { readonly column: string; readonly note: string }[];
}

/** Arrays and maps: text of JSON, or ARRAY and MAP. */
export type ComplexTypes = 'json' | 'native';

/** Columns, and fields inside them: a schema of a few lines whose records lie in each other can mean billions. */
const maxFields = 10_000;
/** Digits that DECIMAL has at most. */
const maxDecimalPrecision = 38;
const json: SqlType = { kind: 'json' };

/**
 * The columns of an Avro schema: those of its fields if it is a record, else one, named `wholeName`.
 *
 * What SQL has no type for becomes a JSON column: unions of several types, recursion, decimals of more than 38 digits; arrays and maps
 * unless `complex` says native.
 * @throws WeirError WEIR-3120 when there are too many
 */
export function columnsOfAvro(schema: AvroType, complex: ComplexTypes, wholeName = 'value'): AvroColumns {
  const reader = new ColumnReader(complex);
  if (schema.kind !== 'record') {
    const mapped = reader.map(schema, wholeName, []);
    const field = { name: wholeName, ...mapped };
    return { columns: [{ field, path: [], as: asOf(mapped.type) }], notes: reader.notes };
  }
  const columns = schema.fields.map(({ name, type }) => {
    const mapped = reader.map(type, name, [schema]);
    return { field: { name, ...mapped }, path: [name], as: asOf(mapped.type) };
  });
  return { columns, notes: reader.notes };
}

function asOf(type: SqlType): 'native' | 'json' {
  return type.kind === 'json' ? 'json' : 'native';
}

interface Mapped {
  readonly type: SqlType;
  readonly nullable: boolean;
}

class ColumnReader {
  readonly notes: { column: string; note: string }[] = [];
  readonly #complex: ComplexTypes;
  #fields = 0;

  constructor(complex: ComplexTypes) {
    this.#complex = complex;
  }

  /** @param column for notes @param around records that the type lies in: one of them again is a recursion (A8) */
  map(type: AvroType, column: string, around: readonly AvroRecord[]): Mapped {
    this.#fields += 1;
    if (this.#fields > maxFields) {
      throw new WeirError(
        'WEIR-3120',
        `the Avro schema has more than ${maxFields} fields inside its columns`,
        {
          hint: 'declare the columns that are read',
        },
      );
    }
    switch (type.kind) {
      case 'union':
        return this.#union(type.branches, column, around);
      case 'record':
        return this.#record(type, column, around);
      case 'array':
        if (this.#complex === 'json') return { type: json, nullable: false };
        return {
          type: {
            kind: 'list',
            element: { name: 'element', ...this.map(type.items, `${column}[]`, around) },
          },
          nullable: false,
        };
      case 'map':
        if (this.#complex === 'json') return { type: json, nullable: false };
        return {
          type: {
            kind: 'map',
            key: { name: 'key', type: { kind: 'text' }, nullable: false },
            value: { name: 'value', ...this.map(type.values, `${column}{}`, around) },
          },
          nullable: false,
        };
      case 'null':
        this.#note(column, 'it is always null');
        return { type: json, nullable: true };
      default:
        return { type: this.#scalar(type, column), nullable: false };
    }
  }

  /** A union of null and one other type is that type, nullable; whichever comes first. */
  #union(branches: readonly AvroType[], column: string, around: readonly AvroRecord[]): Mapped {
    const others = branches.filter(({ kind }) => kind !== 'null');
    const [only] = others;
    const nullable = others.length < branches.length;
    if (only !== undefined && others.length === 1) {
      return { type: this.map(only, column, around).type, nullable };
    }
    this.#note(column, `a ${describeAvro({ kind: 'union', branches })} has no type in SQL`);
    return { type: json, nullable: nullable || others.length === 0 };
  }

  #record(type: AvroRecord, column: string, around: readonly AvroRecord[]): Mapped {
    if (around.includes(type)) {
      this.#note(column, `record ${type.name} lies inside itself`);
      return { type: json, nullable: false };
    }
    if (type.fields.length === 0) {
      this.#note(column, `record ${type.name} has no fields`);
      return { type: json, nullable: false };
    }
    const inside = [...around, type];
    const fields = type.fields.map((field) => ({
      name: field.name,
      ...this.map(field.type, `${column}.${field.name}`, inside),
    }));
    return { type: { kind: 'struct', fields }, nullable: false };
  }

  #scalar(
    type: Exclude<AvroType, { kind: 'union' | 'record' | 'array' | 'map' | 'null' }>,
    column: string,
  ): SqlType {
    const logical = 'logical' in type ? type.logical : undefined;
    if (logical !== undefined) {
      const mapped = this.#logical(logical, column);
      if (mapped !== undefined) return mapped;
    }
    switch (type.kind) {
      case 'boolean':
        return { kind: 'boolean' };
      case 'int':
        return { kind: 'integer', bits: 32, signed: true };
      case 'long':
        return { kind: 'integer', bits: 64, signed: true };
      case 'float':
        return { kind: 'float', bits: 32 };
      case 'double':
        return { kind: 'float', bits: 64 };
      case 'string':
      case 'enum':
        return { kind: 'text' };
      default:
        return { kind: 'bytes' };
    }
  }

  #logical(logical: AvroLogical, column: string): SqlType | undefined {
    switch (logical.kind) {
      case 'decimal':
        if (logical.precision <= maxDecimalPrecision) {
          return { kind: 'decimal', precision: logical.precision, scale: logical.scale };
        }
        this.#note(column, `a decimal of ${logical.precision} digits: DECIMAL has ${maxDecimalPrecision}`);
        return json;
      case 'uuid':
        return { kind: 'text' };
      case 'date':
        return { kind: 'date' };
      case 'time':
        return { kind: 'time', precision: logical.unit === 'millis' ? 3 : 6 };
      case 'timestamp':
        if (logical.unit === 'nanos') this.#note(column, 'nanoseconds are cut to microseconds');
        return {
          kind: 'timestamp',
          precision: logical.unit === 'millis' ? 3 : 6,
          zoned: !logical.local,
        };
      case 'duration':
        return undefined;
    }
  }

  #note(column: string, note: string): void {
    this.notes.push({ column, note });
  }
}
