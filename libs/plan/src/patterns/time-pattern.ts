/** A pattern of DATE_FORMAT or to_char, read: what compilers check and operators format by. */
export type PatternPart =
  | { readonly kind: 'text'; readonly text: string }
  | {
      readonly kind: 'field';
      /** A letter of Java's patterns, a word of PostgreSQL's as in its documentation (`HH24`). */
      readonly name: string;
      /** How often the letter stands; of PostgreSQL's words their length. */
      readonly width: number;
      /** PostgreSQL's FM: without padding. */
      readonly unpadded?: true;
      /** PostgreSQL's TH and th. */
      readonly ordinal?: 'TH' | 'th';
      /** PostgreSQL: how the name of a month or day, AM or BC was spelled. */
      readonly spelled?: string;
    };

/** What of a pattern is unknown, and what to write instead. */
export interface PatternProblem {
  readonly unknown: string;
  readonly hint: string;
}

export type ReadPattern = readonly PatternPart[] | PatternProblem;

export function isProblem(read: ReadPattern): read is PatternProblem {
  return 'unknown' in read;
}
