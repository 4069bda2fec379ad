import type { ColumnBuilder } from '@weir/columnar/column-builder.ts';
import type { Field, Schema } from '@weir/columnar/sql-type.ts';
import { WeirError } from '@weir/kernel/errors.ts';
import { AvroProblem, isUtf8 } from '../avro/avro-cursor.ts';
import type { OwnText } from '../avro/own-text.ts';
import { CompiledDecoder } from '../compiled-decoder.ts';
import type { ReadRecords, RowReaders } from '../compiled-reader.ts';
import type { Decoder, DecoderSettings } from '../decoder.ts';
import type { WriterSchema } from '../writer-schemas.ts';
import { messageAt, messageNamed } from './message-index.ts';
import { parseProtoSchema } from './parse-proto-schema.ts';
import { ProtoCursor } from './proto-cursor.ts';
import { messageReader } from './proto-readers.ts';
import { ProtoRowSource } from './proto-row-source.ts';
import type { MessageStep } from './proto-step.ts';
import type { ProtoMessage } from './proto-type.ts';
import { ProtobufFrame } from './protobuf-frame.ts';
import { resolveProtobuf, type ProtobufReader } from './resolve-protobuf.ts';

const leaveOut = "'bad_data' = 'drop' leaves such records out";

/**
 * Protobuf's wire format into columns: records that name their schema, or all of one message.
 * @param written null where records name their schemas
 */
export function createProtobufDecoder(
  schema: Schema,
  settings: DecoderSettings,
  written: ProtoMessage | null,
): Decoder {
  const fields = settings.columns?.map((index) => schema.fields[index]!) ?? schema.fields;
  const reader = readerOf(fields, settings);
  const frame = settings.framing === 'confluent' ? new ProtobufFrame(settings.part) : null;
  return new CompiledDecoder(schema, settings, {
    cursor: new ProtoCursor(),
    frame,
    hint:
      frame === null ? `'protobuf.schema' must be what the records were written with; ${leaveOut}` : leaveOut,
    readersFor: (of, builders, own) => {
      const message = of === null || frame === null ? written! : messageOf(of, frame.indexes);
      return protobufRowReaders(resolveProtobuf(message, reader), builders, own);
    },
  });
}

/** What the columns were made from. */
function readerOf(fields: readonly Field[], { reader }: DecoderSettings): ProtobufReader {
  if (reader === null || reader.format !== 'protobuf' || reader.origin.kind === 'ddl')
    return { fields, message: null, paths: [] };
  const message = messageNamed(parseProtoSchema(reader.text, reader.references), reader.message);
  const paths = fields.map(
    ({ name }) => reader.columns.find(({ column }) => column === name)?.path ?? [name],
  );
  return { fields, message, paths };
}

/** @throws WeirError WEIR-3106, WEIR-3107, WEIR-3120 */
function messageOf(schema: WriterSchema, indexes: readonly number[]): ProtoMessage {
  if (schema.type !== 'protobuf') {
    throw new WeirError('WEIR-3107', `it is a schema of ${schema.type}, not of Protobuf`, {
      hint: `read the topic with format = '${schema.type}'`,
    });
  }
  const message = messageAt(parseProtoSchema(schema.text, schema.references), indexes);
  if (message !== undefined) return message;
  throw new WeirError('WEIR-3106', `it has no message at ${indexes.join('.')}`, {
    hint: "old serializers leave the list of indexes out, or write it unsigned: update the producer; Python's counts the maps of the message around one, too: put the message at the top of its file",
  });
}

function protobufRowReaders(
  step: MessageStep,
  builders: readonly ColumnBuilder[],
  own: ReadonlyMap<ColumnBuilder, OwnText>,
): RowReaders<ProtoCursor> {
  const texts = { own, made: new Set<ColumnBuilder>() };
  const readMessage = messageReader(step, builders, texts);
  const read = (cursor: ProtoCursor, row: number): void => readMessage(cursor, cursor.here(), row);
  const source = new ProtoRowSource(step, builders, texts);
  const make = new Function('rt', source.text()) as (runtime: object) => ReadRecords<ProtoCursor>;
  const made = [...own.values()].filter(({ builder }) => texts.made.has(builder));
  const parts = { B: source.builders, R: source.readers, C: source.chains, A: source.absents, T: made };
  return { read, run: make({ ...parts, isUtf8, AvroProblem }), made: texts.made };
}
