import { integerCode } from '@weir/kernel/code-number.ts';
import type { SqlType } from '@weir/columnar/sql-type.ts';
import { assert, present } from '@weir/kernel/assert.ts';
import { WeirError } from '@weir/kernel/errors.ts';
import type { Call, Expression, Literal } from '@weir/plan/expression.ts';
import { bytesValue, isRaw, sliceOf, wholeOf } from './compile-bytes.ts';
import { compareBytes, compareText, compareWholeBytes, equalBytes } from './text-runtime.ts';
import { eitherNull, nameFlag, type BytesValue, type Compiler, type ScalarValue } from './value.ts';

export type Comparison = 'eq' | 'ne' | 'lt' | 'le' | 'gt' | 'ge';

const symbols: Readonly<Record<Comparison, string>> = {
  eq: '===',
  ne: '!==',
  lt: '<',
  le: '<=',
  gt: '>',
  ge: '>=',
};

export function compileComparison(compiler: Compiler, call: Call): ScalarValue {
  const [left, right] = call.arguments;
  assert(left !== undefined && right !== undefined, 'a comparison has two operands');
  const { test, isNull } = comparisonOf(compiler, call.function as Comparison, left, right);
  return { kind: 'bool', code: compiler.code.local('v', test), isNull };
}

/** IS [NOT] DISTINCT FROM: equality in which NULL equals NULL. */
export function compileDistinct(compiler: Compiler, call: Call): ScalarValue {
  const [left, right] = call.arguments;
  assert(left !== undefined && right !== undefined, 'a comparison has two operands');
  const { test, aNull, bNull } = comparisonOf(compiler, 'ne', left, right);
  const { code } = compiler;
  const distinct =
    aNull === 'false' && bNull === 'false'
      ? test
      : `(${aNull} || ${bNull} ? ${aNull} !== ${bNull} : ${test})`;
  const wanted = call.function === 'is_distinct' ? distinct : `!(${distinct})`;
  return { kind: 'bool', code: code.local('v', wanted), isNull: 'false' };
}

interface Compared {
  readonly test: string;
  readonly isNull: string;
  readonly aNull: string;
  readonly bNull: string;
}

/** Code that compares two operands of one type, and of their NULLs. */
export function comparisonOf(
  compiler: Compiler,
  comparison: Comparison,
  left: Expression,
  right: Expression,
): Compared {
  const { code } = compiler;
  const nullsOf = (a: string, b: string): Omit<Compared, 'test'> => ({
    aNull: a,
    bNull: b,
    isNull: nameFlag(code, eitherNull(a, b)),
  });
  const kind = left.type.kind;
  if (kind === 'struct') return structComparison(compiler, comparison, left, right);
  if (kind === 'list' || kind === 'map') {
    throw new WeirError('WEIR-2305', `${compiler.describe(left)}: values of this type cannot be compared`);
  }
  if (kind === 'text' || kind === 'json' || kind === 'bytes') {
    const a = bytesValue(compiler, left);
    const b = bytesValue(compiler, right);
    return { test: bytesTest(compiler, comparison, left, right, a, b), ...nullsOf(a.isNull, b.isNull) };
  }
  const a = compiler.compile(left);
  const b = compiler.compile(right);
  assert(a.kind !== 'bytes' && a.kind !== 'nested' && b.kind !== 'bytes' && b.kind !== 'nested', 'scalars');
  return { test: scalarTest(comparison, left.type, a.code, b.code), ...nullsOf(a.isNull, b.isNull) };
}

/** NaN equals itself and is greater than all else, as in PostgreSQL. */
function scalarTest(comparison: Comparison, type: SqlType, a: string, b: string): string {
  if (type.kind !== 'float') return `(${a} ${symbols[comparison]} ${b})`;
  switch (comparison) {
    case 'eq':
      return `(${a} === ${b} || (${a} !== ${a} && ${b} !== ${b}))`;
    case 'ne':
      return `(${a} !== ${b} && (${a} === ${a} || ${b} === ${b}))`;
    case 'lt':
      return `(${a} < ${b} || (${b} !== ${b} && ${a} === ${a}))`;
    case 'ge':
      return `!(${a} < ${b} || (${b} !== ${b} && ${a} === ${a}))`;
    case 'gt':
      return `(${a} > ${b} || (${a} !== ${a} && ${b} === ${b}))`;
    default:
      return `!(${a} > ${b} || (${a} !== ${a} && ${b} === ${b}))`;
  }
}

const longestInlined = 24;

function bytesTest(
  compiler: Compiler,
  comparison: Comparison,
  left: Expression,
  right: Expression,
  a: BytesValue,
  b: BytesValue,
): string {
  const { code } = compiler;
  const raw = isRaw(left);
  if (comparison === 'eq' || comparison === 'ne') {
    const not = comparison === 'ne' ? '!' : '';
    const literal = literalBytes(right) ?? literalBytes(left);
    const other = literalBytes(right) === null ? b : a;
    if (literal !== null && other.slice !== null && literal.length <= longestInlined) {
      return `${not}${inlinedEquality(other.slice, literal)}`;
    }
    if (!raw && a.whole !== null && b.whole !== null) return `${not}(${a.whole} === ${b.whole})`;
    const x = sliceOf(compiler, a, raw);
    const y = sliceOf(compiler, b, raw);
    const equal = code.constant('equalBytes', equalBytes);
    return `${not}${equal}(${x.data}, ${x.start}, ${x.end}, ${y.data}, ${y.start}, ${y.end})`;
  }
  if (a.slice !== null && b.slice !== null) {
    const compare = code.constant('compareBytes', compareBytes);
    return `(${compare}(${a.slice.data}, ${a.slice.start}, ${a.slice.end}, ${b.slice.data}, ${b.slice.start}, ${b.slice.end}) ${symbols[comparison]} 0)`;
  }
  const compare = raw
    ? code.constant('compareWholeBytes', compareWholeBytes)
    : code.constant('compareText', compareText);
  return `(${compare}(${wholeOf(compiler, a, raw)}, ${wholeOf(compiler, b, raw)}) ${symbols[comparison]} 0)`;
}

function literalBytes(expression: Expression): Uint8Array | null {
  if (expression.kind !== 'literal' || expression.value === null) return null;
  return decodeLiteral(expression);
}

export function decodeLiteral(literal: Literal): Uint8Array {
  return Buffer.from(String(literal.value), literal.type.kind === 'bytes' ? 'base64' : 'utf8');
}

function inlinedEquality(
  slice: { readonly data: string; readonly start: string; readonly end: string },
  literal: Uint8Array,
): string {
  const tests = [`${slice.end} - ${slice.start} === ${integerCode(literal.length)}`];
  literal.forEach((byte, index) =>
    tests.push(`${slice.data}[${slice.start} + ${integerCode(index)}] === ${integerCode(byte)}`),
  );
  return `(${tests.join(' && ')})`;
}

/** Structs are equal when all fields are, NULL fields counting as equal (as in PostgreSQL's row comparison of composite values). */
function structComparison(
  compiler: Compiler,
  comparison: Comparison,
  left: Expression,
  right: Expression,
): Compared {
  const type = left.type;
  assert(type.kind === 'struct' && (comparison === 'eq' || comparison === 'ne'), 'structs have no order');
  const fieldOf = (argument: Expression, index: number): Expression => ({
    kind: 'field',
    argument,
    index,
    type: present(type.fields[index], 'struct field').type,
    nullable: true,
  });
  const tests = type.fields.map((field, index) =>
    compileDistinct(compiler, {
      kind: 'call',
      function: 'is_distinct',
      arguments: [fieldOf(left, index), fieldOf(right, index)],
      type: { kind: 'boolean' },
      nullable: false,
    }),
  );
  const aNull = compiler.compile(left).isNull;
  const bNull = compiler.compile(right).isNull;
  const distinct = tests.length === 0 ? 'false' : `(${tests.map((test) => test.code).join(' || ')})`;
  return {
    test: comparison === 'ne' ? distinct : `!${distinct}`,
    aNull,
    bNull,
    isNull: nameFlag(compiler.code, eitherNull(aNull, bNull)),
  };
}
