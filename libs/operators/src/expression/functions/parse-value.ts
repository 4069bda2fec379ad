import { lower, type Exact } from './exact.ts';

/** Readers of SQL text; dates, times and booleans are in columnar. All give null for text that is no such value. */

const integerText = /^\s*[+-]?\d{1,60}\s*$/;

export function parseInteger(text: string): Exact | null {
  if (!integerText.test(text)) return null;
  const value = Number(text);
  if (Number.isSafeInteger(value)) return value + 0;
  const trimmed = text.trim();
  return lower(BigInt(trimmed.startsWith('+') ? trimmed.slice(1) : trimmed));
}

const floatText = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;

export function parseFloat64(text: string): number | null {
  const trimmed = text.trim();
  if (floatText.test(trimmed)) {
    const value = Number(trimmed);
    return Number.isFinite(value) ? value : null;
  }
  switch (trimmed.toLowerCase()) {
    case 'nan':
      return NaN;
    case 'infinity':
    case '+infinity':
    case 'inf':
    case '+inf':
      return Infinity;
    case '-infinity':
    case '-inf':
      return -Infinity;
    default:
      return null;
  }
}

const unitMicros: Readonly<Record<string, number>> = {
  microsecond: 1,
  us: 1,
  millisecond: 1e3,
  ms: 1e3,
  second: 1e6,
  sec: 1e6,
  s: 1e6,
  minute: 60e6,
  min: 60e6,
  m: 60e6,
  hour: 3600e6,
  h: 3600e6,
  day: 86_400e6,
  d: 86_400e6,
  week: 7 * 86_400e6,
  w: 7 * 86_400e6,
};
const unitMonths: Readonly<Record<string, number>> = {
  month: 1,
  mon: 1,
  quarter: 3,
  year: 12,
  y: 12,
  decade: 120,
};

/** `1 day 02:03:04`, `90 seconds`, `2 years 3 months`, in the unit that the type has; null if a part has the other unit. */
export function parseInterval(text: string, unit: 'months' | 'micros'): Exact | null {
  let rest = text.trim().toLowerCase();
  if (rest === '') return null;
  const table = unit === 'months' ? unitMonths : unitMicros;
  let total = 0;
  while (rest !== '') {
    const clock = /^([+-]?)(\d+):(\d{2})(?::(\d{2}(?:\.\d{1,6})?))?\s*/.exec(rest);
    if (clock !== null) {
      const micros =
        (Number(clock[2]) * 60 + Number(clock[3])) * 60e6 + Math.round(Number(clock[4] ?? 0) * 1e6);
      if (unit === 'months' && micros !== 0) return null;
      total += clock[1] === '-' ? -micros : micros;
      rest = rest.slice(clock[0].length);
      continue;
    }
    const part = /^([+-]?\d+(?:\.\d+)?)\s*([a-z]+)\s*,?\s*/.exec(rest);
    if (part === null) return null;
    const name = part[2] ?? '';
    const size = table[name] ?? table[name.replace(/s$/, '')];
    if (size === undefined) return null;
    total += Math.round(Number(part[1]) * size);
    rest = rest.slice(part[0].length);
  }
  return Number.isSafeInteger(total) ? total + 0 : null;
}
