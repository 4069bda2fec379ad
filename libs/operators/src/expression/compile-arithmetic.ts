import { formatType, type SqlType } from '@weir/columnar/sql-type.ts';
import { assert, present } from '@weir/kernel/assert.ts';
import { bigintCode, finiteCode, integerCode } from '@weir/kernel/code-number.ts';
import type { Call, Expression } from '@weir/plan/expression.ts';
import { divisionByZero, overflow } from './evaluation-errors.ts';
import { microsPerDay } from '@weir/columnar/civil-calendar.ts';
import { addMonths } from './functions/calendar.ts';
import { divideRounded, powerOfTen } from '@weir/columnar/decimal-scale.ts';
import { lower } from './functions/exact.ts';
import {
  eitherNull,
  maxSafe,
  nameFlag,
  NeedsExact,
  rangeOf,
  type Compiler,
  type ScalarValue,
  zeroOf,
} from './value.ts';

/** `+ - * / %` and negation over integers, decimals, floats, dates, times and intervals. */
export function compileArithmetic(compiler: Compiler, call: Call): ScalarValue {
  const [left, right] = call.arguments.map((argument) => scalar(compiler, argument));
  const a = present(left, 'left operand');
  if (call.function === 'neg') return negate(compiler, call, a);
  const b = present(right, 'right operand');
  const isNull = nameFlag(compiler.code, eitherNull(a.isNull, b.isNull));
  if (call.type.kind === 'float') return floatArithmetic(compiler, call, a.code, b.code, isNull);
  return guarded(compiler, isNull, (set) => exactArithmetic(compiler, call, a.code, b.code, set));
}

export function scalar(compiler: Compiler, expression: Expression): ScalarValue {
  const value = compiler.compile(expression);
  assert(value.kind !== 'bytes' && value.kind !== 'nested', 'the operand is a scalar');
  return value;
}

/** A local set by `body`, which runs only where the operands are not NULL: garbage at NULL rows must raise no error. */
export function guarded(
  compiler: Compiler,
  isNull: string,
  body: (set: (code: string) => void) => void,
): ScalarValue {
  const { code } = compiler;
  const result = code.local('v', zeroOf(compiler.mode, 'int'));
  if (isNull !== 'true') {
    if (isNull !== 'false') code.line(`if (!${isNull}) {`);
    body((value) => code.line(`${result} = ${value};`));
    if (isNull !== 'false') code.line('}');
  }
  return { kind: 'int', code: result, isNull };
}

function exactArithmetic(
  compiler: Compiler,
  call: Call,
  a: string,
  b: string,
  set: (code: string) => void,
): void {
  const { code, mode } = compiler;
  const [aType, bType] = call.arguments.map((argument) => argument.type);
  assert(aType !== undefined && bType !== undefined, 'arithmetic has two operands');
  const name = call.function;
  if (call.type.kind === 'decimal') return decimalArithmetic(compiler, call, a, b, set);
  if (isTimestampMonths(aType, bType)) {
    const months = name === 'sub' ? `-${b}` : b;
    const moved = code.local('r', runtimeExact(compiler, code.constant('addMonths', addMonths), [a, months]));
    checkRange(compiler, call, call.type, moved, [a, b]);
    set(moved);
    return;
  }
  if (name === 'div' || name === 'mod') return integerDivision(compiler, call, a, b, set);
  const x = aType.kind === 'date' && call.type.kind === 'timestamp' ? scaled(compiler, a, microsPerDay) : a;
  const y = bType.kind === 'date' && call.type.kind === 'timestamp' ? scaled(compiler, b, microsPerDay) : b;
  const operator = present({ add: '+', sub: '-', mul: '*' }[name], `operator ${name}`);
  const result = code.local('r', `${x} ${operator} ${y}`);
  checkRange(compiler, call, call.type, result, [a, b]);
  if (call.type.kind === 'time') {
    const day = mode === 'fast' ? String(microsPerDay) : `${microsPerDay}n`;
    set(`((${result} % ${day}) + ${day}) % ${day}`);
    return;
  }
  // -0 never leaves an operator: it would hash and print unlike 0.
  set(mode === 'fast' && name === 'mul' ? `${result} + 0` : result);
}

function isTimestampMonths(a: SqlType, b: SqlType): boolean {
  return (a.kind === 'timestamp' || a.kind === 'date') && b.kind === 'interval' && b.unit === 'months';
}

/** code * factor; in fast mode with a check that the product is safe: the sum may be where it isn't. */
function scaled(compiler: Compiler, code: string, factor: number): string {
  if (compiler.mode === 'exact') return `${code} * ${factor}n`;
  const product = compiler.code.local('r', `${code} * ${factor}`);
  bailUnlessSafe(compiler, product);
  return product;
}

/** A call of a runtime function over exact integers: it takes numbers where they are safe, and may answer with a bigint. */
export function runtimeExact(compiler: Compiler, name: string, operands: readonly string[]): string {
  const { code, mode } = compiler;
  if (mode === 'exact') {
    const low = code.constant('lower', lower);
    return `BigInt(${name}(${operands.map((operand) => `${low}(${operand})`).join(', ')}))`;
  }
  const result = code.local('r', `${name}(${operands.join(', ')})`);
  code.line(`if (typeof ${result} === 'bigint') return -1;`);
  return result;
}

function integerDivision(
  compiler: Compiler,
  call: Call,
  a: string,
  b: string,
  set: (code: string) => void,
): void {
  const { code, mode } = compiler;
  checkDivisor(compiler, call, a, b);
  if (mode === 'exact') {
    const result = code.local('r', call.function === 'div' ? `${a} / ${b}` : `${a} % ${b}`);
    checkRange(compiler, call, call.type, result, [a, b]);
    set(result);
    return;
  }
  if (call.function === 'mod') return set(`${a} % ${b} + 0`);
  // a - a % b is a multiple of b: the quotient is exact, and truncated as in PostgreSQL.
  const result = code.local('r', `(${a} - ${a} % ${b}) / ${b} + 0`);
  if (call.type.kind === 'integer' && call.type.bits < 64)
    checkRange(compiler, call, call.type, result, [a, b]);
  set(result);
}

function checkDivisor(compiler: Compiler, call: Call, a: string, b: string): void {
  const { code } = compiler;
  const raise = code.constant('divisionByZero', divisionByZero);
  code.line(`if (${b} == 0) ${raise}(${JSON.stringify(compiler.describe(call))}, ${a});`);
}

function decimalArithmetic(
  compiler: Compiler,
  call: Call,
  a: string,
  b: string,
  set: (code: string) => void,
): void {
  const { code } = compiler;
  const [aScale, bScale] = call.arguments.map((argument) => scaleOf(argument.type));
  const scale = scaleOf(call.type);
  assert(aScale !== undefined && bScale !== undefined, 'decimal arithmetic has two operands');
  switch (call.function) {
    case 'add':
    case 'sub':
    case 'mod': {
      const common = Math.max(aScale, bScale);
      const x = widen(compiler, a, common - aScale);
      const y = widen(compiler, b, common - bScale);
      if (call.function === 'mod') checkDivisor(compiler, call, a, b);
      const operator = { add: '+', sub: '-', mod: '%' }[call.function];
      set(finishDecimal(compiler, call, `${x} ${operator} ${y}`, common, [a, b]));
      return;
    }
    case 'mul':
      set(finishDecimal(compiler, call, `${a} * ${b}`, aScale + bScale, [a, b]));
      return;
    default: {
      checkDivisor(compiler, call, a, b);
      const shift = scale - aScale + bScale;
      const x = shift >= 0 ? widen(compiler, a, shift) : a;
      const y = shift >= 0 ? b : widen(compiler, b, -shift);
      const quotient = code.local('r', roundedQuotient(compiler, x, y));
      checkRange(compiler, call, call.type, quotient, [a, b]);
      set(quotient);
    }
  }
}

function scaleOf(type: SqlType): number {
  return type.kind === 'decimal' ? type.scale : 0;
}

/** a * 10^digits; in fast mode with a check that the product is safe. */
export function widen(compiler: Compiler, a: string, digits: number): string {
  if (digits === 0) return a;
  const { code, mode } = compiler;
  if (mode === 'exact') return `(${a} * ${bigintCode(powerOfTen(digits))})`;
  if (digits > 15) throw new NeedsExact();
  const result = code.local('r', `${a} * ${finiteCode(10 ** digits)}`);
  bailUnlessSafe(compiler, result);
  return result;
}

function bailUnlessSafe(compiler: Compiler, value: string): void {
  compiler.code.line(`if (!(${value} <= ${maxSafe} && ${value} >= -${maxSafe})) return -1;`);
}

/** a / b rounded half away from zero, of two exact integers. */
function roundedQuotient(compiler: Compiler, a: string, b: string): string {
  const { code, mode } = compiler;
  const name = code.constant('divideRounded', divideRounded);
  if (mode === 'exact') return `${name}(${a}, ${b})`;
  const fast = code.constant('divideRoundedSafe', divideRoundedSafe);
  return `${fast}(${a}, ${b})`;
}

/** As divideRounded, over safe numbers: the rest is exact, and compared with what is left to the divisor, so nothing is doubled. */
function divideRoundedSafe(a: number, b: number): number {
  const rest = Math.abs(a % b);
  const quotient = (a - (a % b)) / b;
  const up = rest >= Math.abs(b) - rest && rest !== 0;
  return (up ? quotient + (a < 0 === b < 0 ? 1 : -1) : quotient) + 0;
}

/** Brings a result from `from` digits to the scale of the call's type, checks its precision. */
function finishDecimal(
  compiler: Compiler,
  call: Call,
  expression: string,
  from: number,
  operands: readonly string[],
): string {
  const { code, mode } = compiler;
  const raw = code.local('r', expression);
  if (mode === 'fast') bailUnlessSafe(compiler, raw);
  const scale = scaleOf(call.type);
  let result = raw;
  if (from < scale) result = widen(compiler, raw, scale - from);
  if (from > scale) {
    const digits = from - scale;
    const divisor = mode === 'exact' ? bigintCode(powerOfTen(digits)) : finiteCode(10 ** digits);
    if (mode === 'fast' && digits > 15) throw new NeedsExact();
    result = roundedQuotient(compiler, raw, divisor);
  }
  const checked = code.local('r', mode === 'fast' ? `${result} + 0` : result);
  checkRange(compiler, call, call.type, checked, operands);
  return checked;
}

/**
 * Raises an error where `value` is out of the type's range; in fast mode gives up where it isn't safe.
 * A product of two safe numbers that rounds to a safe one is exact, so the check may follow the operation.
 */
export function checkRange(
  compiler: Compiler,
  expression: Expression,
  type: SqlType,
  value: string,
  operands: readonly string[],
): void {
  const { code, mode } = compiler;
  const { min, max } = rangeOf(type);
  const raise = code.constant('overflow', overflow);
  const texts = [
    JSON.stringify(compiler.describe(expression)),
    JSON.stringify(formatType(type)),
    ...operands,
  ];
  const fail = `${raise}(${texts.join(', ')});`;
  if (mode === 'exact') {
    code.line(`if (${value} < ${bigintCode(min)} || ${value} > ${bigintCode(max)}) ${fail}`);
    return;
  }
  const safe = BigInt(maxSafe);
  if (max <= safe && min >= -safe) {
    code.line(
      `if (!(${value} >= ${integerCode(Number(min))} && ${value} <= ${integerCode(Number(max))})) ${fail}`,
    );
    return;
  }
  bailUnlessSafe(compiler, value);
  if (min > -safe) code.line(`if (${value} < ${integerCode(Number(min))}) ${fail}`);
}

function negate(compiler: Compiler, call: Call, a: ScalarValue): ScalarValue {
  if (call.type.kind === 'float') {
    return { kind: 'float', code: compiler.code.local('v', `-${a.code}`), isNull: a.isNull };
  }
  return guarded(compiler, a.isNull, (set) => {
    const result = compiler.code.local('r', compiler.mode === 'fast' ? `0 - ${a.code}` : `-${a.code}`);
    checkRange(compiler, call, call.type, result, [a.code]);
    set(result);
  });
}

function floatArithmetic(compiler: Compiler, call: Call, a: string, b: string, isNull: string): ScalarValue {
  const { code } = compiler;
  const operator = present({ add: '+', sub: '-', mul: '*', div: '/', mod: '%' }[call.function], 'operator');
  if (call.function === 'div' || call.function === 'mod') {
    const raise = code.constant('divisionByZero', divisionByZero);
    const guard = isNull === 'false' ? '' : `!${isNull} && `;
    code.line(`if (${guard}${b} === 0) ${raise}(${JSON.stringify(compiler.describe(call))}, ${a});`);
  }
  const single = call.type.kind === 'float' && call.type.bits === 32;
  const plain = `${a} ${operator} ${b}`;
  const result = code.local('v', single ? `Math.fround(${plain})` : plain);
  if (call.function === 'mod') return { kind: 'float', code: result, isNull };
  // As in PostgreSQL. `x - x` is 0 of a finite number only; of infinities and NaN in the operands nothing is said. What is NULL holds any number.
  const raise = code.constant('overflow', overflow);
  const texts = `${JSON.stringify(compiler.describe(call))}, ${JSON.stringify(formatType(call.type))}`;
  const known = isNull === 'false' ? '' : ` && !${isNull}`;
  code.line(
    `if (${result} - ${result} !== 0 && ${a} - ${a} === 0 && ${b} - ${b} === 0${known}) ${raise}(${texts}, ${a}, ${b});`,
  );
  return { kind: 'float', code: result, isNull };
}
