import type { Span } from './span.ts';

/**
 * `word`: identifier or keyword, unquoted. `quoted`: "identifier" or `identifier`. `number`: unsigned literal as written.
 * `string`: '…', E'…', $$…$$. `bytes`: X'…', value in hex. `operator`: punctuation and operators, longest match. `end`: the end of the text.
 */
export type TokenKind = 'word' | 'quoted' | 'number' | 'string' | 'bytes' | 'operator' | 'end';

export interface Token extends Span {
  readonly kind: TokenKind;
  /** Identifier without quotes, text of a string, digits of a number, the operator itself. */
  readonly value: string;
  /** A word in upper case, so that keywords compare by ===; an operator as `value`; '' for all others. */
  readonly keyword: string;
}

/** For messages: what stands there. */
export function describeToken(token: Token): string {
  switch (token.kind) {
    case 'end':
      return 'the end of the text';
    case 'string':
      return 'a string';
    case 'bytes':
      return 'a byte string';
    case 'number':
      return `the number ${token.value}`;
    case 'quoted':
      return `"${token.value}"`;
    default:
      return `'${token.value}'`;
  }
}
