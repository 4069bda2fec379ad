import type { Argument, CallExpr, Expr, WindowDefinition } from '../ast/query.ts';
import type { Identifier, ObjectName } from '../ast/identifier.ts';
import type { Token } from '../lex/token.ts';
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
    if (!parser.at(')')) values = parseArguments(parser, name);
    orderBy = parser.at('ORDER') ? parseSortKeys(parser) : [];
    if (!parser.at(')')) refuseClauses(parser, name);
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

/** Functions whose arguments SQL/JSON and SQL/XML give a grammar of their own. */
const standardForms = /^(?:json|xml)/i;

/** What a clause of theirs may be written as. */
const standardHints: Readonly<Record<string, string>> = {
  JSON_VALUE: "write CAST(JSON_VALUE(value, '$.path') AS type), and COALESCE for a default",
  JSON_QUERY: "write JSON_QUERY(value, '$.path') alone; it gives NULL for what isn't there",
  JSON_EXISTS: "write JSON_EXISTS(value, '$.path') alone",
};

function parseArguments(parser: Parser, name: ObjectName): Argument[] {
  if (parser.at('SELECT') || parser.at('WITH')) refuseClauses(parser, name);
  return parser.list(() => parseArgument(parser));
}

const clauseWords = [
  ...['RETURNING', 'DEFAULT', 'NULL', 'ERROR', 'ABSENT', 'PASSING', 'WITH', 'WITHOUT', 'ON', 'KEEP', 'OMIT'],
  ...['FORMAT', 'VALUE', 'COLUMNS', 'AS', 'TRUE', 'FALSE', 'UNKNOWN', 'EMPTY', 'SELECT'],
];

/** Some words were read as the name of a value: in `KEY k VALUE v` the cursor stands at k. */
function clauseToken(parser: Parser): Token {
  const token = parser.peek();
  const behindWord = !parser.atAny(clauseWords) && parser.previous.kind === 'word';
  return behindWord ? parser.previous : token;
}

/** `JSON_VALUE(v, '$.a' RETURNING INT)`: refused by its name. */
function refuseClauses(parser: Parser, { parts }: ObjectName): void {
  const name = parts.at(-1)?.name.toUpperCase() ?? '';
  if (parts.length > 1 || !standardForms.test(name)) return;
  const token = clauseToken(parser);
  const shown = token.kind === 'word' || token.kind === 'operator' ? token.keyword : 'a clause';
  const hint = Object.hasOwn(standardHints, name) ? standardHints[name] : undefined;
  parser.notPlanned(token, `${shown} in ${name}(…)`, hint ?? 'write plain arguments, with commas between');
}

function parseArgument(parser: Parser): Argument {
  const start = parser.peek();
  const named = parser.peek(1).keyword === '=>' || parser.peek(1).keyword === ':=';
  if ((start.kind === 'word' || start.kind === 'quoted') && named) {
    const name = parser.label();
    parser.next();
    const value = parseArgument(parser);
    return { kind: 'named', name, value, span: parser.spanSince(start) };
  }
  if (parser.at('VARIADIC')) {
    if (parser.peek(1).kind === 'word')
      parser.notPlanned(start, 'VARIADIC', 'write the arguments one by one');
  }
  if (parser.at('MODEL') && parser.peek(1).kind === 'word') {
    parser.notPlanned(start, 'MODEL as an argument', 'there are no models');
  }
  if (parser.at('TABLE')) {
    parser.next();
    if (!parser.accept('(')) {
      const table = parser.objectName('a table');
      const partitionBy = parsePartition(parser);
      return { kind: 'table', table, partitionBy, span: parser.spanSince(start) };
    }
    const table = parser.atAny(['SELECT', 'WITH', 'VALUES'])
      ? parser.rules.query(parser)
      : parser.objectName('a table');
    parser.expect(')');
    const partitionBy = parsePartition(parser);
    return { kind: 'table', table, partitionBy, span: parser.spanSince(start) };
  }
  if (parser.at('DESCRIPTOR', '(')) {
    parser.next();
    const columns = parser.parenthesised(() => parser.identifier('a column'));
    return { kind: 'descriptor', columns, span: parser.spanSince(start) };
  }
  const value = parser.rules.expression(parser);
  return { kind: 'value', value, span: value.span };
}

/** `TABLE t PARTITION BY a, b`: what follows a comma is a column only as long as no argument can begin there. */
function parsePartition(parser: Parser): Expr[] {
  const columns = parser.accept('PARTITION', 'BY') ? parsePartitionColumns(parser) : [];
  if (parser.at('ORDER', 'BY')) {
    parser.notPlanned(
      parser.peek(),
      'ORDER BY of a table argument',
      'leave it out: windows are in the order of time',
    );
  }
  return columns;
}

function parsePartitionColumns(parser: Parser): Expr[] {
  if (parser.at('(')) return parser.parenthesised(() => parser.rules.expression(parser));
  const columns = [parser.rules.expression(parser)];
  while (parser.at(',') && !isArgument(parser)) {
    parser.next();
    columns.push(parser.rules.expression(parser));
  }
  return columns;
}

function isArgument(parser: Parser): boolean {
  return (
    ['DESCRIPTOR', 'INTERVAL', 'TABLE'].includes(parser.peek(1).keyword) || parser.peek(2).keyword === '=>'
  );
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
