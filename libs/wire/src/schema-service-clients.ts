import { status } from '@grpc/grpc-js';
import type { ChannelCredentials, ClientReadableStream } from '@grpc/grpc-js';
import { dispositionOf, type ErrorCode } from '@weir/kernel/errors.ts';
import type { Clock } from '@weir/kernel/ports.ts';
import { SchemaServiceClient } from './gen/weir/v1/schema.ts';
import { callUnary, followStream, type CallSettings, type UnaryMethod } from './grpc-call.ts';
import { GrpcStatusError } from './grpc-error.ts';

/** One question to schema-service. */
export interface SchemaQuestion<Request, Response> {
  readonly method: (client: SchemaServiceClient) => UnaryMethod<Request, Response>;
  readonly request: Request;
  /** Each process of it is given so long. */
  readonly deadlineMs: number;
  /** What can't be done while none answers: `the SQL could not be checked`. */
  readonly purpose: string;
  /** Of the error when none answers. */
  readonly code: ErrorCode;
  readonly headers?: CallSettings['headers'];
  readonly signal?: AbortSignal;
}

/** The processes of schema-service. Any will do: the next is asked when one is away, and whoever answered last is asked first. */
export class SchemaServiceClients {
  readonly #clock: Clock;
  readonly #addresses: readonly string[];
  readonly #clients: readonly SchemaServiceClient[];
  #first = 0;

  /**
   * @param addresses `host:port`, several by comma
   * @param channel of SecureTransport
   */
  constructor(addresses: string, clock: Clock, channel: ChannelCredentials) {
    this.#clock = clock;
    this.#addresses = addresses
      .split(',')
      .map((address) => address.trim())
      .filter((address) => address !== '');
    this.#clients = this.#addresses.map(
      (address) =>
        new SchemaServiceClient(address, channel, {
          'grpc.initial_reconnect_backoff_ms': 100,
          'grpc.max_reconnect_backoff_ms': 1_000,
        }),
    );
  }

  /**
   * @throws WeirError schema-service's own that would come again; the question's `code` (retry) when none of its processes answers, or
   * all that do are in trouble
   */
  async ask<Request, Response>(question: SchemaQuestion<Request, Response>): Promise<Response> {
    let last: unknown;
    for (let turn = 0; turn < this.#clients.length; turn += 1) {
      const index = (this.#first + turn) % this.#clients.length;
      const client = this.#clients[index];
      if (client === undefined) continue;
      const { method, request, deadlineMs, headers, signal } = question;
      try {
        const answer = await callUnary(method(client), request, {
          deadlineAtMs: this.#clock.nowMs() + deadlineMs,
          target: `schema-service ${this.#addresses[index] ?? ''}`,
          ...(headers === undefined ? {} : { headers }),
          ...(signal === undefined ? {} : { signal }),
        });
        this.#first = index;
        return answer;
      } catch (error) {
        if (dispositionOf(error) !== 'retry' || signal?.aborted) throw error;
        last = error;
        if (isOwnWord(error)) break;
      }
    }
    throw isOwnWord(last) ? last : this.unreachable(question, 'the schema-service can not be reached', last);
  }

  /** Follows a stream of the first process that answers: what one has begun no other goes on with. */
  async follow<Response>(
    open: (client: SchemaServiceClient) => ClientReadableStream<Response>,
    onMessage: (message: Response) => void,
    asked: Pick<SchemaQuestion<unknown, unknown>, 'purpose' | 'code'> & { readonly signal: AbortSignal },
  ): Promise<void> {
    let last: unknown;
    for (const [index, client] of this.#clients.entries()) {
      let begun = false;
      const told = (message: Response): void => {
        begun = true;
        onMessage(message);
      };
      try {
        return await followStream(
          open(client),
          `schema-service ${this.#addresses[index] ?? ''}`,
          told,
          asked.signal,
        );
      } catch (error) {
        if (begun || dispositionOf(error) !== 'retry') throw error;
        last = error;
      }
    }
    throw this.unreachable(asked, 'the schema-service can not be reached', last);
  }

  unreachable(
    { purpose, code }: Pick<SchemaQuestion<unknown, unknown>, 'purpose' | 'code'>,
    message: string,
    cause?: unknown,
  ): GrpcStatusError {
    const where =
      this.#addresses.length === 0 ? 'no address is configured' : `at ${this.#addresses.join(', ')}`;
    return new GrpcStatusError(status.UNAVAILABLE, code, `${message} (${where}): ${purpose}`, {
      cause,
      disposition: 'retry',
      hint: 'start it (weir schema-service), or set WEIR_SCHEMA_SERVICE to its host:port; then try again',
    });
  }

  close(): void {
    for (const client of this.#clients) client.close();
  }
}

/** It answered, and what is in trouble lies behind it: a registry. Another of its processes would say the same. */
function isOwnWord(error: unknown): error is GrpcStatusError {
  return error instanceof GrpcStatusError && error.code.startsWith('WEIR-35');
}
