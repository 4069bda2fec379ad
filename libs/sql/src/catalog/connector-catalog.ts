import type { Field, Schema, SqlType } from '@weir/columnar/sql-type.ts';
import type { SinkChanges, SourceChanges } from '@weir/plan/change-mode.ts';
import type { PinnedFormats } from '@weir/plan/pinned-schema.ts';

/**
 * What the compiler asks about a table's connector; answered by libs/connectors in the same process or by schema-service over gRPC.
 * Called once for each CREATE TABLE that names a connector, and again for tables that are read or written, when all columns are known.
 */
export interface ConnectorCatalog {
  resolveTable(request: TableRequest): Promise<TableResolution>;
  /** A table that was saved under the name, for texts that don't make one. Left out: there are none. */
  findTable?(name: string): Promise<SavedTable | undefined>;
  /**
   * Names of the options (`connector` among them) in which the profile of this name is another than the one that a text defines; null: there
   * is none of this name. Left out: there are no profiles.
   */
  differencesOfProfile?(definition: ProfileDefinition): Promise<readonly string[] | null>;
}

/** A table of the catalog. */
export interface SavedTable {
  readonly name: string;
  readonly id: string;
  readonly revision: number;
  /** `CREATE TABLE …`, secrets by reference. */
  readonly ddl: string;
  /** As they were when it was saved; none: it takes those of the query that is written to it. */
  readonly columns: readonly Field[];
  /** As they were read then (P3): a pipeline takes them over. */
  readonly pinned: PinnedFormats;
}

/** `CREATE CONNECTION PROFILE name WITH (…)`, without `connector` in its options. */
export interface ProfileDefinition {
  readonly name: string;
  readonly connector: string;
  readonly options: Readonly<Record<string, string>>;
}

export interface TableRequest {
  readonly table: string;
  readonly connector: string;
  /** WITH options without `connector`; `{{ VARIABLES }}` not filled in. */
  readonly options: Readonly<Record<string, string>>;
  /** Declared: physical columns of the DDL (without generated and metadata columns), or null if it declares none. Read, written: all. */
  readonly schema: Schema | null;
  /** For each column of `schema` the metadata key that it stands for, or null; empty: all are fields of the value. */
  readonly metadata: readonly (string | null)[];
  /** Names of the columns of its PRIMARY KEY; none: it has none. */
  readonly primaryKey: readonly string[];
  readonly use: TableUse;
}

/**
 * What a table is asked about for: it is declared (what it is for may be open), its columns are read, they are written. Read without
 * columns: they are asked for, of a registry too.
 */
export const tableUses = ['declare', 'read', 'write'] as const;
export type TableUse = (typeof tableUses)[number];

export type TableResolution =
  | { readonly kind: 'unknown_connector'; readonly connectors: readonly string[] }
  | {
      readonly kind: 'resolved';
      /** With the connector's defaults filled in. */
      readonly options: Readonly<Record<string, string>>;
      readonly issues: readonly TableOptionIssue[];
      readonly canRead: boolean;
      readonly canWrite: boolean;
      /** All rows written to it go through one subtask (one file has one writer): the plan puts an exchange to key group 0 before its sink. */
      readonly singleWriter?: boolean;
      /** Columns that the connector dictates or that were inferred (`json.schema`, a registry); null if the DDL must say, or a sink takes the query's. */
      readonly schema: Schema | null;
      /** What its columns come from, where that must not be asked for again. */
      readonly pinned: PinnedFormats;
      /** For people: what of a schema became JSON and why, `tags: …`. */
      readonly notes: readonly string[];
      /** `METADATA FROM` keys. */
      readonly metadata: Readonly<Record<string, MetadataKey>>;
      readonly changes: TableChanges;
      readonly parts: OptionParts;
    };

/** What the rows of a table say about those before them when it is read, and what it takes when it is written. */
export interface TableChanges {
  readonly gives: SourceChanges;
  readonly takes: SinkChanges;
}

/** Names of options by what they are about. */
export interface OptionParts {
  /** How to reach the system. */
  readonly connection: readonly string[];
  /** How records are read and written; without `format` itself. */
  readonly format: readonly string[];
  /** Never shown. */
  readonly secret: readonly string[];
}

export interface TableOptionIssue {
  /** The option that it is about, or null: then it is said of the table. */
  readonly option: string | null;
  /** A declared column that it is about. */
  readonly column?: string;
  readonly message: string;
  readonly hint?: string;
}

export interface MetadataKey {
  readonly type: SqlType;
  readonly nullable: boolean;
  /** May a sink write it (the record's key, timestamp, headers)? */
  readonly writable: boolean;
}
