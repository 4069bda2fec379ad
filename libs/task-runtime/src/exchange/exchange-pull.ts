import { status } from '@grpc/grpc-js';
import type { ChannelCredentials, ClientReadableStream, Metadata } from '@grpc/grpc-js';
import { WeirError } from '@weir/kernel/errors.ts';
import type { Clock, Timers } from '@weir/kernel/ports.ts';
import { callUnary } from '@weir/wire/grpc-call.ts';
import { fromServiceError, grpcStatusOf } from '@weir/wire/grpc-error.ts';
import {
  exchangeClientOptions,
  ExchangeStreamClient,
  type ChannelMessage,
} from '@weir/wire/exchange-stream.ts';
import type { TaskScope } from '@weir/wire/gen/weir/internal/v1/worker.ts';
import { channelKey } from './channel-element.ts';
import { channelWindowBytes, type InboundChannel } from './inbound-channel.ts';

/** The peer may not have started the generation yet: it is asked again for this long, ms. */
const openingDeadlineMs = 30_000;
const openingPauseMs = 50;
const grantTimeoutMs = 20_000;
/** A header that the sender sends at once when it accepts the opening. */
export const acceptedHeader = 'weir-accepted';

/** The part of the exchange's client that a pull needs. */
export type ExchangeClient = Pick<ExchangeStreamClient, 'pullFrames' | 'grantCredits' | 'close'>;

/** Clients over gRPC. @param channel of SecureTransport */
export function grpcExchangeClients(channel: ChannelCredentials): (address: string) => ExchangeClient {
  return (address) =>
    new ExchangeStreamClient(address, channel, {
      ...exchangeClientOptions,
      'grpc.initial_reconnect_backoff_ms': 100,
      'grpc.max_reconnect_backoff_ms': 1000,
    });
}

export interface PullParts {
  readonly clients: (address: string) => ExchangeClient;
  /** scope.incarnation is the sender's. */
  readonly scope: TaskScope;
  readonly address: string;
  readonly receiverIncarnation: string;
  readonly channels: readonly InboundChannel[];
  readonly clock: Clock;
  readonly timers: Timers;
  readonly closing: AbortSignal;
  /** Ends the generation. */
  readonly fail: (error: unknown) => void;
}

/**
 * Everything that another worker sends to this one in a generation: one server-stream, opened once.
 *
 * Q1  Before the stream is open, NOT_FOUND (not started yet) and UNAVAILABLE (not reachable yet) are asked again until a deadline.
 * Q2  Once it is open, any end of it is a break and ends the generation; there is no opening it again.
 */
export class ExchangePull {
  readonly #parts: PullParts;
  readonly #client: ExchangeClient;
  readonly #channels = new Map<string, InboundChannel>();
  readonly #credits = new Map<InboundChannel, number>();
  #granting = false;

  constructor(parts: PullParts) {
    this.#parts = parts;
    this.#client = parts.clients(parts.address);
    for (const channel of parts.channels) {
      this.#channels.set(channelKey(channel.id), channel);
      channel.connect((bytes) => this.#returnCredit(channel, bytes));
    }
    parts.closing.addEventListener('abort', () => this.#client.close(), { once: true });
  }

  /** Resolves when the stream is open. @throws WeirError WEIR-7211 when the peer refuses or isn't there in time */
  async open(): Promise<void> {
    const { clock, timers, closing } = this.#parts;
    const deadlineMs = clock.monotonicMs() + openingDeadlineMs;
    for (;;) {
      try {
        return await this.#tryOpen();
      } catch (error) {
        const code = grpcStatusOf(error);
        const early = code === status.NOT_FOUND || code === status.UNAVAILABLE;
        if (closing.aborted || !early || clock.monotonicMs() > deadlineMs) throw this.#broken(error);
      }
      await timers.sleep(openingPauseMs, closing);
    }
  }

  #tryOpen(): Promise<void> {
    const { scope, receiverIncarnation, closing } = this.#parts;
    const stream = this.#client.pullFrames({
      scope,
      receiverIncarnation,
      initialCreditBytes: BigInt(channelWindowBytes),
    });
    const cancel = (): void => stream.cancel();
    closing.addEventListener('abort', cancel, { once: true });
    return new Promise((resolve, reject) => {
      let isOpen = false;
      stream.once('metadata', (metadata: Metadata) => {
        // A refusal has metadata too.
        if (metadata.get(acceptedHeader).length === 0) return;
        isOpen = true;
        resolve();
      });
      const ended = (error: unknown): void => {
        closing.removeEventListener('abort', cancel);
        if (isOpen && !closing.aborted) this.#parts.fail(this.#broken(error));
        else reject(error);
      };
      stream.on('error', ended);
      stream.on('end', () => ended(new Error('the other worker has ended the stream')));
      this.#read(stream);
    });
  }

  #read(stream: ClientReadableStream<ChannelMessage>): void {
    stream.on('data', ({ channel, sequence, element }: ChannelMessage) => {
      const id = { exchange: channel.exchange, from: channel.fromSubtask, to: channel.toSubtask };
      try {
        const inbound = this.#channels.get(channelKey(id));
        if (inbound === undefined)
          throw new WeirError('WEIR-7212', `there is no channel ${channelKey(id)} here`);
        inbound.arrive(sequence, element);
      } catch (error) {
        stream.cancel();
        this.#parts.fail(error);
      }
    });
  }

  /** Credits that come up while a call is under way go together in the next one. */
  #returnCredit(channel: InboundChannel, bytes: number): void {
    this.#credits.set(channel, (this.#credits.get(channel) ?? 0) + bytes);
    if (!this.#granting) void this.#grant();
  }

  async #grant(): Promise<void> {
    const { scope, receiverIncarnation, clock, closing, address } = this.#parts;
    this.#granting = true;
    try {
      while (this.#credits.size > 0 && !closing.aborted) {
        const credits = [...this.#credits].map(([{ id }, bytes]) => ({
          channel: { exchange: id.exchange, fromSubtask: id.from, toSubtask: id.to },
          bytes: BigInt(bytes),
        }));
        this.#credits.clear();
        await callUnary(
          this.#client.grantCredits.bind(this.#client),
          { scope, receiverIncarnation, credits },
          { deadlineAtMs: clock.nowMs() + grantTimeoutMs, target: `worker ${address} GrantCredits` },
        );
      }
    } catch (error) {
      if (!closing.aborted) this.#parts.fail(this.#broken(error));
    } finally {
      this.#granting = false;
    }
  }

  #broken(cause: unknown): WeirError {
    const { address, scope } = this.#parts;
    const said = fromServiceError(cause, 'PullFrames');
    return new WeirError('WEIR-7211', `the exchange with worker ${address} (${scope.incarnation}) broke`, {
      cause: said,
      // What is too large would be so again.
      disposition: said.code === 'WEIR-8004' ? 'fatal' : 'retry',
    });
  }
}
