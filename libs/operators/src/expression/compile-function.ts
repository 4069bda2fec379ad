import { assert, present } from '@weir/kernel/assert.ts';
import { WeirError } from '@weir/kernel/errors.ts';
import type { Call, Expression } from '@weir/plan/expression.ts';
import { bytesValue, sliceOf } from './compile-bytes.ts';
import { runtimeFunctions } from './functions/function-table.ts';
import { literalValue } from './functions/literal-value.ts';
import { coalesceAsCase } from './nested-expression.ts';
import { compileRuntimeCall } from './runtime-call.ts';
import { byteTestOf } from './like-bytes.ts';
import type { Compiler, Value } from './value.ts';

/** Functions by name: the conditional ones become CASE, LIKE with a simple constant pattern a test of bytes, all others a call. */
export function compileFunction(compiler: Compiler, call: Call): Value {
  switch (call.function) {
    case 'coalesce':
      return compiler.compile(coalesceAsCase(call));
    case 'nullif':
      return compiler.compile(nullIfAsCase(call));
    case 'greatest':
    case 'least':
      return compiler.compile(extremeAsCase(call));
    case 'like': {
      const test = likeOfBytes(compiler, call);
      if (test !== null) return test;
      break;
    }
    default:
  }
  const definition = runtimeFunctions[call.function];
  if (definition === undefined) {
    throw new WeirError('WEIR-2307', `no function '${call.function}' in this version of Weir`, {
      hint: 'the plan was made by another version: apply the pipeline again',
    });
  }
  const implementation = definition.bind({
    arguments: call.arguments.map((argument) => argument.type),
    result: call.type,
    constants: call.arguments.map((argument) =>
      argument.kind === 'literal' ? literalValue(argument) : undefined,
    ),
    description: compiler.describe(call),
  });
  return compileRuntimeCall(compiler, {
    implementation,
    arguments: call.arguments,
    result: call.type,
    strict: definition.strict,
    nullable: call.nullable,
    description: compiler.describe(call),
  });
}

function booleanCall(name: string, args: readonly Expression[], nullable: boolean): Expression {
  return { kind: 'call', function: name, arguments: args, type: { kind: 'boolean' }, nullable };
}

function nullIfAsCase(call: Call): Expression {
  const [value, other] = call.arguments;
  assert(value !== undefined && other !== undefined, 'nullif has two arguments');
  return {
    kind: 'case',
    branches: [
      {
        when: booleanCall('eq', [value, other], value.nullable || other.nullable),
        then: { kind: 'literal', value: null, type: call.type, nullable: true },
      },
    ],
    otherwise: value,
    type: call.type,
    nullable: true,
  };
}

/** greatest(a, b, …): NULLs are passed over. */
function extremeAsCase(call: Call): Expression {
  const better = call.function === 'greatest' ? 'ge' : 'le';
  return call.arguments.slice(1).reduce<Expression>(
    (best, next) => {
      const keeps = booleanCall(better, [best, next], best.nullable || next.nullable);
      const branches = [{ when: keeps, then: best }];
      if (next.nullable) branches.push({ when: booleanCall('is_null', [next], false), then: best });
      if (!best.nullable)
        return { kind: 'case', branches, otherwise: next, type: call.type, nullable: false };
      return { kind: 'case', branches, otherwise: next, type: call.type, nullable: next.nullable };
    },
    present(call.arguments[0], `argument of ${call.function}`),
  );
}

function likeOfBytes(compiler: Compiler, call: Call): Value | null {
  const [subject, pattern, escape] = call.arguments;
  if (subject === undefined || pattern?.kind !== 'literal' || pattern.value === null) return null;
  const test = byteTestOf(
    String(pattern.value),
    escape?.kind === 'literal' ? String(escape.value ?? '') : '\\',
  );
  if (test === null) return null;
  const value = bytesValue(compiler, subject);
  const { code } = compiler;
  const slice = sliceOf(compiler, value, false);
  const name = code.constant('like', test.test);
  const bytes = code.constant('bytes', test.bytes);
  const invocation = `${name}(${slice.data}, ${slice.start}, ${slice.end}, ${bytes})`;
  return { kind: 'bool', code: code.local('v', invocation), isNull: value.isNull };
}
