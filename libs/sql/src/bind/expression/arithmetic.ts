import type { SqlType } from '@weir/columnar/sql-type.ts';
import { bigintType, doubleType, formatType } from '@weir/columnar/sql-type.ts';
import type { Expression } from '@weir/plan/expression.ts';
import { fail } from '../../diagnostics/diagnostic.ts';
import { shownType } from '../../types/shown-type.ts';
import type { Span } from '../../lex/span.ts';
import { strictCall } from '../../logical/expressions.ts';
import { castTo, isTextConstant } from '../../types/coerce.ts';
import {
  type ArithmeticOperator,
  asDecimal,
  commonNumeric,
  decimalResult,
  isNumeric,
} from '../../types/numeric-types.ts';
import type { Operand } from './operand.ts';

export const arithmeticIds: Readonly<Record<string, ArithmeticOperator>> = {
  '+': 'add',
  '-': 'sub',
  '*': 'mul',
  '/': 'div',
  '%': 'mod',
};

const symbols: Readonly<Record<ArithmeticOperator, string>> = {
  add: '+',
  sub: '-',
  mul: '*',
  div: '/',
  mod: '%',
};

/** `a + b` and its kin over numbers, dates, times and intervals. */
export function bindArithmetic(
  operator: ArithmeticOperator,
  left: Operand,
  right: Operand,
  span: Span,
): Expression {
  const [a, b] = adaptConstants(left, right);
  if (isNumeric(a.value.type) && isNumeric(b.value.type)) return numeric(operator, a, b);
  const temporal = bindTemporal(operator, a, b);
  if (temporal !== undefined) return temporal;
  const names = `${shownType(a.value.type)} ${symbols[operator]} ${shownType(b.value.type)}`;
  return fail('typeMismatch', span, `there is no ${names}`, hintFor(operator, a.value.type, b.value.type));
}

function hintFor(operator: ArithmeticOperator, a: SqlType, b: SqlType): string | undefined {
  if (operator === 'add' && (a.kind === 'text' || b.kind === 'text')) return 'texts are joined with ||';
  if (a.kind === 'timestamp' && b.kind === 'integer') return "add an interval: ts + INTERVAL '5' SECOND";
  return a.kind === 'text' || b.kind === 'text' ? 'cast the text to a number first' : undefined;
}

/** NULL and text constants take a type that goes with the other side. */
function adaptConstants(left: Operand, right: Operand): [Operand, Operand] {
  const adapt = (operand: Operand, other: SqlType): Operand => {
    const isNull = operand.value.type.kind === 'null';
    if (!isNull && !isTextConstant(operand.value)) return operand;
    const type: SqlType = isNumeric(other)
      ? other
      : other.kind === 'timestamp' || other.kind === 'date' || other.kind === 'time'
        ? { kind: 'interval', unit: 'micros' }
        : other.kind === 'null' || other.kind === 'text'
          ? bigintType
          : other;
    return { ...operand, value: castTo(operand.value, type, operand.span) };
  };
  const a = adapt(left, right.value.type);
  return [a, adapt(right, a.value.type)];
}

function numeric(operator: ArithmeticOperator, left: Operand, right: Operand): Expression {
  const common = commonNumeric(left.value.type, right.value.type) ?? doubleType;
  if (common.kind !== 'decimal') {
    const args = [castTo(left.value, common, left.span), castTo(right.value, common, right.span)];
    return strictCall(operator, args, common);
  }
  const a = asDecimal(left.value.type);
  const b = asDecimal(right.value.type);
  if (a === undefined || b === undefined)
    return fail('typeMismatch', left.span, 'exact numbers expected here');
  const args = [castTo(left.value, a, left.span), castTo(right.value, b, right.span)];
  return strictCall(operator, args, decimalResult(operator, a, b));
}

/** The table of dates, times and intervals; undefined where it has no entry. */
function bindTemporal(operator: ArithmeticOperator, left: Operand, right: Operand): Expression | undefined {
  const a = left.value;
  const b = right.value;
  const micros: SqlType = { kind: 'interval', unit: 'micros' };
  if (operator === 'add' || operator === 'sub') {
    if (b.type.kind === 'interval') {
      if (a.type.kind === 'timestamp') return strictCall(operator, [a, b], a.type);
      if (a.type.kind === 'time' && b.type.unit === 'micros') return strictCall(operator, [a, b], a.type);
      if (a.type.kind === 'interval' && a.type.unit === b.type.unit)
        return strictCall(operator, [a, b], a.type);
      if (a.type.kind === 'date') {
        const type: SqlType = { kind: 'timestamp', precision: 6, zoned: false };
        return strictCall(operator, [castTo(a, type, left.span), b], type);
      }
    }
    if (a.type.kind === 'date' && b.type.kind === 'integer') {
      return strictCall(operator, [a, castTo(b, bigintType, right.span)], a.type);
    }
  }
  if (
    operator === 'add' &&
    a.type.kind === 'interval' &&
    ['timestamp', 'date', 'time'].includes(b.type.kind)
  ) {
    return bindTemporal(operator, right, left);
  }
  if (operator === 'sub' && a.type.kind === 'date' && b.type.kind === 'date') {
    return strictCall('sub', [a, b], bigintType);
  }
  if (operator === 'sub' && a.type.kind === 'timestamp' && b.type.kind === 'timestamp') {
    return strictCall('sub', [a, b], micros);
  }
  if (operator === 'mul' && a.type.kind === 'interval' && b.type.kind === 'integer') {
    return strictCall('mul', [a, castTo(b, bigintType, right.span)], a.type);
  }
  if (operator === 'mul' && a.type.kind === 'integer' && b.type.kind === 'interval') {
    return bindTemporal('mul', right, left);
  }
  return undefined;
}

/** `-a`, `+a`. */
export function bindSign(operator: '-' | '+', operand: Operand, span: Span): Expression {
  const { type } = operand.value;
  if (!isNumeric(type) && type.kind !== 'interval') {
    fail('typeMismatch', span, `there is no ${operator} of ${formatType(type)}`);
  }
  if (operator === '+') return operand.value;
  if (type.kind === 'integer' && !type.signed)
    fail('typeMismatch', span, `${formatType(type)} has no negatives`);
  return strictCall('neg', [operand.value], type);
}
