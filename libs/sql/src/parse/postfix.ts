import type { Expr } from '../ast/query.ts';
import type { Parser } from './parser.ts';
import { parseTypeName } from './type-name.ts';

/** `::type`, `[index]`, `[from:to]`, `.field`, COLLATE: they bind strongest. */
export function parsePostfix(parser: Parser, operand: Expr): Expr {
  let result = operand;
  for (;;) {
    const next = onePostfix(parser, result);
    if (next === undefined) return result;
    result = next;
  }
}

function onePostfix(parser: Parser, operand: Expr): Expr | undefined {
  if (parser.accept('::')) {
    const type = parseTypeName(parser);
    return { kind: 'cast', operand, type, safe: false, span: parser.spanSince(operand.span) };
  }
  if (parser.accept('[')) return parseSubscript(parser, operand);
  if (parser.at('.') && operand.kind !== 'number') {
    parser.next();
    if (parser.at('*')) parser.notPlanned(parser.peek(), '.* of a value', 'name its fields');
    const name = parser.label('the name of a field');
    return { kind: 'field', of: operand, name, span: parser.spanSince(operand.span) };
  }
  if (parser.accept('COLLATE')) {
    const collation = parser.objectName('a collation');
    return { kind: 'collate', operand, collation, span: parser.spanSince(operand.span) };
  }
  return undefined;
}

function parseSubscript(parser: Parser, operand: Expr): Expr {
  const from = parser.at(':') ? null : parser.rules.expression(parser);
  if (parser.accept(':')) {
    const to = parser.at(']') ? null : parser.rules.expression(parser);
    parser.expect(']');
    return { kind: 'slice', of: operand, from, to, span: parser.spanSince(operand.span) };
  }
  parser.expect(']');
  if (from === null) return parser.unexpected('an index');
  return { kind: 'subscript', of: operand, index: from, span: parser.spanSince(operand.span) };
}
