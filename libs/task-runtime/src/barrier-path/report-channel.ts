import type { Timers } from '@weir/kernel/ports.ts';
import { describeError, dispositionOf, WeirError } from '@weir/kernel/errors.ts';
import { maxMessageBytes } from '@weir/control-bus/control-bus.ts';
import { ControlMessage } from '@weir/wire/gen/weir/internal/v1/control.ts';

export type ControlBody = NonNullable<ControlMessage['body']>;

/** Room for headers beside a message, within the bus's limit. */
const envelopeRoomBytes = 1024;

/** Subjects end in what the message is. */
function topicOf(body: ControlBody): string {
  return body.$case.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

/** A message that is sent again exactly as it was. */
export interface PreparedMessage {
  /** Last token of its subject. */
  readonly topic: string;
  readonly epoch: number;
  readonly bytes: Uint8Array;
  readonly traceparent: string;
}

/** What a generation's tasks say to the controllers; `publish` is the bus on this generation's subject. */
export interface ReportChannelParts {
  readonly generation: number;
  readonly incarnation: string;
  readonly newMessageId: () => string;
  readonly publish: (message: PreparedMessage) => void;
  readonly storeObject: (epoch: number, bytes: Uint8Array) => Promise<string>;
  /** What `stored_at` of a message names. @throws WeirError WEIR-6010 for what is no message of this pipeline */
  readonly fetchMessage: (key: string) => Promise<Uint8Array | undefined>;
}

export class ReportChannel {
  readonly #parts: ReportChannelParts;

  constructor(parts: ReportChannelParts) {
    this.#parts = parts;
  }

  /** Encodes a message once, so that each repeat says the same; stores it when it is too large for the bus. */
  async prepare(epoch: number, body: ControlBody, traceparent: string): Promise<PreparedMessage> {
    const bytes = this.#encode(epoch, body);
    const topic = topicOf(body);
    if (bytes.length <= maxMessageBytes - envelopeRoomBytes) return { topic, epoch, bytes, traceparent };
    const key = await this.#parts.storeObject(epoch, bytes);
    return { topic, epoch, bytes: this.#encode(epoch, { $case: 'storedAt', value: key }), traceparent };
  }

  send(message: PreparedMessage): void {
    this.#parts.publish(message);
  }

  sendNow(epoch: number, body: ControlBody, traceparent: string): void {
    this.#parts.publish({ topic: topicOf(body), epoch, bytes: this.#encode(epoch, body), traceparent });
  }

  /**
   * A message from the bus, fetched from the store where it lies there. Undefined when it is of another generation, or what it
   * points to is gone: the sender repeats.
   */
  async receive(bytes: Uint8Array): Promise<ControlMessage | undefined> {
    const message = ControlMessage.decode(bytes);
    if (message.formatVersion !== 1 || message.generation !== this.#parts.generation) return undefined;
    if (message.body?.$case !== 'storedAt') return message;
    const stored = await this.#parts.fetchMessage(message.body.value);
    if (stored === undefined) return undefined;
    const inner = ControlMessage.decode(stored);
    return inner.formatVersion === 1 && inner.generation === this.#parts.generation ? inner : undefined;
  }

  #encode(epoch: number, body: ControlBody): Uint8Array {
    const { generation, incarnation, newMessageId } = this.#parts;
    return ControlMessage.encode({
      formatVersion: 1,
      messageId: newMessageId(),
      generation,
      epoch,
      sender: incarnation,
      body,
    }).finish();
  }
}

/** Runs `attempt` until it succeeds; errors that may pass are tried again with back-off (50 ms up to 1 s) until `closing`. */
export async function untilStored<T>(
  attempt: () => Promise<T>,
  timers: Timers,
  closing: AbortSignal,
  onRetry: (message: string) => void,
): Promise<T> {
  for (let delayMs = 50; ; delayMs = Math.min(1000, delayMs * 2)) {
    try {
      return await attempt();
    } catch (error) {
      if (closing.aborted || dispositionOf(error) !== 'retry') throw error;
      onRetry(describeError(error));
    }
    await timers.sleep(delayMs, closing).catch(() => {
      throw new WeirError('WEIR-7230', 'the tasks were stopped', { disposition: 'retry' });
    });
  }
}
