import { diagnose, type Diagnostic } from '../diagnostics/diagnostic.ts';

/** Hints of Flink that change what a query gives, and what to write instead. */
const meaningful: Readonly<Record<string, string>> = {
  OPTIONS: "write the options into the table's WITH (…)",
  STATE_TTL: 'remove it',
  LOOKUP: 'remove it',
};

/** Hints of Flink that only say how a query is run. */
const advice = ['BROADCAST', 'SHUFFLE_HASH', 'SHUFFLE_MERGE', 'NEST_LOOP', 'MULTI_JOIN'];

/** What a comment from `/*+` on says to Flink; undefined: nothing, it is a comment as others. */
export function hintProblem(text: string, start: number, end: number): Diagnostic | undefined {
  const name = /^\/\*\+\s*([A-Za-z_]+)\s*\(/.exec(text.slice(start, Math.min(end, start + 80)))?.[1];
  const keyword = name?.toUpperCase() ?? '';
  const span = { start, end };
  const hint = Object.hasOwn(meaningful, keyword) ? meaningful[keyword] : undefined;
  if (hint !== undefined) {
    return diagnose('foreignStatement', span, `the hint ${keyword}(…) is not supported`, hint);
  }
  if (!advice.includes(keyword)) return undefined;
  const message = `the hint ${keyword}(…) has no effect here`;
  return diagnose('foreignStatement', span, message, 'remove it', 'warning');
}
