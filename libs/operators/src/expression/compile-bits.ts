import { eitherNull, nameFlag, type Compiler, type ScalarValue } from './value.ts';
import type { Call } from '@weir/plan/expression.ts';
import { guarded, runtimeExact, scalar } from './compile-arithmetic.ts';
import { lower } from './functions/exact.ts';

const bitOperators: Readonly<Record<string, string>> = { bit_and: '&', bit_or: '|', bit_xor: '^' };

/** Bit operations on BIGINT. In fast mode through bigints too where a value leaves 32 bits. */
export function compileBits(compiler: Compiler, call: Call): ScalarValue {
  const { code, mode } = compiler;
  const operands = call.arguments.map((argument) => scalar(compiler, argument));
  const isNull = nameFlag(code, eitherNull(...operands.map((operand) => operand.isNull)));
  return guarded(compiler, isNull, (set) => {
    const [a, b] = operands.map((operand) => operand.code);
    if (call.function === 'bit_not') {
      set(mode === 'exact' ? `~${a}` : `-1 - ${a}`);
      return;
    }
    const operator = bitOperators[call.function];
    if (operator !== undefined) {
      if (mode === 'exact') return set(`${a} ${operator} ${b}`);
      const small = `(${a} === (${a} | 0) && ${b} === (${b} | 0))`;
      return set(
        `${small} ? ${a} ${operator} ${b} : ${runtimeExact(compiler, code.constant(call.function, bigBits(operator)), [a ?? '', b ?? ''])}`,
      );
    }
    set(
      runtimeExact(
        compiler,
        code.constant(call.function, call.function === 'shift_left' ? shiftLeft : shiftRight),
        [a ?? '', b ?? ''],
      ),
    );
  });
}

type Exact = number | bigint;

function bigBits(operator: string): (a: Exact, b: Exact) => Exact {
  if (operator === '&') return (a, b) => lower(BigInt(a) & BigInt(b));
  if (operator === '|') return (a, b) => lower(BigInt(a) | BigInt(b));
  return (a, b) => lower(BigInt(a) ^ BigInt(b));
}

/** As PostgreSQL: the count is taken modulo 64, bits that leave are lost. */
function shiftLeft(a: Exact, b: Exact): Exact {
  return lower(BigInt.asIntN(64, BigInt(a) << (BigInt(b) & 63n)));
}

function shiftRight(a: Exact, b: Exact): Exact {
  return lower(BigInt(a) >> (BigInt(b) & 63n));
}
