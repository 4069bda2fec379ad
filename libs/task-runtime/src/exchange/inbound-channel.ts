import { WeirError } from '@weir/kernel/errors.ts';
import { channelKey, creditOf, type ChannelElement, type ChannelId } from './channel-element.ts';

/** Bytes of frames that a channel may have under way and unread. */
export const channelWindowBytes = 512 * 1024;

/**
 * The receiving end of a channel: what arrived and wasn't read yet. Memory is bounded by the credit that it gave.
 *
 * R1  Elements arrive numbered from 1 without a gap; anything else means that something was lost and ends the generation.
 * R2  Credit goes back when frames are read, in portions of a quarter of the window.
 */
export class InboundChannel {
  readonly id: ChannelId;
  readonly #queue: ChannelElement[] = [];
  #head = 0;
  #arrived = 0;
  #unreturned = 0;
  readonly #notify: () => void;
  #returnCredit: (bytes: number) => void = () => {};

  constructor(id: ChannelId, notify: () => void) {
    this.id = id;
    this.#notify = notify;
  }

  /** The transport: gives the first credit at once. */
  connect(returnCredit: (bytes: number) => void): void {
    this.#returnCredit = returnCredit;
  }

  /** @throws WeirError WEIR-7210 on a gap */
  arrive(sequence: number, element: ChannelElement): void {
    this.#arrived += 1;
    if (sequence !== this.#arrived) {
      throw new WeirError(
        'WEIR-7210',
        `channel ${channelKey(this.id)}: element ${sequence} came instead of ${this.#arrived}`,
        { disposition: 'retry' },
      );
    }
    this.#queue.push(element);
    this.#notify();
  }

  peek(): ChannelElement | undefined {
    return this.#queue[this.#head];
  }

  /** The element that `peek` showed has been read. */
  shift(): void {
    const element = this.#queue[this.#head];
    if (element === undefined) return;
    this.#head += 1;
    if (this.#head === this.#queue.length || this.#head > 1024) {
      this.#queue.splice(0, this.#head);
      this.#head = 0;
    }
    this.#unreturned += creditOf(element);
    if (this.#unreturned >= channelWindowBytes / 4) {
      const bytes = this.#unreturned;
      this.#unreturned = 0;
      this.#returnCredit(bytes);
    }
  }
}
