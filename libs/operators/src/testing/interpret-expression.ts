import { sameType, type SqlType } from '@weir/columnar/sql-type.ts';
import { present } from '@weir/kernel/assert.ts';
import type { PlainRow, PlainValue } from '@weir/columnar/row-view.ts';
import type { Call, Expression } from '@weir/plan/expression.ts';
import { addMonths } from '../expression/functions/calendar.ts';
import { castBetween } from '../expression/functions/cast-value.ts';
import { lower } from '../expression/functions/exact.ts';
import { runtimeFunctions } from '../expression/functions/function-table.ts';
import { literalValue } from '../expression/functions/literal-value.ts';
import type { RowValue } from '../expression/functions/runtime-function.ts';

/**
 * Evaluates an expression over one row, plainly: bigints, strings, recursion, nothing shared with the compiler's arithmetic, comparisons,
 * logic and NULLs (named functions and casts are the same ones). The oracle of the property test. Throws EvaluationFailure where SQL has an error.
 */
export class EvaluationFailure extends Error {}

export function interpret(expression: Expression, row: PlainRow): PlainValue {
  switch (expression.kind) {
    case 'column':
      return row[expression.index] ?? null;
    case 'literal':
      return plain(literalValue(expression), expression.type);
    case 'case': {
      const branch = expression.branches.find(({ when }) => interpret(when, row) === true);
      return interpret(branch?.then ?? expression.otherwise, row);
    }
    case 'cast':
      return cast(expression, row);
    case 'field': {
      const value = interpret(expression.argument, row);
      return value === null ? null : ((value as readonly PlainValue[])[expression.index] ?? null);
    }
    default:
      return interpretCall(expression, row);
  }
}

function cast(expression: Extract<Expression, { kind: 'cast' }>, row: PlainRow): PlainValue {
  const value = interpret(expression.argument, row);
  if (value === null || sameType(expression.argument.type, expression.type)) return value;
  const converted = castBetween(expression.argument.type, expression.type)(lowered(value) as never);
  if (converted === null && !expression.safe) throw new EvaluationFailure('cast');
  return plain(converted, expression.type);
}

function lowered(value: PlainValue): RowValue {
  return typeof value === 'bigint' ? lower(value) : (value as RowValue);
}

function plain(value: RowValue, type: SqlType): PlainValue {
  return typeof value === 'number' && type.kind !== 'float' ? BigInt(value) : (value as PlainValue);
}

function interpretCall(call: Call, row: PlainRow): PlainValue {
  const name = call.function;
  const get = (index: number): PlainValue => interpret(present(call.arguments[index], 'argument'), row);
  switch (name) {
    case 'and':
    case 'or': {
      const values = call.arguments.map((argument) => interpret(argument, row));
      if (values.includes(name === 'or')) return name === 'or';
      return values.includes(null) ? null : name === 'and';
    }
    case 'not': {
      const value = get(0);
      return value === null ? null : !(value as boolean);
    }
    case 'is_null':
      return get(0) === null;
    case 'is_not_null':
      return get(0) !== null;
    case 'is_true':
      return get(0) === true;
    case 'is_not_true':
      return get(0) !== true;
    case 'is_false':
      return get(0) === false;
    case 'is_not_false':
      return get(0) !== false;
    case 'is_distinct':
    case 'is_not_distinct': {
      const [a, b] = [get(0), get(1)];
      const same = a === null || b === null ? a === b : order(a, b) === 0;
      return name === 'is_not_distinct' ? same : !same;
    }
    case 'in': {
      const value = get(0);
      const options = call.arguments.slice(1).map((argument) => interpret(argument, row));
      if (value === null) return null;
      if (options.some((option) => option !== null && order(value, option) === 0)) return true;
      return options.includes(null) ? null : false;
    }
    case 'between': {
      const [value, low, high] = [get(0), get(1), get(2)];
      const above = value === null || low === null ? null : order(value, low) >= 0;
      const below = value === null || high === null ? null : order(value, high) <= 0;
      if (above === false || below === false) return false;
      return above === null || below === null ? null : true;
    }
    case 'coalesce':
      return (
        call.arguments.map((argument) => interpret(argument, row)).find((value) => value !== null) ?? null
      );
    case 'nullif': {
      const [a, b] = [get(0), get(1)];
      return a !== null && b !== null && order(a, b) === 0 ? null : a;
    }
    case 'greatest':
    case 'least': {
      const values = call.arguments
        .map((argument) => interpret(argument, row))
        .filter((value) => value !== null);
      const sorted = values.toSorted(order);
      return (name === 'least' ? sorted[0] : sorted.at(-1)) ?? null;
    }
    default:
      return strictCall(call, row);
  }
}

function strictCall(call: Call, row: PlainRow): PlainValue {
  const values = call.arguments.map((argument) => interpret(argument, row));
  const definition = runtimeFunctions[call.function];
  if (definition !== undefined) {
    if (definition.strict && values.includes(null)) return null;
    const run = definition.bind({
      arguments: call.arguments.map((argument) => argument.type),
      result: call.type,
      constants: call.arguments.map((argument) =>
        argument.kind === 'literal' ? literalValue(argument) : undefined,
      ),
      description: call.function,
    });
    return plain(run(...(values.map(lowered) as never[])), call.type);
  }
  if (values.includes(null)) return null;
  const [a, b] = values;
  switch (call.function) {
    case 'eq':
      return order(a!, b!) === 0;
    case 'ne':
      return order(a!, b!) !== 0;
    case 'lt':
      return order(a!, b!) < 0;
    case 'le':
      return order(a!, b!) <= 0;
    case 'gt':
      return order(a!, b!) > 0;
    case 'ge':
      return order(a!, b!) >= 0;
    case 'neg':
      return typeof a === 'bigint' ? inRange(-a, call.type) : -(a as number);
    default:
      return typeof a === 'bigint' ? exact(call, a, b as bigint) : float(call, a as number, b as number);
  }
}

/** PostgreSQL's order of two values that are not NULL. */
function order(a: PlainValue, b: PlainValue): number {
  if (typeof a === 'string') return Buffer.compare(Buffer.from(a), Buffer.from(b as string));
  if (a instanceof Uint8Array) return Buffer.compare(a, b as Uint8Array);
  if (typeof a === 'number' && typeof b === 'number') {
    if (Number.isNaN(a) || Number.isNaN(b)) return Number(Number.isNaN(a)) - Number(Number.isNaN(b));
  }
  return a! < b! ? -1 : a! > b! ? 1 : 0;
}

function float(call: Call, a: number, b: number): number {
  if ((call.function === 'div' || call.function === 'mod') && b === 0) throw new EvaluationFailure('zero');
  const result = { add: a + b, sub: a - b, mul: a * b, div: a / b, mod: a % b }[call.function] ?? NaN;
  const stored = call.type.kind === 'float' && call.type.bits === 32 ? Math.fround(result) : result;
  if (call.function !== 'mod' && Math.abs(stored) === Infinity && [a, b].every(Number.isFinite)) {
    throw new EvaluationFailure('overflow');
  }
  return stored;
}

function inRange(value: bigint, type: SqlType): bigint {
  let limit = 2n ** 63n;
  if (type.kind === 'integer') limit = 2n ** BigInt(type.bits - 1);
  if (type.kind === 'decimal') limit = 10n ** BigInt(type.precision);
  const least = type.kind === 'decimal' ? 1n - limit : -limit;
  if (value < least || value >= limit) throw new EvaluationFailure('overflow');
  return value;
}

function exact(call: Call, a: bigint, b: bigint): bigint {
  if (call.type.kind === 'decimal') return decimal(call, a, b);
  const months = call.arguments[1]?.type;
  if (
    months?.kind === 'interval' &&
    months.unit === 'months' &&
    call.arguments[0]?.type.kind === 'timestamp'
  ) {
    return inRange(BigInt(addMonths(lower(a), Number(call.function === 'sub' ? -b : b))), call.type);
  }
  switch (call.function) {
    case 'add':
      return inRange(a + b, call.type);
    case 'sub':
      return inRange(a - b, call.type);
    case 'mul':
      return inRange(a * b, call.type);
    default:
      if (b === 0n) throw new EvaluationFailure('zero');
      return inRange(call.function === 'div' ? a / b : a % b, call.type);
  }
}

/** By fractions: numerator over denominator, rounded half away from zero to the result's scale. */
function decimal(call: Call, a: bigint, b: bigint): bigint {
  const [x, y] = call.arguments.map(
    (argument) => 10n ** BigInt(argument.type.kind === 'decimal' ? argument.type.scale : 0),
  );
  const unit = 10n ** BigInt(call.type.kind === 'decimal' ? call.type.scale : 0);
  const divides = call.function === 'div' || call.function === 'mod';
  if (divides && b === 0n) throw new EvaluationFailure('zero');
  const [left, right] = [a * y!, b * x!];
  const common = x! * y!;
  const [numerator, denominator] = {
    add: [left + right, common],
    sub: [left - right, common],
    mul: [a * b, common],
    div: [left, right],
    mod: [right === 0n ? 0n : left % right, common],
  }[call.function] ?? [0n, 1n];
  const negative = numerator! < 0n !== denominator! < 0n;
  const size = (value: bigint): bigint => (value < 0n ? -value : value);
  const doubled = (size(numerator!) * unit * 2n + size(denominator!)) / (2n * size(denominator!));
  return inRange(negative ? -doubled : doubled, call.type);
}
