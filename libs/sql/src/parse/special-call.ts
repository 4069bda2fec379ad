import type { CallExpr, Expr } from '../ast/query.ts';
import type { Span } from '../lex/span.ts';
import type { Parser } from './parser.ts';
import { parseTypeName } from './type-name.ts';
import { power } from './powers.ts';

/** Functions whose arguments have a grammar of their own. */
const names = [
  'CAST',
  'TRY_CAST',
  'SAFE_CAST',
  'EXTRACT',
  'POSITION',
  'SUBSTRING',
  'TRIM',
  'OVERLAY',
  'CEIL',
  'CEILING',
  'FLOOR',
] as const;

export function isSpecialCall(parser: Parser): boolean {
  const { keyword, kind } = parser.peek();
  return kind === 'word' && parser.peek(1).keyword === '(' && names.some((name) => name === keyword);
}

/** CAST, EXTRACT, and the keyword spellings of POSITION, SUBSTRING, TRIM, OVERLAY; those become plain calls. */
export function parseSpecialCall(parser: Parser): Expr {
  const start = parser.next();
  parser.expect('(');
  switch (start.keyword) {
    case 'CAST':
    case 'TRY_CAST':
    case 'SAFE_CAST':
      return parseCast(parser, start, start.keyword !== 'CAST');
    case 'EXTRACT':
      return parseExtract(parser, start);
    case 'POSITION':
      return parsePosition(parser, start);
    case 'SUBSTRING':
      return parseSubstring(parser, start);
    case 'TRIM':
      return parseTrim(parser, start);
    case 'OVERLAY':
      return parseOverlay(parser, start);
    default:
      return parseCeilOrFloor(parser, start, start.keyword === 'FLOOR' ? 'floor' : 'ceil');
  }
}

function close(parser: Parser, start: Span, name: string, values: readonly Expr[]): CallExpr {
  parser.expect(')');
  const nameSpan = { start: start.start, end: start.end };
  return {
    kind: 'call',
    name: { parts: [{ name, quoted: false, span: nameSpan }], span: nameSpan },
    arguments: values.map((value) => ({ kind: 'value', value, span: value.span })),
    distinct: false,
    orderBy: [],
    withinGroup: [],
    filter: null,
    nulls: null,
    over: null,
    bare: false,
    span: parser.spanSince(start),
  };
}

function parseCast(parser: Parser, start: Span, safe: boolean): Expr {
  const operand = parser.rules.expression(parser);
  parser.expect('AS', 'write CAST(value AS type)');
  const type = parseTypeName(parser);
  parser.expect(')');
  return { kind: 'cast', operand, type, safe, span: parser.spanSince(start) };
}

function parseExtract(parser: Parser, start: Span): Expr {
  const token = parser.peek();
  const field =
    token.kind === 'string'
      ? { name: parser.string('a field'), quoted: true, span: { start: token.start, end: token.end } }
      : parser.label('a field such as HOUR');
  parser.expect('FROM', 'write EXTRACT(HOUR FROM ts)');
  const from = parser.rules.expression(parser);
  parser.expect(')');
  return { kind: 'extract', field, from, span: parser.spanSince(start) };
}

function parsePosition(parser: Parser, start: Span): Expr {
  // The operand ends before IN: only operators that bind stronger than a predicate.
  const needle = parser.rules.expression(parser, power.predicate);
  if (parser.accept('IN')) return close(parser, start, 'strpos', [parser.rules.expression(parser), needle]);
  parser.expect(',');
  return close(parser, start, 'strpos', [needle, parser.rules.expression(parser)]);
}

function parseSubstring(parser: Parser, start: Span): Expr {
  const values = [parser.rules.expression(parser)];
  if (parser.accept('FROM')) {
    values.push(parser.rules.expression(parser));
    if (parser.accept('FOR')) values.push(parser.rules.expression(parser));
  } else if (parser.accept('FOR')) {
    const one: Expr = { kind: 'number', text: '1', span: parser.previous };
    values.push(one, parser.rules.expression(parser));
  } else {
    while (parser.accept(',')) values.push(parser.rules.expression(parser));
  }
  return close(parser, start, 'substring', values);
}

/** `TRIM([BOTH | LEADING | TRAILING] [characters] FROM text)`, `TRIM(text [, characters])` */
function parseTrim(parser: Parser, start: Span): Expr {
  const side = parser.atAny(['BOTH', 'LEADING', 'TRAILING']) ? parser.next().keyword : 'BOTH';
  const name = side === 'LEADING' ? 'ltrim' : side === 'TRAILING' ? 'rtrim' : 'btrim';
  if (parser.accept('FROM')) {
    const values = [parser.rules.expression(parser)];
    if (parser.accept(',')) values.push(parser.rules.expression(parser));
    return close(parser, start, name, values);
  }
  const first = parser.rules.expression(parser);
  if (parser.accept('FROM')) return close(parser, start, name, [parser.rules.expression(parser), first]);
  const values = [first];
  if (parser.accept(',')) values.push(parser.rules.expression(parser));
  return close(parser, start, name, values);
}

function parseOverlay(parser: Parser, start: Span): Expr {
  const values = [parser.rules.expression(parser)];
  if (parser.accept('PLACING')) {
    values.push(parser.rules.expression(parser));
    parser.expect('FROM');
    values.push(parser.rules.expression(parser));
    if (parser.accept('FOR')) values.push(parser.rules.expression(parser));
  } else {
    while (parser.accept(',')) values.push(parser.rules.expression(parser));
  }
  return close(parser, start, 'overlay', values);
}

/** `FLOOR(x)`; Flink's `FLOOR(ts TO HOUR)` becomes date_trunc. */
function parseCeilOrFloor(parser: Parser, start: Span, name: string): Expr {
  const value = parser.rules.expression(parser);
  if (name === 'ceil' && parser.at('TO')) {
    const unit = parser.peek(1).keyword;
    const hint = `write FLOOR(ts TO ${unit}) + INTERVAL '1' ${unit}, and CASE for what is whole already`;
    parser.notPlanned(parser.peek(), `CEIL(… TO ${unit})`, hint);
  }
  if (name === 'floor' && parser.accept('TO')) {
    const unit = parser.label('a unit');
    const field: Expr = { kind: 'string', value: unit.name.toLowerCase(), span: unit.span };
    return close(parser, start, 'date_trunc', [field, value]);
  }
  const values = [value];
  while (parser.accept(',')) values.push(parser.rules.expression(parser));
  return close(parser, start, name, values);
}
