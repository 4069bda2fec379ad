/*
 * The only file that reaches into kafkajs (2.2.4, pinned exactly: it has no `exports` map and is frozen, so these paths stay).
 * Of kafkajs Weir takes the connection: socket, TLS, framing, correlation and SASL. Metadata, retries and codecs are ours,
 * because kafkajs's hide topic ids, ignore deadlines and don't check what they read (see this library's README).
 */
import { createRequire } from 'node:module';
import net from 'node:net';
import type { Socket } from 'node:net';
import tls from 'node:tls';
import type { ConnectionOptions } from 'node:tls';
import { AnswerFraming } from './answer-framing.ts';

const require = createRequire(import.meta.url);

export interface PushedRequest {
  entry: {
    apiKey: number;
    apiName: string;
    apiVersion: number;
    correlationId: number;
    resolve: (answer: { payload: Buffer }) => void;
    reject: (error: Error) => void;
  };
  expectResponse: boolean;
  requestTimeout: number | null;
  sendRequest: () => void;
}

export interface RequestQueue {
  inflight: Map<number, unknown>;
  pending: unknown[];
  throttledUntil: number;
  throttleCheckTimeoutId: NodeJS.Timeout | null;
  push(request: PushedRequest): void;
  rejectAll(error: Error): void;
  maybeThrottle(ms: number): void;
  checkPendingRequests(): void;
  scheduleCheckPendingRequests(): void;
  fulfillRequest(answer: { correlationId: number; payload: Buffer; size: number }): void;
  destroy(): void;
}

export interface KafkajsConnection {
  readonly host: string;
  readonly port: number;
  readonly clientId: string;
  socket: Socket | undefined;
  connectionStatus: string;
  requestQueue: RequestQueue;
  connect(): Promise<boolean>;
  authenticate(): Promise<void>;
  isAuthenticated(): boolean;
  isConnected(): boolean;
  nextCorrelationId(): number;
  /** Milliseconds that the broker grants an authentication, 0 for ever: a Long. */
  readonly sessionLifetime: { toString(): string };
  /** Milliseconds before the end of the session at which `isAuthenticated` becomes false. */
  reauthenticationThreshold: number;
  setVersions(versions: Record<number, { minVersion: number; maxVersion: number }>): void;
  setSupportAuthenticationProtocol(supported: boolean): void;
  processData(data: Buffer): void;
}

export interface KafkajsSasl {
  mechanism: string;
  username?: string;
  password?: string;
  oauthBearerProvider?: () => Promise<{ value: string }>;
}

interface KafkajsLogger {
  namespace(name: string): KafkajsLogger;
}

export type KafkajsLogEntry = { level: number; namespace: string; log: Record<string, unknown> };

interface ConnectionClass {
  new (options: {
    host: string;
    port: number;
    clientId: string;
    logger: KafkajsLogger;
    socketFactory: unknown;
    requestTimeout: number;
    connectionTimeout: number;
    enforceRequestTimeout: boolean;
    ssl: ConnectionOptions | null;
    sasl: KafkajsSasl | null;
  }): KafkajsConnection;
}

const Connection = require('kafkajs/src/network/connection') as ConnectionClass;
const RequestQueueClass = require('kafkajs/src/network/requestQueue') as { prototype: RequestQueue };
const { createLogger, LEVELS } = require('kafkajs/src/loggers') as {
  createLogger: (options: {
    level: number;
    logCreator: () => (entry: KafkajsLogEntry) => void;
  }) => KafkajsLogger;
  LEVELS: { NOTHING: number; ERROR: number; WARN: number };
};
const { errorCodes } = require('kafkajs/src/protocol/error') as {
  errorCodes: { type: string; code: number; message: string }[];
};

/**
 * kafkajs re-arms this timer for ever on every connection (about 1 ms apart: 3 % of a core when idle). It is needed only
 * while a request waits or the broker throttles.
 */
RequestQueueClass.prototype.scheduleCheckPendingRequests = function (this: RequestQueue): void {
  if (this.throttleCheckTimeoutId !== null || this.pending.length === 0) return;
  const throttledMs = this.throttledUntil - Date.now();
  this.throttleCheckTimeoutId = setTimeout(
    () => {
      this.throttleCheckTimeoutId = null;
      this.checkPendingRequests();
    },
    throttledMs > 0 ? throttledMs : 10,
  );
};

/** A connection that isn't opened yet. Timeouts of requests are the caller's: kafkajs's poll every 100 ms and leave the socket up. */
export function makeKafkajsConnection(options: {
  host: string;
  port: number;
  clientId: string;
  connectionTimeoutMs: number;
  ssl: ConnectionOptions | null;
  sasl: KafkajsSasl | null;
  onLog: (entry: KafkajsLogEntry) => void;
  /** Makes the buffers of large answers; default fresh memory. */
  allocate?: ((bytes: number) => Buffer) | undefined;
}): KafkajsConnection {
  const framing = new AnswerFraming((answer) => {
    connection.requestQueue.fulfillRequest({
      size: answer.length,
      correlationId: answer.readInt32BE(0),
      payload: answer.subarray(4),
    });
  }, options.allocate);
  const receive = (chunk: Uint8Array, count: number): void => {
    try {
      framing.push(chunk, count);
    } catch (error) {
      connection.socket?.destroy(error instanceof Error ? error : new Error(String(error)));
    }
  };
  const connection = new Connection({
    host: options.host,
    port: options.port,
    clientId: options.clientId,
    logger: createLogger({ level: LEVELS.WARN, logCreator: () => options.onLog }),
    socketFactory: (target: SocketTarget) => openSocket(target, receive),
    requestTimeout: 2 ** 31 - 1,
    connectionTimeout: options.connectionTimeoutMs,
    enforceRequestTimeout: false,
    ssl: options.ssl,
    sasl: options.sasl,
  });
  // kafkajs would keep every chunk and join them; answers are cut out by `framing` instead.
  connection.processData = (data) => receive(data, data.length);
  return connection;
}

interface SocketTarget {
  readonly host: string;
  readonly port: number;
  readonly ssl: ConnectionOptions | null;
  readonly onConnect: () => void;
}

const keepAliveMs = 60_000;
const readBufferBytes = 256 * 1024;

/** A plain socket reads into one buffer again and again and emits no `data`; a TLS socket emits `data`, as kafkajs expects. */
function openSocket(
  { host, port, ssl, onConnect }: SocketTarget,
  receive: (chunk: Uint8Array, count: number) => void,
): Socket {
  if (ssl !== null) {
    const servername = net.isIP(host) === 0 ? { servername: host } : {};
    const secure = tls.connect({ host, port, ...servername, ...ssl }, onConnect);
    secure.setKeepAlive(true, keepAliveMs);
    return secure;
  }
  let buffer: Uint8Array | undefined;
  const onread = {
    // Made when the first bytes come; kept for the life of the socket.
    buffer: () => (buffer ??= Buffer.allocUnsafeSlow(readBufferBytes)),
    callback: (count: number, chunk: Uint8Array): boolean => {
      receive(chunk, count);
      return true;
    },
  };
  const socket = net.connect({ host, port, onread }, onConnect);
  socket.setKeepAlive(true, keepAliveMs);
  return socket;
}

/** Names and texts of Kafka's error codes up to 88 as kafkajs knows them. */
export const kafkajsErrorCodes: readonly { type: string; code: number; message: string }[] = errorCodes;
