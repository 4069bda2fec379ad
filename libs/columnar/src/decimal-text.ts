/**
 * Exact value of decimal text (`12`, `-1.50`, `2.5e3`) times 10^scale. Digits after the scale are rounded, half away from zero, as
 * PostgreSQL does when it stores a number into NUMERIC(p, s); with `exact` they make the text unfit instead.
 * @returns null when the text is no decimal number, is not exact, or has more than `maxDigits` digits before the point
 */
export function scaledInteger(text: string, scale: number, exact: boolean): bigint | null {
  const match = /^([+-]?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/.exec(text);
  if (match === null) return null;
  const fraction = match[3] ?? '';
  const digits = ((match[2] ?? '') + fraction).replace(/^0+/, '');
  if (digits === '') return 0n;
  // The value is 0.digits * 10^point.
  const exponent = Number(match[4] ?? 0);
  const shift = exponent - fraction.length + scale;
  if (digits.length + shift > maxDigits) return null;
  let value: bigint;
  if (shift >= 0) value = BigInt(digits + '0'.repeat(shift));
  else {
    const kept = digits.length + shift;
    const rest = kept >= 0 ? digits.slice(kept) : digits;
    if (exact && /[1-9]/.test(rest)) return null;
    value = kept > 0 ? BigInt(digits.slice(0, kept)) : 0n;
    if (kept >= 0 && digits.charCodeAt(kept) >= 0x35) value += 1n;
  }
  return match[1] === '-' ? -value : value;
}

/** 38 digits are what DECIMAL holds; scaled by at most 38 more. */
const maxDigits = 77;

/** Text of a decimal from its unscaled value: exact, without an exponent. */
export function decimalText(unscaled: bigint, scale: number): string {
  if (scale === 0) return unscaled.toString();
  const negative = unscaled < 0n;
  const digits = (negative ? -unscaled : unscaled).toString().padStart(scale + 1, '0');
  const point = digits.length - scale;
  return `${negative ? '-' : ''}${digits.slice(0, point)}.${digits.slice(point)}`;
}
