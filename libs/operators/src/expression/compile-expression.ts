import { bigintCode, finiteCode, integerCode } from '@weir/kernel/code-number.ts';
import { physicalKind } from '@weir/columnar/column.ts';
import type { Schema } from '@weir/columnar/sql-type.ts';
import { assert, unreachable } from '@weir/kernel/assert.ts';
import type { Call, Expression, Literal } from '@weir/plan/expression.ts';
import { compileArithmetic } from './compile-arithmetic.ts';
import { compileBits } from './compile-bits.ts';
import { constantBytes } from './compile-bytes.ts';
import { compileCast } from './compile-cast.ts';
import { compileComparison, compileDistinct, decodeLiteral } from './compile-comparison.ts';
import { compileFunction } from './compile-function.ts';
import {
  compileAndOr,
  compileBetween,
  compileCase,
  compileIn,
  compileIs,
  compileNot,
} from './compile-logic.ts';
import { describeExpression } from './describe-expression.ts';
import type { GeneratedCode } from './generated-code.ts';
import type { InputColumns } from './input-columns.ts';
import { fieldOfExpression } from './nested-expression.ts';
import { maxSafe, NeedsExact, zeroOf, type Compiler, type Mode, type Value } from './value.ts';

type CallCompiler = (compiler: Compiler, call: Call) => Value;

const operators: Readonly<Record<string, CallCompiler>> = {
  and: compileAndOr,
  or: compileAndOr,
  not: compileNot,
  eq: compileComparison,
  ne: compileComparison,
  lt: compileComparison,
  le: compileComparison,
  gt: compileComparison,
  ge: compileComparison,
  is_distinct: compileDistinct,
  is_not_distinct: compileDistinct,
  is_null: compileIs,
  is_not_null: compileIs,
  is_true: compileIs,
  is_not_true: compileIs,
  is_false: compileIs,
  is_not_false: compileIs,
  add: compileArithmetic,
  sub: compileArithmetic,
  mul: compileArithmetic,
  div: compileArithmetic,
  mod: compileArithmetic,
  neg: compileArithmetic,
  in: compileIn,
  between: compileBetween,
  bit_and: compileBits,
  bit_or: compileBits,
  bit_xor: compileBits,
  bit_not: compileBits,
  shift_left: compileBits,
  shift_right: compileBits,
};

/** Writes the code of expressions over one row, `i`, of the input columns. */
export class ExpressionCompiler implements Compiler {
  readonly mode: Mode;
  readonly code: GeneratedCode;
  readonly #inputs: InputColumns;
  readonly #schema: Schema;

  constructor(mode: Mode, code: GeneratedCode, inputs: InputColumns, schema: Schema) {
    this.mode = mode;
    this.code = code;
    this.#inputs = inputs;
    this.#schema = schema;
  }

  describe(expression: Expression): string {
    return describeExpression(expression, this.#schema);
  }

  /** What the plan says is never NULL isn't: CASE over operands that may be NULL can know no better. */
  compile(expression: Expression): Value {
    const value = this.#compile(expression);
    return expression.nullable || value.isNull === 'false' ? value : { ...value, isNull: 'false' };
  }

  #compile(expression: Expression): Value {
    switch (expression.kind) {
      case 'column':
        return this.#inputs.load(this, [expression.index], expression);
      case 'field': {
        const resolved = fieldOfExpression(expression);
        if (resolved.kind === 'path') return this.#inputs.load(this, resolved.path, expression);
        return this.compile(resolved.expression);
      }
      case 'literal':
        return this.#literal(expression);
      case 'case':
        return compileCase(this, expression);
      case 'cast':
        return compileCast(this, expression);
      case 'call':
        return this.#call(expression);
      default:
        return unreachable(expression);
    }
  }

  #call(call: Call): Value {
    if (call.function === 'struct') return { kind: 'nested', isNull: 'false' };
    const operator = operators[call.function];
    return operator === undefined ? compileFunction(this, call) : operator(this, call);
  }

  #literal(literal: Literal): Value {
    const kind = physicalKind(literal.type);
    const value = literal.value;
    switch (kind) {
      case 'bool':
        return { kind, code: String(value === true), isNull: String(value === null) };
      case 'float':
        return {
          kind,
          code: value === null ? '0' : floatCode(Number(value)),
          isNull: String(value === null),
        };
      case 'int':
        if (value === null) return { kind, code: zeroOf(this.mode, kind), isNull: 'true' };
        return { kind, code: this.#integer(BigInt(value)), isNull: 'false' };
      case 'bytes': {
        if (value === null) return { kind, slice: null, whole: "''", isNull: 'true' };
        const text = literal.type.kind === 'bytes' ? null : String(value);
        return constantBytes(this, decodeLiteral(literal), text);
      }
      default:
        assert(value === null, 'a nested constant is NULL');
        return { kind: 'nested', isNull: 'true' };
    }
  }

  #integer(value: bigint): string {
    if (this.mode === 'exact') return bigintCode(value);
    const safe = BigInt(maxSafe);
    if (value > safe || value < -safe) throw new NeedsExact();
    return integerCode(Number(value));
  }
}

function floatCode(value: number): string {
  return Number.isFinite(value) ? finiteCode(value) : `(${value})`;
}
