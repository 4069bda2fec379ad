import type { ColumnBuilder } from '@weir/columnar/column-builder.ts';
import { assert } from '@weir/kernel/assert.ts';
import type { AvroCursor } from './avro-cursor.ts';
import type { OwnText } from './own-text.ts';
import { bytesOf } from './own-text.ts';
import type { AbsentField, EnumStep, FieldStep, ReadStep, StructStep } from './read-step.ts';
import type { ReadValue, TextColumns } from './read-value.ts';
import { scalarReader } from './native-readers.ts';
import { skipAvroValue } from './skip-value.ts';
import { writeJsonText } from './write-json-text.ts';

/** Columns with values that aren't slices of the records. */
export function madeColumns(step: ReadStep, builders: readonly ColumnBuilder[]): Set<ColumnBuilder> {
  const made = new Set<ColumnBuilder>();
  const visit = (each: ReadStep, targets: readonly ColumnBuilder[]): void => {
    const [builder] = targets;
    switch (each.kind) {
      case 'struct': {
        // A struct in a column; at the top the columns are what it fills.
        for (const field of each.fields)
          if ('step' in field) visit(field.step, below(targets[field.target]!, field.step));
        for (const { target, fallback } of each.absent) {
          if (fallback !== null) addTexts(targets[target]!, made);
        }
        return;
      }
      case 'union':
        for (const branch of each.branches) visit(branch, targets);
        return;
      case 'list':
        visit(each.item, below(builder!.child(0), each.item));
        return;
      case 'map':
        visit(each.value, below(builder!.child(1), each.value));
        return;
      case 'enum':
      case 'json':
        made.add(builder!);
        return;
      case 'scalar':
        if (each.conversion.to === 'uuid') made.add(builder!);
        return;
      default:
    }
  };
  visit(step, builders);
  return made;
}

/** What `visit` is to be given for a step into this column. */
function below(builder: ColumnBuilder, step: ReadStep): readonly ColumnBuilder[] {
  return holdsStruct(step) ? builder.children : [builder];
}

function holdsStruct(step: ReadStep): boolean {
  return step.kind === 'struct' || (step.kind === 'union' && step.branches.some(holdsStruct));
}

function addTexts(builder: ColumnBuilder, made: Set<ColumnBuilder>): void {
  if (builder.column.kind === 'bytes') made.add(builder);
  for (const child of builder.children) addTexts(child, made);
}

/** Reads a record into a row of these columns. */
export function makeRowReader(
  step: ReadStep,
  builders: readonly ColumnBuilder[],
  texts: TextColumns,
): ReadValue {
  switch (step.kind) {
    case 'struct':
      return structReader(step, builders, texts, '');
    case 'union':
      return unionReader(step.branches.map((branch) => makeRowReader(branch, builders, texts)));
    case 'refuse':
      return (cursor) => cursor.fail(step.problem, step.hint);
    default:
      throw new Error(`${step.kind} is no step of a row`);
  }
}

/** @param where the column, for messages */
export function makeValueReader(
  step: ReadStep,
  builder: ColumnBuilder,
  texts: TextColumns,
  where: string,
): ReadValue {
  switch (step.kind) {
    case 'null':
      return (_cursor, row) => builder.setNull(row);
    case 'refuse':
      return (cursor) => cursor.fail(step.problem, step.hint);
    case 'union':
      return unionReader(step.branches.map((branch) => makeValueReader(branch, builder, texts, where)));
    case 'scalar':
      return scalarReader(step.conversion, builder, texts);
    case 'enum':
      return enumReader(step, builder, texts);
    case 'json':
      return jsonReader(builder, texts, (cursor, own) => writeJsonText(cursor, step.json, own));
    case 'struct':
      return structReader(step, builder.children, texts, where);
    case 'list':
      return itemsReader(builder, null, makeValueReader(step.item, builder.child(0), texts, `${where}[]`));
    case 'map': {
      const key = scalarReader({ to: 'text' }, builder.child(0), texts);
      return itemsReader(builder, key, makeValueReader(step.value, builder.child(1), texts, `${where}{}`));
    }
  }
}

function unionReader(branches: readonly ReadValue[]): ReadValue {
  return (cursor, row) => branches[cursor.index(branches.length, 'branch')]!(cursor, row);
}

function structReader(
  step: StructStep,
  builders: readonly ColumnBuilder[],
  texts: TextColumns,
  where: string,
): ReadValue {
  const { refusal } = step;
  if (refusal !== null) return (cursor) => cursor.fail(refusal.problem, refusal.hint);
  const reads = [
    ...step.fields.map((field) => fieldReader(field, builders, texts, where)),
    ...step.absent.map((field) => absentReader(field, builders, texts)),
  ];
  return (cursor, row) => {
    for (const read of reads) read(cursor, row);
  };
}

function fieldReader(
  field: FieldStep,
  builders: readonly ColumnBuilder[],
  texts: TextColumns,
  around: string,
): ReadValue {
  if ('skip' in field) {
    return (cursor) => {
      cursor.where = '';
      skipAvroValue(cursor, field.skip);
    };
  }
  const where = around === '' ? field.name : `${around}.${field.name}`;
  const read = makeValueReader(field.step, builders[field.target]!, texts, where);
  return (cursor, row) => {
    cursor.where = where;
    read(cursor, row);
  };
}

function absentReader(
  { target, fallback }: AbsentField,
  builders: readonly ColumnBuilder[],
  texts: TextColumns,
): ReadValue {
  const builder = builders[target]!;
  if (fallback === null) return (_cursor, row) => builder.setNull(row);
  const read = makeValueReader(fallback.step, builder, texts, '');
  return (cursor, row) => cursor.aside(fallback.bytes, () => read(cursor, row));
}

function enumReader(step: EnumStep, builder: ColumnBuilder, texts: TextColumns): ReadValue {
  const symbols = step.symbols.map((symbol) => (symbol === null ? null : Buffer.from(symbol)));
  return jsonReader(builder, texts, (cursor, own) => {
    const index = cursor.index(symbols.length, 'symbol');
    const symbol = symbols[index];
    if (!(symbol instanceof Uint8Array))
      return cursor.fail(`there is no symbol '${step.written[index]}' and no default`);
    own.append(symbol, 0, symbol.length);
  });
}

/** A value that `make` appends to the column's own buffer. */
function jsonReader(
  builder: ColumnBuilder,
  texts: TextColumns,
  make: (cursor: AvroCursor, own: OwnText) => void,
): ReadValue {
  const own = texts.own.get(builder);
  assert(own !== undefined, 'each column of bytes has one');
  const column = bytesOf(builder);
  return (cursor, row) => {
    const start = own.length;
    make(cursor, own);
    column.starts[row] = start;
    column.ends[row] = own.length;
  };
}

/** Items of an array, or entries of a map, whose keys come first. */
function itemsReader(builder: ColumnBuilder, key: ReadValue | null, item: ReadValue): ReadValue {
  const { column } = builder;
  assert(column.kind === 'list' || column.kind === 'map', 'a list or a map');
  return (cursor, row) => {
    let element = column.offsets[row] ?? 0;
    cursor.enter();
    for (let left = cursor.block(); left > 0; left = cursor.block()) {
      for (; left > 0; left -= 1, element += 1) {
        const start = cursor.at;
        for (const child of builder.children) child.reserve(element + 1);
        key?.(cursor, element);
        item(cursor, element);
        cursor.valueRead(start);
      }
    }
    cursor.leave();
    column.offsets[row + 1] = element;
  };
}
