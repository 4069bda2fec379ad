import { WeirError } from '@weir/kernel/errors.ts';
import { NoAnswerError } from './broker-errors.ts';
import type { ClusterOptions } from './contracts/cluster.ts';
import { makeKafkajsConnection } from './kafkajs-internals.ts';
import type { KafkajsConnection, KafkajsSasl } from './kafkajs-internals.ts';
import { ResponseReader } from './wire/response-reader.ts';

/** One API in one version; `flexible` versions have tagged fields in both headers. */
export interface Api {
  readonly key: number;
  readonly version: number;
  readonly name: string;
  readonly flexible: boolean;
}

const produceKey = 0;
const apiVersionsApi: Api = { key: 18, version: 0, name: 'ApiVersions', flexible: false };

/**
 * One socket to one broker: opened once, used until something goes wrong with it, then dropped (never reopened: whoever
 * needs the broker asks the cluster for another one). Requests are pipelined; the broker answers in order.
 */
export class BrokerConnection {
  readonly address: string;
  readonly #connection: KafkajsConnection;
  readonly #requestTimeoutMs: number;
  readonly #sasl: boolean;
  readonly #versions: Record<number, { minVersion: number; maxVersion: number }> = {};
  #broken: Error | undefined;
  #answered = false;
  #usedAtMs = performance.now();
  #underWay = 0;
  #authenticating: Promise<void> | undefined;

  private constructor(connection: KafkajsConnection, options: ClusterOptions) {
    this.#connection = connection;
    this.address = `${connection.host}:${connection.port}`;
    this.#requestTimeoutMs = options.requestTimeoutMs ?? 30_000;
    this.#sasl = options.sasl !== undefined;
  }

  /**
   * Connects, learns the broker's API versions, authenticates.
   * @param allocate makes the buffers of large answers; default fresh memory
   * @throws NoAnswerError WEIR-4001 when the broker can't be reached, WeirError WEIR-4006 when it refuses the credentials
   */
  static async open(
    options: ClusterOptions,
    host: string,
    port: number,
    allocate?: (bytes: number) => Buffer,
  ): Promise<BrokerConnection> {
    const log = options.log;
    const kafkajs = makeKafkajsConnection({
      host,
      port,
      clientId: options.clientId,
      connectionTimeoutMs: options.connectionTimeoutMs ?? 5_000,
      ssl: options.ssl === true ? {} : options.ssl === false ? null : (options.ssl ?? null),
      sasl: saslOf(options),
      allocate,
      onLog: (entry) => log?.('debug', `kafka connection: ${String(entry.log['message'])}`, { host, port }),
    });
    const connection = new BrokerConnection(kafkajs, options);
    try {
      await kafkajs.connect();
      kafkajs.socket?.setNoDelay(true);
      kafkajs.socket?.once('close', () => connection.#fail(new Error('the broker closed the connection')));
      await connection.#learnVersions();
    } catch (error) {
      connection.drop(error);
      throw new NoAnswerError(
        'WEIR-4001',
        `Kafka broker ${connection.address} can't be reached: ${reasonOf(error)}`,
        {
          sent: false,
          cause: error,
          hint: reachabilityHint(error, options.ssl !== undefined && options.ssl !== false),
        },
      );
    }
    if (connection.#sasl) await connection.#authenticate();
    return connection;
  }

  /** How long nothing was asked here, and nothing is waited for. */
  get idleMs(): number {
    return this.#underWay > 0 ? 0 : performance.now() - this.#usedAtMs;
  }

  get isUsable(): boolean {
    return this.#broken === undefined;
  }

  /**
   * Sends one request; `parts` make up its body and must not change until the answer is there.
   * @throws NoAnswerError WEIR-4002; whether the request was sent is told by its `sent`
   */
  async send(
    api: Api,
    parts: readonly Uint8Array[],
    timeoutMs = this.#requestTimeoutMs,
  ): Promise<ResponseReader> {
    if (this.#sasl && !this.#connection.isAuthenticated()) await this.#authenticate();
    this.#checkVersion(api);
    const payload = await this.#counted(this.#exchange(api, parts, timeoutMs));
    this.#answered = true;
    const reader = new ResponseReader(payload, api.name);
    if (api.flexible) reader.skipTags();
    // Every answer begins with how long further requests are to be held back, but for Produce's, which ends with it.
    if (api.key !== produceKey) this.throttle(reader.peekInt32());
    return reader;
  }

  async #counted<T>(answer: Promise<T>): Promise<T> {
    this.#underWay += 1;
    try {
      return await answer;
    } finally {
      this.#underWay -= 1;
      this.#usedAtMs = performance.now();
    }
  }

  /** Holds further requests back, as the broker asked in an answer (KIP-219). */
  throttle(ms: number): void {
    if (ms > 0) this.#connection.requestQueue.maybeThrottle(ms);
  }

  /** Closes the socket; whatever waits on it fails with NoAnswerError. */
  drop(cause?: unknown): void {
    this.#fail(cause instanceof Error ? cause : new Error('the connection was closed by this client'));
  }

  #fail(error: Error): void {
    if (this.#broken !== undefined) return;
    this.#broken = error;
    const connection = this.#connection;
    connection.requestQueue.rejectAll(error);
    connection.requestQueue.destroy();
    connection.connectionStatus = 'disconnected';
    connection.socket?.destroy();
  }

  #exchange(api: Api, parts: readonly Uint8Array[], timeoutMs: number): Promise<Uint8Array> {
    const connection = this.#connection;
    return new Promise((resolve, reject) => {
      let sent = false;
      let timer: NodeJS.Timeout | undefined;
      const failed = (cause: Error): void => {
        clearTimeout(timer);
        const message = `Kafka broker ${this.address} did not answer ${api.name}: ${reasonOf(cause)}`;
        // A listener that wants SASL answers ApiVersions and closes at the first other request.
        const hint =
          this.#answered || this.#sasl
            ? {}
            : { hint: 'the listener may want SASL: check the connection options' };
        reject(new NoAnswerError('WEIR-4002', message, { sent, cause, ...hint }));
      };
      if (this.#broken !== undefined) return failed(this.#broken);
      const correlationId = connection.nextCorrelationId();
      const answered = (answer: { payload: Buffer }): void => {
        clearTimeout(timer);
        resolve(answer.payload);
      };
      connection.requestQueue.push({
        entry: {
          apiKey: api.key,
          apiName: api.name,
          apiVersion: api.version,
          correlationId,
          resolve: answered,
          reject: failed,
        },
        expectResponse: true,
        requestTimeout: null,
        sendRequest: () => {
          sent = true;
          // From here on only: what is held back for a quota isn't late.
          timer = setTimeout(() => this.#fail(new Error(`no answer within ${timeoutMs} ms`)), timeoutMs);
          this.#write(api, correlationId, parts);
        },
      });
    });
  }

  /** The parts go to the socket as they are: a record batch is not copied on its way. */
  #write(api: Api, correlationId: number, parts: readonly Uint8Array[]): void {
    const socket = this.#connection.socket;
    if (socket === undefined) return;
    let length = 0;
    for (const part of parts) length += part.byteLength;
    const head = requestHead(api, correlationId, this.#connection.clientId, length);
    socket.cork();
    socket.write(head);
    for (const part of parts) socket.write(part);
    socket.uncork();
  }

  async #learnVersions(): Promise<void> {
    const payload = await this.#exchange(apiVersionsApi, [], this.#requestTimeoutMs);
    const reader = new ResponseReader(payload, apiVersionsApi.name);
    const error = reader.int16();
    if (error !== 0) throw new Error(`ApiVersions was answered with error ${error}`);
    reader.array(() => {
      this.#versions[reader.int16()] = { minVersion: reader.int16(), maxVersion: reader.int16() };
    });
    this.#connection.setVersions(this.#versions);
    this.#connection.setSupportAuthenticationProtocol(true);
  }

  #checkVersion(api: Api): void {
    const range = this.#versions[api.key];
    if (range !== undefined && api.version >= range.minVersion && api.version <= range.maxVersion) return;
    const offered =
      range === undefined ? 'does not offer it' : `offers ${range.minVersion} to ${range.maxVersion}`;
    throw new WeirError(
      'WEIR-4007',
      `Weir needs version ${api.version} of Kafka's ${api.name}, the broker ${this.address} ${offered}`,
      {
        hint: 'Kafka 3.0 or newer is needed',
      },
    );
  }

  /** In good time, but not at once: kafkajs's fixed 10 s would ask again with every request of a shorter session, which brokers refuse. */
  #planReauthentication(): void {
    const sessionMs = Number(this.#connection.sessionLifetime.toString());
    if (sessionMs > 0) this.#connection.reauthenticationThreshold = Math.min(10_000, sessionMs * 0.3);
  }

  async #authenticate(): Promise<void> {
    this.#authenticating ??= this.#connection
      .authenticate()
      .then(() => this.#planReauthentication())
      .finally(() => {
        this.#authenticating = undefined;
      });
    try {
      await this.#authenticating;
    } catch (error) {
      const lost = this.#broken;
      this.drop(error);
      if (lost !== undefined) {
        throw new NoAnswerError(
          'WEIR-4001',
          `Kafka broker ${this.address} closed the connection during authentication`,
          {
            sent: false,
            cause: error,
            hint: 'does the listener speak SASL, and TLS where it must?',
          },
        );
      }
      throw new WeirError(
        'WEIR-4006',
        `Kafka broker ${this.address} refused to authenticate: ${reasonOf(error)}`,
        {
          cause: error,
          hint: 'check mechanism, user name and password (or token) of the connection',
        },
      );
    }
  }
}

function saslOf(options: ClusterOptions): KafkajsSasl | null {
  const sasl = options.sasl;
  if (sasl === undefined) return null;
  if (sasl.mechanism === 'oauthbearer') {
    return { mechanism: 'oauthbearer', oauthBearerProvider: async () => ({ value: await sasl.token() }) };
  }
  return { mechanism: sasl.mechanism, username: sasl.username, password: sasl.password };
}

function requestHead(api: Api, correlationId: number, clientId: string, bodyLength: number): Buffer {
  const idLength = Buffer.byteLength(clientId);
  const head = Buffer.allocUnsafe(14 + idLength + (api.flexible ? 1 : 0));
  head.writeInt32BE(head.length - 4 + bodyLength, 0);
  head.writeInt16BE(api.key, 4);
  head.writeInt16BE(api.version, 6);
  head.writeInt32BE(correlationId, 8);
  head.writeInt16BE(idLength, 12);
  head.write(clientId, 14);
  if (api.flexible) head[14 + idLength] = 0;
  return head;
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message.replace(/^Connection error: /, '') : String(error);
}

function reachabilityHint(error: unknown, tls: boolean): string {
  const text = reasonOf(error);
  if (/ENOTFOUND|EAI_AGAIN/.test(text))
    return 'the host name is not known here: check bootstrap_servers and DNS';
  if (/ECONNREFUSED/.test(text))
    return 'nothing listens there: check host and port, and that the broker runs';
  if (!/was announced/.test(text) && /certificate|self.signed|SSL|TLS/i.test(text))
    return 'TLS failed: check the CA, the certificate and that the listener speaks TLS';
  if (/closed|ECONNRESET|no answer|was announced/.test(text)) {
    return tls
      ? 'the listener may not speak TLS: check the port'
      : 'the listener may want TLS or SASL: check the port and the connection options';
  }
  return 'check bootstrap_servers, the network and the broker';
}
