/**
 * A row for each element of a list or entry of a map: the input's columns, then the element (or the key and the value), then its number from 1 (BIGINT) if
 * `ordinality`. What is empty or NULL gives no row, or, if `outer`, one with NULLs. Rows that are changes stay changes; a pair becomes a delete and an insert.
 */
export interface UnnestNode {
  readonly kind: 'unnest';
  readonly column: number;
  readonly ordinality: boolean;
  readonly outer: boolean;
}
