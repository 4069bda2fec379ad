/** Where something stands in the SQL text: UTF-16 offsets, `start` inclusive, `end` exclusive. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** From the start of one to the end of the other. */
export function spanFrom(first: Span, last: Span): Span {
  return { start: first.start, end: last.end };
}
