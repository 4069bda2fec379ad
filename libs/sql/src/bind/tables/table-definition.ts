import type { Field, SqlType } from '@weir/columnar/sql-type.ts';
import type { CreateTable, WatermarkClause } from '../../ast/create-table.ts';
import type { Expr, Query } from '../../ast/query.ts';
import type { Identifier } from '../../ast/identifier.ts';
import type { PinnedFormats } from '@weir/plan/pinned-schema.ts';
import type { TableAccess } from '@weir/plan/table-spec.ts';
import type { MetadataKey, TableChanges } from '../../catalog/connector-catalog.ts';
import type { Span } from '../../lex/span.ts';
import type { TextBound } from '../../types/text-bound.ts';
import type { TargetColumn } from './assign-columns.ts';

/** A column of a table: a field of its values, something of the record around them, or computed from those. */
export type TableColumn = TableColumnBase &
  (
    | { readonly kind: 'physical' }
    | { readonly kind: 'metadata'; readonly key: string; readonly writable: boolean }
    | { readonly kind: 'computed'; readonly value: Expr; readonly declaredType: SqlType | null }
  );

export interface TableColumnBase {
  readonly field: Field;
  readonly default: Expr | null;
  /** What its declared type says beyond the field's. */
  readonly bound: TextBound | null;
  readonly span: Span;
}

/** The column as a target of values. */
export function targetOf({ field, bound }: TableColumn): TargetColumn {
  return { ...field, bound };
}

/** A saved table, as it was when a pipeline was compiled with it. */
export interface TableUsed {
  readonly name: string;
  readonly id: string;
  readonly revision: number;
}

/** A table of a connector. */
export interface ConnectorTable {
  readonly kind: 'connector';
  readonly name: string;
  readonly span: Span;
  readonly access: TableAccess;
  /** All of its options in one. */
  readonly options: Readonly<Record<string, string>>;
  readonly optionSpans: ReadonlyMap<string, Span>;
  readonly canRead: boolean;
  readonly canWrite: boolean;
  /** All rows written to it go through one subtask. */
  readonly singleWriter: boolean;
  /** null: a sink that takes the columns of its query. */
  readonly columns: readonly TableColumn[] | null;
  /** What they come from. */
  readonly pinned: PinnedFormats;
  /** For people: what of a schema became JSON and why. */
  readonly notes: readonly string[];
  /** Names of columns. */
  readonly primaryKey: readonly string[];
  readonly changes: TableChanges;
  readonly watermark: WatermarkClause | null;
  /** The time that each record has beside its value (metadata `timestamp`), where it has one. */
  readonly recordTime: MetadataKey | null;
  /** Event-time column that the connector itself dictates, by name. */
  readonly fixedEventTime: string | null;
  /** As which it was saved; null: the text makes it. */
  readonly saved: TableUsed | null;
  /** CREATE TABLE … AS: inserted into it. */
  readonly query: Query | null;
}

/** A view, a temporary table made by AS, a table without a connector: rows that come from queries of the same text. */
export interface QueryTable {
  readonly kind: 'query';
  readonly name: string;
  readonly span: Span;
  readonly columnNames: readonly Identifier[];
  /** Declared columns (a table without a connector), or null. */
  readonly declared: readonly TargetColumn[] | null;
  /** The view's query; for a table without a connector those of its INSERTs, in order. */
  readonly queries: Query[];
  readonly isView: boolean;
}

export type TableDefinition = ConnectorTable | QueryTable;

export function isMemoryTable(statement: CreateTable): boolean {
  return !statement.options.some(({ key }) => key === 'connector');
}
