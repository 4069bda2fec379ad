/** The part of a server-stream that is written to. */
export interface WritableStreamPart<T> {
  /** `done` is called when the message has left, or never can. */
  write(message: T, done: (error?: Error | null) => void): unknown;
}

/**
 * Writes states to a stream whose reader may be slow: one is under way, and of those that come meanwhile the newest only is kept, so
 * that nothing piles up and the reader never sees an old state last.
 */
export class NewestStates<T> {
  readonly #stream: WritableStreamPart<T>;
  #underWay = false;
  #newest: T | null = null;

  constructor(stream: WritableStreamPart<T>) {
    this.#stream = stream;
  }

  offer(state: T): void {
    if (this.#underWay) {
      this.#newest = state;
      return;
    }
    this.#underWay = true;
    this.#stream.write(state, (error) => this.#left(error));
  }

  #left(error: Error | null | undefined): void {
    this.#underWay = false;
    const newest = this.#newest;
    this.#newest = null;
    // A stream that is broken takes nothing more.
    if (newest !== null && (error === null || error === undefined)) this.offer(newest);
  }
}

/** A message of rows that says how many were left out. */
export interface RowsMessage {
  readonly rows: readonly string[];
  readonly skipped: bigint;
}

/**
 * Writes rows to a stream whose reader may be slow: so many characters may be under way, what comes beyond is left out and
 * counted in the next message that goes.
 */
export class PacedRows<T extends RowsMessage> {
  readonly #stream: WritableStreamPart<T>;
  readonly #most: number;
  #underWay = 0;
  #skipped = 0n;

  /** @param most characters of rows that may be under way; one message always may */
  constructor(stream: WritableStreamPart<T>, most: number) {
    this.#stream = stream;
    this.#most = most;
  }

  offer(message: T): void {
    const size = message.rows.reduce((sum, row) => sum + row.length, 0);
    if (this.#underWay > 0 && this.#underWay + size > this.#most) {
      this.#skipped += BigInt(message.rows.length) + message.skipped;
      return;
    }
    const skipped = message.skipped + this.#skipped;
    this.#skipped = 0n;
    // A message without rows counts too.
    const cost = size + 1;
    this.#underWay += cost;
    this.#stream.write({ ...message, skipped }, () => (this.#underWay -= cost));
  }
}
