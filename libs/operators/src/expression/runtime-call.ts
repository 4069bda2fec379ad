import { bigintCode } from '@weir/kernel/code-number.ts';
import { assert } from '@weir/kernel/assert.ts';
import { physicalKind } from '@weir/columnar/column.ts';
import { formatType, type SqlType } from '@weir/columnar/sql-type.ts';
import type { Expression } from '@weir/plan/expression.ts';
import { isRaw, noBytes, wholeOf } from './compile-bytes.ts';
import { overflow } from './evaluation-errors.ts';
import { lower } from './functions/exact.ts';
import { eitherNull, nameFlag, rangeOf, type Compiler, type Value } from './value.ts';

/** A call of a function that works on RowValues, from generated code. */
export interface RuntimeCall {
  readonly implementation: (...values: never[]) => unknown;
  readonly arguments: readonly Expression[];
  readonly result: SqlType;
  /** Called only when no argument is NULL. */
  readonly strict: boolean;
  /** May return null. */
  readonly nullable: boolean;
  /** The call as SQL text, for messages. */
  readonly description: string;
}

export function compileRuntimeCall(compiler: Compiler, call: RuntimeCall): Value {
  const { code } = compiler;
  const values = call.arguments.map((argument) => compiler.compile(argument));
  const isNull = call.strict ? nameFlag(code, eitherNull(...values.map((value) => value.isNull))) : 'false';
  const name = code.constant('f', call.implementation);
  const result = code.local('r', 'null');
  if (isNull !== 'true') {
    if (isNull !== 'false') code.line(`if (!${isNull}) {`);
    const operands = values.map((value, index) => {
      const argument = call.arguments[index];
      assert(argument !== undefined, 'an argument');
      const operand = operandOf(compiler, value, argument);
      return call.strict || value.isNull === 'false' ? operand : `${value.isNull} ? null : ${operand}`;
    });
    code.line(`${result} = ${name}(${operands.join(', ')});`);
    if (isNull !== 'false') code.line('}');
  }
  const resultNull = call.nullable || !call.strict ? code.local('n', `${result} === null`) : isNull;
  return resultValue(compiler, call, result, resultNull);
}

function operandOf(compiler: Compiler, value: Value, argument: Expression): string {
  assert(value.kind !== 'nested', 'a function of scalars');
  if (value.kind === 'bytes') return wholeOf(compiler, value, isRaw(argument));
  if (value.kind === 'int' && compiler.mode === 'exact') {
    return `${compiler.code.constant('lower', lower)}(${value.code})`;
  }
  return value.code;
}

function resultValue(compiler: Compiler, call: RuntimeCall, result: string, isNull: string): Value {
  const { code, mode } = compiler;
  const type = call.result;
  const orElse = (other: string, some: string): string =>
    isNull === 'false' ? some : `${isNull} ? ${other} : ${some}`;
  switch (physicalKind(type)) {
    case 'bool':
      return { kind: 'bool', code: code.local('v', orElse('false', result)), isNull };
    case 'float':
      return { kind: 'float', code: code.local('v', orElse('0', result)), isNull };
    case 'int':
      if (mode === 'exact') {
        const value = code.local('v', orElse('0n', `BigInt(${result})`));
        const { min, max } = rangeOf(type);
        const raise = code.constant('overflow', overflow);
        const texts = `${JSON.stringify(call.description)}, ${JSON.stringify(formatType(type))}`;
        code.line(
          `if (${value} < ${bigintCode(min)} || ${value} > ${bigintCode(max)}) ${raise}(${texts}, ${value});`,
        );
        return { kind: 'int', code: value, isNull };
      }
      code.line(`if (typeof ${result} === 'bigint') return -1;`);
      return { kind: 'int', code: code.local('v', orElse('0', result)), isNull };
    default: {
      const empty = type.kind === 'bytes' ? code.constant('noBytes', noBytes) : "''";
      return { kind: 'bytes', slice: null, whole: code.local('s', orElse(empty, result)), isNull };
    }
  }
}
