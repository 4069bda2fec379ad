/** Answers below this size are not worth keeping; those above the other are too rare. */
const smallestBytes = 64 * 1024;
const largestBytes = 16 * 1024 * 1024;
const roundToBytes = 256 * 1024;
/** A small answer takes no buffer that is more than this many times its size. */
const slack = 8;

/**
 * Buffers of large Fetch answers, used again and again: fresh memory of several MB an answer costs page faults when it is filled, and
 * drives the garbage collector, which counts it.
 *
 * Invariant: a buffer is either lent or free. One that is never given back is left to the garbage collector.
 */
export class AnswerBuffers {
  readonly #free: ArrayBuffer[] = [];
  #freeBytes = 0;
  readonly #lent = new WeakSet<ArrayBufferLike>();
  readonly #limitBytes: number;

  /** @param limitBytes most bytes kept while nobody uses them */
  constructor(limitBytes: number) {
    this.#limitBytes = limitBytes;
  }

  /** A buffer of exactly this length, with anything in it. */
  readonly take = (bytes: number): Buffer => {
    if (bytes < smallestBytes || bytes > largestBytes) return Buffer.allocUnsafeSlow(bytes);
    let best = -1;
    for (const [index, { byteLength }] of this.#free.entries()) {
      if (byteLength < bytes || byteLength > bytes * slack) continue;
      if (best < 0 || byteLength < (this.#free[best]?.byteLength ?? 0)) best = index;
    }
    const [kept] = best < 0 ? [] : this.#free.splice(best, 1);
    const memory = kept ?? Buffer.allocUnsafeSlow(Math.ceil(bytes / roundToBytes) * roundToBytes).buffer;
    if (kept !== undefined) this.#freeBytes -= kept.byteLength;
    this.#lent.add(memory);
    return Buffer.from(memory, 0, bytes);
  };

  /** Nobody looks at the memory behind `view` any more. Memory that is not from here is left alone. */
  give(view: Uint8Array): void {
    const { buffer } = view;
    if (!(buffer instanceof ArrayBuffer) || !this.#lent.delete(buffer)) return;
    if (this.#freeBytes + buffer.byteLength > this.#limitBytes) return;
    this.#freeBytes += buffer.byteLength;
    this.#free.push(buffer);
  }
}

/** The memory of one answer, given back once all who hold it have released it. Begins with one holder. */
export class AnswerLease {
  readonly #buffers: AnswerBuffers;
  readonly #answer: Uint8Array;
  #holders = 1;

  constructor(buffers: AnswerBuffers, answer: Uint8Array) {
    this.#buffers = buffers;
    this.#answer = answer;
  }

  hold(): this {
    this.#holders += 1;
    return this;
  }

  release(): void {
    this.#holders -= 1;
    if (this.#holders === 0) this.#buffers.give(this.#answer);
  }
}
