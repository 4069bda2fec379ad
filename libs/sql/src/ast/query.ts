import type { Identifier, Node, ObjectName } from './identifier.ts';
import type { TypeName } from './type-name.ts';

/*
 * A query, what stands in its FROM, and expressions: they hold each other, so they are one definition.
 */

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

export type Expr =
  | LiteralExpr
  | NameExpr
  | OperatorExpr
  | PredicateExpr
  | ConstructorExpr
  | CallExpr
  | CaseExpr
  | CastExpr
  | SubqueryExpr;

export type LiteralExpr =
  | (Node & { readonly kind: 'null' })
  | (Node & { readonly kind: 'boolean'; readonly value: boolean })
  /** Digits as written: the binder decides between integer, decimal and double. */
  | (Node & { readonly kind: 'number'; readonly text: string })
  | (Node & { readonly kind: 'string'; readonly value: string })
  /** X'00ff', in hex. */
  | (Node & { readonly kind: 'bytes'; readonly hex: string })
  /** `INTERVAL '10' SECOND`, `INTERVAL '1 minute'`, `INTERVAL 10 SECOND`, `INTERVAL '1-2' YEAR TO MONTH`. */
  | (Node & { readonly kind: 'interval'; readonly text: string; readonly unit: IntervalUnit | null })
  /** `DATE '2024-01-01'`, `TIMESTAMP '…'`, `TIME '…'`: type in upper case. */
  | (Node & { readonly kind: 'typed_string'; readonly type: TypeName; readonly value: string });

export interface IntervalUnit extends Node {
  /** Upper case, singular: SECOND. */
  readonly from: string;
  readonly to: string | null;
}

export type NameExpr =
  /** `a`, `t.a`, `t.a.b`: which part is what, the binder finds out. */
  | (Node & { readonly kind: 'name'; readonly parts: readonly Identifier[] })
  /** `*` or `t.*`; in select lists and count(*) only. */
  | (Node & { readonly kind: 'star'; readonly qualifier: ObjectName | null })
  /** `f(x).a`, `(row).a` */
  | (Node & { readonly kind: 'field'; readonly of: Expr; readonly name: Identifier })
  /** `a[1]` */
  | (Node & { readonly kind: 'subscript'; readonly of: Expr; readonly index: Expr })
  /** `a[1:2]` */
  | (Node & {
      readonly kind: 'slice';
      readonly of: Expr;
      readonly from: Expr | null;
      readonly to: Expr | null;
    });

export type OperatorExpr =
  /** `NOT`, `-`, `+`, `~`; operators in upper case. */
  | (Node & { readonly kind: 'unary'; readonly operator: string; readonly operand: Expr })
  /** `+ - * / % ^ || = <> < <= > >= AND OR -> ->> ~ …` */
  | (Node & {
      readonly kind: 'binary';
      readonly operator: string;
      readonly left: Expr;
      readonly right: Expr;
      /** Where the operator itself stands. */
      readonly at: Node['span'];
    })
  | (Node & { readonly kind: 'at_time_zone'; readonly operand: Expr; readonly zone: Expr })
  | (Node & { readonly kind: 'collate'; readonly operand: Expr; readonly collation: ObjectName });

export type PredicateExpr =
  /** `IS [NOT] NULL | TRUE | FALSE | UNKNOWN` */
  | (Node & {
      readonly kind: 'is';
      readonly operand: Expr;
      readonly what: 'null' | 'true' | 'false' | 'unknown';
      readonly not: boolean;
    })
  | (Node & {
      readonly kind: 'is_distinct';
      readonly left: Expr;
      readonly right: Expr;
      readonly not: boolean;
    })
  | (Node & {
      readonly kind: 'between';
      readonly operand: Expr;
      readonly low: Expr;
      readonly high: Expr;
      readonly not: boolean;
      readonly symmetric: boolean;
    })
  | (Node & {
      readonly kind: 'in_list';
      readonly operand: Expr;
      readonly items: readonly Expr[];
      readonly not: boolean;
    })
  | (Node & {
      readonly kind: 'like';
      readonly operand: Expr;
      readonly pattern: Expr;
      readonly escape: Expr | null;
      readonly style: 'like' | 'ilike' | 'similar';
      readonly not: boolean;
    });

export type ConstructorExpr =
  /** `ARRAY[1, 2]` */
  | (Node & { readonly kind: 'array'; readonly items: readonly Expr[] })
  /** `MAP['a', 1]`: keys and values in turn. */
  | (Node & { readonly kind: 'map'; readonly items: readonly Expr[] })
  /** `ROW(a, b)`, `(a, b)`, `STRUCT(a AS x)` */
  | (Node & {
      readonly kind: 'row';
      readonly items: readonly { readonly value: Expr; readonly name: Identifier | null }[];
    });

/** A call, of a function, an aggregate or a window function; also what stands in `TABLE(…)`. */
export interface CallExpr extends Node {
  readonly kind: 'call';
  readonly name: ObjectName;
  readonly arguments: readonly Argument[];
  readonly distinct: boolean;
  /** `string_agg(a, ',' ORDER BY b)` */
  readonly orderBy: readonly SortKey[];
  readonly withinGroup: readonly SortKey[];
  readonly filter: Expr | null;
  readonly nulls: 'ignore' | 'respect' | null;
  readonly over: WindowDefinition | Identifier | null;
  /** Written without parentheses: CURRENT_TIMESTAMP. */
  readonly bare: boolean;
}

export type Argument =
  | (Node & { readonly kind: 'value'; readonly value: Expr })
  /** `size => INTERVAL '1 minute'` */
  | (Node & { readonly kind: 'named'; readonly name: Identifier; readonly value: Argument })
  /** `TABLE t` or `TABLE (SELECT …)`, perhaps with PARTITION BY */
  | (Node & {
      readonly kind: 'table';
      readonly table: ObjectName | Query;
      readonly partitionBy: readonly Expr[];
    })
  /** `DESCRIPTOR(ts)` */
  | (Node & { readonly kind: 'descriptor'; readonly columns: readonly Identifier[] });

export interface WindowDefinition extends Node {
  readonly base: Identifier | null;
  readonly partitionBy: readonly Expr[];
  readonly orderBy: readonly SortKey[];
  readonly frame: WindowFrame | null;
}

export interface WindowFrame extends Node {
  readonly unit: 'rows' | 'range' | 'groups';
  readonly start: FrameBound;
  readonly end: FrameBound | null;
}

export interface FrameBound extends Node {
  readonly kind: 'unbounded_preceding' | 'preceding' | 'current_row' | 'following' | 'unbounded_following';
  readonly offset: Expr | null;
}

export interface CaseExpr extends Node {
  readonly kind: 'case';
  /** `CASE x WHEN …` */
  readonly operand: Expr | null;
  readonly branches: readonly { readonly when: Expr; readonly then: Expr }[];
  readonly otherwise: Expr | null;
}

export type CastExpr =
  | (Node & {
      readonly kind: 'cast';
      readonly operand: Expr;
      readonly type: TypeName;
      /** TRY_CAST: NULL instead of an error. */
      readonly safe: boolean;
    })
  | (Node & { readonly kind: 'extract'; readonly field: Identifier; readonly from: Expr });

export type SubqueryExpr =
  | (Node & { readonly kind: 'subquery'; readonly query: Query })
  | (Node & { readonly kind: 'exists'; readonly query: Query })
  | (Node & {
      readonly kind: 'in_query';
      readonly operand: Expr;
      readonly query: Query;
      readonly not: boolean;
    })
  /** `a > ANY (SELECT …)`, `a = ALL (array)` */
  | (Node & {
      readonly kind: 'quantified';
      readonly operator: string;
      readonly left: Expr;
      readonly quantifier: 'any' | 'all';
      readonly right: Query | Expr;
      readonly rightIsQuery: boolean;
    });
