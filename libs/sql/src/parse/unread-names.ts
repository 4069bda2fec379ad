import type { Token } from '../lex/token.ts';

/** Names, in lower case, in statements that couldn't be read: what is said about them would follow from that alone. */
export interface UnreadNames {
  /** Tables and views whose CREATE failed. */
  readonly created: readonly string[];
  /** Tables whose INSERT failed. */
  readonly inserted: readonly string[];
}

/** `statements`: the tokens of each. */
export function unreadNames(statements: readonly (readonly Token[])[]): UnreadNames {
  const created: string[] = [];
  const inserted: string[] = [];
  for (const tokens of statements) {
    const from = tokens[0]?.keyword === 'EXPLAIN' ? 1 : 0;
    const word = tokens[from]?.keyword;
    if (word === 'CREATE') {
      // Words of any kind may stand between: OR REPLACE, TEMPORARY, MATERIALIZED, …
      const at = tokens.findIndex(({ keyword }) => ['TABLE', 'VIEW', 'STREAM'].includes(keyword));
      if (at !== -1 && at < from + 6) created.push(nameAt(tokens, at + 1));
    } else if (word === 'INSERT') {
      inserted.push(nameAt(tokens, from + 2));
    }
  }
  return { created: created.filter((name) => name !== ''), inserted: inserted.filter((name) => name !== '') };
}

function nameAt(tokens: readonly Token[], start: number): string {
  let at = start;
  while (['IF', 'NOT', 'EXISTS', 'TABLE'].includes(tokens[at]?.keyword ?? '')) at++;
  const parts: string[] = [];
  for (;;) {
    const token = tokens[at];
    if (token === undefined || (token.kind !== 'word' && token.kind !== 'quoted')) break;
    parts.push(token.value);
    if (tokens[at + 1]?.keyword !== '.') break;
    at += 2;
  }
  return parts.join('.').toLowerCase();
}
