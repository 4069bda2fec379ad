import { finiteCode, integerCode } from '@weir/kernel/code-number.ts';
import { formatType, sameType, type SqlType } from '@weir/columnar/sql-type.ts';
import type { Expression } from '@weir/plan/expression.ts';
import { checkRange, scalar, widen } from './compile-arithmetic.ts';
import { badCast } from './evaluation-errors.ts';
import { castBetween, decimalToFloat } from './functions/cast-value.ts';
import { formatPhysical } from './functions/format-value.ts';
import type { RowValue } from './functions/runtime-function.ts';
import { compileRuntimeCall } from './runtime-call.ts';
import { nameFlag, zeroOf, type Compiler, type Value } from './value.ts';

type CastExpression = Extract<Expression, { kind: 'cast' }>;

/** Casts between numbers are written out; the others call a function. */
export function compileCast(compiler: Compiler, cast: CastExpression): Value {
  const from = cast.argument.type;
  const to = cast.type;
  if (sameType(from, to) || isRelabelling(from, to)) return compiler.compile(cast.argument);
  if (from.kind === 'null')
    return compiler.compile({ kind: 'literal', value: null, type: to, nullable: true });
  if (!cast.safe && isNumeric(from) && isNumeric(to)) {
    const inlined = numericCast(compiler, cast, from, to);
    if (inlined !== null) return inlined;
  }
  const convert = castBetween(from, to);
  const implementation = cast.safe ? convert : orRaise(convert, from, to, compiler.describe(cast));
  return compileRuntimeCall(compiler, {
    implementation,
    arguments: [cast.argument],
    result: to,
    strict: true,
    nullable: cast.safe,
    description: compiler.describe(cast),
  });
}

/** The same bytes or number under another type. */
function isRelabelling(from: SqlType, to: SqlType): boolean {
  if (from.kind === 'json' && to.kind === 'text') return true;
  if (from.kind === 'timestamp' && to.kind === 'timestamp') return from.precision <= to.precision;
  if (from.kind === 'time' && to.kind === 'time') return from.precision <= to.precision;
  return from.kind === 'integer' && to.kind === 'integer' && from.signed === to.signed && from.bits < to.bits;
}

function isNumeric(type: SqlType): boolean {
  return type.kind === 'integer' || type.kind === 'decimal' || type.kind === 'float';
}

function orRaise(
  convert: (value: never) => RowValue,
  from: SqlType,
  to: SqlType,
  description: string,
): (value: never) => RowValue {
  const name = formatType(to);
  return (value) => {
    const result = convert(value);
    if (result !== null) return result;
    const exact = typeof value === 'number' || typeof value === 'bigint';
    return badCast(exact && from.kind !== 'float' ? formatPhysical(value, from) : value, name, description);
  };
}

function numericCast(compiler: Compiler, cast: CastExpression, from: SqlType, to: SqlType): Value | null {
  const { code, mode } = compiler;
  // A DOUBLE may be beyond the range of FLOAT: the function looks.
  if (to.kind === 'float' && to.bits === 32 && from.kind === 'float') return null;
  if (to.kind === 'float' && from.kind !== 'decimal') {
    const value = scalar(compiler, cast.argument);
    const number = mode === 'exact' && value.kind === 'int' ? `Number(${value.code})` : value.code;
    const rounded = to.bits === 32 ? `Math.fround(${number})` : number;
    return { kind: 'float', code: code.local('v', rounded), isNull: value.isNull };
  }
  if (to.kind === 'float' && from.kind === 'decimal') {
    const value = scalar(compiler, cast.argument);
    const convert = code.constant('decimalToFloat', decimalToFloat);
    const isNull = nameFlag(code, value.isNull);
    const number =
      mode === 'fast' && from.scale <= 22
        ? `${value.code} / ${finiteCode(10 ** from.scale)}`
        : `${convert}(${value.code}, ${integerCode(from.scale)})`;
    const rounded = to.bits === 32 ? `Math.fround(${number})` : number;
    return {
      kind: 'float',
      code: code.local('v', isNull === 'false' ? rounded : `${isNull} ? 0 : ${rounded}`),
      isNull,
    };
  }
  const scaleUp = scaleDifference(from, to);
  if (scaleUp === null || scaleUp < 0) return null;
  const value = scalar(compiler, cast.argument);
  const isNull = nameFlag(code, value.isNull);
  const result = code.local('v', zeroOf(mode, 'int'));
  if (isNull !== 'false') code.line(`if (!${isNull}) {`);
  const scaled = widen(compiler, value.code, scaleUp);
  checkRange(compiler, cast, to, scaled, [value.code]);
  code.line(`${result} = ${scaled};`);
  if (isNull !== 'false') code.line('}');
  return { kind: 'int', code: result, isNull };
}

/** Digits to add after the point, or null when a float takes part. */
function scaleDifference(from: SqlType, to: SqlType): number | null {
  if (from.kind === 'float' || to.kind === 'float') return null;
  return (to.kind === 'decimal' ? to.scale : 0) - (from.kind === 'decimal' ? from.scale : 0);
}
