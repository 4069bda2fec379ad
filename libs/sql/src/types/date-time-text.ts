const microsPerSecond = 1_000_000n;
const secondsPerDay = 86_400;

/** Days since 1970 of a proleptic Gregorian date; undefined if there is no such day. */
export function daysOf(year: number, month: number, day: number): number | undefined {
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  if (date.getUTCMonth() !== month - 1 || date.getUTCDate() !== day) return undefined;
  return Math.round(date.getTime() / (secondsPerDay * 1000));
}

/** `2024-01-31` to days since 1970. */
export function parseDate(text: string): number | undefined {
  const match = /^\s*(\d{4,6})-(\d{1,2})-(\d{1,2})\s*$/.exec(text);
  if (match === null) return undefined;
  return daysOf(Number(match[1]), Number(match[2]), Number(match[3]));
}

/** `12:30`, `12:30:05`, `12:30:05.123456` to microseconds of the day; digits beyond six are cut. */
export function parseTime(text: string): bigint | undefined {
  const match = /^\s*(\d{1,2}):(\d{2})(?::(\d{2})(?:\.(\d{1,9}))?)?\s*$/.exec(text);
  if (match === null) return undefined;
  const hour = Number(match[1]);
  const minute = Number(match[2]);
  const second = Number(match[3] ?? '0');
  if (hour > 23 || minute > 59 || second > 59) return undefined;
  const fraction = BigInt((match[4] ?? '').padEnd(6, '0').slice(0, 6));
  return BigInt(hour * 3600 + minute * 60 + second) * microsPerSecond + fraction;
}

/** `Z`, `+02`, `+02:00`, `-0530` to seconds. */
function parseOffset(text: string): number | undefined {
  if (/^z|utc$/i.test(text)) return 0;
  const match = /^([+-])(\d{2}):?(\d{2})?$/.exec(text);
  if (match === null) return undefined;
  const seconds = Number(match[2]) * 3600 + Number(match[3] ?? '0') * 60;
  return match[1] === '-' ? -seconds : seconds;
}

/** `2024-01-31`, `2024-01-31 12:30:05.5`, `2024-01-31T12:30:05Z`, `… +02:00` to microseconds since 1970 (an offset is applied). */
export function parseTimestamp(text: string): bigint | undefined {
  const match =
    /^\s*(\d{4,6}-\d{1,2}-\d{1,2})(?:[ tT]+(\d[\d:.]*)\s*(z|utc|[+-]\d{2}(?::?\d{2})?)?)?\s*$/i.exec(text);
  if (match === null) return undefined;
  const days = parseDate(match[1] ?? '');
  const time = match[2] === undefined ? 0n : parseTime(match[2]);
  const offset = match[3] === undefined ? 0 : parseOffset(match[3]);
  if (days === undefined || time === undefined || offset === undefined) return undefined;
  return (BigInt(days) * BigInt(secondsPerDay) - BigInt(offset)) * microsPerSecond + time;
}
