/** A message as a handler gets it. */
export interface BusMessage {
  readonly subject: string;
  readonly bytes: Uint8Array;
  /** Lower-case names. `envelope.ts` says which ones Weir sets. */
  readonly headers: Readonly<Record<string, string>>;
}

/** Called on the event loop, one message after the other. What it throws or rejects with goes to the bus's `onHandlerError`. */
export type BusHandler = (message: BusMessage) => void | Promise<void>;

/**
 * Messages between controllers and workers. Nothing is assumed of delivery: a message may be lost (silently, while
 * disconnected), repeated, late or out of order. Senders repeat until answered, receivers are idempotent. What a process publishes
 * is for the others: it doesn't count on hearing itself.
 */
export interface ControlBus {
  /** For messages: the server's address, or `in-process`. */
  readonly url: string;
  /** At most `maxMessageBytes`: larger content is put in the object store and its key is sent. Headers' names are lower case. */
  publish(subject: string, bytes: Uint8Array, headers?: Readonly<Record<string, string>>): void;
  /** `*` stands for one token of the subject, a last `>` for one or more. Returns what ends the subscription. */
  subscribe(pattern: string, handler: BusHandler): () => void;
  readonly connected: boolean;
  /** Wall time (clock.nowMs) since which the bus has been disconnected; null while connected. */
  readonly disconnectedSince: number | null;
  /** Wall time of the last reconnection; null when there was none. */
  readonly reconnectedAt: number | null;
  /** Called when the connection is lost or comes back. Returns what ends it. */
  onConnectionChange(listener: (connected: boolean) => void): () => void;
  /** Resolves when everything published before has left this process (or is lost). */
  flush(): Promise<void>;
  close(): Promise<void>;
}

/** A message above 256 KiB doesn't go over the bus. */
export const maxMessageBytes = 256 * 1024;
