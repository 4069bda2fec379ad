import type { Field } from '@weir/columnar/sql-type.ts';
import type { PinnedFormats } from '@weir/plan/pinned-schema.ts';
import { shapeCheck } from '@weir/plan/shape/check-shape.ts';
import { pinnedFormatsSchema } from '@weir/plan/shape/pinned-formats-schema.ts';
import {
  count,
  flag,
  listOf,
  name,
  only,
  openShapeOf,
  orNull,
  shapeOf,
  text,
  type ShapeSchema,
} from '@weir/plan/shape/shape-schema.ts';
import { typeDefinitions } from '@weir/plan/shape/sql-type-schema.ts';
import { readCatalogEntry } from './catalog-entry.ts';
import type { SavedOptions } from './saved-option.ts';
import { storedOptions } from './profile-record.ts';

/** A table that pipelines use by its name, as it was when it was saved. */
export interface TableRecord {
  readonly formatVersion: 1;
  readonly name: string;
  /** Random, drawn at creation. */
  readonly id: string;
  /** 1 at creation, one more with each change. */
  readonly revision: number;
  readonly connector: string;
  readonly profile: { readonly name: string; readonly id: string } | null;
  readonly options: SavedOptions;
  /** `CREATE TABLE …`, secrets by reference. */
  readonly ddl: string;
  /** Fields of its values; none: it takes those of the query that is written to it. */
  readonly columns: readonly Field[];
  readonly pinned: PinnedFormats;
  /** What became JSON, and why. */
  readonly notes: readonly string[];
  readonly createdAtMs: number;
  readonly updatedAtMs: number;
  readonly deleting?: true;
}

const wallMs: ShapeSchema = { type: 'number', minimum: 0 };

const shape = shapeCheck({
  ...openShapeOf<TableRecord>(
    {
      formatVersion: only(1),
      name,
      id: name,
      revision: count,
      connector: name,
      profile: orNull(shapeOf<{ name: string; id: string }>({ name, id: name })),
      options: storedOptions,
      ddl: text,
      columns: listOf({ $ref: '#/$defs/field' }),
      pinned: pinnedFormatsSchema,
      notes: listOf(text),
      createdAtMs: wallMs,
      updatedAtMs: wallMs,
      deleting: flag,
    },
    ['deleting'],
  ),
  $defs: typeDefinitions,
});

/** @throws WeirError WEIR-3603 */
export function decodeTable(bytes: Uint8Array, key: string): TableRecord {
  return readCatalogEntry<TableRecord>(bytes, key, shape);
}
