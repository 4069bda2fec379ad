import type { Identifier, Node, ObjectName } from './identifier.ts';
import type { Query } from './query.ts';
import type { TypeName } from './type-name.ts';
import type { WithOption } from './with-options.ts';

export interface CreateView extends Node {
  readonly kind: 'create_view';
  readonly name: ObjectName;
  readonly temporary: boolean;
  readonly columns: readonly Identifier[];
  readonly query: Query;
}

export interface CreateConnectionProfile extends Node {
  readonly kind: 'create_connection_profile';
  readonly name: ObjectName;
  readonly ifNotExists: boolean;
  readonly options: readonly WithOption[];
}

/** `CREATE [ASYNC | AGGREGATE] FUNCTION f(a BIGINT) RETURNS BIGINT LANGUAGE javascript AS $$ … $$` */
export interface CreateFunction extends Node {
  readonly kind: 'create_function';
  readonly name: ObjectName;
  readonly style: 'scalar' | 'aggregate' | 'async';
  readonly parameters: readonly FunctionParameter[];
  readonly returns: TypeName;
  readonly returnsNotNull: boolean;
  readonly language: Identifier;
  readonly options: readonly WithOption[];
  readonly body: string;
  readonly bodySpan: Node['span'];
}

export interface FunctionParameter extends Node {
  readonly name: Identifier | null;
  readonly type: TypeName;
  readonly notNull: boolean;
}
