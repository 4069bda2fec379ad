import type { ColumnBuilder } from '@weir/columnar/column-builder.ts';
import type { Field } from '@weir/columnar/sql-type.ts';
import { assert, unreachable } from '@weir/kernel/assert.ts';
import type { JsonOptions } from './json-options.ts';
import { ListReader, MapReader } from './nested-readers.ts';
import { ExactReader, FloatReader, quotedNumber } from './number-readers.ts';
import { FieldsReader, StructReader } from './object-reader.ts';
import {
  BooleanReader,
  BytesReader,
  DateReader,
  IntervalReader,
  JsonReader,
  NullReader,
  TextReader,
  TimeReader,
  TimestampReader,
  UnixTimeReader,
} from './scalar-readers.ts';
import type { ValueReader } from './value-reader.ts';

const utf8 = new TextEncoder();

/** The reader of a field's values. `depth`: objects and arrays open around the value. */
export function makeReader(
  builder: ColumnBuilder,
  field: Field,
  options: JsonOptions,
  depth: number,
): ValueReader {
  const type = field.type;
  switch (type.kind) {
    case 'null':
      return new NullReader(builder, true);
    case 'boolean':
      return new BooleanReader(builder, field.nullable, options.strict);
    case 'integer':
    case 'decimal':
      return new ExactReader(builder, field.nullable, quotedNumber(type, options));
    case 'float':
      return new FloatReader(builder, field.nullable, options.strict);
    case 'text':
      return new TextReader(builder, field.nullable, options.strict, depth);
    case 'bytes':
      return new BytesReader(builder, field.nullable);
    case 'json':
      return new JsonReader(builder, field.nullable, depth);
    case 'date':
      return new DateReader(builder, field.nullable);
    case 'time':
      return new TimeReader(builder, field.nullable);
    case 'timestamp':
      if (options.timestampFormat === 'unix_millis')
        return new UnixTimeReader(builder, field.nullable, 1000, options.strict);
      if (options.timestampFormat === 'unix_micros')
        return new UnixTimeReader(builder, field.nullable, 1, options.strict);
      return new TimestampReader(builder, field.nullable);
    case 'struct':
      return new StructReader(
        builder,
        field.nullable,
        makeFieldsReader(builder.children, type.fields, options, depth + 1),
      );
    case 'list':
      return new ListReader(
        builder,
        field.nullable,
        makeReader(builder.child(0), type.element, options, depth + 1),
      );
    case 'map':
      return new MapReader(
        builder,
        field.nullable,
        makeReader(builder.child(1), type.value, options, depth + 1),
      );
    case 'interval':
      return new IntervalReader(builder, field.nullable, type.unit);
    default:
      return unreachable(type);
  }
}

/** The reader of an object's fields; `depth` counts the object itself. */
export function makeFieldsReader(
  builders: readonly ColumnBuilder[],
  fields: readonly Field[],
  options: JsonOptions,
  depth: number,
): FieldsReader {
  return new FieldsReader(
    fields.map((field, index) => {
      const builder = builders[index];
      assert(builder !== undefined, 'a builder for each field');
      return { name: utf8.encode(field.name), reader: makeReader(builder, field, options, depth) };
    }),
    depth,
  );
}
