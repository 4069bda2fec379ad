import { timestampType } from '@weir/columnar/sql-type.ts';
import { scalar, type ScalarSignature } from './signature.ts';

/** Date and time functions. The field name of `extract` and `date_trunc` is a TEXT literal in lower case, checked by the binder. */
export const dateTimeFunctions: readonly ScalarSignature[] = [
  /**
   * Fields microsecond(s), millisecond(s), second, minute, hour, day, dow (Sunday 0), isodow (Monday 1), dayofweek (Sunday 1), doy, week (ISO), month, quarter, year,
   * isoyear, decade, century, epoch. BIGINT, but `second` DECIMAL(8, 6), `milliseconds` DECIMAL(9, 3), `epoch` DECIMAL(18, 6):
   * the binder gives the call's type.
   */
  scalar('extract(text, timestamp) -> bigint'),
  scalar('extract(text, date) -> bigint'),
  scalar('extract(text, time) -> bigint'),
  scalar('extract(text, interval) -> bigint'),
  /** As extract, in DOUBLE. */
  scalar('date_part(text, timestamp) -> double'),
  scalar('date_part(text, date) -> double'),
  scalar('date_part(text, time) -> double'),
  /** microseconds … hour, day, week (Monday), month, quarter, year, decade, century. */
  scalar('date_trunc(text, timestamp) -> timestamp', { result: (types) => types[1] ?? timestampType }),
  /** Stride, timestamp, origin: the start of the stride-wide bin, negative distances rounded down. */
  scalar('date_bin(interval, timestamp, timestamp) -> timestamp'),
  /** Seconds since 1970. */
  scalar('to_timestamp(double) -> timestamptz'),
  scalar('to_timestamp_seconds(bigint) -> timestamp'),
  scalar('to_timestamp_millis(bigint) -> timestamp'),
  scalar('to_timestamp_micros(bigint) -> timestamp'),
  /** Seconds since 1970 of a timestamp, rounded down. */
  scalar('unix_timestamp(timestamp) -> bigint'),
  scalar('unix_millis(timestamp) -> bigint'),
  scalar('unix_micros(timestamp) -> bigint'),
  /** PostgreSQL's patterns (see readPostgresPattern); constants with unknown letters are refused. */
  scalar('to_char(timestamp, text) -> text'),
  /** Flink's (Java's) patterns (see readJavaPattern); constants with unknown letters are refused. */
  scalar('date_format(timestamp, text) -> text'),
  scalar('make_date(bigint, bigint, bigint) -> date'),
  /** Year, month, day, hour, minute, seconds. */
  scalar('make_timestamp(bigint, bigint, bigint, bigint, bigint, double) -> timestamp'),
];
