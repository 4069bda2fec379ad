import type { Argument, CallExpr, Expr, WindowDefinition } from '../ast/query.ts';
import type { Identifier, ObjectName } from '../ast/identifier.ts';
import { parseSortKeys } from './sort-key.ts';
import type { Parser } from './parser.ts';
import { parseWindowDefinition } from './window.ts';

/**
 * `name ( [DISTINCT | ALL] arguments [ORDER BY …] ) [WITHIN GROUP (ORDER BY …)] [FILTER (WHERE …)] [IGNORE | RESPECT NULLS] [OVER …]`;
 * the cursor stands behind the name.
 */
export function parseCall(parser: Parser, name: ObjectName, bare: boolean): CallExpr {
  let distinct = false;
  let values: Argument[] = [];
  let orderBy: CallExpr['orderBy'] = [];
  if (!bare) {
    parser.expect('(');
    distinct = parser.accept('DISTINCT');
    if (!distinct) parser.accept('ALL');
    if (!parser.at(')')) values = parser.list(() => parseArgument(parser));
    orderBy = parser.at('ORDER') ? parseSortKeys(parser) : [];
    parser.expect(')');
  }
  const withinGroup = parseWithinGroup(parser);
  const filter = parseFilter(parser);
  const nulls = parseNulls(parser);
  const over = parser.accept('OVER') ? parseOver(parser) : null;
  return {
    kind: 'call',
    name,
    arguments: values,
    distinct,
    orderBy,
    withinGroup,
    filter,
    nulls,
    over,
    bare,
    span: parser.spanSince(name.span),
  };
}

function parseArgument(parser: Parser): Argument {
  const start = parser.peek();
  if (start.kind === 'word' && parser.peek(1).keyword === '=>') {
    const name = parser.label();
    parser.next();
    const value = parseArgument(parser);
    return { kind: 'named', name, value, span: parser.spanSince(start) };
  }
  if (parser.at('TABLE')) {
    parser.next();
    if (!parser.accept('(')) {
      return { kind: 'table', table: parser.objectName('a table'), span: parser.spanSince(start) };
    }
    const table = parser.atAny(['SELECT', 'WITH', 'VALUES'])
      ? parser.rules.query(parser)
      : parser.objectName('a table');
    parser.expect(')');
    return { kind: 'table', table, span: parser.spanSince(start) };
  }
  if (parser.at('DESCRIPTOR', '(')) {
    parser.next();
    const columns = parser.parenthesised(() => parser.identifier('a column'));
    return { kind: 'descriptor', columns, span: parser.spanSince(start) };
  }
  const value = parser.rules.expression(parser);
  return { kind: 'value', value, span: value.span };
}

function parseWithinGroup(parser: Parser): CallExpr['withinGroup'] {
  if (!parser.accept('WITHIN', 'GROUP')) return [];
  parser.expect('(');
  const keys = parseSortKeys(parser);
  parser.expect(')');
  return keys;
}

function parseFilter(parser: Parser): Expr | null {
  if (!parser.accept('FILTER', '(')) return null;
  parser.expect('WHERE');
  const condition = parser.rules.expression(parser);
  parser.expect(')');
  return condition;
}

function parseNulls(parser: Parser): CallExpr['nulls'] {
  if (parser.accept('IGNORE', 'NULLS')) return 'ignore';
  return parser.accept('RESPECT', 'NULLS') ? 'respect' : null;
}

function parseOver(parser: Parser): WindowDefinition | Identifier {
  return parser.at('(') ? parseWindowDefinition(parser) : parser.identifier('a window');
}
