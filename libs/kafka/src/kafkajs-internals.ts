/*
 * The only file that reaches into kafkajs (2.2.4, pinned exactly: it has no `exports` map and is frozen, so these paths stay).
 * Of kafkajs Weir takes the connection: socket, TLS, framing, correlation and SASL. Metadata, retries and codecs are ours,
 * because kafkajs's hide topic ids, ignore deadlines and don't check what they read (docs: libs/kafka/README.md).
 */
import { createRequire } from 'node:module';
import type { Socket } from 'node:net';
import type { ConnectionOptions } from 'node:tls';

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
  setVersions(versions: Record<number, { minVersion: number; maxVersion: number }>): void;
  setSupportAuthenticationProtocol(supported: boolean): void;
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
const createSocketFactory = require('kafkajs/src/network/socketFactory') as () => unknown;
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
}): KafkajsConnection {
  return new Connection({
    host: options.host,
    port: options.port,
    clientId: options.clientId,
    logger: createLogger({ level: LEVELS.WARN, logCreator: () => options.onLog }),
    socketFactory: createSocketFactory(),
    requestTimeout: 2 ** 31 - 1,
    connectionTimeout: options.connectionTimeoutMs,
    enforceRequestTimeout: false,
    ssl: options.ssl,
    sasl: options.sasl,
  });
}

/** Names and texts of Kafka's error codes up to 88 as kafkajs knows them. */
export const kafkajsErrorCodes: readonly { type: string; code: number; message: string }[] = errorCodes;
