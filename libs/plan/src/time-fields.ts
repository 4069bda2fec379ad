/** Spellings of a field of a time beside its name, in EXTRACT, date_part and date_trunc alike. */
const spellings: Readonly<Record<string, string>> = {
  microsecond: 'microseconds',
  us: 'microseconds',
  millisecond: 'milliseconds',
  ms: 'milliseconds',
  seconds: 'second',
  minutes: 'minute',
  hours: 'hour',
  days: 'day',
  weeks: 'week',
  months: 'month',
  quarters: 'quarter',
  years: 'year',
  decades: 'decade',
  centuries: 'century',
  dayofyear: 'doy',
};

/** The name of a field of a time (`month`) as it was written (`Months`); what is no field stays as it is, in lower case. */
export function timeFieldName(written: string): string {
  const lower = written.toLowerCase();
  return spellings[lower] ?? lower;
}
