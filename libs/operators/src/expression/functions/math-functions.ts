import type { SqlType } from '@weir/columnar/sql-type.ts';
import { badArgument, overflow } from '../evaluation-errors.ts';
import { roundHalfEven } from './cast-value.ts';
import { divideRounded, powerOfTen } from '@weir/columnar/decimal-scale.ts';
import { lower, type Exact } from './exact.ts';
import { formatType } from '@weir/columnar/sql-type.ts';
import {
  plain,
  type CallTypes,
  type FunctionTable,
  type RowValue,
  type RuntimeFunction,
} from './runtime-function.ts';
import { rangeOf } from '../value.ts';

/** A function with an exact form for integers and decimals (at the argument's scale) and one for floats. */
function byType(
  exact: (value: bigint, scale: number) => bigint,
  float: (value: number) => number,
): RuntimeFunction {
  return {
    strict: true,
    bind: ({ arguments: [type], result, description }: CallTypes) => {
      if (type?.kind === 'float')
        return type.bits === 32 ? (value: number) => Math.fround(float(value)) : float;
      const scale = type?.kind === 'decimal' ? type.scale : 0;
      const fit = fitted(result, description);
      return (value: Exact) => fit(exact(BigInt(value), scale), value);
    },
  };
}

/** Integers pass as they are. */
function whole(
  decimal: (value: bigint, unit: bigint) => bigint,
  float: (value: number) => number,
): RuntimeFunction {
  const unitWise = byType((value, scale) => (scale === 0 ? value : decimal(value, powerOfTen(scale))), float);
  return {
    strict: true,
    bind: (types: CallTypes) => {
      if (types.arguments.length === 1) return unitWise.bind(types);
      return atDigits(types, decimal, float);
    },
  };
}

/** round(x, n) and trunc(x, n): a DECIMAL keeps its scale, digits beyond n become 0. */
function atDigits(
  { arguments: [type], result, description }: CallTypes,
  decimal: (value: bigint, unit: bigint) => bigint,
  float: (value: number) => number,
): (...values: never[]) => RowValue {
  if (type?.kind === 'float') {
    return (value: number, digits: Exact) => shiftedBy(value, Number(digits), float);
  }
  const scale = type?.kind === 'decimal' ? type.scale : 0;
  const fit = fitted(result, description);
  return (value: Exact, digits: Exact) => {
    const drop = scale - Number(digits);
    if (drop <= 0) return value;
    if (drop > 60) return 0;
    const unit = powerOfTen(drop);
    return fit(decimal(BigInt(value), unit) * unit, value);
  };
}

/** Rounds at a decimal digit. Shifting by text keeps 2.675 what it looks like. */
function shiftedBy(value: number, digits: number, float: (value: number) => number): number {
  if (!Number.isFinite(value)) return value;
  const text = String(value);
  if (text.includes('e')) {
    const unit = 10 ** digits;
    return Number.isFinite(value * unit) ? float(value * unit) / unit : value;
  }
  const shifted = Number(`${text}e${digits}`);
  // Beyond all digits that the number has.
  return Number.isFinite(shifted) ? Number(`${float(shifted)}e${-digits}`) : value;
}

function fitted(type: SqlType, description: string): (value: bigint, from: Exact) => Exact {
  const { min, max } = rangeOf(type);
  return (value, from) =>
    value < min || value > max ? overflow(description, formatType(type), from) : lower(value);
}

function floorBig(value: bigint, unit: bigint): bigint {
  const quotient = value / unit;
  return value < 0n && quotient * unit !== value ? quotient - 1n : quotient;
}

/** A function of doubles that has no value for some of them. */
function partial(name: string, compute: (...values: number[]) => number): RuntimeFunction {
  return plain((...values: number[]) => orRefused(name, compute(...values), values));
}

function orRefused(name: string, result: number, values: readonly number[]): number {
  if (result !== result && values.every((value) => value === value)) {
    badArgument(name, `no result for ${values.join(', ')}`);
  }
  return result;
}

/** A function of doubles whose result may be beyond them, which is an error unless an argument was already. */
function growing(compute: (...values: number[]) => number): RuntimeFunction {
  return {
    strict: true,
    bind:
      ({ result: type, description }) =>
      (...values: number[]) => {
        const result = compute(...values);
        if (Math.abs(result) === Infinity && values.every(Number.isFinite)) {
          overflow(description, formatType(type), ...values);
        }
        return result;
      },
  };
}

function domain(
  name: string,
  allowed: (value: number) => boolean,
  compute: (value: number) => number,
): RuntimeFunction {
  return plain((value: number) => {
    if (!allowed(value)) badArgument(name, `${value} is outside its domain`);
    return compute(value);
  });
}

function gcd(a: bigint, b: bigint): bigint {
  while (b !== 0n) [a, b] = [b, a % b];
  return a < 0n ? -a : a;
}

function integers(compute: (a: bigint, b: bigint) => bigint): RuntimeFunction {
  return {
    strict: true,
    bind: ({ result, description }) => {
      const fit = fitted(result, description);
      return (a: Exact, b: Exact) => fit(compute(BigInt(a), BigInt(b)), a);
    },
  };
}

const notNegative = (value: number): boolean => !(value < 0);
const positive = (value: number): boolean => !(value <= 0);

export const mathFunctions: FunctionTable = {
  abs: byType((value) => (value < 0n ? -value : value), Math.abs),
  sign: byType(
    (value) => (value > 0n ? 1n : value < 0n ? -1n : 0n),
    (value) => Math.sign(value),
  ),
  ceil: whole((value, unit) => -floorBig(-value, unit), Math.ceil),
  floor: whole(floorBig, Math.floor),
  round: whole(divideRounded, roundHalfEven),
  trunc: whole((value, unit) => value / unit, Math.trunc),
  sqrt: domain('sqrt', notNegative, Math.sqrt),
  cbrt: plain((value: number) => Math.cbrt(value)),
  exp: growing((value = NaN) => Math.exp(value)),
  ln: domain('ln', positive, Math.log),
  log10: domain('log10', positive, Math.log10),
  log2: domain('log2', positive, Math.log2),
  log: plain((base: number, value: number) => {
    if (!positive(base) || !positive(value)) badArgument('log', `no result for base ${base} of ${value}`);
    if (base === 1) badArgument('log', 'the base is 1');
    return base === 10 ? Math.log10(value) : base === 2 ? Math.log2(value) : Math.log(value) / Math.log(base);
  }),
  power: growing((base = NaN, exponent = NaN) => {
    if (base === 0 && exponent < 0) badArgument('power', 'zero to a negative power');
    return orRefused('power', base === 1 ? 1 : base ** exponent, [base, exponent]);
  }),
  pi: plain(() => Math.PI),
  degrees: growing((value = NaN) =>
    Math.abs(value) > 1e300 ? value / (Math.PI / 180) : (value * 180) / Math.PI,
  ),
  radians: plain((value: number) => (value * Math.PI) / 180),
  sin: partial('sin', Math.sin),
  cos: partial('cos', Math.cos),
  tan: partial('tan', Math.tan),
  cot: partial('cot', (value) => 1 / Math.tan(value)),
  asin: partial('asin', Math.asin),
  acos: partial('acos', Math.acos),
  atan: plain((value: number) => Math.atan(value)),
  sinh: plain((value: number) => Math.sinh(value)),
  cosh: plain((value: number) => Math.cosh(value)),
  tanh: plain((value: number) => Math.tanh(value)),
  asinh: plain((value: number) => Math.asinh(value)),
  acosh: partial('acosh', Math.acosh),
  atanh: partial('atanh', Math.atanh),
  atan2: plain((y: number, x: number) => Math.atan2(y, x)),
  gcd: integers(gcd),
  lcm: integers((a, b) => {
    if (a === 0n || b === 0n) return 0n;
    const multiple = (a / gcd(a, b)) * b;
    return multiple < 0n ? -multiple : multiple;
  }),
  isnan: plain((value: number) => value !== value),
};
