import { assert, present } from '@weir/kernel/assert.ts';
import type { Call, Expression } from '@weir/plan/expression.ts';
import { scalar } from './compile-arithmetic.ts';
import { comparisonOf } from './compile-comparison.ts';
import { sliceOf, wholeOf } from './compile-bytes.ts';
import { nameFlag, zeroOf, type BytesValue, type Compiler, type ScalarValue, type Value } from './value.ts';

/**
 * Three-valued AND and OR, from left to right, later operands only where they can change the result.
 * State: `v`, and `n` for NULL so far. AND starts TRUE, ends at the first FALSE; OR the other way round.
 */
export function compileAndOr(compiler: Compiler, call: Call): ScalarValue {
  const { code } = compiler;
  const isAnd = call.function === 'and';
  const v = code.local('v', String(isAnd));
  const nullable = call.arguments.some((argument) => argument.nullable);
  const n = nullable ? code.local('n', 'false') : 'false';
  const open = isAnd ? v : `!${v}`;
  call.arguments.forEach((argument, index) => {
    if (index > 0) code.line(nullable ? `if (${n} || ${open}) {` : `if (${open}) {`);
    const operand = scalar(compiler, argument);
    const decides = isAnd ? `!${operand.code}` : operand.code;
    if (operand.isNull === 'false') {
      code.line(`if (${decides}) { ${v} = ${!isAnd};${nullable ? ` ${n} = false;` : ''} }`);
    } else {
      assert(nullable, 'an operand that may be NULL says so');
      code.line(
        `if (${operand.isNull}) ${n} = true; else if (${decides}) { ${v} = ${!isAnd}; ${n} = false; }`,
      );
    }
  });
  for (let index = 1; index < call.arguments.length; index += 1) code.line('}');
  return { kind: 'bool', code: v, isNull: n };
}

export function compileNot(compiler: Compiler, call: Call): ScalarValue {
  const operand = scalar(compiler, present(call.arguments[0], 'operand of NOT'));
  return { kind: 'bool', code: `!${operand.code}`, isNull: operand.isNull };
}

/** IS [NOT] NULL, TRUE, FALSE. */
export function compileIs(compiler: Compiler, call: Call): ScalarValue {
  const value = compiler.compile(present(call.arguments[0], 'operand of IS'));
  const bool = value.kind === 'bool' ? value.code : 'false';
  const isNull = nameFlag(compiler.code, value.isNull);
  const tests: Readonly<Record<string, string>> = {
    is_null: isNull,
    is_not_null: `!${isNull}`,
    is_true: `(!${isNull} && ${bool})`,
    is_not_true: `(${isNull} || !${bool})`,
    is_false: `(!${isNull} && !${bool})`,
    is_not_false: `(${isNull} || ${bool})`,
  };
  const test = present(tests[call.function], call.function);
  return { kind: 'bool', code: compiler.code.local('v', test), isNull: 'false' };
}

/** `x BETWEEN low AND high` is `x >= low AND x <= high`, with x evaluated twice: it has no effects. */
export function compileBetween(compiler: Compiler, call: Call): ScalarValue {
  const [value, low, high] = call.arguments;
  assert(value !== undefined && low !== undefined && high !== undefined, 'BETWEEN has three operands');
  const part = (name: string, bound: Expression): Expression => ({
    kind: 'call',
    function: name,
    arguments: [value, bound],
    type: call.type,
    nullable: value.nullable || bound.nullable,
  });
  return compileAndOr(compiler, { ...call, function: 'and', arguments: [part('ge', low), part('le', high)] });
}

/** `x IN (a, b, …)`: TRUE at a match, else NULL if anything was NULL, else FALSE. Many constants go through a set. */
export function compileIn(compiler: Compiler, call: Call): ScalarValue {
  const [value, ...options] = call.arguments;
  assert(value !== undefined && options.length > 0, 'IN has a list');
  const constants = options.every((option) => option.kind === 'literal' && option.value !== null);
  if (constants && options.length > 4 && !['float', 'bytes', 'struct'].includes(value.type.kind)) {
    return inSet(compiler, value, options);
  }
  const { code } = compiler;
  const found = code.local('v', 'false');
  const unknown = code.local('n', 'false');
  for (const option of options) {
    code.line(`if (!${found}) {`);
    const { test, isNull } = comparisonOf(compiler, 'eq', value, option);
    code.line(`if (${isNull}) ${unknown} = true; else if (${test}) { ${found} = true; }`);
    code.line('}');
  }
  return { kind: 'bool', code: found, isNull: nameFlag(code, `(!${found} && ${unknown})`) };
}

function inSet(compiler: Compiler, value: Expression, options: readonly Expression[]): ScalarValue {
  const { code, mode } = compiler;
  const members = new Set<unknown>();
  const exact = new Set<unknown>();
  for (const option of options) {
    assert(option.kind === 'literal' && option.value !== null, 'a constant');
    const isText =
      typeof option.value === 'boolean' || value.type.kind === 'text' || value.type.kind === 'json';
    members.add(isText ? option.value : Number(option.value));
    exact.add(isText ? option.value : BigInt(option.value));
  }
  // A constant beyond 2^53 equals no number of the fast mode once it is left out of the set.
  for (const member of members)
    if (typeof member === 'number' && !Number.isSafeInteger(member)) members.delete(member);
  const set = code.constant('set', mode === 'exact' ? exact : members);
  const operand = compiler.compile(value);
  assert(operand.kind !== 'nested', 'IN compares scalars and text');
  const key = operand.kind === 'bytes' ? wholeOf(compiler, operand, false) : operand.code;
  return { kind: 'bool', code: code.local('v', `${set}.has(${key})`), isNull: operand.isNull };
}

/** CASE: branches are evaluated only where they are taken (they may divide by zero elsewhere). */
export function compileCase(compiler: Compiler, expression: Extract<Expression, { kind: 'case' }>): Value {
  const { code } = compiler;
  const conditions = expression.branches.map((branch) => code.capture(() => scalar(compiler, branch.when)));
  const bodies = [...expression.branches.map((branch) => branch.then), expression.otherwise].map((body) =>
    code.capture(() => compiler.compile(body)),
  );
  const values = bodies.map((body) => body.result);
  const target = mergeTarget(compiler, values, expression.type.kind === 'bytes');
  conditions.forEach((condition, index) => {
    const body = present(bodies[index], 'body of a branch');
    code.line(condition.text);
    const { isNull, code: test } = condition.result;
    code.line(isNull === 'false' ? `if (${test}) {` : `if (!${isNull} && ${test}) {`);
    code.line(body.text);
    target.assign(body.result);
    code.line('} else {');
  });
  const last = present(bodies.at(-1), 'ELSE of a CASE');
  code.line(last.text);
  target.assign(last.result);
  code.line('}'.repeat(conditions.length));
  return target.value;
}

interface MergeTarget {
  readonly value: Value;
  assign(value: Value): void;
}

/** Locals that take one of several values: slices if all have one, else the whole text. */
function mergeTarget(compiler: Compiler, values: readonly Value[], raw: boolean): MergeTarget {
  const { code, mode } = compiler;
  const n = values.every((value) => value.isNull === 'false') ? 'false' : code.local('n', 'false');
  const setNull = (value: Value): void => {
    if (n !== 'false') code.line(`${n} = ${value.isNull};`);
  };
  // A constant NULL fits any form.
  const shaped = values.find((value) => value.isNull !== 'true') ?? present(values[0], 'a branch');
  if (shaped.kind === 'nested') {
    return { value: { kind: 'nested', isNull: n }, assign: setNull };
  }
  if (shaped.kind === 'bytes') return bytesTarget(compiler, values, n, setNull, raw);
  const v = code.local('v', zeroOf(mode, shaped.kind));
  return {
    value: { kind: shaped.kind, code: v, isNull: n },
    assign: (value) => {
      setNull(value);
      if (value.isNull !== 'true' && value.kind === shaped.kind) code.line(`${v} = ${value.code};`);
    },
  };
}

function bytesTarget(
  compiler: Compiler,
  values: readonly Value[],
  n: string,
  setNull: (value: Value) => void,
  raw: boolean,
): MergeTarget {
  const { code } = compiler;
  const sliced = values.every(
    (value) => value.isNull === 'true' || (value.kind === 'bytes' && value.slice !== null),
  );
  if (!sliced) {
    const s = code.local('s', raw ? 'null' : "''");
    return {
      value: { kind: 'bytes', slice: null, whole: s, isNull: n },
      assign: (value) => {
        setNull(value);
        if (value.isNull !== 'true') code.line(`${s} = ${wholeOf(compiler, value as BytesValue, raw)};`);
      },
    };
  }
  const data = code.local('d', code.constant('noBytes', new Uint8Array(0)));
  const start = code.local('p', '0');
  const end = code.local('q', '0');
  return {
    value: { kind: 'bytes', slice: { data, start, end }, whole: null, isNull: n },
    assign: (value) => {
      setNull(value);
      if (value.isNull === 'true') return;
      const slice = sliceOf(compiler, value as BytesValue, raw);
      code.line(`${data} = ${slice.data}; ${start} = ${slice.start}; ${end} = ${slice.end};`);
    },
  };
}
