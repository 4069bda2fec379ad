import { constants, type ServerHttp2Stream } from 'node:http2';

/** What the calls of a process may hold of their requests. */
interface BodyLimits {
  /** Bytes of all requests whose calls aren't over. */
  readonly bytes: number;
  /** How long a request may take to arrive, ms. */
  readonly arrivalMs: number;
}

export const bodyLimits: BodyLimits = { bytes: 20 * 1024 * 1024, arrivalMs: 30_000 };

/** A piece of a request is an object with a view into what was read, however small it is. */
const costOfPiece = 256;
const lookEveryMs = 1000;
/** An answer has left after this. */
const answerLeavesMs = 100;
/** gRPC's RESOURCE_EXHAUSTED and DEADLINE_EXCEEDED. */
const exhausted = '8';
const deadlineExceeded = '4';

interface Body {
  readonly since: number;
  bytes: number;
  /** Its call is over, or refused: what still comes is thrown away. */
  over: boolean;
}

/**
 * Bounds what requests hold that were begun and not ended. A gRPC server puts a message together before any handler hears of it,
 * and has no bound but that of one message: a few clients that begin calls and never end them would fill the memory.
 *
 * B1  Bytes count from their arrival to the end of their call.
 * B2  Where there are too many, the largest requests that are still arriving are refused until there are half as many: a flood pays for
 *     itself, small calls go on. (Pieces of several requests lie in one buffer: to refuse one at a time would free little.)
 * B3  A request that has not arrived whole in time is refused.
 * B4  A call that has been answered reads no more of its request.
 */
export class RequestBodies {
  readonly #limits: BodyLimits;
  readonly #now: () => number;
  readonly #arriving = new Map<ServerHttp2Stream, Body>();
  #bytes = 0;
  #timer: NodeJS.Timeout | null = null;

  /** @param now monotonic milliseconds */
  constructor(limits: BodyLimits, now: () => number) {
    this.#limits = limits;
    this.#now = now;
  }

  /** Bytes of requests that it knows of (with a part for each piece). */
  get bytes(): number {
    return this.#bytes;
  }

  watch(stream: ServerHttp2Stream): void {
    const body: Body = { since: this.#now(), bytes: 0, over: false };
    this.#arriving.set(stream, body);
    this.#timer ??= setInterval(() => this.look(), lookEveryMs).unref();
    // Listening for data sets a stream flowing: it must not begin before the server listens too.
    const onListener = (event: string | symbol): void => {
      if (event !== 'data') return;
      stream.removeListener('newListener', onListener);
      stream.on('data', (piece: Buffer) => this.#count(body, piece.length + costOfPiece));
    };
    stream.on('newListener', onListener);
    stream.once('end', () => this.#arrived(stream));
    stream.once('finish', () => {
      if (this.#arriving.has(stream)) this.#hangUp(stream, body); // B4
    });
    stream.once('close', () => {
      this.#arrived(stream);
      this.#forget(body);
    });
  }

  /** Refuses what has taken too long (B3). */
  look(): void {
    const latest = this.#now() - this.#limits.arrivalMs;
    for (const [stream, body] of this.#arriving) {
      if (body.since < latest)
        this.#refuse(stream, body, deadlineExceeded, `a request arrives within ${this.#limits.arrivalMs} ms`);
    }
  }

  #count(body: Body, bytes: number): void {
    if (body.over) return;
    body.bytes += bytes;
    this.#bytes += bytes;
    if (this.#bytes > this.#limits.bytes) this.#makeRoom();
  }

  /** B2 */
  #makeRoom(): void {
    const why = `unfinished calls hold more than ${this.#limits.bytes} bytes here`;
    for (const [stream, body] of [...this.#arriving].toSorted(([, a], [, b]) => b.bytes - a.bytes)) {
      if (this.#bytes <= this.#limits.bytes / 2) return;
      this.#refuse(stream, body, exhausted, why);
    }
  }

  #refuse(stream: ServerHttp2Stream, body: Body, grpcStatus: string, why: string): void {
    this.#hangUp(stream, body);
    if (!stream.headersSent && !stream.destroyed) {
      stream.respond(
        {
          ':status': 200,
          'content-type': 'application/grpc+proto',
          'grpc-status': grpcStatus,
          'grpc-message': encodeURIComponent(why),
        },
        { endStream: true },
      );
    }
  }

  /** What still comes is thrown away, and soon asked to end: at once would take the answer back, which has not left yet. */
  #hangUp(stream: ServerHttp2Stream, body: Body): void {
    this.#arrived(stream);
    this.#forget(body);
    stream.resume();
    setTimeout(() => stream.close(constants.NGHTTP2_NO_ERROR), answerLeavesMs).unref();
  }

  /** B1 */
  #forget(body: Body): void {
    this.#bytes -= body.bytes;
    body.bytes = 0;
    body.over = true;
  }

  #arrived(stream: ServerHttp2Stream): void {
    this.#arriving.delete(stream);
    if (this.#arriving.size > 0 || this.#timer === null) return;
    clearInterval(this.#timer);
    this.#timer = null;
  }
}
