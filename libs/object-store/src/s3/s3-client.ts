import { createHash, createHmac, type Hash, type Hmac } from 'node:crypto';
import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { SignatureV4 } from '@smithy/signature-v4';
import type { S3Location } from './s3-address.ts';
import type { S3CredentialSource } from './s3-credentials.ts';
import { exchange, type HttpAnswer } from './s3-exchange.ts';

export interface S3Request {
  readonly method: 'GET' | 'PUT' | 'DELETE';
  /** Name of the object in the bucket; empty for the bucket itself. */
  readonly object: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Uint8Array;
}

/** What a store needs of its connection to the bucket. */
export interface S3Sender {
  /** @throws NoAnswer when no whole answer came; StoreUnavailable when there are no credentials */
  send(request: S3Request): Promise<HttpAnswer>;
  /** The next request asks for credentials anew. */
  refreshCredentials(): void;
  close(): void;
}

const maxConnections = 64;
/** Servers close idle connections after some seconds (AWS: about 20); a request on one that is just being closed has an unknown outcome. */
const idleConnectionMs = 4_000;
const emptyHash = createHash('sha256').digest('hex');

/** Node's hashes as the signer takes them. */
class Sha256 {
  readonly #secret: Uint8Array | string | undefined;
  #hash: Hash | Hmac;

  constructor(secret?: string | ArrayBuffer | ArrayBufferView) {
    this.#secret = typeof secret === 'string' || secret === undefined ? secret : toBytes(secret);
    this.#hash = this.#fresh();
  }
  update(data: Uint8Array | string): void {
    this.#hash.update(data);
  }
  digest(): Promise<Uint8Array> {
    return Promise.resolve(this.#hash.digest());
  }
  reset(): void {
    this.#hash = this.#fresh();
  }
  #fresh(): Hash | Hmac {
    return this.#secret === undefined ? createHash('sha256') : createHmac('sha256', this.#secret);
  }
}

function toBytes(data: ArrayBuffer | ArrayBufferView): Uint8Array {
  return data instanceof ArrayBuffer
    ? new Uint8Array(data)
    : new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
}

/** Signed requests to one bucket, each sent once over a kept connection. */
export class S3Client implements S3Sender {
  readonly #location: S3Location;
  readonly #credentials: S3CredentialSource;
  readonly #silenceMs: number;
  readonly #agent: HttpAgent;
  readonly #signer: SignatureV4;
  #forceRefresh = false;

  constructor(location: S3Location, credentials: S3CredentialSource, silenceMs: number) {
    this.#location = location;
    this.#credentials = credentials;
    this.#silenceMs = silenceMs;
    const options = { keepAlive: true, maxSockets: maxConnections, timeout: idleConnectionMs };
    this.#agent = location.endpoint.protocol === 'https:' ? new HttpsAgent(options) : new HttpAgent(options);
    this.#signer = new SignatureV4({
      service: 's3',
      region: location.region,
      sha256: Sha256,
      uriEscapePath: false,
      applyChecksum: false,
      credentials: async () => {
        const forceRefresh = this.#forceRefresh;
        this.#forceRefresh = false;
        return this.#credentials({ forceRefresh });
      },
    });
  }

  async send(request: S3Request): Promise<HttpAnswer> {
    const { endpoint, bucket, pathStyle } = this.#location;
    const hostname = pathStyle ? endpoint.hostname : `${bucket}.${endpoint.hostname}`;
    const port = endpoint.port === '' ? undefined : Number(endpoint.port);
    const signed = await this.#signer.sign({
      method: request.method,
      protocol: endpoint.protocol,
      hostname,
      ...(port === undefined ? {} : { port }),
      path: encodePath(pathStyle ? `${bucket}/${request.object}` : request.object),
      query: { ...request.query },
      headers: {
        ...request.headers,
        host: port === undefined ? hostname : `${hostname}:${port}`,
        // The server compares it with what it received: a body that was damaged on the way is refused.
        'x-amz-content-sha256': request.body === undefined ? emptyHash : await sha256(request.body),
      },
    });
    const query = Object.entries(request.query ?? {}).map(
      ([name, value]) => `${name}=${encodeRfc3986(value)}`,
    );
    const message = {
      method: request.method,
      protocol: endpoint.protocol,
      hostname: hostname.replace(/^\[|\]$/g, ''),
      port,
      path: query.length === 0 ? signed.path : `${signed.path}?${query.join('&')}`,
      headers: signed.headers,
      body: request.body,
    };
    return exchange(message, this.#agent, this.#silenceMs);
  }

  refreshCredentials(): void {
    this.#forceRefresh = true;
  }

  close(): void {
    this.#agent.destroy();
  }
}

/** Off this thread: snapshots have megabytes. */
async function sha256(bytes: Uint8Array): Promise<string> {
  if (bytes.length < 65_536) return createHash('sha256').update(bytes).digest('hex');
  return Buffer.from(await crypto.subtle.digest('SHA-256', new Uint8Array(bytes))).toString('hex');
}

function encodePath(path: string): string {
  return `/${path.split('/').map(encodeRfc3986).join('/')}`;
}

function encodeRfc3986(text: string): string {
  return encodeURIComponent(text).replaceAll(
    /[!'()*]/g,
    (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}
