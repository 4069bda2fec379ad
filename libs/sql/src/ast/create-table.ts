import type { Expr, Query } from './query.ts';
import type { Identifier, Node, ObjectName } from './identifier.ts';
import type { TypeName } from './type-name.ts';
import type { WithOption } from './with-options.ts';

export interface CreateTable extends Node {
  readonly kind: 'create_table';
  readonly name: ObjectName;
  readonly temporary: boolean;
  readonly ifNotExists: boolean;
  readonly columns: readonly ColumnDefinition[];
  readonly primaryKey: PrimaryKey | null;
  readonly watermark: WatermarkClause | null;
  readonly options: readonly WithOption[];
  /** CREATE TABLE … AS */
  readonly query: Query | null;
}

export interface ColumnDefinition extends Node {
  readonly name: Identifier;
  /** null: a computed column whose expression gives the type. */
  readonly type: TypeName | null;
  readonly notNull: boolean;
  readonly default: Expr | null;
  readonly generated: GeneratedColumn | null;
  readonly metadata: MetadataColumn | null;
  readonly comment: string | null;
}

/** `GENERATED ALWAYS AS (e) [STORED | VIRTUAL]`, `c AS e` */
export interface GeneratedColumn extends Node {
  readonly value: Expr;
  readonly stored: boolean;
}

/** `METADATA [FROM 'key'] [VIRTUAL]` */
export interface MetadataColumn extends Node {
  /** null: the column's name. */
  readonly key: string | null;
  /** Read only: not written by a sink. */
  readonly virtual: boolean;
}

export interface PrimaryKey extends Node {
  readonly columns: readonly Identifier[];
  readonly enforced: boolean;
}

/** `WATERMARK FOR ts [AS e]` */
export interface WatermarkClause extends Node {
  readonly column: ObjectName;
  readonly value: Expr | null;
}
