import type { Expr, GroupItem, NamedWindow, Select, SelectItem } from '../ast/query.ts';
import { fail } from '../diagnostics/diagnostic.ts';
import { parseFrom } from './from.ts';
import type { Parser } from './parser.ts';
import { parseWindowDefinition } from './window.ts';

/** `SELECT [DISTINCT [ON (…)]] items [FROM …] [WHERE …] [GROUP BY …] [HAVING …] [WINDOW …] [QUALIFY …]` */
export function parseSelect(parser: Parser): Select {
  const start = parser.expect('SELECT');
  const distinct = parseDistinct(parser);
  refuseOtherHeads(parser);
  const items = parser.list(() => parseItem(parser));
  const from = parser.accept('FROM') ? parser.list(() => parseFrom(parser)) : [];
  const where = parser.accept('WHERE') ? parser.rules.expression(parser) : null;
  const groupBy = parseGroupBy(parser);
  const having = parser.accept('HAVING') ? parser.rules.expression(parser) : null;
  if (parser.at('WINDOW') && parser.peek(2).keyword === '(') parser.unexpected('the name of a window');
  const windows = parser.accept('WINDOW') ? parser.list(() => parseNamedWindow(parser)) : [];
  const qualify = parser.accept('QUALIFY') ? parser.rules.expression(parser) : null;
  return {
    kind: 'select',
    distinct,
    items,
    from,
    where,
    groupBy,
    having,
    windows,
    qualify,
    span: parser.spanSince(start),
  };
}

/** `SELECT TOP 5 a`, and select lists of nothing. */
function refuseOtherHeads(parser: Parser): void {
  const top = parser.at('TOP') ? parser.peek(parser.peek(1).keyword === '(' ? 2 : 1) : undefined;
  if (top?.kind === 'number' && !parser.at('TOP', '(', ')')) {
    const after = parser.peek(parser.peek(1).keyword === '(' ? 4 : 2);
    const isCall = after.keyword === ',' || after.keyword === 'FROM' || after.kind === 'end';
    if (!isCall)
      parser.notPlanned(parser.peek(), 'TOP', 'an endless stream has no first rows; filter with WHERE');
  }
  if (parser.atAny(['FROM', 'WHERE', ';', ')']) || parser.atEnd) {
    fail('foreignStatement', parser.peek(), 'a SELECT of no columns is not supported', 'name at least one');
  }
}

function parseDistinct(parser: Parser): Select['distinct'] {
  const start = parser.peek();
  if (parser.accept('ALL') || !parser.accept('DISTINCT')) return null;
  const on = parser.accept('ON') ? parser.parenthesised(() => parser.rules.expression(parser)) : [];
  return { on, span: parser.spanSince(start) };
}

function parseItem(parser: Parser): SelectItem {
  const value = parser.rules.expression(parser);
  const alias = value.kind === 'star' ? null : parser.acceptAlias();
  return { value, alias, span: parser.spanSince(value.span) };
}

function parseGroupBy(parser: Parser): GroupItem[] {
  if (!parser.accept('GROUP')) return [];
  parser.expect('BY');
  if (parser.atAny(['ALL', 'DISTINCT'])) {
    parser.notPlanned(parser.peek(), `GROUP BY ${parser.peek().keyword}`, 'name the columns to group by');
  }
  return parser.list(() => parseGroupItem(parser));
}

function parseGroupItem(parser: Parser): GroupItem {
  const start = parser.peek();
  if (parser.accept('GROUPING', 'SETS')) {
    const sets = parser.parenthesised(() => parseGroupingSet(parser));
    return { kind: 'sets', style: 'grouping_sets', sets, span: parser.spanSince(start) };
  }
  if (parser.at('ROLLUP', '(') || parser.at('CUBE', '(')) {
    const style = parser.next().keyword === 'ROLLUP' ? 'rollup' : 'cube';
    const sets = parser.parenthesised(() => parseGroupingSet(parser));
    return { kind: 'sets', style, sets, span: parser.spanSince(start) };
  }
  if (parser.at('(', ')')) parser.notPlanned(parser.peek(), 'GROUP BY ()', 'name the columns to group by');
  const value = parser.rules.expression(parser);
  return { kind: 'expression', value, span: value.span };
}

/** `(a, b)`, `a`, `()` */
function parseGroupingSet(parser: Parser): Expr[] {
  if (parser.accept('(', ')')) return [];
  if (parser.at('GROUPING', 'SETS')) {
    parser.notPlanned(parser.peek(), 'GROUPING SETS within another', 'write all sets into one');
  }
  const value = parser.rules.expression(parser);
  // Parentheses with commas were read as a row.
  return value.kind === 'row' ? value.items.map((item) => item.value) : [value];
}

function parseNamedWindow(parser: Parser): NamedWindow {
  const name = parser.identifier('the name of a window');
  parser.expect('AS');
  const definition = parseWindowDefinition(parser);
  return { name, definition, span: parser.spanSince(name.span) };
}
