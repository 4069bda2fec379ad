import { formatType, type Field, type SqlType } from '@weir/columnar/sql-type.ts';
import { WeirError } from '@weir/kernel/errors.ts';
import { avroNames } from './avro-names.ts';

/** A schema as JSON has it; keys stand in the order in which they are written. */
export type AvroJson = string | readonly AvroJson[] | { readonly [key: string]: unknown };

export interface MadeAvroSchema {
  readonly schema: AvroJson;
  /** For each column the name of its field. */
  readonly names: readonly string[];
  readonly notes: readonly { readonly column: string; readonly note: string }[];
}

/**
 * The schema of a record with these columns (G3): the same columns and name always give the same text. Types that can be NULL are unions
 * `["null", T]` with the default null; nothing else has a default.
 * @param recordName legal in Avro; records inside it are named by it and their column
 * @throws WeirError WEIR-3100 for a column that Avro has no type for
 */
export function avroOfColumns(columns: readonly Field[], recordName: string): MadeAvroSchema {
  const maker = new SchemaMaker(recordName);
  const schema = maker.record(columns, recordName, '');
  return { schema, names: avroNames(columns.map(({ name }) => name)), notes: maker.notes };
}

/** What a column has no type for in Avro; null when all is well. */
export function unwritableAvroType(type: SqlType): SqlType | null {
  switch (type.kind) {
    case 'interval':
      return type;
    case 'list':
      return unwritableAvroType(type.element.type);
    case 'map':
      return type.key.type.kind === 'text' ? unwritableAvroType(type.value.type) : type;
    case 'struct':
      return type.fields.map((field) => unwritableAvroType(field.type)).find((each) => each !== null) ?? null;
    default:
      return null;
  }
}

class SchemaMaker {
  readonly notes: { column: string; note: string }[] = [];
  readonly #taken: Set<string>;

  constructor(recordName: string) {
    this.#taken = new Set([recordName]);
  }

  /** @param path of the columns, with a dot behind it */
  record(columns: readonly Field[], name: string, path: string): AvroJson {
    const names = avroNames(columns.map((column) => column.name));
    const fields = columns.map((column, index) => {
      const field = names[index]!;
      if (field !== column.name)
        this.#note(`${path}${column.name}`, `it is field ${field}: Avro's names are letters, digits and _`);
      const type = this.#nullable(column, `${name}_${field}`, `${path}${column.name}`);
      const isUnion = Array.isArray(type);
      return { name: field, type, ...(isUnion ? { default: null } : {}) };
    });
    return { type: 'record', name, fields };
  }

  #nullable(column: Field, name: string, path: string): AvroJson {
    if (column.type.kind === 'null') return 'null';
    const type = this.#type(column.type, name, path);
    return column.nullable ? ['null', type] : type;
  }

  #type(type: SqlType, name: string, path: string): AvroJson {
    switch (type.kind) {
      case 'null':
      case 'boolean':
        return type.kind;
      case 'integer':
        if (type.bits === 64 && !type.signed) return decimal(20, 0);
        return type.bits < 32 || (type.bits === 32 && type.signed) ? 'int' : 'long';
      case 'float':
        return type.bits === 32 ? 'float' : 'double';
      case 'decimal':
        return decimal(type.precision, type.scale);
      case 'text':
      case 'json':
        return 'string';
      case 'bytes':
        return 'bytes';
      case 'date':
        return { type: 'int', logicalType: 'date' };
      case 'time':
        return { type: 'long', logicalType: 'time-micros' };
      case 'timestamp':
        return { type: 'long', logicalType: type.precision <= 3 ? 'timestamp-millis' : 'timestamp-micros' };
      case 'struct':
        return this.record(type.fields, this.#free(name, path), `${path}.`);
      case 'list':
        return { type: 'array', items: this.#nullable(type.element, name, `${path}[]`) };
      case 'map':
        if (type.key.type.kind !== 'text') throw noType(path, type);
        return { type: 'map', values: this.#nullable(type.value, name, `${path}{}`) };
      case 'interval':
        throw noType(path, type);
    }
  }

  #free(name: string, path: string): string {
    let free = name;
    for (let number = 2; this.#taken.has(free); number += 1) free = `${name}_${number}`;
    this.#taken.add(free);
    if (free !== name) this.#note(path, `its record is ${free}: another is named ${name}`);
    return free;
  }

  #note(column: string, note: string): void {
    this.notes.push({ column, note });
  }
}

function decimal(precision: number, scale: number): AvroJson {
  return { type: 'bytes', logicalType: 'decimal', precision, scale };
}

function noType(path: string, type: SqlType): WeirError {
  return new WeirError('WEIR-3100', `column ${path}: Avro has no type for ${formatType(type)}`, {
    hint: type.kind === 'map' ? 'use MAP<TEXT, …>' : 'use CAST(… AS TEXT)',
  });
}
