import type { SqlType } from '@weir/columnar/sql-type.ts';
import { bigintType, booleanType, doubleType, textType } from '@weir/columnar/sql-type.ts';
import type { Expression } from '@weir/plan/expression.ts';
import type { ParameterPattern, ScalarSignature } from '../../functions/signature.ts';
import { call } from '../../logical/expressions.ts';
import { castKind } from '../../types/casts.ts';
import { castTo, commonType, isTextConstant } from '../../types/coerce.ts';
import { isNumeric } from '../../types/numeric-types.ts';
import { checkPatterns } from './constant-patterns.ts';
import type { Operand } from './operand.ts';
import { unifyAll } from './operand.ts';

/** An argument in a parameter: the type that it is cast to, and how far it had to be bent. */
interface Fit {
  readonly type: SqlType;
  readonly cost: number;
}

const namedTypes: Partial<Record<ParameterPattern, SqlType>> = {
  text: textType,
  bigint: bigintType,
  double: doubleType,
  boolean: booleanType,
  bytes: { kind: 'bytes' },
  json: { kind: 'json' },
  date: { kind: 'date' },
  time: { kind: 'time', precision: 6 },
  interval: { kind: 'interval', unit: 'micros' },
};

const timestamp: SqlType = { kind: 'timestamp', precision: 6, zoned: false };

/** Functions that take the text form of anything, as in PostgreSQL. */
const takesAnyText = ['concat_all', 'concat_ws'];

/** Picks the overload that bends the arguments least, and casts them; undefined if none takes them. */
export function resolveOverload(
  overloads: readonly ScalarSignature[],
  operands: readonly Operand[],
): Expression | undefined {
  let best: { signature: ScalarSignature; fits: Fit[]; cost: number } | undefined;
  for (const signature of overloads) {
    const fits = fitAll(signature, operands);
    if (fits === undefined) continue;
    const cost = fits.reduce((sum, fit) => sum + fit.cost, 0);
    if (best === undefined || cost < best.cost) best = { signature, fits, cost };
  }
  return best === undefined ? undefined : build(best.signature, best.fits, operands);
}

function patternAt(signature: ScalarSignature, index: number): ParameterPattern | undefined {
  const last = signature.parameters.length - 1;
  return signature.parameters[signature.variadic ? Math.min(index, last) : index];
}

function fitAll(signature: ScalarSignature, operands: readonly Operand[]): Fit[] | undefined {
  const { parameters, optional, variadic } = signature;
  const least = parameters.length - optional;
  if (operands.length < least || (!variadic && operands.length > parameters.length)) return undefined;
  const fits: Fit[] = [];
  for (const [index, { value }] of operands.entries()) {
    const pattern = patternAt(signature, index);
    const fit =
      pattern === undefined ? undefined : fitOne(pattern, value, takesAnyText.includes(signature.id));
    if (fit === undefined) return undefined;
    fits.push(fit);
  }
  return fits;
}

function fitOne(pattern: ParameterPattern, value: Expression, anyText: boolean): Fit | undefined {
  const { type } = value;
  const constant = isTextConstant(value);
  const isNull = type.kind === 'null';
  switch (pattern) {
    case 'any':
    case 'same':
      return { type, cost: 0 };
    case 'number':
    case 'float':
      if (pattern === 'number' ? isNumeric(type) : type.kind === 'float') return { type, cost: 0 };
      return isNull || constant ? { type: doubleType, cost: 3 } : undefined;
    case 'integer':
    case 'decimal':
      return type.kind === pattern ? { type, cost: 0 } : undefined;
    case 'timestamp':
      if (type.kind === 'timestamp') return { type, cost: 0 };
      return type.kind === 'date' || isNull || constant ? { type: timestamp, cost: 2 } : undefined;
    default: {
      const wanted = namedTypes[pattern];
      return wanted === undefined ? undefined : fitNamed(wanted, type, constant, anyText);
    }
  }
}

function fitNamed(wanted: SqlType, type: SqlType, constant: boolean, anyText: boolean): Fit | undefined {
  const kind = castKind(type, wanted);
  switch (kind) {
    case 'same':
      return { type: wanted, cost: 0 };
    case 'implicit':
      // An integer rather goes to BIGINT than to DOUBLE.
      return { type: wanted, cost: wanted.kind === 'float' ? 2 : 1 };
    case 'assignment':
      if (wanted.kind === 'time') return { type: wanted, cost: 1 };
      return anyText && wanted.kind === 'text' ? { type: wanted, cost: 3 } : undefined;
    default:
      // JSON functions take a TEXT column that holds JSON.
      if (wanted.kind === 'json' && type.kind === 'text') return { type: wanted, cost: 2 };
      return constant && kind === 'explicit' ? { type: wanted, cost: 4 } : undefined;
  }
}

function build(
  signature: ScalarSignature,
  fits: readonly Fit[],
  operands: readonly Operand[],
): Expression | undefined {
  const same = operands.filter((_, index) => patternAt(signature, index) === 'same');
  let sameType: SqlType | undefined;
  if (same.length > 0) {
    for (const [index, operand] of same.entries()) {
      const before = same[index - 1];
      // Checked here, so that the caller can say which function it was.
      if (before !== undefined && commonType(before.value, operand.value) === undefined) return undefined;
    }
    const unified = unifyAll(same, `the arguments of ${signature.id}()`).type;
    sameType = unified.kind === 'null' ? textType : unified;
  }
  const args = operands.map(({ value, span }, index) => {
    const type = patternAt(signature, index) === 'same' ? sameType : fits[index]?.type;
    if (type === undefined) return value;
    // Text that holds no JSON is NULL to JSON functions, as is a path that leads nowhere; CAST(… AS JSON) tells.
    const lenient = type.kind === 'json' && value.type.kind === 'text';
    return castTo(value, type, span, lenient);
  });
  const result =
    typeof signature.result === 'function'
      ? signature.result(args.map((argument) => argument.type))
      : signature.result === 'same'
        ? sameType
        : signature.result === 'first'
          ? args[0]?.type
          : signature.result;
  if (result === undefined) return undefined;
  checkPatterns(signature.id, operands);
  return call(signature.id, args, result, isNullable(signature, args));
}

function isNullable(signature: ScalarSignature, args: readonly Expression[]): boolean {
  switch (signature.nulls) {
    case 'never':
      return false;
    case 'strict':
      return args.some((argument) => argument.nullable);
    case 'partial':
      return true;
    case 'own':
      if (signature.id === 'concat_ws') return args[0]?.nullable ?? true;
      return signature.id === 'nullif' || args.every((argument) => argument.nullable);
  }
}
