import type { SqlType } from '@weir/columnar/sql-type.ts';
import { bigintType, doubleType } from '@weir/columnar/sql-type.ts';

export type DecimalType = Extract<SqlType, { kind: 'decimal' }>;
export type IntegerType = Extract<SqlType, { kind: 'integer' }>;

export const maximumPrecision = 38;
/** Digits behind the point that a result keeps when it doesn't fit into 38 digits, as in Flink and SQL Server. */
const minimumScale = 6;

export function isNumeric(type: SqlType): boolean {
  return type.kind === 'integer' || type.kind === 'float' || type.kind === 'decimal';
}

/** Decimal digits that hold every value of an integer type: TINYINT 3, SMALLINT 5, INT 10, BIGINT 19 (unsigned 20). */
function integerDigits(type: IntegerType): number {
  if (type.bits === 64) return type.signed ? 19 : 20;
  return { 8: 3, 16: 5, 32: 10 }[type.bits];
}

/** The DECIMAL that holds every value of an exact type. */
export function asDecimal(type: SqlType): DecimalType | undefined {
  if (type.kind === 'decimal') return type;
  if (type.kind !== 'integer') return undefined;
  return { kind: 'decimal', precision: integerDigits(type), scale: 0 };
}

/** Cuts a result type to 38 digits: digits before the point stay, those behind it go down to six at the least. */
function fitDecimal(precision: number, scale: number): DecimalType {
  if (precision <= maximumPrecision) return { kind: 'decimal', precision, scale };
  const whole = precision - scale;
  const fitted = Math.max(maximumPrecision - whole, Math.min(scale, minimumScale));
  return { kind: 'decimal', precision: maximumPrecision, scale: fitted };
}

export type ArithmeticOperator = 'add' | 'sub' | 'mul' | 'div' | 'mod';

/** Result types of decimal arithmetic, as in Flink: exact for add, sub, mul as long as 38 digits suffice. */
export function decimalResult(operator: ArithmeticOperator, a: DecimalType, b: DecimalType): DecimalType {
  const scale = Math.max(a.scale, b.scale);
  const whole = Math.max(a.precision - a.scale, b.precision - b.scale);
  switch (operator) {
    case 'add':
    case 'sub':
      return fitDecimal(whole + scale + 1, scale);
    case 'mul':
      return fitDecimal(a.precision + b.precision, a.scale + b.scale);
    case 'div': {
      const quotientScale = Math.max(minimumScale, a.scale + b.precision + 1);
      return fitDecimal(a.precision - a.scale + b.scale + quotientScale, quotientScale);
    }
    case 'mod': {
      const fewest = Math.min(a.precision - a.scale, b.precision - b.scale);
      return fitDecimal(Math.max(1, fewest + scale), scale);
    }
  }
}

function commonInteger(a: IntegerType, b: IntegerType): SqlType {
  if (a.signed === b.signed) return a.bits >= b.bits ? a : b;
  const signed = a.signed ? a : b;
  const unsigned = a.signed ? b : a;
  if (signed.bits > unsigned.bits) return signed;
  if (unsigned.bits === 64) return { kind: 'decimal', precision: 20, scale: 0 };
  return unsigned.bits === 32
    ? bigintType
    : { kind: 'integer', bits: unsigned.bits === 16 ? 32 : 16, signed: true };
}

/** The least numeric type that both go into without loss (integers into DOUBLE excepted, as everywhere). */
export function commonNumeric(a: SqlType, b: SqlType): SqlType | undefined {
  if (!isNumeric(a) || !isNumeric(b)) return undefined;
  if (a.kind === 'float' && b.kind === 'float') return a.bits >= b.bits ? a : b;
  if (a.kind === 'float' || b.kind === 'float') return doubleType;
  if (a.kind === 'integer' && b.kind === 'integer') return commonInteger(a, b);
  const left = asDecimal(a);
  const right = asDecimal(b);
  if (left === undefined || right === undefined) return undefined;
  const scale = Math.max(left.scale, right.scale);
  const whole = Math.max(left.precision - left.scale, right.precision - right.scale);
  return fitDecimal(Math.max(1, whole + scale), scale);
}
