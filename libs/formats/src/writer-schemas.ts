import type { WeirError } from '@weir/kernel/errors.ts';
import type { SchemaText } from '@weir/plan/pinned-schema.ts';

/** How a record names the schema that it was written with: an id of the registry's context, or a GUID. */
export type SchemaIdentity = { readonly id: number } | { readonly guid: string };

/** The schema that records were written with. */
export interface WriterSchema {
  /** Equal for schemas that are the same: what compiled readers are kept by. */
  readonly key: string;
  readonly type: 'avro' | 'json' | 'protobuf';
  readonly text: string;
  /** Resolved, deepest first. */
  readonly references: readonly SchemaText[];
}

/**
 * Schemas of writers that records name: one of these a process and registry. Decoders ask and never wait; the source fetches and waits.
 * A schema never changes once it has an id.
 */
export interface WriterSchemas {
  /** At once; undefined while it isn't known. */
  get(identity: SchemaIdentity): WriterSchema | undefined;
  /** Begins to fetch it; a repeated wish costs nothing. A registry that can't be reached is asked for ever. */
  want(identity: SchemaIdentity): void;
  /** The registry has answered for long enough that there is no such schema: records that name it are bad data. */
  refused(identity: SchemaIdentity): WeirError | undefined;
  /** Resolves when `get` or `refused` may answer anew, or when the signal is aborted. */
  changed(signal: AbortSignal): Promise<void>;
  /** What is wanted and not there yet, with why, for the status. */
  waiting(): readonly {
    readonly identity: SchemaIdentity;
    readonly sinceMs: number;
    readonly problem: string;
  }[];
}
