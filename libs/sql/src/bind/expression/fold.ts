import type { SqlType } from '@weir/columnar/sql-type.ts';
import { booleanType, formatType } from '@weir/columnar/sql-type.ts';
import type { Call, Expression, Literal } from '@weir/plan/expression.ts';
import { fail } from '../../diagnostics/diagnostic.ts';
import type { Span } from '../../lex/span.ts';
import { constantProblem } from './constant-texts.ts';
import { foldedOrFailing } from './failing-constants.ts';
import { rescale } from '@weir/columnar/decimal-scale.ts';
import { decimalLiteral, fitsInteger, literal, nullLiteral } from '../../types/constants.ts';

/**
 * Evaluates what is constant: exact arithmetic and comparisons, AND, OR, NOT, COALESCE, CASE with constant conditions. One level: parts were
 * folded before. What it leaves alone is evaluated at run time in the same way; what fails is left alone too (see failing-constants.ts).
 */
export function foldExpression(expression: Expression, span: Span): Expression {
  return foldedOrFailing(expression, () => folded(expression, span));
}

function folded(expression: Expression, span: Span): Expression {
  if (expression.kind === 'case') return foldCase(expression);
  if (expression.kind !== 'call') return expression;
  switch (expression.function) {
    case 'and':
    case 'or':
      return foldJunction(expression);
    case 'not':
      return foldNot(expression);
    case 'coalesce':
      return foldCoalesce(expression);
    case 'neg':
      return foldNegation(expression, span);
    case 'add':
    case 'sub':
    case 'mul':
    case 'mod':
    case 'div':
      return foldArithmetic(expression, span);
    case 'eq':
    case 'ne':
    case 'lt':
    case 'le':
    case 'gt':
    case 'ge':
      return foldComparison(expression);
    default: {
      const problem = constantProblem(expression);
      return problem === undefined ? expression : fail('invalidConstant', span, problem);
    }
  }
}

/** The days since 1970 that a TIMESTAMP of 64 bits has, as at run time. */
const mostDays = 106_751_990n;

function constant(expression: Expression | undefined): Literal | undefined {
  return expression?.kind === 'literal' ? expression : undefined;
}

function isHeldAsInt(type: SqlType): boolean {
  return ['integer', 'decimal', 'interval', 'date', 'time', 'timestamp'].includes(type.kind);
}

function foldCase(expression: Extract<Expression, { kind: 'case' }>): Expression {
  const branches: { when: Expression; then: Expression }[] = [];
  for (const branch of expression.branches) {
    const condition = constant(branch.when);
    if (condition === undefined) {
      branches.push(branch);
    } else if (condition.value === true) {
      return finishCase(expression, branches, branch.then);
    }
  }
  return finishCase(expression, branches, expression.otherwise);
}

function finishCase(
  expression: Extract<Expression, { kind: 'case' }>,
  branches: readonly { readonly when: Expression; readonly then: Expression }[],
  otherwise: Expression,
): Expression {
  if (branches.length === 0) return otherwise;
  const nullable = otherwise.nullable || branches.some(({ then }) => then.nullable);
  return { ...expression, branches, otherwise, nullable };
}

/** Drops TRUE from AND and FALSE from OR; the other constant decides. */
function foldJunction(expression: Call): Expression {
  const decisive = expression.function === 'or';
  if (expression.arguments.some((argument) => constant(argument)?.value === decisive)) {
    return literal(decisive, booleanType);
  }
  const left = expression.arguments.filter((argument) => constant(argument)?.value !== !decisive);
  const [only] = left;
  if (only === undefined) return literal(!decisive, booleanType);
  if (left.length === 1) return only;
  return { ...expression, arguments: left, nullable: left.some((argument) => argument.nullable) };
}

function foldNot(expression: Call): Expression {
  const [argument] = expression.arguments;
  if (argument?.kind === 'call' && argument.function === 'not') return argument.arguments[0] ?? expression;
  const value = constant(argument)?.value;
  if (value === null) return nullLiteral(booleanType);
  return typeof value === 'boolean' ? literal(!value, booleanType) : expression;
}

/** What stands behind a value that is never NULL is never looked at. */
function foldCoalesce(expression: Call): Expression {
  const open = expression.arguments.filter((argument) => constant(argument)?.value !== null);
  const last = open.findIndex((argument) => !argument.nullable);
  const left = last < 0 ? open : open.slice(0, last + 1);
  const [only] = left;
  if (only === undefined) return nullLiteral(expression.type);
  if (left.length === 1) return only;
  return { ...expression, arguments: left, nullable: last < 0 };
}

function foldNegation(expression: Call, span: Span): Expression {
  const argument = constant(expression.arguments[0]);
  if (argument === undefined) return expression;
  if (argument.value === null) return nullLiteral(expression.type);
  if (argument.type.kind === 'float')
    return typeof argument.value === 'number' ? literal(-argument.value, argument.type) : expression;
  return exactResult(-BigInt(argument.value), 0, argument.type, span, true);
}

/** -9223372036854775808 is written as the negative of a number that is no BIGINT: DECIMAL(19, 0) comes back to BIGINT here. */
function exactResult(value: bigint, scale: number, type: SqlType, span: Span, unscaled: boolean): Expression {
  if (type.kind === 'integer') {
    if (fitsInteger(value, type)) return literal(String(value), type);
    return fail(
      'overflow',
      span,
      `${value} is out of range for ${formatType(type)}`,
      'cast an operand to a wider type',
    );
  }
  if (type.kind === 'decimal') {
    if (unscaled && type.scale === 0 && value === -(2n ** 63n)) {
      return literal(String(value), { kind: 'integer', bits: 64, signed: true });
    }
    const result = decimalLiteral(value, unscaled ? type.scale : scale, type);
    return result ?? fail('overflow', span, `the result is out of range for ${formatType(type)}`);
  }
  const most = type.kind === 'date' ? mostDays : 2n ** 63n - 1n;
  if (value > most || value < -most - 1n) {
    fail('overflow', span, `the result is out of range for ${formatType(type)}`);
  }
  return literal(String(value), type);
}

function foldArithmetic(expression: Call, span: Span): Expression {
  const a = constant(expression.arguments[0]);
  const b = constant(expression.arguments[1]);
  const divides = expression.function === 'div' || expression.function === 'mod';
  if (divides && b !== undefined && isHeldAsInt(b.type) && b.value !== null && BigInt(b.value) === 0n) {
    fail('invalidConstant', span, 'division by zero');
  }
  if (a === undefined || b === undefined) return expression;
  if (a.value === null || b.value === null) return nullLiteral(expression.type);
  const exact = [a.type, b.type].every(isHeldAsInt) && isHeldAsInt(expression.type);
  const monthly = [a.type, b.type].some((type) => type.kind === 'interval' && type.unit === 'months');
  if (!exact || monthly || expression.type.kind === 'time') return expression;
  return foldExact(expression, a, b, span);
}

function foldExact(expression: Call, a: Literal, b: Literal, span: Span): Expression {
  const scaleOf = (type: SqlType): number => (type.kind === 'decimal' ? type.scale : 0);
  const [left, right] = [BigInt(a.value ?? 0), BigInt(b.value ?? 0)];
  const scale = Math.max(scaleOf(a.type), scaleOf(b.type));
  const [x, y] = [rescale(left, scaleOf(a.type), scale), rescale(right, scaleOf(b.type), scale)];
  switch (expression.function) {
    case 'add':
      return exactResult(x + y, scale, expression.type, span, false);
    case 'sub':
      return exactResult(x - y, scale, expression.type, span, false);
    case 'mod':
      return exactResult(x % y, scale, expression.type, span, false);
    case 'mul':
      return exactResult(left * right, scaleOf(a.type) + scaleOf(b.type), expression.type, span, false);
    default:
      // A decimal quotient is left to the operators: its rounding is theirs.
      return expression.type.kind === 'integer'
        ? exactResult(left / right, 0, expression.type, span, false)
        : expression;
  }
}

function foldComparison(expression: Call): Expression {
  const a = constant(expression.arguments[0]);
  const b = constant(expression.arguments[1]);
  if (a === undefined || b === undefined) return expression;
  if (a.value === null || b.value === null) return nullLiteral(booleanType);
  if (!isHeldAsInt(a.type)) return expression;
  const difference = BigInt(a.value) - BigInt(b.value);
  const outcome = {
    eq: difference === 0n,
    ne: difference !== 0n,
    lt: difference < 0n,
    le: difference <= 0n,
    gt: difference > 0n,
    ge: difference >= 0n,
  }[expression.function];
  return outcome === undefined ? expression : literal(outcome, booleanType);
}
