/** One line of an input, in the partition that holds it. Lines of a later step are never read together with those of an earlier one. */
export interface InputLine {
  readonly partition: number;
  readonly step: number;
  readonly text: string;
}

/** The lines of one partition as a decoder takes them. */
interface PartitionLines {
  readonly data: Uint8Array;
  readonly starts: Int32Array;
  readonly ends: Int32Array;
  readonly steps: readonly number[];
  /** Of each line its place among all lines of the table. */
  readonly places: readonly number[];
}

/** Lines that a source hands out in one batch. */
export interface LineRange {
  readonly data: Uint8Array;
  readonly starts: Int32Array;
  readonly ends: Int32Array;
  readonly count: number;
}

/**
 * A table outside of Weir that is read: its lines are there from the beginning, but sources see only those that were released, so that
 * "in the middle of the input" is a state that lasts for as long as a test wants. It outlives the processes that read it.
 */
export class TestInput {
  readonly name: string;
  readonly partitionCount: number;
  readonly #lines: InputLine[];
  /** Laid out when first read after a change. */
  readonly #partitions: (PartitionLines | null)[];
  readonly #committed: number[];
  readonly #polled: number[];
  readonly #waiting = new Set<() => void>();
  readonly #maxBatch: number;
  #released = 0;
  #closed = false;

  /** @param maxBatch lines that a source hands out together at most */
  constructor(name: string, lines: readonly InputLine[], partitionCount: number, maxBatch: number) {
    this.name = name;
    this.#lines = [...lines];
    this.partitionCount = partitionCount;
    this.#maxBatch = maxBatch;
    this.#partitions = Array.from({ length: partitionCount }, () => null);
    this.#committed = this.#partitions.map(() => 0);
    this.#polled = this.#partitions.map(() => 0);
  }

  /** Adds lines that sources see at once, with all before them. */
  append(partition: number, ...texts: readonly string[]): void {
    const step = this.stepCount - 1;
    this.#lines.push(...texts.map((text) => ({ partition, step, text })));
    this.#partitions[partition] = null;
    this.release(1);
  }

  /** Lets sources see the first `share` (0 to 1) of the lines. */
  release(share: number): void {
    this.#released = Math.max(this.#released, Math.ceil(this.#lines.length * share));
    this.#wake();
  }

  /** Lets sources see the lines of the first `steps` steps. */
  releaseSteps(steps: number): void {
    const last = this.#lines.findLastIndex(({ step }) => step < steps);
    this.#released = Math.max(this.#released, last + 1);
    this.#wake();
  }

  get stepCount(): number {
    return this.#lines.reduce((count, { step }) => Math.max(count, step + 1), 1);
  }

  /** No more will come: a source that has read all has ended. */
  close(): void {
    this.release(1);
    this.#closed = true;
    this.#wake();
  }

  get closed(): boolean {
    return this.#closed;
  }

  /** Lines of a partition that may be read. */
  available(partition: number): number {
    const { places } = this.#laidOut(partition);
    let count = 0;
    while (count < places.length && (places[count] ?? 0) < this.#released) count += 1;
    return count;
  }

  /** The lines from `from` on that one batch may hold. */
  next(partition: number, from: number): LineRange {
    const { data, starts, ends, steps } = this.#laidOut(partition);
    const limit = Math.min(this.available(partition), from + this.#maxBatch);
    let end = from;
    while (end < limit && steps[end] === steps[from]) end += 1;
    return { data, starts, ends, count: end - from };
  }

  lineText(partition: number, line: number): string {
    const { data, starts, ends } = this.#laidOut(partition);
    return Buffer.from(data.subarray(starts[line], ends[line])).toString();
  }

  notePolled(partition: number, next: number): void {
    this.#polled[partition] = next;
  }

  noteCommitted(partition: number, next: number): void {
    this.#committed[partition] = Math.max(this.#committed[partition] ?? 0, next);
  }

  /** Sources have handed out all that was released. Positions are those of the newest generation. */
  get allPolled(): boolean {
    return this.#polled.every((next, partition) => next >= this.available(partition));
  }

  /** A committed epoch includes all that was released. */
  get allCommitted(): boolean {
    return this.#committed.every((next, partition) => next >= this.available(partition));
  }

  /** Resolves at the next change, or when the signal is aborted. */
  change(signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const done = (): void => {
        this.#waiting.delete(done);
        signal.removeEventListener('abort', done);
        resolve();
      };
      this.#waiting.add(done);
      signal.addEventListener('abort', done);
      if (signal.aborted) done();
    });
  }

  #laidOut(partition: number): PartitionLines {
    if (partition >= this.partitionCount) throw new RangeError(`${this.name} has no partition ${partition}`);
    return (this.#partitions[partition] ??= layOut(this.#lines, partition));
  }

  #wake(): void {
    for (const done of this.#waiting) done();
  }
}

function layOut(lines: readonly InputLine[], partition: number): PartitionLines {
  const own = lines.flatMap((line, place) => (line.partition === partition ? [{ ...line, place }] : []));
  const bytes = own.map(({ text }) => Buffer.from(text));
  const starts = new Int32Array(own.length);
  const ends = new Int32Array(own.length);
  let at = 0;
  for (const [index, { length }] of bytes.entries()) {
    starts[index] = at;
    at += length;
    ends[index] = at;
  }
  return {
    data: Buffer.concat(bytes),
    starts,
    ends,
    steps: own.map(({ step }) => step),
    places: own.map(({ place }) => place),
  };
}
