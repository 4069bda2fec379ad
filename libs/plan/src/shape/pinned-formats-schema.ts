import type { PinnedFormats, PinnedSchema, SchemaText } from '../pinned-schema.ts';
import { byKind, count, listOf, name, objectOf, only, orNull, text, type JsonSchema } from './json-schema.ts';

type OriginOf<K extends PinnedSchema['origin']['kind']> = Extract<
  PinnedSchema['origin'],
  { readonly kind: K }
>;
type PinnedColumn = PinnedSchema['columns'][number];

const schemaId: JsonSchema = count;

const pinnedSchema = objectOf<PinnedSchema>(
  {
    format: only('avro', 'json', 'protobuf'),
    text,
    references: listOf(objectOf<SchemaText>({ name, text })),
    message: text,
    origin: byKind([
      objectOf<OriginOf<'ddl' | 'inline'>>({ kind: only('ddl', 'inline') }),
      objectOf<OriginOf<'registry'>>(
        { kind: only('registry'), registry: text, subject: text, version: count, id: schemaId, guid: text },
        ['guid'],
      ),
    ]),
    columns: listOf(objectOf<PinnedColumn>({ column: text, path: listOf(text), as: only('native', 'json') })),
    writerId: schemaId,
  },
  ['message', 'writerId'],
);

export const pinnedFormatsSchema = objectOf<PinnedFormats>({
  value: orNull(pinnedSchema),
  key: orNull(pinnedSchema),
});
