import type { PinnedFormats, PinnedSchema, SchemaText } from '../pinned-schema.ts';
import {
  byKind,
  count,
  listOf,
  name,
  shapeOf,
  only,
  orNull,
  text,
  type ShapeSchema,
} from './shape-schema.ts';

type OriginOf<K extends PinnedSchema['origin']['kind']> = Extract<
  PinnedSchema['origin'],
  { readonly kind: K }
>;
type PinnedColumn = PinnedSchema['columns'][number];

const schemaId: ShapeSchema = count;

const pinnedSchema = shapeOf<PinnedSchema>(
  {
    format: only('avro', 'json', 'protobuf'),
    text,
    references: listOf(shapeOf<SchemaText>({ name, text })),
    message: text,
    origin: byKind([
      shapeOf<OriginOf<'ddl' | 'inline'>>({ kind: only('ddl', 'inline') }),
      shapeOf<OriginOf<'registry'>>(
        { kind: only('registry'), registry: text, subject: text, version: count, id: schemaId, guid: text },
        ['guid'],
      ),
    ]),
    columns: listOf(shapeOf<PinnedColumn>({ column: text, path: listOf(text), as: only('native', 'json') })),
    registerAs: name,
    writerId: schemaId,
  },
  ['message', 'registerAs', 'writerId'],
);

export const pinnedFormatsSchema = shapeOf<PinnedFormats>({
  value: orNull(pinnedSchema),
  key: orNull(pinnedSchema),
});
