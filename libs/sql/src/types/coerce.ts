import { decimalText } from '@weir/columnar/decimal-text.ts';
import type { SqlType } from '@weir/columnar/sql-type.ts';
import { formatType, sameType, textType } from '@weir/columnar/sql-type.ts';
import type { Expression } from '@weir/plan/expression.ts';
import { fail } from '../diagnostics/diagnostic.ts';
import type { Span } from '../lex/span.ts';
import { castKind } from './casts.ts';
import { rescale } from '@weir/columnar/decimal-scale.ts';
import { decimalLiteral, fitsInteger, literal, textToLiteral } from './constants.ts';
import { asDecimal, commonNumeric, isNumeric } from './numeric-types.ts';

/** A text constant takes any type that its text can be read as: 'unknown' in PostgreSQL. */
export function isTextConstant(expression: Expression): boolean {
  return expression.kind === 'literal' && expression.type.kind === 'text' && expression.value !== null;
}

/** Wraps in a cast, folding constants. The cast must be allowed. @throws DiagnosticFailure badLiteral when a constant doesn't fit. */
export function castTo(expression: Expression, type: SqlType, span: Span, safe = false): Expression {
  if (sameType(expression.type, type)) return expression;
  if (expression.kind === 'literal') {
    if (expression.value === null) return literal(null, type);
    const folded = foldCast(expression.value, expression.type, type);
    if (folded !== undefined) return folded;
    if (expression.type.kind === 'text' && canReadText(type) && !safe) {
      fail('badLiteral', span, `'${String(expression.value)}' is no ${formatType(type)}`, exampleOf(type));
    }
    if (expression.type.kind === 'text' && canReadText(type) && safe) return literal(null, type);
  }
  return { kind: 'cast', argument: expression, type, safe, nullable: safe || expression.nullable };
}

function canReadText(type: SqlType): boolean {
  return !['null', 'bytes', 'struct', 'list', 'map'].includes(type.kind);
}

function exampleOf(type: SqlType): string | undefined {
  switch (type.kind) {
    case 'timestamp':
      return "write it as '2024-01-31 12:30:00'";
    case 'date':
      return "write it as '2024-01-31'";
    case 'time':
      return "write it as '12:30:00'";
    case 'interval':
      return "write it as '10 seconds'";
    case 'boolean':
      return "write 'true' or 'false'";
    default:
      return undefined;
  }
}

/** The constant after the cast; undefined where it is left to run time. */
function foldCast(value: string | number | boolean, from: SqlType, to: SqlType): Expression | undefined {
  if (from.kind === 'text') return textToLiteral(String(value), to);
  if (from.kind === 'date' && to.kind === 'timestamp') {
    return literal(String(BigInt(value) * 86_400_000_000n), to);
  }
  if (from.kind === 'timestamp' && to.kind === 'timestamp' && to.precision >= from.precision) {
    return literal(value, to);
  }
  const exact = asDecimal(from);
  if (exact === undefined)
    return from.kind === 'float' && to.kind === 'float' && to.bits >= from.bits
      ? literal(value, to)
      : undefined;
  const unscaled = BigInt(value);
  if (to.kind === 'decimal') return decimalLiteral(unscaled, exact.scale, to);
  if (to.kind === 'integer') {
    const whole = rescale(unscaled, exact.scale, 0);
    return fitsInteger(whole, to) ? literal(String(whole), to) : undefined;
  }
  if (to.kind !== 'float') return undefined;
  return textToLiteral(decimalText(unscaled, exact.scale), to);
}

/** The cast if it goes without saying (implicit, or a text constant); undefined if it doesn't. */
export function coerce(expression: Expression, type: SqlType, span: Span): Expression | undefined {
  const kind = castKind(expression.type, type);
  if (kind === 'same') return expression;
  if (kind === 'implicit' || (isTextConstant(expression) && kind === 'explicit')) {
    return castTo(expression, type, span);
  }
  return undefined;
}

/** What two values of different types are compared as, or combined to in CASE, COALESCE, UNION; undefined if nothing fits. */
export function commonType(a: Expression, b: Expression): SqlType | undefined {
  if (sameType(a.type, b.type)) return a.type;
  if (a.type.kind === 'null') return b.type;
  if (b.type.kind === 'null') return a.type;
  if (isTextConstant(a) && castKind(textType, b.type) !== 'none') return b.type;
  if (isTextConstant(b) && castKind(textType, a.type) !== 'none') return a.type;
  return commonOfTypes(a.type, b.type);
}

function commonOfTypes(a: SqlType, b: SqlType): SqlType | undefined {
  if (sameType(a, b)) return a;
  if (a.kind === 'null') return b;
  if (b.kind === 'null') return a;
  if (isNumeric(a) && isNumeric(b)) return commonNumeric(a, b);
  if (a.kind === 'date' && b.kind === 'timestamp') return b;
  if (b.kind === 'date' && a.kind === 'timestamp') return a;
  if (a.kind === 'timestamp' && b.kind === 'timestamp') {
    return { kind: 'timestamp', precision: Math.max(a.precision, b.precision), zoned: a.zoned || b.zoned };
  }
  if (a.kind === 'time' && b.kind === 'time') {
    return { kind: 'time', precision: Math.max(a.precision, b.precision) };
  }
  return undefined;
}
