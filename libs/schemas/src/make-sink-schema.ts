import { jsonSchemaOfColumns } from '@weir/formats/json/json-schema-of-columns.ts';
import { WeirError } from '@weir/kernel/errors.ts';
import { adoptAvroSchema } from '@weir/formats/avro/adopt-avro-schema.ts';
import { legalAvroName } from '@weir/formats/avro/avro-names.ts';
import { changesToRegister } from '@weir/formats/debezium/avro-changes.ts';
import { protobufToRegister } from '@weir/formats/protobuf/protobuf-of-columns.ts';
import type { Field } from '@weir/columnar/sql-type.ts';
import { avroOfColumns } from '@weir/formats/avro/avro-of-columns.ts';
import type { PinnedSchema } from '@weir/plan/pinned-schema.ts';
import { checkAvroSchema } from './check-avro-schema.ts';
import { columnsOfSchema } from './infer/schema-columns.ts';
import type { SubjectVersion } from './registry/registered-schema.ts';
import type { SinkPart } from './sink-part.ts';

interface MadeSchema {
  readonly text: string;
  readonly columns: PinnedSchema['columns'];
  readonly notes: readonly string[];
  /** Of Protobuf: the message that is written. */
  readonly message?: string;
}

/**
 * The schema that a table gives itself: its inline one, else one of its columns. The same table always makes the same text, so that two who
 * register it at once get one id.
 * @param latest of the subject, where there is one
 * @throws WeirError
 */
export function makeSinkSchema(sink: SinkPart, latest: SubjectVersion | undefined): MadeSchema {
  const { format, options, subject, columns } = sink;
  if (latest !== undefined && latest.type !== format) {
    throw new WeirError(
      'WEIR-3107',
      `subject '${subject}' has a schema of ${latest.type}, and the format is ${format}`,
      { hint: `use format = '${latest.type}', or another subject ('${sink.part}.subject')` },
    );
  }
  const inline = options[`${format}.schema`];
  if (inline !== undefined) return inlineSchema(sink, inline);
  if (sink.isEnvelope === true) {
    const made = changesToRegister(columns, latest?.text ?? null);
    checkAvroSchema(made.text, 'the envelope of the table');
    return { text: made.text, columns: pinnedColumns(columns, made.names), notes: [] };
  }
  const recordName = legalAvroName(subject.replace(/^:[^:]*:/, ''));
  switch (format) {
    case 'avro': {
      const made = avroOfColumns(columns, recordName);
      const schema = latest === undefined ? made.schema : adoptAvroSchema(made, columns, latest.text);
      const text = JSON.stringify(schema);
      checkAvroSchema(text, "the schema of the table's columns");
      return {
        text,
        columns: pinnedColumns(columns, made.names),
        notes: made.notes.map(({ column, note }) => `${column}: ${note}`),
      };
    }
    case 'json':
      return {
        text: jsonSchemaOfColumns(columns, subject.replace(/^:[^:]*:/, ''), options),
        columns: pinnedColumns(
          columns,
          columns.map(({ name }) => name),
        ),
        notes: [],
      };
    case 'protobuf': {
      const made = protobufToRegister(columns, recordName, latest?.text ?? null);
      return {
        text: made.text,
        message: made.message,
        columns: pinnedColumns(columns, made.names),
        notes: [],
      };
    }
    default:
      throw new WeirError('WEIR-3107', `schemas of ${format} are not made from columns in this version`, {
        hint: `give '${format}.schema', or use format = 'avro' or 'protobuf'`,
      });
  }
}

function inlineSchema(sink: SinkPart, text: string): MadeSchema {
  const { format, options } = sink;
  if (format === 'avro') checkAvroSchema(text, "'avro.schema'");
  const { isEnvelope = false } = sink;
  const { pinned, message } = columnsOfSchema({ format, text, references: [], isEnvelope }, options);
  return { text, columns: pinned, notes: [], ...(message === undefined ? {} : { message }) };
}

function pinnedColumns(columns: readonly Field[], names: readonly string[]): PinnedSchema['columns'] {
  return columns.map(({ name, type }, index) => ({
    column: name,
    path: [names[index]!],
    as: type.kind === 'json' ? 'json' : 'native',
  }));
}
