import { WeirError } from '@weir/kernel/errors.ts';

/** Errors that a row raises while an expression is evaluated. Called from generated code, on the way out only. */

const longest = 200;

function show(value: unknown): string {
  const text = typeof value === 'string' ? `'${value}'` : String(value);
  return text.length > longest ? `${text.slice(0, longest)}…` : text;
}

export function overflow(expression: string, type: string, ...values: readonly unknown[]): never {
  throw new WeirError(
    'WEIR-2301',
    `${expression}: the result is out of range for ${type} (values ${values.map(show).join(', ')})`,
    { hint: 'cast to a wider type, e.g. DECIMAL(38, 0), or filter such rows' },
  );
}

export function divisionByZero(expression: string, dividend: unknown): never {
  throw new WeirError('WEIR-2302', `${expression}: division by zero (dividend ${show(dividend)})`, {
    hint: 'NULLIF(divisor, 0) makes the result NULL instead',
  });
}

export function badCast(value: unknown, type: string, expression: string): never {
  throw new WeirError('WEIR-2303', `${expression}: ${show(value)} is no valid ${type}`, {
    hint: 'TRY_CAST gives NULL for values that cannot be cast',
  });
}

export function badArgument(functionName: string, why: string): never {
  throw new WeirError('WEIR-2304', `${functionName}: ${why}`);
}
