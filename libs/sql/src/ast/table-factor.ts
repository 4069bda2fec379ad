import type { CallExpr, Expr } from './expression.ts';
import type { Identifier, Node, ObjectName } from './identifier.ts';
import type { Query } from './query.ts';

/** What stands in FROM. */
export type TableFactor =
  | (Node & {
      readonly kind: 'table';
      readonly name: ObjectName;
      /** `FOR SYSTEM_TIME AS OF o.ts` */
      readonly asOf: Expr | null;
      readonly alias: TableAlias | null;
    })
  | (Node & {
      readonly kind: 'derived';
      readonly query: Query;
      readonly lateral: boolean;
      readonly alias: TableAlias | null;
    })
  /** `TABLE(TUMBLE(…))`, `f(x)`, `LATERAL TABLE(f(x))` */
  | (Node & {
      readonly kind: 'function';
      readonly call: CallExpr;
      readonly lateral: boolean;
      readonly alias: TableAlias | null;
    })
  | (Node & {
      readonly kind: 'unnest';
      readonly arrays: readonly Expr[];
      readonly ordinality: boolean;
      readonly alias: TableAlias | null;
    })
  | Join;

export interface Join extends Node {
  readonly kind: 'join';
  readonly style: 'inner' | 'left' | 'right' | 'full' | 'cross' | 'semi' | 'anti';
  readonly left: TableFactor;
  readonly right: TableFactor;
  readonly condition:
    | { readonly kind: 'on'; readonly value: Expr }
    | { readonly kind: 'using'; readonly columns: readonly Identifier[] }
    | { readonly kind: 'natural' }
    | null;
}

export interface TableAlias extends Node {
  readonly name: Identifier;
  readonly columns: readonly Identifier[];
}
