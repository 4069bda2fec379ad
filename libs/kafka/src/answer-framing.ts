/** Far above any answer of Kafka, below "HTTP" (1.2 GB) and a TLS alert (0x15030300, 352 MB) when read as a length. */
const maxAnswerBytes = 256 * 1024 * 1024;
const lengthBytes = 4;

/**
 * Cuts the bytes of a socket into answers (int32 length, then that many bytes). What comes is copied once, straight into a
 * buffer of the answer's own size, so the chunk it came in can be used again at once.
 */
export class AnswerFraming {
  readonly #onAnswer: (answer: Buffer) => void;
  readonly #allocate: (bytes: number) => Buffer;
  readonly #length = Buffer.alloc(lengthBytes);
  #lengthFilled = 0;
  #answer: Buffer | undefined;
  #answerFilled = 0;

  /** @param allocate makes the buffers of large answers */
  constructor(
    onAnswer: (answer: Buffer) => void,
    allocate: (bytes: number) => Buffer = (bytes) => Buffer.allocUnsafeSlow(bytes),
  ) {
    this.#onAnswer = onAnswer;
    this.#allocate = allocate;
  }

  /** @throws Error when the length can't be one: the other side doesn't speak Kafka's protocol */
  push(chunk: Uint8Array, count: number): void {
    let position = 0;
    while (position < count) {
      if (this.#answer === undefined) {
        this.#length[this.#lengthFilled++] = chunk[position++] ?? 0;
        if (this.#lengthFilled === lengthBytes) this.#begin();
        continue;
      }
      const taken = Math.min(count - position, this.#answer.length - this.#answerFilled);
      this.#answer.set(chunk.subarray(position, position + taken), this.#answerFilled);
      this.#answerFilled += taken;
      position += taken;
      if (this.#answerFilled === this.#answer.length) {
        const answer = this.#answer;
        this.#answer = undefined;
        this.#onAnswer(answer);
      }
    }
  }

  #begin(): void {
    const bytes = this.#length.readInt32BE(0);
    if (bytes < lengthBytes || bytes > maxAnswerBytes) {
      throw new Error(
        `an answer of ${bytes} bytes was announced: is this the port of a Kafka broker, with or without TLS as configured?`,
      );
    }
    this.#lengthFilled = 0;
    this.#answerFilled = 0;
    // Small answers may share a slab; large ones are Fetch data, whose slices are kept for as long as somebody needs them.
    this.#answer = bytes < 4096 ? Buffer.allocUnsafe(bytes) : this.#allocate(bytes);
  }
}
