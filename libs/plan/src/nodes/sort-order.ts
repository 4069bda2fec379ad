/** A column by which rows are sorted. */
export interface SortOrder {
  readonly column: number;
  readonly descending: boolean;
  readonly nullsFirst: boolean;
}
