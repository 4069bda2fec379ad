import type { Field } from '@weir/columnar/sql-type.ts';
import { columnsOfAvro } from '@weir/formats/avro/avro-columns.ts';
import { complexTypesOf } from '@weir/formats/avro/avro-format.ts';
import { parseAvroSchema } from '@weir/formats/avro/parse-avro-schema.ts';
import { requireEnvelope } from '@weir/formats/debezium/avro-changes.ts';
import type { FormatOptions } from '@weir/formats/format.ts';
import { messageNamed } from '@weir/formats/protobuf/message-index.ts';
import { parseProtoSchema } from '@weir/formats/protobuf/parse-proto-schema.ts';
import { columnsOfProtobuf } from '@weir/formats/protobuf/protobuf-columns.ts';
import { WeirError } from '@weir/kernel/errors.ts';
import { longestSchemaText, type PinnedSchema, type SchemaText } from '@weir/plan/pinned-schema.ts';
import { columnsOfJsonSchema } from './json-schema-columns.ts';

/** The columns that a schema gives a table, and what is pinned with them. */
export interface SchemaColumns {
  readonly columns: readonly Field[];
  readonly pinned: PinnedSchema['columns'];
  /** What became JSON and why: `tags: …`. */
  readonly notes: readonly string[];
  /** Of Protobuf: the message that the columns are of. */
  readonly message?: string;
}

export interface SchemaDocument {
  readonly format: PinnedSchema['format'];
  readonly text: string;
  readonly references: readonly SchemaText[];
  /** Of Protobuf: where nothing says which message is meant it is the first one, as registries have it; else there must be but one. */
  readonly isRegistered?: boolean;
  /** Of Avro: the schema is Debezium's envelope, the columns are those of its rows. */
  readonly isEnvelope?: boolean;
}

/**
 * @param options of the format
 * @throws WeirError WEIR-3120, WEIR-3401, WEIR-3402 for a schema that gives no columns, WEIR-3407 for one that is too long
 */
export function columnsOfSchema(schema: SchemaDocument, options: FormatOptions): SchemaColumns {
  checkLength(schema);
  switch (schema.format) {
    case 'avro': {
      const written = parseAvroSchema(schema.text, schema.references);
      const type = schema.isEnvelope === true ? requireEnvelope(written).after : written;
      const { columns, notes } = columnsOfAvro(type, complexTypesOf(options));
      return {
        columns: columns.map(({ field }) => field),
        pinned: columns.map(({ field, path, as }) => ({ column: field.name, path, as })),
        notes: notes.map(({ column, note }) => `${column}: ${note}`),
      };
    }
    case 'json': {
      const { columns, notes } = columnsOfJsonSchema(schema.text, schema.references);
      return {
        columns,
        pinned: columns.map(({ name, type }) => ({
          column: name,
          path: [name],
          as: type.kind === 'json' ? 'json' : 'native',
        })),
        notes: notes.map(({ column, note }) => `${column}: ${note}`),
      };
    }
    case 'protobuf':
      return protobufColumns(schema, options);
  }
}

function protobufColumns(
  { text, references, isRegistered }: SchemaDocument,
  options: FormatOptions,
): SchemaColumns {
  const schema = parseProtoSchema(text, references);
  const first = isRegistered === true ? schema.messages[0]?.name : undefined;
  const message = messageNamed(schema, options['protobuf.message'] ?? first);
  const { columns, notes } = columnsOfProtobuf(message);
  return {
    columns: columns.map(({ field }) => field),
    pinned: columns.map(({ field, path, as }) => ({ column: field.name, path, as })),
    notes: notes.map(({ column, note }) => `${column}: ${note}`),
    message: message.name,
  };
}

/** What is pinned is stored with each pipeline and each of its generations. */
function checkLength({ text, references }: SchemaDocument): void {
  const length = references.reduce((sum, reference) => sum + reference.text.length, text.length);
  if (length <= longestSchemaText) return;
  throw new WeirError(
    'WEIR-3407',
    `the schema has ${length} characters with all that it refers to, ${longestSchemaText} is the most`,
    { hint: 'declare the columns that are read' },
  );
}
