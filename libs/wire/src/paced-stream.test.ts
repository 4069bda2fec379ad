import { expect, test } from 'vitest';
import { PacedRows, NewestStates } from './paced-stream.ts';

class SlowReader<T> {
  readonly written: T[] = [];
  readonly #waiting: ((error?: Error | null) => void)[] = [];

  write(message: T, done: (error?: Error | null) => void): void {
    this.written.push(message);
    this.#waiting.push(done);
  }

  /** The oldest message has been read. */
  read(error?: Error): void {
    this.#waiting.shift()?.(error);
  }
}

test('fault 1.2.6: of states that come while the reader is slow the newest is seen, and nothing piles up', () => {
  const reader = new SlowReader<number>();
  const states = new NewestStates(reader);
  for (let state = 1; state <= 1000; state += 1) states.offer(state);
  expect(reader.written).toEqual([1]);
  reader.read();
  expect(reader.written).toEqual([1, 1000]);
  reader.read();
  states.offer(1001);
  expect(reader.written).toEqual([1, 1000, 1001]);
  states.offer(1002);
  reader.read(new Error('gone'));
  expect(reader.written).toEqual([1, 1000, 1001]);
});

test('fault 1.2.6: rows that come while the reader is slow are left out and counted', () => {
  const reader = new SlowReader<{ rows: readonly string[]; skipped: bigint }>();
  const rows = new PacedRows(reader, 10);
  rows.offer({ rows: ['a row longer than the bound'], skipped: 0n });
  for (let time = 0; time < 100; time += 1) rows.offer({ rows: ['abc', 'def'], skipped: 1n });
  expect(reader.written).toHaveLength(1);
  reader.read();
  rows.offer({ rows: ['abc'], skipped: 2n });
  rows.offer({ rows: ['abc'], skipped: 0n });
  rows.offer({ rows: ['abcdef'], skipped: 0n });
  expect(reader.written.slice(1)).toEqual([
    { rows: ['abc'], skipped: 302n },
    { rows: ['abc'], skipped: 0n },
  ]);
  reader.read();
  reader.read();
  rows.offer({ rows: [], skipped: 0n });
  expect(reader.written.at(-1)).toEqual({ rows: [], skipped: 1n });
});
