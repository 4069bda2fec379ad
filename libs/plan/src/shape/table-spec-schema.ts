import type { ConnectionRef, FormatSpec, TableSpec } from '../table-spec.ts';
import { indexes, listOf, name, shapeOf, only, orNull, ref, text, texts } from './shape-schema.ts';

/** Properties of a source or sink that TableSpec has. */
export const tableSpecProperties = {
  specVersion: only(1),
  table: name,
  connector: name,
  options: texts,
  connection: shapeOf<ConnectionRef>({ profile: orNull(name), options: listOf(name) }),
  format: orNull(shapeOf<FormatSpec>({ name, options: listOf(name) })),
  secrets: listOf(name),
  schema: ref('schema'),
  metadata: listOf(orNull(text)),
  primaryKey: indexes,
} satisfies { readonly [K in keyof TableSpec]: unknown };
