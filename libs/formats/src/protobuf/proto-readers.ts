import type { ColumnBuilder } from '@weir/columnar/column-builder.ts';
import { assert } from '@weir/kernel/assert.ts';
import { exactStore } from '../avro/native-readers.ts';
import { bytesOf, type OwnText } from '../avro/own-text.ts';
import { appendText } from '../avro/write-json-text.ts';
import { firstBytes } from '../json/record-problem.ts';
import { ScanBuffer } from '../json/scan-buffer.ts';
import { valueFromText } from '../text/value-from-text.ts';
import { entryReader } from './entry-reader.ts';
import { isPackable, MessageSlots } from './message-slots.ts';
import type { ProtoCursor } from './proto-cursor.ts';
import { wireType } from './wire-type.ts';
import type { MessageStep, ProtoFieldStep, ProtoStep } from './proto-step.ts';
import type { ProtoField } from './proto-type.ts';
import type { ReadAt, ReadChain } from './read-chain.ts';
import { readerOfNumber } from './read-number.ts';
import { SecondsAndNanos } from './well-known-values.ts';
import { defaultJson, writeProtoJson } from './write-proto-json.ts';

/** A row of a field that was not written. */
type ReadAbsent = ReadAt;

/** The buffers of columns of bytes; `made` gets those whose values the readers append to them. */
export interface TextBuffers {
  readonly own: ReadonlyMap<ColumnBuilder, OwnText>;
  readonly made: Set<ColumnBuilder>;
}

/** How a wanted field gets into its column. */
export interface FieldReaders {
  readonly chain: ReadChain;
  /** Where the value of one occurrence alone is read, without a chain; null where that is not so. */
  readonly single: ReadAt | null;
  readonly absent: ReadAbsent;
}

export function fieldReaders(
  { field, into }: ProtoFieldStep,
  builders: readonly ColumnBuilder[],
  texts: TextBuffers,
): FieldReaders {
  assert(into !== null, 'somebody asks for the field');
  const builder = builders[into.target]!;
  const { name } = into.column;
  const single = isChained(into.step) ? null : named(name, singleReader(into.step, field, builder, texts));
  const chain = single === null ? chainReader(into.step, field, builder, texts) : lastOf(single, into.step);
  return { chain: namedChain(name, chain), single, absent: absentReader(field, into, builder, texts) };
}

/** Whether all of a chain's values count, or what is before the value must be seen. */
function isChained({ kind }: ProtoStep): boolean {
  return kind === 'struct' || kind === 'list' || kind === 'map' || kind === 'json' || isMessage(kind);
}

function isMessage(kind: ProtoStep['kind']): boolean {
  return kind === 'timestamp' || kind === 'duration' || kind === 'wrapped';
}

function named(where: string, read: ReadAt): ReadAt {
  return (cursor, row) => {
    cursor.where = where;
    read(cursor, row);
  };
}

function namedChain(where: string, read: ReadChain): ReadChain {
  return (cursor, value, row) => {
    cursor.where = where;
    read(cursor, value, row);
  };
}

/** Text before the last must be text, too (B5). */
function lastOf(read: ReadAt, step: ProtoStep): ReadChain {
  const isText = step.kind === 'slice' && step.isText;
  return (cursor, value, row) => {
    for (let next = cursor.next[value]!; next >= 0; next = cursor.next[value]!) {
      if (isText) cursor.text(cursor.starts[value]!, cursor.ends[value]!);
      value = next;
    }
    cursor.goTo(value);
    read(cursor, row);
  };
}

/** Of the steps that read one value. */
function singleReader(
  step: ProtoStep,
  field: ProtoField,
  builder: ColumnBuilder,
  texts: TextBuffers,
): ReadAt {
  const { column } = builder;
  switch (step.kind) {
    case 'exact': {
      const read = readerOfNumber(step.scalar);
      assert(read !== undefined, `${step.scalar} is a whole number`);
      const store = exactStore(step.conversion, builder);
      return (cursor, row) => store(cursor, read(cursor), row);
    }
    case 'boolean': {
      const read = readerOfNumber('bool')!;
      assert(column.kind === 'bool', 'a column of booleans');
      return (cursor, row) => {
        column.values[row] = Number(read(cursor));
      };
    }
    case 'float':
      return floatReader(step, builder);
    case 'slice': {
      const slice = bytesOf(builder);
      return (cursor, row) => {
        const { at, end } = cursor;
        if (step.isText) cursor.text(at, end);
        slice.starts[row] = at;
        slice.ends[row] = end;
      };
    }
    case 'parsed':
      return parsedReader(builder);
    case 'enum':
      return madeReader(builder, texts, (cursor, own) => {
        const number = Number(readerOfNumber('int32')!(cursor));
        appendText(own, step.type.names.get(number) ?? String(number)); // B6
      });
    case 'refuse':
      return (cursor) => cursor.fail(step.problem, step.hint);
    default: {
      const read = chainReader(step, field, builder, texts);
      // An item of a list: a chain of one.
      return (cursor, row) => read(cursor, cursor.here(), row);
    }
  }
}

function floatReader(step: Extract<ProtoStep, { kind: 'float' }>, { column }: ColumnBuilder): ReadAt {
  assert(column.kind === 'float', 'a column of floats');
  const { scalar, single } = step;
  const whole = readerOfNumber(scalar);
  const read =
    whole !== undefined
      ? (cursor: ProtoCursor): number => Number(whole(cursor))
      : scalar === 'double'
        ? (cursor: ProtoCursor): number => cursor.view.getFloat64(cursor.skip(8), true)
        : (cursor: ProtoCursor): number => cursor.view.getFloat32(cursor.skip(4), true);
  return (cursor, row) => {
    const value = read(cursor);
    column.values[row] = single ? Math.fround(value) : value;
  };
}

function parsedReader(builder: ColumnBuilder): ReadAt {
  const read = valueFromText(builder);
  assert(read !== null, 'a column that text is parsed for');
  const scan = new ScanBuffer();
  return (cursor, row) => {
    const { at, end, data } = cursor;
    scan.use(data, -1);
    if (at < end && read(scan, at, end, row)) return;
    cursor.fail(`its text is no such value: ${firstBytes(data.subarray(at, end))}`);
  };
}

function madeReader(
  builder: ColumnBuilder,
  texts: TextBuffers,
  make: (cursor: ProtoCursor, own: OwnText) => void,
): ReadAt {
  const own = ownOf(builder, texts);
  const column = bytesOf(builder);
  return (cursor, row) => {
    column.starts[row] = own.length;
    make(cursor, own);
    column.ends[row] = own.length;
  };
}

function ownOf(builder: ColumnBuilder, texts: TextBuffers): OwnText {
  const own = texts.own.get(builder);
  assert(own !== undefined, 'each column of bytes has one');
  texts.made.add(builder);
  return own;
}

function chainReader(
  step: ProtoStep,
  field: ProtoField,
  builder: ColumnBuilder,
  texts: TextBuffers,
): ReadChain {
  switch (step.kind) {
    case 'json': {
      const own = ownOf(builder, texts);
      const column = bytesOf(builder);
      return (cursor, value, row) => {
        column.starts[row] = own.length;
        writeProtoJson(cursor, value, field, own);
        column.ends[row] = own.length;
      };
    }
    case 'timestamp':
    case 'duration':
      return timeReader(step, builder);
    case 'wrapped': {
      const inner = {
        field: step.field,
        into: {
          target: 0,
          column: { name: field.name, type: builder.type, nullable: true },
          step: step.step,
          missing: null,
        },
      };
      return messageReader({ fields: [inner], absent: [] }, [builder], texts);
    }
    case 'struct':
      return messageReader(step.message, builder.children, texts);
    case 'list':
      return listReader(step.item, field, builder, texts);
    case 'map':
      return entryReader(messageReader(step.entry, builder.children, texts), step.entry, builder);
    default:
      return lastOf(singleReader(step, field, builder, texts), step);
  }
}

function timeReader(
  step: Extract<ProtoStep, { kind: 'timestamp' | 'duration' }>,
  builder: ColumnBuilder,
): ReadChain {
  const time = new SecondsAndNanos();
  return (cursor, value, row) => {
    time.read(cursor, value);
    if (step.kind === 'duration') return builder.setInt(row, time.durationMicros(cursor));
    const micros = time.timestampMicros(cursor);
    if (step.unit === 1) return builder.setInt(row, micros);
    const whole = BigInt(micros);
    const unit = BigInt(step.unit);
    builder.setInt(row, whole - (((whole % unit) + unit) % unit));
  };
}

/** Fields of a message into columns of one row: those of the record, or those of a STRUCT. */
export function messageReader(
  step: MessageStep,
  builders: readonly ColumnBuilder[],
  texts: TextBuffers,
): ReadChain {
  const wanted = step.fields.filter(({ field, into }) => into !== null || isSibling(field, step));
  const slots = new MessageSlots(wanted.map(({ field }) => field));
  const readers = wanted.map((each) => (each.into === null ? null : fieldReaders(each, builders, texts)));
  const absent = step.absent.map(({ target, refusal }) => withoutField(builders[target]!, refusal));
  return (cursor, value, row) => {
    cursor.enter();
    const values = cursor.mark();
    const base = cursor.open(slots);
    for (let each = value; each >= 0; each = cursor.next[each]!)
      cursor.collect(slots, base, cursor.starts[each]!, cursor.ends[each]!);
    for (let slot = 0; slot < readers.length; slot += 1) {
      const reader = readers[slot]!;
      if (reader === null) continue;
      const head = cursor.head(base, slot);
      if (head < 0) reader.absent(cursor, row);
      else reader.chain(cursor, head, row);
    }
    for (const read of absent) read(cursor, row);
    cursor.close(base, values);
    cursor.leave();
  };
}

/** Whether it clears a member of its oneof that somebody asks for. */
function isSibling({ oneof }: ProtoField, { fields }: MessageStep): boolean {
  return oneof !== undefined && fields.some(({ field, into }) => into !== null && field.oneof === oneof);
}

function withoutField(builder: ColumnBuilder, refusal: string | null): ReadAbsent {
  return refusal === null ? (_cursor, row) => builder.setNull(row) : (cursor) => cursor.fail(refusal);
}

function listReader(
  item: ProtoStep,
  field: ProtoField,
  builder: ColumnBuilder,
  texts: TextBuffers,
): ReadChain {
  const { column } = builder;
  assert(column.kind === 'list', 'a list');
  const element = builder.child(0);
  const read = singleReader(item, field, element, texts);
  const packable = isPackable(field);
  return (cursor, value, row) => {
    let count = column.offsets[row] ?? 0;
    for (let each = value; each >= 0; each = cursor.next[each]!) {
      cursor.goTo(each);
      const isPacked = packable && cursor.wires[each] === wireType.sized;
      const { end } = cursor;
      do {
        if (isPacked && cursor.at >= end) break;
        element.reserve(count + 1);
        read(cursor, count);
        count += 1;
      } while (isPacked);
    }
    column.offsets[row + 1] = count;
  };
}

function absentReader(
  field: ProtoField,
  into: NonNullable<ProtoFieldStep['into']>,
  builder: ColumnBuilder,
  texts: TextBuffers,
): ReadAbsent {
  const { missing } = into;
  if (missing !== null) return (cursor) => cursor.fail(missing);
  if (field.presence) return (_cursor, row) => builder.setNull(row);
  return defaultReader(field, into.step, builder, texts);
}

/** B1: a field without presence that was not written has its default. */
function defaultReader(
  field: ProtoField,
  step: ProtoStep,
  builder: ColumnBuilder,
  texts: TextBuffers,
): ReadAbsent {
  const { column } = builder;
  if (step.kind === 'json' || step.kind === 'enum') {
    const text = step.kind === 'json' ? defaultJson(field) : (step.type.names.get(0) ?? '0');
    return madeReader(builder, texts, (_cursor, own) => appendText(own, text));
  }
  if (step.kind === 'refuse') return (cursor) => cursor.fail(step.problem, step.hint);
  // The text that was not written is empty, which is no number or time.
  if (step.kind === 'parsed') return (cursor) => cursor.fail('its text is empty');
  switch (column.kind) {
    case 'bool':
    case 'float':
      return (_cursor, row) => {
        column.values[row] = 0;
      };
    case 'int':
      return (_cursor, row) => builder.setInt(row, 0);
    case 'bytes':
      return (_cursor, row) => {
        column.starts[row] = 0;
        column.ends[row] = 0;
      };
    case 'list':
    case 'map':
      return (_cursor, row) => {
        column.offsets[row + 1] = column.offsets[row] ?? 0;
      };
    case 'struct':
      return (_cursor, row) => builder.setNull(row);
  }
}
