import type { Expr } from '../ast/query.ts';
import { fail } from '../diagnostics/diagnostic.ts';
import { parseCall } from './call.ts';
import { parseInterval } from './interval.ts';
import type { Parser } from './parser.ts';
import { isReserved } from './reserved-words.ts';
import { isSpecialCall, parseSpecialCall } from './special-call.ts';
import { parseTypeName } from './type-name.ts';

/** Functions that are written without parentheses. */
const bareFunctions = [
  'CURRENT_TIMESTAMP',
  'CURRENT_DATE',
  'CURRENT_TIME',
  'LOCALTIMESTAMP',
  'LOCALTIME',
] as const;

/** Words that begin what comes after an expression: there is none where they stand. */
const clauseWords = [
  'FROM',
  'WHERE',
  'HAVING',
  'UNION',
  'THEN',
  'WHEN',
  'ELSE',
  'AS',
  'ON',
  'AND',
  'OR',
  'LIMIT',
];

/** An operand without its prefix and postfix operators. */
export function parsePrimary(parser: Parser): Expr {
  const token = parser.peek();
  switch (token.kind) {
    case 'number':
      parser.next();
      return { kind: 'number', text: token.value, span: parser.spanSince(token) };
    case 'string':
      parser.next();
      return { kind: 'string', value: token.value, span: parser.spanSince(token) };
    case 'bytes':
      parser.next();
      return { kind: 'bytes', hex: token.value, span: parser.spanSince(token) };
    case 'quoted':
      return parseNameOrCall(parser);
    case 'word':
      return parseWord(parser);
    case 'operator':
      if (token.value === '(') return parseParentheses(parser);
      if (token.value === '[') return parseList(parser);
      if (token.value === '{')
        parser.notPlanned(token, '{…} as a value', "write STRUCT('x' AS a) or MAP['a', 1]");
      if (token.value === '*') {
        parser.next();
        return { kind: 'star', qualifier: null, span: parser.spanSince(token) };
      }
      return parser.unexpected('an expression');
    case 'end':
      return parser.unexpected('an expression');
  }
}

function parseWord(parser: Parser): Expr {
  const token = parser.peek();
  const constant = parseConstant(parser);
  if (constant !== undefined) return constant;
  if (token.keyword === 'CASE') return parseCase(parser);
  if (token.keyword === 'EXISTS' && parser.at('EXISTS', '(')) {
    parser.accept('EXISTS', '(');
    const query = parser.rules.query(parser);
    parser.expect(')');
    return { kind: 'exists', query, span: parser.spanSince(token) };
  }
  if (isSpecialCall(parser)) return parseSpecialCall(parser);
  const constructed = parseConstructor(parser);
  if (constructed !== undefined) return constructed;
  if (bareFunctions.some((name) => name === token.keyword) && !parser.at(token.keyword, '(')) {
    return parseCall(parser, parser.objectName(), true);
  }
  if (isReserved(token.keyword) && !parser.at(token.keyword, '(')) {
    if (clauseWords.includes(token.keyword) && parser.previous.value !== 'SELECT') {
      parser.unexpected(
        'an expression',
        parser.previous.value === ',' ? 'remove the comma before it' : undefined,
      );
    }
    if (token.keyword === 'INTO') parser.unexpected('an expression');
    const hint = `write "${token.value}" in double quotes if it is the name of a column`;
    fail('reservedWord', token, `expected an expression, found the keyword ${token.keyword}`, hint);
  }
  return parseNameOrCall(parser);
}

/** NULL, TRUE, FALSE, INTERVAL '…', DATE '…'. */
function parseConstant(parser: Parser): Expr | undefined {
  const token = parser.peek();
  switch (token.keyword) {
    case 'NULL':
      parser.next();
      return { kind: 'null', span: parser.spanSince(token) };
    case 'TRUE':
    case 'FALSE':
      parser.next();
      return { kind: 'boolean', value: token.keyword === 'TRUE', span: parser.spanSince(token) };
    case 'INTERVAL':
      return parseInterval(parser);
    case 'DATE':
    case 'TIME':
    case 'TIMESTAMP':
    case 'TIMESTAMPTZ':
    case 'TIMESTAMP_LTZ':
    case 'JSON':
      return parser.attempt(() => {
        const next = parser.peek(1);
        if (next.kind !== 'string' && next.keyword !== 'WITH' && next.keyword !== 'WITHOUT') return undefined;
        const type = parseTypeName(parser);
        if (parser.peek().kind !== 'string') return undefined;
        const value = parser.string('a text');
        return { kind: 'typed_string', type, value, span: parser.spanSince(token) };
      });
    default:
      return undefined;
  }
}

/** `[1, 2]`, also within ARRAY[…] */
function parseList(parser: Parser): Expr {
  const start = parser.expect('[');
  const items = parser.at(']') ? [] : parser.list(() => parser.rules.expression(parser));
  parser.expect(']');
  return { kind: 'array', items, span: parser.spanSince(start) };
}

/** Constructors of Flink and others that aren't there. */
function refuseConstructor(parser: Parser): void {
  const token = parser.peek();
  const next = parser.peek(1).keyword;
  const ofQuery = next === '(' && parser.peek(2).keyword === 'SELECT';
  if (parser.atAny(['ARRAY', 'MAP', 'MULTISET']) && ofQuery) {
    parser.notPlanned(token, `${token.keyword}(SELECT …)`, 'aggregate in a query of its own');
  }
  if (token.keyword === 'MULTISET' && next === '[') {
    parser.notPlanned(token, 'MULTISET[…]', 'write ARRAY[…]');
  }
  if (token.keyword === 'MAP' && next === '{') parser.notPlanned(token, 'MAP {…}', "write MAP['a', 1]");
  if (token.keyword === 'CURRENT' && next === 'OF') parser.unexpected('an expression');
}

/** ARRAY[…], MAP[…], ROW(…), STRUCT(… AS name). */
function parseConstructor(parser: Parser): Expr | undefined {
  const start = parser.peek();
  refuseConstructor(parser);
  if (parser.at('ARRAY', '[') || parser.at('MAP', '[')) {
    const kind = parser.next().keyword === 'ARRAY' ? 'array' : 'map';
    parser.expect('[');
    const items = parser.at(']') ? [] : parser.list(() => parser.rules.expression(parser));
    parser.expect(']');
    if (kind === 'map' && items.length % 2 === 1) {
      fail(
        'unexpectedToken',
        parser.previous,
        'MAP[…] takes keys and values in turn; the last key has no value',
      );
    }
    return { kind, items, span: parser.spanSince(start) };
  }
  if (!parser.at('ROW', '(') && !parser.at('STRUCT', '(')) return undefined;
  parser.next();
  const items = parser.parenthesised(() => {
    const value = parser.rules.expression(parser);
    return { value, name: parser.accept('AS') ? parser.label('the name of a field') : null };
  });
  return { kind: 'row', items, span: parser.spanSince(start) };
}

/** `(a)`, `(a, b)`, `(SELECT …)` */
function parseParentheses(parser: Parser): Expr {
  const start = parser.expect('(');
  if (parser.atAny(['SELECT', 'WITH', 'VALUES'])) {
    const query = parser.rules.query(parser);
    parser.expect(')');
    return { kind: 'subquery', query, span: parser.spanSince(start) };
  }
  const items = parser.list(() => parser.rules.expression(parser));
  parser.expect(')');
  const [only] = items;
  if (items.length === 1 && only !== undefined) return { ...only, span: parser.spanSince(start) };
  return { kind: 'row', items: items.map((value) => ({ value, name: null })), span: parser.spanSince(start) };
}

function parseCase(parser: Parser): Expr {
  const start = parser.expect('CASE');
  const operand = parser.at('WHEN') ? null : parser.rules.expression(parser);
  const branches: { when: Expr; then: Expr }[] = [];
  while (parser.accept('WHEN')) {
    const when = parser.rules.expression(parser);
    if (parser.at(',')) {
      parser.notPlanned(parser.peek(), 'a WHEN with several values', 'write a WHEN for each');
    }
    parser.expect('THEN');
    branches.push({ when, then: parser.rules.expression(parser) });
  }
  if (branches.length === 0) parser.unexpected("'WHEN'");
  const otherwise = parser.accept('ELSE') ? parser.rules.expression(parser) : null;
  parser.expect('END', 'a CASE ends with END');
  return { kind: 'case', operand, branches, otherwise, span: parser.spanSince(start) };
}

/** `a.b.c`, `t.*`, `f(…)`. */
function parseNameOrCall(parser: Parser): Expr {
  const first = parser.peek();
  const parts = [parser.at(first.keyword, '(') ? parser.label() : parser.identifier('an expression')];
  while (parser.at('.')) {
    parser.next();
    if (parser.at('*')) {
      parser.next();
      const last = parts.at(-1)?.span ?? first;
      const qualifier = { parts, span: { start: first.start, end: last.end } };
      return { kind: 'star', qualifier, span: parser.spanSince(first) };
    }
    parts.push(parser.label());
  }
  const name = { parts, span: parser.spanSince(first) };
  if (parser.at('(')) return parseCall(parser, name, false);
  return { kind: 'name', parts, span: name.span };
}
