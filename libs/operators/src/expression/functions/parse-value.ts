import { lower, type Exact } from './exact.ts';

const integerText = /^\s*[+-]?\d{1,60}\s*$/;

export function parseInteger(text: string): Exact | null {
  if (!integerText.test(text)) return null;
  const value = Number(text);
  if (Number.isSafeInteger(value)) return value + 0;
  const trimmed = text.trim();
  return lower(BigInt(trimmed.startsWith('+') ? trimmed.slice(1) : trimmed));
}
