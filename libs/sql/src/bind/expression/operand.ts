import type { SqlType } from '@weir/columnar/sql-type.ts';
import { booleanType, formatType } from '@weir/columnar/sql-type.ts';
import type { Expression } from '@weir/plan/expression.ts';
import type { Expr } from '../../ast/query.ts';
import { fail } from '../../diagnostics/diagnostic.ts';
import { shownType } from '../../types/shown-type.ts';
import type { Span } from '../../lex/span.ts';
import { castTo, coerce, commonType } from '../../types/coerce.ts';

/** Binds a part of an expression in the same place. */
export type Bind = (expr: Expr) => Expression;

/** A bound expression with where it stands. */
export interface Operand {
  readonly value: Expression;
  readonly span: Span;
}

export function operandOf(expr: Expr, bind: Bind): Operand {
  return { value: bind(expr), span: expr.span };
}

/** A condition: BOOLEAN, or a NULL that becomes one. */
export function asBoolean({ value, span }: Operand, what: string): Expression {
  const coerced = coerce(value, booleanType, span);
  if (coerced !== undefined && value.type.kind !== 'text') return coerced;
  return fail('typeMismatch', span, `${what} must be BOOLEAN, this is ${formatType(value.type)}`);
}

/** Makes both sides one type. */
export function unify(
  left: Operand,
  right: Operand,
  what: string,
  span: Span,
): [Expression, Expression, SqlType] {
  const type = commonType(left.value, right.value);
  if (type === undefined) {
    const names = `${shownType(left.value.type)} and ${shownType(right.value.type)}`;
    fail(
      'typeMismatch',
      span,
      `${what} doesn't go between ${names}`,
      'cast one side: CAST(… AS …) or …::type',
    );
  }
  return [castTo(left.value, type, left.span), castTo(right.value, type, right.span), type];
}

/** Makes all of several one type; the least common one from left to right. */
export function unifyAll(
  operands: readonly Operand[],
  what: string,
): { values: Expression[]; type: SqlType } {
  const [first, ...others] = operands;
  if (first === undefined) return { values: [], type: { kind: 'null' } };
  let model = first.value;
  for (const operand of others) {
    const type = commonType(model, operand.value);
    if (type === undefined) {
      const names = `${shownType(model.type)} and ${shownType(operand.value.type)}`;
      fail('typeMismatch', operand.span, `${what} mix ${names}`, 'cast them to one type');
    }
    // A text constant that went along with another type counts as that type from here on.
    model = castTo(model.type.kind === 'null' ? operand.value : model, type, operand.span);
  }
  const { type } = model;
  return { values: operands.map(({ value, span }) => castTo(value, type, span)), type };
}
