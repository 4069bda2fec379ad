import type { FormatIssue, FormatOptions } from '../format.ts';

export const framingOptionNames: readonly string[] = ['framing', 'framing.max_length'];

/** How a record holds several values: lines. */
export interface Framing {
  /** Bytes of a line, at most. */
  readonly maxLength: number;
}

const defaultMaxLength = 64 * 1024 * 1024;

/** `framing` null: a record is one value. */
export function readFraming(options: FormatOptions): {
  readonly framing: Framing | null;
  readonly issues: readonly FormatIssue[];
} {
  const issues: FormatIssue[] = [];
  const { framing, 'framing.max_length': length } = options;
  if (framing !== undefined && framing !== 'newline') {
    issues.push({
      option: 'framing',
      message: `'framing' is '${framing}'`,
      hint: "use 'newline' (a row for each line), or leave it out (a row for each record)",
    });
  }
  if (length === undefined)
    return { framing: framing === 'newline' ? { maxLength: defaultMaxLength } : null, issues };
  const maxLength = /^\d{1,9}$/.test(length) ? Number(length) : 0;
  if (maxLength === 0) {
    issues.push({
      option: 'framing.max_length',
      message: `'framing.max_length' is '${length}'`,
      hint: `give bytes of a line, for example '${1024 * 1024}'`,
    });
  }
  if (framing === undefined) {
    issues.push({
      option: 'framing.max_length',
      message: "'framing.max_length' has no effect without 'framing' = 'newline'",
    });
  }
  return { framing: framing === 'newline' ? { maxLength } : null, issues };
}
