import { pad } from './format-value.ts';
import { dayName, halfOfDay, hour12, monthName, quarterOf, yearOfEra, type TimeParts } from './time-parts.ts';

/** PostgreSQL pads names to the longest one. */
const longestName = 9;
const romanMonths = ['I', 'II', 'III', 'IV', 'V', 'VI', 'VII', 'VIII', 'IX', 'X', 'XI', 'XII'];
/** The Julian day of 1970-01-01. */
const julianEpoch = 2_440_588;

/** As the pattern spelled it: `MONTH`, `Month`, `month`. */
function cased(name: string, spelled: string): string {
  if (spelled === spelled.toUpperCase()) return name.toUpperCase();
  return spelled === spelled.toLowerCase() ? name.toLowerCase() : name;
}

function centuryOf(year: number): number {
  return year > 0 ? Math.ceil(year / 100) : -Math.ceil((1 - year) / 100);
}

function fraction(digits: number): (parts: TimeParts) => string {
  return ({ micros }) => pad(micros, 6).slice(0, digits);
}

const endOfYear = (year: number, digits: number): string => pad(yearOfEra(year) % 10 ** digits, digits);
const isoWeekday = (weekday: number): number => weekday || 7;

/** Words of PostgreSQL's to_char (see readPostgresPattern), in English. */
export const postgresFields: Readonly<Record<string, (parts: TimeParts, spelled: string) => string>> = {
  'Y,YYY': ({ year }) => {
    const text = pad(yearOfEra(year), 4);
    return `${text.slice(0, -3)},${text.slice(-3)}`;
  },
  YYYY: ({ year }) => pad(yearOfEra(year), 4),
  YYY: ({ year }) => endOfYear(year, 3),
  YY: ({ year }) => endOfYear(year, 2),
  Y: ({ year }) => endOfYear(year, 1),
  IYYY: ({ isoYear }) => pad(yearOfEra(isoYear), 4),
  IYY: ({ isoYear }) => endOfYear(isoYear, 3),
  IY: ({ isoYear }) => endOfYear(isoYear, 2),
  I: ({ isoYear }) => endOfYear(isoYear, 1),
  MM: ({ month }) => pad(month, 2),
  IDDD: ({ isoWeek, weekday }) => pad((isoWeek - 1) * 7 + isoWeekday(weekday), 3),
  DDD: ({ dayOfYear }) => pad(dayOfYear, 3),
  DD: ({ day }) => pad(day, 2),
  ID: ({ weekday }) => String(isoWeekday(weekday)),
  D: ({ weekday }) => String(weekday + 1),
  IW: ({ isoWeek }) => pad(isoWeek, 2),
  WW: ({ dayOfYear }) => pad(Math.ceil(dayOfYear / 7), 2),
  W: ({ day }) => String(Math.ceil(day / 7)),
  HH24: ({ hour }) => pad(hour, 2),
  HH12: ({ hour }) => pad(hour12(hour), 2),
  HH: ({ hour }) => pad(hour12(hour), 2),
  MI: ({ minute }) => pad(minute, 2),
  SSSSS: ({ secondOfDay }) => String(secondOfDay),
  SSSS: ({ secondOfDay }) => String(secondOfDay),
  SS: ({ second }) => pad(second, 2),
  MS: fraction(3),
  US: fraction(6),
  FF1: fraction(1),
  FF2: fraction(2),
  FF3: fraction(3),
  FF4: fraction(4),
  FF5: fraction(5),
  FF6: fraction(6),
  CC: ({ year }) => pad(centuryOf(year), 2),
  J: ({ days }) => String(days + julianEpoch),
  Q: ({ month }) => String(quarterOf(month)),
  MONTH: (parts, spelled) => cased(monthName(parts), spelled).padEnd(longestName),
  MON: (parts, spelled) => cased(monthName(parts).slice(0, 3), spelled),
  DAY: (parts, spelled) => cased(dayName(parts), spelled).padEnd(longestName),
  DY: (parts, spelled) => cased(dayName(parts).slice(0, 3), spelled),
  RM: ({ month }, spelled) => cased(romanMonths[month - 1] ?? '', spelled).padEnd(4),
  AM: ({ hour }, spelled) => cased(halfOfDay(hour), spelled),
  'A.M.': ({ hour }, spelled) => cased(hour < 12 ? 'A.M.' : 'P.M.', spelled),
  BC: ({ year }, spelled) => cased(year > 0 ? 'AD' : 'BC', spelled),
  'B.C.': ({ year }, spelled) => cased(year > 0 ? 'A.D.' : 'B.C.', spelled),
};

/** `1st`, `2nd`, `11th`. */
export function ordinalOf(text: string, suffix: 'TH' | 'th'): string {
  const number = Number(text) % 100;
  const ending = number >= 11 && number <= 13 ? 'th' : (['th', 'st', 'nd', 'rd'][number % 10] ?? 'th');
  return `${text}${suffix === 'TH' ? ending.toUpperCase() : ending}`;
}
