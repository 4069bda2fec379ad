import type { CreateTable } from './create-table.ts';
import type { CreateConnectionProfile, CreateFunction, CreateView } from './create-other.ts';
import type { Node, ObjectName } from './identifier.ts';
import type { Identifier } from './identifier.ts';
import type { Query } from './query.ts';
import type { OptionValue } from './with-options.ts';

export type Statement =
  | CreateTable
  | CreateView
  | CreateFunction
  | CreateConnectionProfile
  | Insert
  | QueryStatement
  | SessionStatement;

export interface Insert extends Node {
  readonly kind: 'insert';
  readonly table: ObjectName;
  /** Empty: all columns in order. */
  readonly columns: readonly Identifier[];
  readonly query: Query;
}

/** A bare SELECT: a preview. */
export interface QueryStatement extends Node {
  readonly kind: 'select';
  readonly query: Query;
}

export type SessionStatement =
  | (Node & { readonly kind: 'explain'; readonly verbose: boolean; readonly statement: Statement })
  | (Node & { readonly kind: 'describe'; readonly table: ObjectName })
  | (Node & {
      readonly kind: 'show';
      readonly what: 'tables' | 'views' | 'functions' | 'connection_profiles';
    })
  | (Node & {
      readonly kind: 'set';
      readonly key: string;
      readonly keySpan: Node['span'];
      readonly value: OptionValue;
    });
