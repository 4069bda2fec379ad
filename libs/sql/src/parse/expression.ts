import type { Expr } from '../ast/query.ts';
import { spanFrom } from '../lex/span.ts';
import { parsePostfix } from './postfix.ts';
import type { Parser } from './parser.ts';
import { power } from './powers.ts';
import { parsePredicate } from './predicate.ts';
import { parsePrimary } from './primary.ts';

const binaryPower: Readonly<Record<string, number>> = {
  OR: power.or,
  AND: power.and,
  '=': power.comparison,
  '==': power.comparison,
  '<>': power.comparison,
  '!=': power.comparison,
  '<': power.comparison,
  '<=': power.comparison,
  '>': power.comparison,
  '>=': power.comparison,
  '||': power.other,
  '->': power.other,
  '->>': power.other,
  '#>': power.other,
  '#>>': power.other,
  '@>': power.other,
  '<@': power.other,
  '?': power.other,
  '~': power.other,
  '~*': power.other,
  '!~': power.other,
  '!~*': power.other,
  '^@': power.other,
  '&': power.other,
  '|': power.other,
  '#': power.other,
  '<<': power.other,
  '>>': power.other,
  '+': power.additive,
  '-': power.additive,
  '*': power.multiplicative,
  '/': power.multiplicative,
  '%': power.multiplicative,
  '^': power.exponent,
};

/** Spellings of one operator. */
const canonical: Readonly<Record<string, string>> = { '!=': '<>', '==': '=' };

/** A Pratt parser: reads an operand, then as many operators as bind stronger than `least`. */
export function parseExpression(parser: Parser, least = 0): Expr {
  return parser.nested(() => {
    let left = parseOperand(parser);
    for (;;) {
      const next = parseOperator(parser, left, least);
      if (next === undefined) return left;
      left = next;
    }
  });
}

function parseOperand(parser: Parser): Expr {
  const token = parser.peek();
  if (token.keyword === 'NOT') {
    parser.next();
    const operand = parseExpression(parser, power.not - 1);
    return { kind: 'unary', operator: 'NOT', operand, span: parser.spanSince(token) };
  }
  if (token.keyword === '-' || token.keyword === '+' || token.keyword === '~') {
    parser.next();
    const operand = parseExpression(parser, token.keyword === '~' ? power.other : power.sign - 1);
    return { kind: 'unary', operator: token.keyword, operand, span: parser.spanSince(token) };
  }
  return parsePostfix(parser, parsePrimary(parser));
}

function parseOperator(parser: Parser, left: Expr, least: number): Expr | undefined {
  const token = parser.peek();
  if (token.kind === 'word' && token.keyword === 'AT' && parser.at('AT', 'TIME', 'ZONE')) {
    if (power.atTimeZone <= least) return undefined;
    parser.accept('AT', 'TIME', 'ZONE');
    const zone = parseExpression(parser, power.atTimeZone);
    return { kind: 'at_time_zone', operand: left, zone, span: spanFrom(left.span, zone.span) };
  }
  const predicate = parsePredicate(parser, left, least);
  if (predicate !== undefined) return predicate;
  const strength = token.keyword === '' ? undefined : binaryPower[token.keyword];
  if (strength === undefined || strength <= least) return undefined;
  parser.next();
  const operator = canonical[token.keyword] ?? token.keyword;
  const at = { start: token.start, end: token.end };
  const quantified = strength === power.comparison ? parseQuantified(parser, left, operator) : undefined;
  if (quantified !== undefined) return quantified;
  const right = parseExpression(parser, strength);
  return { kind: 'binary', operator, left, right, at, span: spanFrom(left.span, right.span) };
}

/** `= ANY (…)`, `> ALL (…)` */
function parseQuantified(parser: Parser, left: Expr, operator: string): Expr | undefined {
  if (!parser.atAny(['ANY', 'SOME', 'ALL']) || parser.peek(1).keyword !== '(') return undefined;
  const quantifier = parser.next().keyword === 'ALL' ? 'all' : 'any';
  parser.expect('(');
  const rightIsQuery = parser.atAny(['SELECT', 'WITH', 'VALUES']);
  const right = rightIsQuery ? parser.rules.query(parser) : parser.rules.expression(parser);
  parser.expect(')');
  return {
    kind: 'quantified',
    operator,
    left,
    quantifier,
    right,
    rightIsQuery,
    span: parser.spanSince(left.span),
  };
}
