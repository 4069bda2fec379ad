import { pad } from './format-value.ts';
import { dayName, halfOfDay, hour12, monthName, quarterOf, yearOfEra, type TimeParts } from './time-parts.ts';

/** Years beyond four digits have a sign, as in Java. */
function javaYear(year: number, width: number): string {
  if (width === 2) return pad(Math.abs(year) % 100, 2);
  const digits = pad(Math.abs(year), width);
  return year < 0 ? `-${digits}` : width >= 4 && digits.length > width ? `+${digits}` : digits;
}

function quarterText(quarter: number, width: number): string {
  if (width <= 2) return pad(quarter, width);
  if (width === 3) return `Q${quarter}`;
  return `${quarter}${['st', 'nd', 'rd', 'th'][quarter - 1] ?? ''} quarter`;
}

function monthText(parts: TimeParts, width: number): string {
  if (width <= 2) return pad(parts.month, width);
  return width === 3 ? monthName(parts).slice(0, 3) : monthName(parts);
}

/** Letters of Java's DateTimeFormatter (see readJavaPattern), in English. */
export const javaFields: Readonly<Record<string, (parts: TimeParts, width: number) => string>> = {
  G: ({ year }) => (year > 0 ? 'AD' : 'BC'),
  u: ({ year }, width) => javaYear(year, width),
  y: ({ year }, width) => javaYear(yearOfEra(year), width),
  Q: ({ month }, width) => quarterText(quarterOf(month), width),
  q: ({ month }, width) => quarterText(quarterOf(month), width),
  M: monthText,
  L: monthText,
  d: ({ day }, width) => pad(day, width),
  D: ({ dayOfYear }, width) => pad(dayOfYear, width),
  E: (parts, width) => (width >= 4 ? dayName(parts) : dayName(parts).slice(0, 3)),
  a: ({ hour }) => halfOfDay(hour),
  h: ({ hour }, width) => pad(hour12(hour), width),
  K: ({ hour }, width) => pad(hour % 12, width),
  k: ({ hour }, width) => pad(hour || 24, width),
  H: ({ hour }, width) => pad(hour, width),
  m: ({ minute }, width) => pad(minute, width),
  s: ({ second }, width) => pad(second, width),
  S: ({ micros }, width) => pad(micros, 6).padEnd(width, '0').slice(0, width),
  A: ({ secondOfDay, micros }, width) => pad(secondOfDay * 1000 + Math.floor(micros / 1000), width),
  n: ({ micros }, width) => pad(micros * 1000, width),
};
