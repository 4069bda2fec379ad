import type { ChannelElement, ChannelId } from './channel-element.ts';
import { creditOf } from './channel-element.ts';
import { channelWindowBytes } from './inbound-channel.ts';

/** Bytes that a channel may hold unsent before its subtask is asked to stop. */
export const outboundLimitBytes = 256 * 1024;

/**
 * The sending end of a channel: a queue that a transport empties as the receiver gives credit.
 *
 * O1  Elements leave in their order, numbered from 1 without a gap.
 * O2  A frame leaves only while there is credit; the last one may overdraw it, so that a frame larger than the window still goes.
 */
export class OutboundChannel {
  readonly id: ChannelId;
  readonly #queue: ChannelElement[] = [];
  #head = 0;
  #queuedBytes = 0;
  #credit = 0;
  #sequence = 0;
  #onReady: () => void = () => {};
  #onRoom: (() => void) | null = null;

  constructor(id: ChannelId) {
    this.id = id;
  }

  put(element: ChannelElement): void {
    this.#queue.push(element);
    this.#queuedBytes += creditOf(element);
    if (this.#canSend()) this.#onReady();
  }

  hasRoom(notify: () => void): boolean {
    if (this.#queuedBytes < outboundLimitBytes) return true;
    this.#onRoom = notify;
    return false;
  }

  /** The transport: `onReady` is called whenever `take` has something. */
  connect(onReady: () => void): void {
    this.#onReady = onReady;
    if (this.#canSend()) onReady();
  }

  /** More than a window is never given, whatever a receiver says: memory here rests on it. */
  grant(bytes: number): void {
    this.#credit = Math.min(channelWindowBytes, this.#credit + Math.max(0, bytes));
    if (this.#canSend()) this.#onReady();
  }

  /** The next element and its number, or undefined when there is none or no credit. */
  take(): { readonly sequence: number; readonly element: ChannelElement } | undefined {
    if (!this.#canSend()) return undefined;
    const element = this.#queue[this.#head];
    if (element === undefined) return undefined;
    this.#head += 1;
    if (this.#head > 64 && this.#head * 2 > this.#queue.length) {
      this.#queue.splice(0, this.#head);
      this.#head = 0;
    }
    const cost = creditOf(element);
    this.#credit -= cost;
    this.#queuedBytes -= cost;
    this.#sequence += 1;
    if (this.#onRoom !== null && this.#queuedBytes < outboundLimitBytes) {
      const onRoom = this.#onRoom;
      this.#onRoom = null;
      onRoom();
    }
    return { sequence: this.#sequence, element };
  }

  #canSend(): boolean {
    const next = this.#queue[this.#head];
    return next !== undefined && (next.kind !== 'frame' || this.#credit > 0);
  }
}
