import type { Expr, WindowDefinition } from './expression.ts';
import type { Identifier, Node } from './identifier.ts';
import type { TableFactor } from './table-factor.ts';

export interface Query extends Node {
  readonly kind: 'query';
  readonly recursive: boolean;
  readonly with: readonly CommonTable[];
  readonly body: QueryBody;
  readonly orderBy: readonly SortKey[];
  readonly limit: Expr | null;
  readonly offset: Expr | null;
}

/** `name [(columns)] AS (query)` */
export interface CommonTable extends Node {
  readonly name: Identifier;
  readonly columns: readonly Identifier[];
  readonly query: Query;
}

export type QueryBody =
  Select | Values | SetOperation | (Node & { readonly kind: 'nested'; readonly query: Query });

export interface SetOperation extends Node {
  readonly kind: 'set_operation';
  readonly operator: 'union' | 'intersect' | 'except';
  readonly all: boolean;
  readonly left: QueryBody;
  readonly right: QueryBody;
  /** Where the operator itself stands. */
  readonly at: Node['span'];
}

export interface Values extends Node {
  readonly kind: 'values';
  readonly rows: readonly (readonly Expr[])[];
}

export interface Select extends Node {
  readonly kind: 'select';
  /** null: all rows. Empty `on`: DISTINCT. */
  readonly distinct: (Node & { readonly on: readonly Expr[] }) | null;
  readonly items: readonly SelectItem[];
  /** Comma-separated factors; an inner join without condition. */
  readonly from: readonly TableFactor[];
  readonly where: Expr | null;
  readonly groupBy: readonly GroupItem[];
  readonly having: Expr | null;
  readonly windows: readonly NamedWindow[];
  readonly qualify: Expr | null;
}

export interface SelectItem extends Node {
  readonly value: Expr;
  readonly alias: Identifier | null;
}

export type GroupItem =
  | (Node & { readonly kind: 'expression'; readonly value: Expr })
  | (Node & {
      readonly kind: 'sets';
      readonly style: 'grouping_sets' | 'rollup' | 'cube';
      readonly sets: readonly (readonly Expr[])[];
    });

export interface NamedWindow extends Node {
  readonly name: Identifier;
  readonly definition: WindowDefinition;
}

export interface SortKey extends Node {
  readonly value: Expr;
  readonly descending: boolean;
  readonly nullsFirst: boolean | null;
}
