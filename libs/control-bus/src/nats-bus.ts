import { connect, headers as newHeaders, type Msg, type NatsConnection, type Subscription } from 'nats';
import { WeirError } from '@weir/kernel/errors.ts';
import type { Ports } from '@weir/kernel/ports.ts';
import type { NatsAccess } from '@weir/security/nats-access.ts';
import { ConnectionState } from './connection-state.ts';
import type { BusHandler, BusMessage, ControlBus } from './control-bus.ts';
import { runHandler, type OnHandlerError } from './in-process-bus.ts';
import { checkMessageSize } from './message-limits.ts';
import { checkPattern, checkSubject } from './subjects.ts';

export interface NatsBusOptions {
  /** Where and with which credentials: of SecureTransport. */
  readonly access: NatsAccess;
  /** Shown in the server's list of connections. */
  readonly clientName: string;
  readonly ports: Pick<Ports, 'clock' | 'timers'>;
  /** Called with what a handler threw, and with what the server refuses (permissions). */
  readonly onError: OnHandlerError;
  /** Called once a minute, at once the first time, while no server has answered yet. */
  readonly onWaiting: (error: WeirError) => void;
  /** How long an attempt at the first connection may take. Default 5 s. */
  readonly connectTimeoutMs?: number;
}

const firstPauseMs = 100;
const longestPauseMs = 2000;
const toldEveryMs = 60_000;

/**
 * Connects to NATS: core NATS only. Processes of a cluster start in any order, so a server that isn't there yet is waited for as one that went
 * away is: the bus comes disconnected, and connects when it can. A lost connection is tried again for ever.
 * @throws WeirError WEIR-6001 when the first answer is that the server refuses us
 */
export async function connectNatsBus(options: NatsBusOptions): Promise<ControlBus> {
  const first = await attempt(options);
  if (!(first instanceof WeirError)) return new NatsBus(options, first);
  if (first.disposition !== 'retry') throw first;
  options.onWaiting(first);
  return new NatsBus(options, null);
}

/** The connection, or why there is none. */
async function attempt(options: NatsBusOptions): Promise<NatsConnection | WeirError> {
  const { servers, shown, options: credentials } = options.access;
  try {
    return await connect({
      servers: [...servers],
      name: options.clientName,
      timeout: options.connectTimeoutMs ?? 5000,
      maxReconnectAttempts: -1,
      reconnectTimeWait: 100,
      // A frozen server or a cut network shows after two pings.
      pingInterval: 2000,
      maxPingOut: 2,
      // Nobody reads what it has said itself: coming back it would be half of all that an idle controller hears.
      noEcho: true,
      ...credentials,
    });
  } catch (cause) {
    return connectError(shown, cause);
  }
}

/** What somebody listens to, from before there was a connection on. */
interface Listening {
  readonly pattern: string;
  readonly handler: BusHandler;
  subscription: Subscription | null;
}

class NatsBus implements ControlBus {
  readonly url: string;
  readonly #options: NatsBusOptions;
  readonly #onError: OnHandlerError;
  readonly #state: ConnectionState;
  readonly #listening = new Set<Listening>();
  readonly #closed = new AbortController();
  /** Null until the first server has answered. */
  #connection: NatsConnection | null = null;

  constructor(options: NatsBusOptions, connection: NatsConnection | null) {
    this.url = options.access.shown;
    this.#options = options;
    this.#onError = options.onError;
    this.#state = new ConnectionState(options.ports.clock);
    if (connection === null) {
      this.#state.set(false);
      void this.#untilConnected();
    } else this.#take(connection);
  }

  async #untilConnected(): Promise<void> {
    const { clock, timers } = this.#options.ports;
    let toldMs = clock.monotonicMs();
    const { signal } = this.#closed;
    for (let pauseMs = firstPauseMs; ; pauseMs = Math.min(longestPauseMs, 2 * pauseMs)) {
      await timers.sleep(pauseMs, signal).catch(() => undefined);
      if (signal.aborted) return;
      const made = await attempt(this.#options);
      if (made instanceof WeirError) {
        if (clock.monotonicMs() - toldMs < toldEveryMs) continue;
        toldMs = clock.monotonicMs();
        this.#options.onWaiting(made);
      } else if (signal.aborted) return void made.close();
      else return this.#take(made);
    }
  }

  #take(connection: NatsConnection): void {
    this.#connection = connection;
    for (const listening of this.#listening) this.#subscribe(connection, listening);
    void this.#watch(connection);
    void connection.closed().then((error) => {
      this.#state.set(false);
      if (!this.#closed.signal.aborted)
        this.#onError(connectError(this.url, error ?? new Error('the connection was closed')), '');
    });
    this.#state.set(true);
  }

  get connected(): boolean {
    return this.#state.connected;
  }

  get disconnectedSince(): number | null {
    return this.#state.disconnectedSince;
  }

  get reconnectedAt(): number | null {
    return this.#state.reconnectedAt;
  }

  publish(subject: string, bytes: Uint8Array, headers: Readonly<Record<string, string>> = {}): void {
    checkSubject(subject);
    checkMessageSize(subject, bytes);
    // A message while disconnected is lost, as the port says: sent later it would be a stale one.
    const connection = this.#connection;
    if (connection === null || !this.connected || connection.isClosed() || connection.isDraining()) return;
    const names = Object.keys(headers);
    if (names.length === 0) return connection.publish(subject, bytes);
    const natsHeaders = newHeaders();
    for (const name of names) natsHeaders.set(name, headers[name] ?? '');
    connection.publish(subject, bytes, { headers: natsHeaders });
  }

  subscribe(pattern: string, handler: BusHandler): () => void {
    checkPattern(pattern);
    const listening: Listening = { pattern, handler, subscription: null };
    this.#listening.add(listening);
    if (this.#connection !== null) this.#subscribe(this.#connection, listening);
    return () => {
      this.#listening.delete(listening);
      listening.subscription?.unsubscribe();
    };
  }

  #subscribe(connection: NatsConnection, listening: Listening): void {
    const { pattern, handler } = listening;
    listening.subscription = connection.subscribe(pattern, {
      callback: (error, message) => {
        if (error) this.#onError(permissionError(this.url, pattern, error), pattern);
        else void runHandler(handler, readMessage(message), this.#onError);
      },
    });
  }

  onConnectionChange(listener: (connected: boolean) => void): () => void {
    return this.#state.onChange(listener);
  }

  async flush(): Promise<void> {
    if (this.connected) await this.#connection?.flush();
  }

  async close(): Promise<void> {
    this.#closed.abort();
    await this.#connection?.close();
  }

  async #watch(connection: NatsConnection): Promise<void> {
    for await (const status of connection.status()) {
      if (status.type === 'disconnect' || status.type === 'staleConnection') this.#state.set(false);
      else if (status.type === 'reconnect') this.#state.set(true);
      else if (status.type === 'error') this.#onError(permissionError(this.url, '', status), '');
    }
  }
}

function readMessage(message: Msg): BusMessage {
  const headers: Record<string, string> = {};
  for (const name of message.headers?.keys() ?? [])
    headers[name.toLowerCase()] = message.headers?.get(name) ?? '';
  return { subject: message.subject, bytes: message.data, headers };
}

function connectError(url: string, cause: unknown): WeirError {
  const text =
    cause instanceof Error ? `${cause.message} ${'code' in cause ? String(cause.code) : ''}` : String(cause);
  if (/authori[sz]ation|authentication|permissions/i.test(text)) {
    return new WeirError('WEIR-6001', `the NATS server at ${url} refuses the connection: ${text.trim()}`, {
      cause,
      hint: 'check the user and password, or the token, in WEIR_NATS_URL, or WEIR_NATS_USER and WEIR_NATS_PASSWORD',
    });
  }
  return new WeirError('WEIR-6001', `no NATS server answers at ${url}`, {
    cause,
    disposition: 'retry',
    hint: 'start NATS there, or set WEIR_NATS_URL (nats://host:port) to where it runs',
  });
}

function permissionError(url: string, pattern: string, cause: unknown): WeirError {
  const data =
    typeof cause === 'object' && cause !== null && 'data' in cause
      ? JSON.stringify(cause.data)
      : String(cause);
  return new WeirError('WEIR-6004', `the NATS server at ${url} refuses ${pattern || 'a message'}: ${data}`, {
    hint: 'Weir needs to publish and subscribe to weir.<cluster>.>',
  });
}
