import type { Ports } from '@weir/kernel/ports.ts';
import { ConnectionState } from './connection-state.ts';
import type { BusHandler, BusMessage, ControlBus } from './control-bus.ts';
import { checkMessageSize } from './message-limits.ts';
import { checkPattern, checkSubject, matchesSubject } from './subjects.ts';

interface Subscription {
  readonly pattern: string;
  readonly handler: BusHandler;
}

/** Called with what a handler threw. */
export type OnHandlerError = (error: unknown, subject: string) => void;

/** The "server" of one process (or of a simulation): buses that are connected to one hub hear each other, none itself. */
export class InProcessHub {
  readonly #buses = new Set<InProcessBus>();
  readonly #ports: Ports;

  constructor(ports: Ports) {
    this.#ports = ports;
  }

  connect(onHandlerError: OnHandlerError): InProcessBus {
    const bus = new InProcessBus(this.#ports, onHandlerError, (message) => this.#spread(bus, message));
    this.#buses.add(bus);
    bus.onClose = () => void this.#buses.delete(bus);
    return bus;
  }

  /** A turn of the event loop later, as from a real server: no publisher ever runs a handler within its own call. */
  #spread(from: InProcessBus, message: BusMessage): void {
    this.#ports.timers.after(0, () => {
      for (const bus of this.#buses) if (bus !== from) bus.deliver(message);
    });
  }
}

/** A control bus within one process. Made by `InProcessHub.connect`. */
export class InProcessBus implements ControlBus {
  readonly url = 'in-process';
  readonly #ports: Ports;
  readonly #onHandlerError: OnHandlerError;
  readonly #send: (message: BusMessage) => void;
  readonly #subscriptions = new Set<Subscription>();
  readonly #connection: ConnectionState;
  #closed = false;
  onClose: () => void = () => undefined;

  constructor(ports: Ports, onHandlerError: OnHandlerError, send: (message: BusMessage) => void) {
    this.#ports = ports;
    this.#onHandlerError = onHandlerError;
    this.#send = send;
    this.#connection = new ConnectionState(ports.clock);
  }

  get connected(): boolean {
    return !this.#closed && this.#connection.connected;
  }

  get disconnectedSince(): number | null {
    return this.#connection.disconnectedSince;
  }

  get reconnectedAt(): number | null {
    return this.#connection.reconnectedAt;
  }

  publish(subject: string, bytes: Uint8Array, headers: Readonly<Record<string, string>> = {}): void {
    checkSubject(subject);
    checkMessageSize(subject, bytes);
    if (this.connected) this.#send({ subject, bytes: bytes.slice(), headers: { ...headers } });
  }

  subscribe(pattern: string, handler: BusHandler): () => void {
    checkPattern(pattern);
    const subscription = { pattern, handler };
    this.#subscriptions.add(subscription);
    return () => void this.#subscriptions.delete(subscription);
  }

  onConnectionChange(listener: (connected: boolean) => void): () => void {
    return this.#connection.onChange(listener);
  }

  /** For tests and the simulator: cuts this bus off its hub, or connects it again. */
  setConnected(connected: boolean): void {
    this.#connection.set(connected);
  }

  deliver(message: BusMessage): void {
    if (!this.connected) return;
    for (const { pattern, handler } of [...this.#subscriptions]) {
      if (matchesSubject(pattern, message.subject)) void runHandler(handler, message, this.#onHandlerError);
    }
  }

  flush(): Promise<void> {
    return this.#ports.timers.sleep(0); // behind the deliveries, which take the same way
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#subscriptions.clear();
    this.onClose();
  }
}

/** Runs a handler; whatever it throws goes to the bus's owner, never to the publisher. */
export async function runHandler(
  handler: BusHandler,
  message: BusMessage,
  onError: OnHandlerError,
): Promise<void> {
  try {
    await handler(message);
  } catch (error) {
    onError(error, message.subject);
  }
}
