import type { Schema } from '@weir/columnar/sql-type.ts';

/** How to reach a system. Says nothing of what is read or written there. */
export interface ConnectionRef {
  /** Name of a connection profile whose options are taken where the table has none of its own; null: all are its own. */
  readonly profile: string | null;
  /** Names of the table's own options that say where the system is and who we are. */
  readonly options: readonly string[];
}

/** How records are read and written. */
export interface FormatSpec {
  readonly name: string;
  /** Names of the table's options that the format reads. */
  readonly options: readonly string[];
}

/** How a table is reached and how its records are read or written, without its columns. */
export interface TableAccess {
  readonly specVersion: 1;
  readonly table: string;
  readonly connector: string;
  /** All options of the table after validation, keys in full (`source.offset`); `{{ VARIABLES }}` stay as they are. */
  readonly options: Readonly<Record<string, string>>;
  readonly connection: ConnectionRef;
  /** null: the connector has none, or (plans of version 1) only `options` says so. */
  readonly format: FormatSpec | null;
  /** Names of those options whose values nobody may see, as the connector marks them. */
  readonly secrets: readonly string[];
}

/** A table as the compiler resolved it: all that its connector needs to know. */
export interface TableSpec extends TableAccess {
  /** Columns in order. Of a source those that the plan uses: decoders read these only. Computed columns are not here: a calc makes them. */
  readonly schema: Schema;
  /** For each column the metadata key that it stands for (`METADATA FROM 'offset'`), or null for a field of the value. */
  readonly metadata: readonly (string | null)[];
  /** Columns of the PRIMARY KEY; none: the table has none, or (a source) the plan does not use all of them. */
  readonly primaryKey: readonly number[];
}

/** All of a table's options are its own. */
export const ownConnection: ConnectionRef = { profile: null, options: [] };
