import type { CommonTable, Expr, Query, QueryBody, SetOperation } from '../ast/query.ts';
import { fail } from '../diagnostics/diagnostic.ts';
import { spanFrom } from '../lex/span.ts';
import type { Parser } from './parser.ts';
import { parseSelect } from './select.ts';
import { parseSortKeys } from './sort-key.ts';

/** `[WITH …] body [ORDER BY …] [LIMIT n] [OFFSET n] [FETCH FIRST n ROWS ONLY]` */
export function parseQuery(parser: Parser): Query {
  return parser.nested(() => {
    const start = parser.peek();
    const withs = parser.accept('WITH');
    const recursive = withs && parser.accept('RECURSIVE');
    const commonTables = withs ? parser.list(() => parseCommonTable(parser)) : [];
    const body = parseBody(parser, 0);
    const orderBy = parser.at('ORDER') ? parseSortKeys(parser) : [];
    const { limit, offset } = parseLimits(parser);
    return {
      kind: 'query',
      recursive,
      with: commonTables,
      body,
      orderBy,
      limit,
      offset,
      span: parser.spanSince(start),
    };
  });
}

function parseCommonTable(parser: Parser): CommonTable {
  const name = parser.identifier('the name of a common table');
  const columns = parser.at('(') ? parser.parenthesised(() => parser.identifier('a column')) : [];
  parser.expect('AS');
  if (!parser.accept('MATERIALIZED')) parser.accept('NOT', 'MATERIALIZED');
  parser.expect('(');
  refuseChange(parser);
  const query = parseQuery(parser);
  parser.expect(')');
  return { name, columns, query, span: parser.spanSince(name.span) };
}

/** PostgreSQL lets an INSERT, UPDATE or DELETE give rows to a query. */
function refuseChange(parser: Parser): void {
  if (!parser.atAny(['INSERT', 'UPDATE', 'DELETE', 'MERGE'])) return;
  const hint = 'write it as a statement of its own; it gives no rows back';
  fail('foreignStatement', parser.peek(), `${parser.peek().keyword} in a query is not supported`, hint);
}

/** INTERSECT binds stronger than UNION and EXCEPT. */
function setStrength(parser: Parser): number {
  if (parser.at('INTERSECT')) return 2;
  return parser.atAny(['UNION', 'EXCEPT', 'MINUS']) ? 1 : 0;
}

/** `SELECT * EXCEPT (a, b) FROM t` */
function refuseStarExcept(parser: Parser): void {
  const listed = parser.at('EXCEPT', '(') && ['word', 'quoted'].includes(parser.peek(2).kind);
  if (!listed || ['SELECT', 'WITH', 'VALUES', 'TABLE'].includes(parser.peek(2).keyword)) return;
  parser.notPlanned(parser.peek(), '* EXCEPT', 'name the columns that you want');
}

function parseBody(parser: Parser, least: number): QueryBody {
  let left = parseBodyOperand(parser);
  for (let strength = setStrength(parser); strength > least; strength = setStrength(parser)) {
    refuseStarExcept(parser);
    const word = parser.next();
    const all = parser.accept('ALL');
    if (!all) parser.accept('DISTINCT');
    const right = parseBody(parser, strength);
    const operator: SetOperation['operator'] =
      word.keyword === 'UNION' ? 'union' : word.keyword === 'INTERSECT' ? 'intersect' : 'except';
    const at = { start: word.start, end: word.end };
    left = {
      kind: 'set_operation',
      operator,
      all,
      left,
      right,
      at,
      span: spanFrom(left.span, right.span),
    };
  }
  return left;
}

function parseBodyOperand(parser: Parser): QueryBody {
  const start = parser.peek();
  if (parser.at('SELECT')) return parseSelect(parser);
  if (parser.accept('VALUES')) {
    const rows = parser.list(() => parser.parenthesised(() => parser.rules.expression(parser)));
    return { kind: 'values', rows, span: parser.spanSince(start) };
  }
  if (parser.accept('TABLE')) {
    // `TABLE t` is SELECT * FROM t.
    const name = parser.objectName('a table');
    return {
      kind: 'select',
      distinct: null,
      items: [{ value: { kind: 'star', qualifier: null, span: name.span }, alias: null, span: name.span }],
      from: [{ kind: 'table', name, asOf: null, alias: null, span: name.span }],
      where: null,
      groupBy: [],
      having: null,
      windows: [],
      qualify: null,
      span: parser.spanSince(start),
    };
  }
  if (!parser.accept('(')) return parser.unexpected('SELECT, VALUES or a query in parentheses');
  const query = parseQuery(parser);
  parser.expect(')');
  return { kind: 'nested', query, span: parser.spanSince(start) };
}

function parseLimits(parser: Parser): { limit: Expr | null; offset: Expr | null } {
  let limit: Expr | null = null;
  let offset: Expr | null = null;
  for (;;) {
    if (parser.accept('LIMIT')) {
      if (!parser.accept('ALL')) limit = parser.rules.expression(parser);
      if (parser.at(',')) parser.notPlanned(parser.peek(), 'LIMIT offset, count', 'filter with WHERE');
      if (parser.at('BY')) parser.notPlanned(parser.peek(), 'LIMIT … BY', 'filter with WHERE');
    } else if (parser.accept('OFFSET')) {
      offset = parser.rules.expression(parser);
      if (!parser.accept('ROWS')) parser.accept('ROW');
    } else if (parser.accept('FETCH')) {
      if (!parser.accept('FIRST')) parser.expect('NEXT');
      const one: Expr = { kind: 'number', text: '1', span: parser.previous };
      limit = parser.atAny(['ROW', 'ROWS']) ? one : parser.rules.expression(parser);
      if (!parser.accept('ROWS')) parser.expect('ROW');
      if (parser.at('WITH', 'TIES')) parser.notPlanned(parser.peek(), 'WITH TIES', 'filter with WHERE');
      parser.expect('ONLY');
    } else {
      return { limit, offset };
    }
  }
}
