/** One text of a schema, by the name under which others refer to it. */
export interface SchemaText {
  readonly name: string;
  readonly text: string;
}

/**
 * The schema of a table's keys or values as it was when the pipeline was compiled: what runs never asks again. It lies beside the nodes
 * of a plan and never enters the ids of operators: a new version of a schema must not orphan state.
 */
export interface PinnedSchema {
  readonly format: 'avro' | 'json' | 'protobuf';
  readonly text: string;
  /** Resolved, deepest first. */
  readonly references: readonly SchemaText[];
  /** Of Protobuf: the message that is meant. */
  readonly message?: string;
  readonly origin:
    | { readonly kind: 'ddl' | 'inline' }
    | {
        readonly kind: 'registry';
        readonly registry: string;
        readonly subject: string;
        readonly version: number;
        readonly id: number;
        readonly guid?: string;
      };
  /** Columns of the table to fields of the schema. */
  readonly columns: readonly {
    readonly column: string;
    readonly path: readonly string[];
    readonly as: 'native' | 'json';
  }[];
  /** Of sinks: the subject under which it is registered when the pipeline is created. Left out where nothing is to be registered. */
  readonly registerAs?: string;
  /** Of sinks, once registered: what records name it by. */
  readonly writerId?: number;
}

/** Characters of a schema and all that it refers to; longer ones are refused where they come in. */
export const longestSchemaText = 1024 * 1024;

/** What is pinned for one source or sink. */
export interface PinnedFormats {
  readonly value: PinnedSchema | null;
  readonly key: PinnedSchema | null;
}

export const nothingPinned: PinnedFormats = { value: null, key: null };
