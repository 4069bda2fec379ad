import { formatType, type Field, type SqlType } from '@weir/columnar/sql-type.ts';
import { WeirError } from '@weir/kernel/errors.ts';
import { plainRecordPart, type Decoder } from '../decoder.ts';
import { plainRecordValue } from '../encoder.ts';
import type { Format, FormatIssue, FormatOptions } from '../format.ts';
import { schemaFramingOf } from '../schema-framing.ts';
import { messageNamed } from './message-index.ts';
import { parseProtoSchema } from './parse-proto-schema.ts';
import type { ProtoMessage } from './proto-type.ts';
import { createProtobufDecoder } from './protobuf-decoder.ts';
import { protobufEncoderOfTable, protobufWriteIssues } from './protobuf-encoder-of-table.ts';
import { refusedByAll, resolveProtobuf } from './resolve-protobuf.ts';

/**
 * Protobuf's wire format. Read: records of one message (`protobuf.schema`), or of those that they name. Written: that message, the one that a
 * pin says, or one made from the columns.
 */
export const protobufFormat: Format = {
  name: 'protobuf',
  optionNames: ['protobuf.schema', 'protobuf.message', 'protobuf.confluent_schema_registry'],
  check: (schema, options, direction) =>
    direction === 'write' ? checkWritten(schema.fields, options) : checkProtobuf(schema.fields, options),
  createDecoder(schema, options, settings = plainRecordPart): Decoder {
    const fields = settings.columns?.map((index) => schema.fields[index]!) ?? schema.fields;
    if (settings.framing === 'none') {
      refuse(checkProtobuf(fields, options));
      return createProtobufDecoder(schema, settings, writtenMessage(options));
    }
    refuse(fields.flatMap(unfit));
    if (settings.writers === null) refuse([noWriters]);
    return createProtobufDecoder(schema, settings, null);
  },
  createEncoder: (schema, options, settings = plainRecordValue) =>
    protobufEncoderOfTable(schema, options, settings),
};

const noSchema: FormatIssue = {
  option: 'protobuf.schema',
  message: "format 'protobuf' needs the schema that the records were written with",
  hint: "set 'protobuf.schema' to the text of its .proto file, or 'schema_registry.endpoint' where the records name schemas of a registry",
};

const noWriters: FormatIssue = {
  option: 'schema_registry.endpoint',
  message: "'protobuf.confluent_schema_registry' = 'true' needs a registry",
  hint: "set 'schema_registry.endpoint'",
};

function checkWritten(fields: readonly Field[], options: FormatOptions): readonly FormatIssue[] {
  const framed = schemaFramingOf('protobuf', options) === 'confluent';
  const noRegistry = framed && options['schema_registry.endpoint'] === undefined;
  return [...(noRegistry ? [noWriters] : []), ...protobufWriteIssues(fields, options)];
}

function checkProtobuf(fields: readonly Field[], options: FormatOptions): readonly FormatIssue[] {
  const issues: FormatIssue[] = [];
  const framed = schemaFramingOf('protobuf', options) === 'confluent';
  if (framed && options['schema_registry.endpoint'] === undefined) issues.push(noWriters);
  const unfits = fields.flatMap(unfit);
  if (framed) issues.push(...readerIssues(options));
  else if (options['protobuf.schema'] === undefined) issues.push(noSchema);
  else if (unfits.length === 0) issues.push(...schemaIssues(fields, options));
  return [...issues, ...unfits];
}

function schemaIssues(fields: readonly Field[], options: FormatOptions): readonly FormatIssue[] {
  try {
    const reader = { fields, message: null, paths: [] };
    const refused = refusedByAll(resolveProtobuf(writtenMessage(options), reader));
    if (refused === null) return [];
    const { column, problem, hint } = refused;
    return [
      {
        ...(column === undefined ? {} : { column }),
        message: problem,
        ...(hint === undefined ? {} : { hint }),
      },
    ];
  } catch (error) {
    return [schemaIssue(error)];
  }
}

/** What is wrong with a schema that the columns come from, where there is one; what was written is not known yet. */
function readerIssues(options: FormatOptions): readonly FormatIssue[] {
  if (options['protobuf.schema'] === undefined) return [];
  try {
    writtenMessage(options);
    return [];
  } catch (error) {
    return [schemaIssue(error)];
  }
}

function schemaIssue(error: unknown): FormatIssue {
  if (!(error instanceof WeirError)) throw error;
  const hint = error.hint === undefined ? {} : { hint: error.hint };
  return { option: 'protobuf.schema', message: error.message, ...hint };
}

/** @throws WeirError WEIR-3120 */
function writtenMessage(options: FormatOptions): ProtoMessage {
  return messageNamed(parseProtoSchema(options['protobuf.schema'] ?? ''), options['protobuf.message']);
}

/** A column that no value of Protobuf's can go into. */
function unfit({ name, type }: Field): readonly FormatIssue[] {
  const found = unreadable(type);
  if (found === null) return [];
  const message = `Protobuf has no type that is read as ${formatType(found)}`;
  return [{ column: name, message, hint: 'use another type, or JSON' }];
}

function unreadable(type: SqlType): SqlType | null {
  switch (type.kind) {
    case 'null':
      return type;
    case 'list':
      return type.element.type.kind === 'list' || type.element.type.kind === 'map'
        ? type.element.type
        : unreadable(type.element.type);
    case 'map': {
      const { kind } = type.key.type;
      if (kind !== 'text' && kind !== 'integer' && kind !== 'boolean') return type;
      return type.value.type.kind === 'list' || type.value.type.kind === 'map'
        ? type
        : unreadable(type.value.type);
    }
    case 'struct':
      return type.fields.map((field) => unreadable(field.type)).find((each) => each !== null) ?? null;
    default:
      return null;
  }
}

function refuse([issue]: readonly FormatIssue[]): void {
  if (issue !== undefined) throw refusalOf(issue);
}

function refusalOf({ message, hint }: FormatIssue): WeirError {
  return new WeirError('WEIR-3100', message, hint === undefined ? {} : { hint });
}
