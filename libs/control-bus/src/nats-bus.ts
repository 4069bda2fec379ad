import { connect, headers as newHeaders, type Msg, type NatsConnection } from 'nats';
import { WeirError } from '@weir/kernel/errors.ts';
import type { Clock } from '@weir/kernel/ports.ts';
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
  readonly clock: Clock;
  /** Called with what a handler threw, and with what the server refuses (permissions). */
  readonly onError: OnHandlerError;
  /** How long the first connection may take. Default 5 s. */
  readonly connectTimeoutMs?: number;
}

/**
 * Connects to NATS: core NATS only. Once connected, a lost connection is tried again for ever.
 * @throws WeirError WEIR-6001 when no server can be reached (disposition retry) or it refuses us (fatal)
 */
export async function connectNatsBus(options: NatsBusOptions): Promise<ControlBus> {
  const { servers, shown, options: credentials } = options.access;
  try {
    const connection = await connect({
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
    return new NatsBus(shown, connection, options);
  } catch (cause) {
    throw connectError(shown, cause);
  }
}

class NatsBus implements ControlBus {
  readonly url: string;
  readonly #connection: NatsConnection;
  readonly #onError: OnHandlerError;
  readonly #state: ConnectionState;
  #closing = false;

  constructor(url: string, connection: NatsConnection, options: NatsBusOptions) {
    this.url = url;
    this.#connection = connection;
    this.#onError = options.onError;
    this.#state = new ConnectionState(options.clock);
    void this.#watch();
    void connection.closed().then((error) => {
      this.#state.set(false);
      if (!this.#closing)
        this.#onError(connectError(url, error ?? new Error('the connection was closed')), '');
    });
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
    if (!this.connected || this.#connection.isClosed() || this.#connection.isDraining()) return;
    const names = Object.keys(headers);
    if (names.length === 0) return this.#connection.publish(subject, bytes);
    const natsHeaders = newHeaders();
    for (const name of names) natsHeaders.set(name, headers[name] ?? '');
    this.#connection.publish(subject, bytes, { headers: natsHeaders });
  }

  subscribe(pattern: string, handler: BusHandler): () => void {
    checkPattern(pattern);
    const subscription = this.#connection.subscribe(pattern, {
      callback: (error, message) => {
        if (error) this.#onError(permissionError(this.url, pattern, error), pattern);
        else void runHandler(handler, readMessage(message), this.#onError);
      },
    });
    return () => subscription.unsubscribe();
  }

  onConnectionChange(listener: (connected: boolean) => void): () => void {
    return this.#state.onChange(listener);
  }

  async flush(): Promise<void> {
    if (this.connected) await this.#connection.flush();
  }

  async close(): Promise<void> {
    this.#closing = true;
    await this.#connection.close();
  }

  async #watch(): Promise<void> {
    for await (const status of this.#connection.status()) {
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
