import { formatType, type Field, type Schema } from '@weir/columnar/sql-type.ts';
import { WeirError } from '@weir/kernel/errors.ts';
import type { Encoder, EncoderSettings } from '../encoder.ts';
import type { FormatIssue, FormatOptions } from '../format.ts';
import { indexesOf, messageNamed } from './message-index.ts';
import { parseProtoSchema } from './parse-proto-schema.ts';
import type { ProtoFieldWrite } from './proto-write-step.ts';
import { createProtobufEncoder } from './protobuf-encoder.ts';
import { protobufOfColumns, unwritableProtobufType } from './protobuf-of-columns.ts';
import { resolveProtoWriter, type ProtoMisfit } from './resolve-proto-writer.ts';

/** What of the columns can't be written, with the table's schema where it has one. */
export function protobufWriteIssues(
  fields: readonly Field[],
  options: FormatOptions,
): readonly FormatIssue[] {
  const issues = fields.flatMap(unwritable);
  if (issues.length > 0) return issues;
  try {
    const resolved = fieldsOf(fields, options, null);
    return 'problem' in resolved ? [issueOf(resolved)] : [];
  } catch (error) {
    if (!(error instanceof WeirError)) throw error;
    const hint = error.hint === undefined ? {} : { hint: error.hint };
    return [{ option: 'protobuf.schema', message: error.message, ...hint }];
  }
}

/** @throws WeirError WEIR-3100, WEIR-3120 when the columns can't be written with the schema */
export function protobufEncoderOfTable(
  schema: Schema,
  options: FormatOptions,
  settings: EncoderSettings,
): Encoder {
  const columns = settings.columns ?? schema.fields.map((_, index) => index);
  const fields = columns.map((index) => schema.fields[index]!);
  const [issue] = fields.flatMap(unwritable);
  if (issue !== undefined) throw refusalOf(issue);
  const resolved = fieldsOf(fields, options, settings.writer);
  if ('problem' in resolved) throw refusalOf(issueOf(resolved));
  return createProtobufEncoder(schema, columns, resolved, settings.part, messageFrame(settings));
}

/** The schema is the one that the sink is pinned to, else the option's, else one made from the columns. */
function fieldsOf(
  fields: readonly Field[],
  options: FormatOptions,
  writer: EncoderSettings['writer'],
): readonly ProtoFieldWrite[] | ProtoMisfit {
  if (writer !== null) {
    const paths = new Map(writer.columns.map(({ column, path }) => [column, path]));
    const names = fields.map(({ name }) => paths.get(name)?.[0] ?? name);
    return resolveProtoWriter(
      fields,
      messageNamed(parseProtoSchema(writer.text, writer.references), writer.message),
      names,
    );
  }
  const given = options['protobuf.schema'];
  if (given !== undefined)
    return resolveProtoWriter(fields, messageNamed(parseProtoSchema(given), options['protobuf.message']));
  const { text, message, names } = protobufOfColumns(fields, 'Value');
  return resolveProtoWriter(fields, messageNamed(parseProtoSchema(text), message), names);
}

/** What stands before each message: 0, the id of its schema, and which of its messages it is (W1); or nothing. */
function messageFrame({ framing, writer }: EncoderSettings): Uint8Array {
  if (framing === 'none') return new Uint8Array(0);
  if (writer?.writerId === undefined) {
    throw new WeirError('WEIR-3100', 'the schema that records are to name was not registered', {
      hint: 'a sink registers its schema when its pipeline is created: create it again',
    });
  }
  const schema = parseProtoSchema(writer.text, writer.references);
  const indexes = indexesOf(messageNamed(schema, writer.message), schema.messages) ?? [0];
  const list = indexes.length === 1 && indexes[0] === 0 ? [0] : [indexes.length, ...indexes].flatMap(zigzag);
  const frame = Uint8Array.from([0, 0, 0, 0, 0, ...list]);
  new DataView(frame.buffer).setInt32(1, writer.writerId);
  return frame;
}

function zigzag(index: number): number[] {
  const bytes: number[] = [];
  let rest = index * 2;
  for (; rest > 127; rest = Math.floor(rest / 128)) bytes.push((rest % 128) | 128);
  return [...bytes, rest];
}

function unwritable({ name, type }: Field): readonly FormatIssue[] {
  const found = unwritableProtobufType(type);
  if (found === null) return [];
  const isMany = found.kind === 'list' || found.kind === 'map';
  const hint = isMany
    ? 'put the inner list or map into a STRUCT; keys are TEXT, integers or BOOLEAN'
    : 'use CAST(… AS TEXT)';
  return [{ column: name, message: `Protobuf has no type for ${formatType(found)}`, hint }];
}

function issueOf({ problem, hint, column }: ProtoMisfit): FormatIssue {
  return { column, message: problem, hint };
}

function refusalOf({ message, hint }: FormatIssue): WeirError {
  return new WeirError('WEIR-3100', message, hint === undefined ? {} : { hint });
}
