import type { Field } from '@weir/columnar/sql-type.ts';

/**
 * What the rows of an edge say about those before them. Column indexes are those of the edge.
 *
 * `append`: every row is new; `rowKinds` is null.
 * `upsert`: a row takes the place of the one with its key; of a delete only the key counts; there is no update-before.
 * `retract`: every row that goes (update-before, delete) comes whole; `key` is a key of the rows that stand, if one is known.
 *
 * Two more things hold: an update-before is followed at once, in its batch, by its update-after; and in `upsert` the changes of a
 * key come in their order on one channel.
 */
export type ChangeMode =
  | { readonly kind: 'append' }
  | { readonly kind: 'upsert'; readonly key: UniqueKey }
  | { readonly kind: 'retract'; readonly key: UniqueKey | null };

export const appendMode: ChangeMode = { kind: 'append' };

/** Columns, ascending; none: there is one row at most. */
export type UniqueKey = readonly number[];

/** What the rows of a table that is read say; its primary key is the key of `upsert`. */
export const sourceChanges = ['append', 'upsert', 'retract'] as const;
export type SourceChanges = (typeof sourceChanges)[number];

/** What a table that is written takes: `upsert` and `retract` take `append` as well, `any` takes all. */
export const sinkChanges = ['append', 'upsert', 'retract', 'any'] as const;
export type SinkChanges = (typeof sinkChanges)[number];

/** Of keys of one edge, whose columns ascend. */
export function sameKey(a: UniqueKey | null, b: UniqueKey | null): boolean {
  if (a === null || b === null) return a === b;
  return a.length === b.length && a.every((column, index) => column === b[index]);
}

export function sameMode(a: ChangeMode, b: ChangeMode): boolean {
  return a.kind === b.kind && sameKey(keyOfMode(a), keyOfMode(b));
}

export function sameKeys(a: readonly UniqueKey[], b: readonly UniqueKey[]): boolean {
  return a.length === b.length && a.every((key, index) => sameKey(key, b[index] ?? null));
}

/** The key that a mode names. */
export function keyOfMode(mode: ChangeMode): UniqueKey | null {
  return mode.kind === 'append' ? null : mode.key;
}

/** For people: `append`, `upsert by id, day`, `retract`. */
export function formatMode(mode: ChangeMode, fields: readonly Field[]): string {
  if (mode.kind === 'append' || mode.key === null) return mode.kind;
  const names = mode.key.map((index) => fields[index]?.name ?? `$${index}`);
  return `${mode.kind} by ${names.length === 0 ? 'nothing: one row' : names.join(', ')}`;
}
