import { WeirError } from '@weir/kernel/errors.ts';
import type { ChannelMessage } from '@weir/wire/exchange-stream.ts';
import { channelKey, type ChannelId } from './channel-element.ts';
import type { OutboundChannel } from './outbound-channel.ts';

/** The part of a gRPC server-stream that a link writes to. */
export interface FrameStream {
  /** False asks to wait for `drain`. */
  write(message: ChannelMessage): boolean;
  once(event: 'drain', listener: () => void): unknown;
}

/**
 * All channels from this worker to another one in a generation, over one stream that the other side opens.
 *
 * K1  It is opened once: a second opening is refused, whatever became of the first.
 * K2  Channels that have something to send take turns.
 */
export class OutboundLink {
  readonly #channels = new Map<string, OutboundChannel>();
  readonly #ready = new Set<OutboundChannel>();
  #stream: FrameStream | null = null;
  #blocked = false;
  /** Ends the generation when the stream breaks. */
  readonly fail: (error: unknown) => void;
  /** Resolves when the generation has ended here. */
  readonly ended: Promise<void>;
  isEnded = false;
  #resolveEnded: () => void = () => {};

  constructor(channels: readonly OutboundChannel[], fail: (error: unknown) => void) {
    for (const channel of channels) this.#channels.set(channelKey(channel.id), channel);
    this.fail = fail;
    this.ended = new Promise((resolve) => (this.#resolveEnded = resolve));
  }

  /** The generation has ended: nothing is sent any more, the stream ends. */
  end(): void {
    this.isEnded = true;
    this.#resolveEnded();
  }

  get opened(): boolean {
    return this.#stream !== null;
  }

  /** waiting -> open. The caller has checked `opened` (K1). */
  open(stream: FrameStream, initialCreditBytes: number): void {
    this.#stream = stream;
    for (const channel of this.#channels.values()) {
      channel.connect(() => {
        this.#ready.add(channel);
        this.#pump();
      });
      channel.grant(initialCreditBytes);
    }
  }

  /** @throws WeirError WEIR-7212 for a channel that isn't one of this link's */
  grant(id: ChannelId, bytes: number): void {
    const channel = this.#channels.get(channelKey(id));
    if (channel === undefined) throw new WeirError('WEIR-7212', `there is no channel ${channelKey(id)} here`);
    channel.grant(bytes);
  }

  #pump(): void {
    while (!this.#blocked && !this.isEnded && this.#stream !== null) {
      const channel: OutboundChannel | undefined = this.#ready.values().next().value;
      if (channel === undefined) return;
      this.#ready.delete(channel);
      const taken = channel.take();
      if (taken === undefined) continue;
      this.#ready.add(channel); // K2: behind the others
      const { exchange, from, to } = channel.id;
      const more = this.#stream.write({
        channel: { exchange, fromSubtask: from, toSubtask: to },
        sequence: taken.sequence,
        element: taken.element,
      });
      if (!more) {
        this.#blocked = true;
        this.#stream.once('drain', () => {
          this.#blocked = false;
          this.#pump();
        });
      }
    }
  }
}
