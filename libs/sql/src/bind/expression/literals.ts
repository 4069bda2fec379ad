import type { SqlType } from '@weir/columnar/sql-type.ts';
import { booleanType, textType } from '@weir/columnar/sql-type.ts';
import type { Expression } from '@weir/plan/expression.ts';
import type { LiteralExpr } from '../../ast/query.ts';
import { fail } from '../../diagnostics/diagnostic.ts';
import type { Span } from '../../lex/span.ts';
import { castTo } from '../../types/coerce.ts';
import { literal, nullLiteral, numberLiteral } from '../../types/constants.ts';
import { readInterval } from '@weir/columnar/interval-text.ts';
import { resolveType } from '../../types/resolve-type.ts';
import { cutTo, textBoundOf } from '../../types/text-bound.ts';
import { foldedOrFailing } from './failing-constants.ts';

export function bindLiteral(expr: LiteralExpr): Expression {
  switch (expr.kind) {
    case 'null':
      return nullLiteral();
    case 'boolean':
      return literal(expr.value, booleanType);
    case 'number':
      return (
        numberLiteral(expr.text) ??
        fail('badLiteral', expr.span, `${expr.text} is too large for any number type`)
      );
    case 'string':
      return literal(expr.value, textType);
    case 'bytes':
      return literal(base64OfHex(expr.hex), { kind: 'bytes' });
    case 'interval':
      return bindInterval(expr);
    case 'typed_string': {
      const type = resolveType(expr.type);
      return cutTo(
        castAsWritten(literal(expr.value, textType), type, expr.span, false),
        textBoundOf(expr.type),
      );
    }
  }
}

/** CAST as somebody wrote it: a constant that doesn't fit is an error of the rows that evaluate it. */
export function castAsWritten(argument: Expression, type: SqlType, span: Span, safe: boolean): Expression {
  const cast: Expression = { kind: 'cast', argument, type, safe, nullable: safe || argument.nullable };
  return foldedOrFailing(cast, () => castTo(argument, type, span, safe));
}

function base64OfHex(hex: string): string {
  const bytes = Array.from({ length: hex.length / 2 }, (_, index) =>
    Number.parseInt(hex.slice(index * 2, index * 2 + 2), 16),
  );
  return Buffer.from(bytes).toString('base64');
}

function bindInterval(expr: Extract<LiteralExpr, { kind: 'interval' }>): Expression {
  const interval = readInterval(expr.text, expr.unit);
  if (interval === undefined) {
    const hint = "write INTERVAL '10' SECOND or INTERVAL '1 minute'";
    fail('badInterval', expr.span, `'${expr.text}' is no interval`, hint);
  }
  if (interval === 'mixed') {
    const hint = 'add them one after the other: ts + INTERVAL … + INTERVAL …';
    fail(
      'badInterval',
      expr.span,
      'an interval has either months and years, or weeks and shorter units',
      hint,
    );
  }
  const type: SqlType = { kind: 'interval', unit: interval.unit };
  return literal(String(interval.value), type);
}
