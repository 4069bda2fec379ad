import type { Join, TableAlias, TableFactor } from '../ast/query.ts';
import { parseCall } from './call.ts';
import type { Parser } from './parser.ts';

/** A table factor and the joins that follow it. */
export function parseFrom(parser: Parser): TableFactor {
  let left = parser.nested(() => parseFactor(parser));
  for (;;) {
    const join = parseJoin(parser, left);
    if (join === undefined) return left;
    left = join;
  }
}

function parseJoin(parser: Parser, left: TableFactor): Join | undefined {
  const natural = parser.accept('NATURAL');
  const style = acceptJoinStyle(parser);
  if (style === undefined) return natural ? parser.unexpected('JOIN') : undefined;
  const right = parser.nested(() => parseFactor(parser));
  const condition = natural
    ? ({ kind: 'natural' } as const)
    : style === 'cross'
      ? null
      : parseCondition(parser);
  return { kind: 'join', style, left, right, condition, span: parser.spanSince(left.span) };
}

function acceptJoinStyle(parser: Parser): Join['style'] | undefined {
  if (parser.accept('CROSS')) {
    if (parser.at('APPLY')) parser.unexpected("'JOIN'");
    parser.expect('JOIN');
    return 'cross';
  }
  if (parser.accept('JOIN')) return 'inner';
  if (parser.accept('INNER')) {
    parser.expect('JOIN');
    return 'inner';
  }
  const side = parser.atAny(['LEFT', 'RIGHT', 'FULL']) ? parser.next().keyword.toLowerCase() : undefined;
  if (side === undefined) return undefined;
  if (side === 'left' && parser.atAny(['SEMI', 'ANTI'])) {
    const style = parser.next().keyword === 'SEMI' ? 'semi' : 'anti';
    parser.expect('JOIN');
    return style;
  }
  if (parser.atAny(['SEMI', 'ANTI'])) {
    const what = `${side.toUpperCase()} ${parser.peek().keyword} JOIN`;
    parser.notPlanned(parser.peek(), what, 'swap the tables and write LEFT SEMI JOIN or LEFT ANTI JOIN');
  }
  parser.accept('OUTER');
  parser.expect('JOIN');
  return side === 'left' ? 'left' : side === 'right' ? 'right' : 'full';
}

function parseCondition(parser: Parser): Join['condition'] {
  if (parser.accept('ON')) return { kind: 'on', value: parser.rules.expression(parser) };
  if (parser.accept('USING')) {
    const columns = parser.parenthesised(() => parser.identifier('a column'));
    if (parser.at('AS')) parser.notPlanned(parser.peek(), 'an alias of USING', 'give the tables aliases');
    return { kind: 'using', columns };
  }
  if (parser.at('MATCH_CONDITION')) parser.notPlanned(parser.peek(), 'MATCH_CONDITION');
  return parser.unexpected('ON or USING', 'a join needs a condition; write CROSS JOIN for none');
}

function parseFactor(parser: Parser): TableFactor {
  const start = parser.peek();
  if (parser.at('ROWS', 'FROM', '(')) parser.unexpected('a table');
  const lateral = parser.accept('LATERAL');
  if (parser.at('UNNEST', '(')) return parseUnnest(parser);
  if (parser.at('TABLE', '(')) {
    parser.accept('TABLE', '(');
    const call = parseCall(parser, parser.objectName('a table function'), false);
    parser.expect(')');
    const alias = acceptTableAlias(parser);
    return { kind: 'function', call, lateral, alias, span: parser.spanSince(start) };
  }
  if (parser.at('(')) return parseParentheses(parser, lateral);
  const name = parser.objectName('a table');
  if (parser.at('(')) {
    const call = parseCall(parser, name, false);
    const alias = acceptTableAlias(parser);
    return { kind: 'function', call, lateral, alias, span: parser.spanSince(start) };
  }
  // Both orders occur: `t FOR SYSTEM_TIME AS OF x AS a` (Flink) and `t AS a FOR SYSTEM_TIME AS OF x`.
  let asOf = acceptAsOf(parser);
  const alias = acceptTableAlias(parser);
  asOf ??= acceptAsOf(parser);
  if (parser.at('*')) {
    parser.notPlanned(parser.peek(), 'a table with its heirs', 'write the name of the table alone');
  }
  return { kind: 'table', name, asOf, alias, span: parser.spanSince(start) };
}

function acceptAsOf(parser: Parser): Extract<TableFactor, { kind: 'table' }>['asOf'] {
  if (!parser.at('FOR', 'SYSTEM_TIME', 'AS')) return null;
  parser.accept('FOR', 'SYSTEM_TIME');
  parser.expect('AS');
  parser.expect('OF');
  return parser.rules.expression(parser);
}

function parseUnnest(parser: Parser): TableFactor {
  const start = parser.next();
  const arrays = parser.parenthesised(() => parser.rules.expression(parser));
  const ordinality = parser.accept('WITH', 'ORDINALITY');
  const alias = acceptTableAlias(parser);
  return { kind: 'unnest', arrays, ordinality, alias, span: parser.spanSince(start) };
}

/** `(SELECT …)`, `((SELECT …) UNION …)`, or a join in parentheses. */
function parseParentheses(parser: Parser, lateral: boolean): TableFactor {
  const start = parser.peek();
  let depth = 0;
  while (parser.peek(depth).keyword === '(') depth++;
  parser.next();
  if (['SELECT', 'WITH', 'VALUES'].includes(parser.peek(depth - 1).keyword)) {
    const query = parser.rules.query(parser);
    parser.expect(')');
    const alias = acceptTableAlias(parser);
    return { kind: 'derived', query, lateral, alias, span: parser.spanSince(start) };
  }
  const inner = parseFrom(parser);
  parser.expect(')');
  if (parser.at('AS')) {
    parser.notPlanned(parser.peek(), 'an alias of a join in parentheses', 'give its tables aliases');
  }
  return { ...inner, span: parser.spanSince(start) };
}

function acceptTableAlias(parser: Parser): TableAlias | null {
  if (parser.at('AS', '(')) {
    parser.notPlanned(parser.peek(1), 'a list of columns with types', 'name the table: AS t (a, b)');
  }
  const name = parser.acceptAlias();
  if (name === null) return null;
  const columns = parser.at('(') ? parser.parenthesised(() => parser.identifier('a column')) : [];
  return { name, columns, span: parser.spanSince(name.span) };
}
