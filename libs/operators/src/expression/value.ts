import type { Expression } from '@weir/plan/expression.ts';
import type { SqlType } from '@weir/columnar/sql-type.ts';
import type { GeneratedCode } from './generated-code.ts';

/**
 * What generated code holds of one expression in one row. `isNull` is code of a boolean: 'false' when it can never be NULL.
 * Code is a name or a constant: cheap to repeat and free of effects. At a NULL row the value is readable but means nothing.
 */
export type Value = ScalarValue | BytesValue | NestedValue;

/** bool: a boolean. int: a number in fast mode, a bigint in exact mode. float: a number. */
export interface ScalarValue {
  readonly kind: 'bool' | 'int' | 'float';
  readonly code: string;
  readonly isNull: string;
}

/** TEXT, JSON, BYTEA: a slice of a buffer, or the whole value as a JS string (BYTEA: a Uint8Array). At least one is there. */
export interface BytesValue {
  readonly kind: 'bytes';
  readonly slice: Slice | null;
  readonly whole: string | null;
  readonly isNull: string;
}

export interface Slice {
  readonly data: string;
  readonly start: string;
  readonly end: string;
}

/** A struct, list or map as it lies in an input column. */
export interface NestedValue {
  readonly kind: 'nested';
  readonly isNull: string;
}

/**
 * fast: exact numbers are JS numbers; the generated function gives up (returns -1) for a batch in which one could leave +-(2^53 - 1).
 * exact: they are bigints.
 */
export type Mode = 'fast' | 'exact';

/** What the parts of the compiler see of each other. */
export interface Compiler {
  readonly mode: Mode;
  readonly code: GeneratedCode;
  compile(expression: Expression): Value;
  /** The expression as SQL text, for messages. */
  describe(expression: Expression): string;
}

/** Thrown while compiling: there is no fast form (a constant beyond 2^53). */
export class NeedsExact extends Error {}

export function eitherNull(...flags: readonly string[]): string {
  const open = [...new Set(flags)].filter((flag) => flag !== 'false');
  if (open.includes('true')) return 'true';
  if (open.length === 0) return 'false';
  return open.length === 1 ? (open[0] ?? 'false') : `(${open.join(' || ')})`;
}

/** A name for a flag that is more than a name, so that repeating it costs nothing. */
export function nameFlag(code: GeneratedCode, flag: string): string {
  return /^(?:false|true|\w+)$/.test(flag) ? flag : code.local('n', flag);
}

export function zeroOf(mode: Mode, kind: ScalarValue['kind']): string {
  if (kind === 'bool') return 'false';
  return kind === 'int' && mode === 'exact' ? '0n' : '0';
}

/** The values of an integer-like type: inclusive bounds of the physical integer. */
export function rangeOf(type: SqlType): { readonly min: bigint; readonly max: bigint } {
  switch (type.kind) {
    case 'integer': {
      const bits = BigInt(type.bits);
      return type.signed
        ? { min: -(1n << (bits - 1n)), max: (1n << (bits - 1n)) - 1n }
        : { min: 0n, max: (1n << bits) - 1n };
    }
    case 'decimal': {
      const limit = 10n ** BigInt(type.precision);
      return { min: 1n - limit, max: limit - 1n };
    }
    case 'date':
      // The days that a TIMESTAMP of 64 bits has: years -290307 to 294246. The calendar is exact there.
      return { min: -106_751_991n, max: 106_751_990n };
    default:
      return { min: -(1n << 63n), max: (1n << 63n) - 1n };
  }
}

export const maxSafe = Number.MAX_SAFE_INTEGER;
