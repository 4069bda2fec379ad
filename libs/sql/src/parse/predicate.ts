import type { Expr } from '../ast/query.ts';
import { fail } from '../diagnostics/diagnostic.ts';
import type { Parser } from './parser.ts';
import { power } from './powers.ts';

const predicateWords = ['BETWEEN', 'IN', 'LIKE', 'ILIKE', 'SIMILAR'] as const;

/** `IS …`, `ISNULL`, `NOTNULL`, `[NOT] BETWEEN | IN | LIKE | ILIKE | SIMILAR TO` behind `left`, if it binds stronger than `least`. */
export function parsePredicate(parser: Parser, left: Expr, least: number): Expr | undefined {
  if (parser.peek().kind !== 'word') return undefined;
  if (parser.at('IS')) return power.is > least ? parseIs(parser, left) : undefined;
  if (parser.at('ISNULL') || parser.at('NOTNULL')) {
    if (power.is <= least) return undefined;
    const not = parser.next().keyword === 'NOTNULL';
    return { kind: 'is', operand: left, what: 'null', not, span: parser.spanSince(left.span) };
  }
  const not = parser.at('NOT');
  const word = parser.peek(not ? 1 : 0).keyword;
  if (power.predicate <= least || !predicateWords.some((candidate) => candidate === word)) return undefined;
  if (not) parser.next();
  parser.next();
  switch (word) {
    case 'BETWEEN':
      return parseBetween(parser, left, not);
    case 'IN':
      return parseIn(parser, left, not);
    default:
      return parseLike(parser, left, not, word);
  }
}

function parseIs(parser: Parser, left: Expr): Expr {
  parser.expect('IS');
  const not = parser.accept('NOT');
  if (parser.accept('DISTINCT', 'FROM')) {
    const right = parser.rules.expression(parser, power.is);
    return { kind: 'is_distinct', left, right, not, span: parser.spanSince(left.span) };
  }
  for (const what of ['null', 'true', 'false', 'unknown'] as const) {
    if (parser.accept(what.toUpperCase())) {
      return { kind: 'is', operand: left, what, not, span: parser.spanSince(left.span) };
    }
  }
  refuseOtherIs(parser);
  return parser.unexpected('NULL, TRUE, FALSE, UNKNOWN or DISTINCT FROM');
}

/** What other systems ask with IS. */
const foreignIs: Readonly<Record<string, string>> = {
  JSON: 'write TRY_CAST(value AS JSON) IS NOT NULL',
  DOCUMENT: 'there is no XML',
  NORMALIZED: 'texts are compared as they are',
  NFC: 'texts are compared as they are',
  NFD: 'texts are compared as they are',
  NFKC: 'texts are compared as they are',
  NFKD: 'texts are compared as they are',
  OF: 'a column has one type; DESCRIBE tells it',
  A: 'there are no multisets',
  EMPTY: 'there are no multisets',
};

function refuseOtherIs(parser: Parser): void {
  const { keyword } = parser.peek();
  const hint = Object.hasOwn(foreignIs, keyword) ? foreignIs[keyword] : undefined;
  if (hint !== undefined) parser.notPlanned(parser.peek(), `IS ${keyword}`, hint);
}

function parseBetween(parser: Parser, left: Expr, not: boolean): Expr {
  const symmetric = parser.accept('SYMMETRIC');
  if (!symmetric) parser.accept('ASYMMETRIC');
  const low = parser.rules.expression(parser, power.predicate);
  parser.expect('AND', 'BETWEEN takes two bounds: a BETWEEN low AND high');
  const high = parser.rules.expression(parser, power.predicate);
  return { kind: 'between', operand: left, low, high, not, symmetric, span: parser.spanSince(left.span) };
}

function parseIn(parser: Parser, left: Expr, not: boolean): Expr {
  parser.expect('(');
  if (parser.atAny(['SELECT', 'WITH', 'VALUES'])) {
    const query = parser.rules.query(parser);
    parser.expect(')');
    return { kind: 'in_query', operand: left, query, not, span: parser.spanSince(left.span) };
  }
  if (parser.at(')')) {
    fail('unexpectedToken', parser.peek(), 'IN () has no values', 'name at least one, or use FALSE');
  }
  const items = parser.list(() => parser.rules.expression(parser));
  parser.expect(')');
  return { kind: 'in_list', operand: left, items, not, span: parser.spanSince(left.span) };
}

function parseLike(parser: Parser, left: Expr, not: boolean, word: string): Expr {
  if (word === 'SIMILAR' && parser.peek().kind === 'string') {
    parser.notPlanned(parser.previous, 'SUBSTRING … SIMILAR', 'write regexp_substr(text, pattern)');
  }
  if (word === 'SIMILAR') parser.expect('TO');
  const pattern = parser.rules.expression(parser, power.predicate);
  const escape = parser.accept('ESCAPE') ? parser.rules.expression(parser, power.predicate) : null;
  const style = word === 'SIMILAR' ? 'similar' : word === 'ILIKE' ? 'ilike' : 'like';
  return { kind: 'like', operand: left, pattern, escape, style, not, span: parser.spanSince(left.span) };
}
