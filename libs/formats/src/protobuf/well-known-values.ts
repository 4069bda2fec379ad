import type { ProtoCursor } from './proto-cursor.ts';
import { readerOfNumber } from './read-number.ts';

const maxTimestampSeconds = 253_402_300_799;
const minTimestampSeconds = -62_135_596_800;
const maxDurationSeconds = 315_576_000_000;
const nanosPerSecond = 1_000_000_000;

const int64 = readerOfNumber('int64')!;
const int32 = readerOfNumber('int32')!;

/** Seconds and nanoseconds of a Timestamp or a Duration. */
export class SecondsAndNanos {
  seconds = 0;
  nanos = 0;

  /** Reads the chain of values that begins with `value`: later ones win, field by field. */
  read(cursor: ProtoCursor, value: number): void {
    this.seconds = 0;
    this.nanos = 0;
    for (; value >= 0; value = cursor.next[value]!) {
      cursor.goTo(value);
      this.readFields(cursor);
    }
  }

  /** From the cursor to its end. */
  readFields(cursor: ProtoCursor): void {
    while (cursor.at < cursor.end) {
      cursor.tag();
      const tag = cursor.low;
      if (tag === 8) {
        const seconds = int64(cursor);
        // Out of the range of both types, as Infinity is.
        this.seconds = typeof seconds === 'number' ? seconds : Infinity;
      } else if (tag === 16) this.nanos = Number(int32(cursor));
      else cursor.skipValue(tag & 7, tag >>> 3);
    }
  }

  /** B9: of a Timestamp, since 1970, cut towards the past. */
  timestampMicros(cursor: ProtoCursor): number | bigint {
    const { seconds, nanos } = this;
    if (!(seconds >= minTimestampSeconds && seconds <= maxTimestampSeconds))
      cursor.fail(`a Timestamp of ${seconds} seconds is not between the years 1 and 9999`);
    if (nanos < 0 || nanos >= nanosPerSecond) cursor.fail(`a Timestamp has ${nanos} nanoseconds`);
    return micros(seconds, nanos);
  }

  /** Of a Duration, cut towards the past. */
  durationMicros(cursor: ProtoCursor): number | bigint {
    const { seconds, nanos } = this;
    if (!(Math.abs(seconds) <= maxDurationSeconds))
      cursor.fail(`a Duration of ${seconds} seconds is longer than 10,000 years`);
    if (Math.abs(nanos) >= nanosPerSecond) cursor.fail(`a Duration has ${nanos} nanoseconds`);
    if (seconds * nanos < 0)
      cursor.fail(`a Duration has ${seconds} seconds and ${nanos} nanoseconds, of two signs`);
    return micros(seconds, nanos);
  }
}

function micros(seconds: number, nanos: number): number | bigint {
  const below = Math.floor(nanos / 1000);
  const sum = seconds * 1e6 + below;
  return Number.isSafeInteger(sum) ? sum : BigInt(seconds) * 1_000_000n + BigInt(below);
}
