import { setTimeout as sleep } from 'node:timers/promises';
import type { ListedObject, ObjectStore, StoredObject } from '../object-store.ts';
import { StoreOutcomeUnknown, StoreUnavailable, StoreUnsound } from '../store-errors.ts';
import { checkRange } from '../store-keys.ts';
import { parseS3Address, type Environment, type S3Location } from './s3-address.ts';
import { errorCode, explainRefusal, outcomeOf } from './s3-answer.ts';
import { S3Client, type S3Request, type S3Sender } from './s3-client.ts';
import { standardCredentials } from './s3-credentials.ts';
import { NoAnswer, type HttpAnswer } from './s3-exchange.ts';
import { S3Keys } from './s3-keys.ts';
import { parseListing } from './s3-xml.ts';

export interface S3StoreOptions {
  /** A request without a byte in either direction for this long has failed. */
  readonly silenceMs?: number;
  /** How often a request is sent at most, when it is certain that it did nothing (or changes nothing). */
  readonly attempts?: number;
  /** Keys in one answer to a listing. */
  readonly pageSize?: number;
}

interface Answered extends HttpAnswer {
  /** Empty for a success. */
  readonly code: string;
}

const defaults = { silenceMs: 10_000, attempts: 8, pageSize: 1000 };
const firstPauseMs = 50;
const longestPauseMs = 1000;

/**
 * Objects in a bucket of Amazon S3 or of a server that speaks its protocol, with conditional writes (`If-None-Match: *`, `If-Match`).
 *
 * A change is sent again only when it is certain that it did nothing: no connection, throttled, or refused because of another
 * conditional write (409). After a time-out, a broken connection or a server's failure (5xx) its outcome is unknown, and it may still land.
 *
 * An etag is the server's, mostly a hash of the content: an object that gets back an earlier content has its etag back too.
 */
export class S3Store implements ObjectStore {
  readonly url: string;
  readonly #options: Required<S3StoreOptions>;
  readonly #endpoint: string;
  readonly #keys: S3Keys;
  readonly #client: S3Sender;

  constructor(location: S3Location, client: S3Sender, options: S3StoreOptions = {}) {
    this.url = urlOf(location);
    this.#endpoint = location.endpoint.origin;
    this.#options = { ...defaults, ...options };
    this.#keys = new S3Keys(location.prefix);
    this.#client = client;
  }

  /** @throws InvalidStoreName for an address or an endpoint that can't be right; nothing is sent yet */
  static open(address: string, environment: Environment, options: S3StoreOptions = {}): S3Store {
    const location = parseS3Address(address, environment);
    const { silenceMs = defaults.silenceMs } = options;
    const credentials = standardCredentials(environment, `s3://${location.bucket}`);
    return new S3Store(location, new S3Client(location, credentials, silenceMs), options);
  }

  async get(key: string): Promise<StoredObject | undefined> {
    const what = this.#doing('reading', key);
    const answer = await this.#read({ method: 'GET', object: this.#keys.toObject(key) }, what);
    if (answer.status === 200) return { bytes: answer.body, etag: this.#etag(answer) };
    // Any other 404 (no bucket, a server that isn't S3) must not pass for an object that is not there.
    if (answer.code === 'NoSuchKey') return undefined;
    throw explainRefusal(what, this.url, answer, answer.code);
  }

  async getRange(key: string, start: number, end: number): Promise<Uint8Array | undefined> {
    checkRange(key, start, end);
    const what = this.#doing('reading', key);
    const headers = { range: `bytes=${start}-${end - 1}` };
    const answer = await this.#read({ method: 'GET', object: this.#keys.toObject(key), headers }, what);
    if (answer.status === 206 && answer.body.length <= end - start) return answer.body;
    // A server that knows no ranges sends the whole object.
    if (answer.status === 200) return answer.body.slice(start, end);
    if (answer.status === 416) return new Uint8Array();
    if (answer.code === 'NoSuchKey') return undefined;
    throw explainRefusal(what, this.url, answer, answer.code);
  }

  async put(key: string, bytes: Uint8Array): Promise<{ readonly etag: string }> {
    const answer = await this.#put(key, bytes, {});
    if (answer.status < 300) return { etag: this.#etag(answer) };
    throw explainRefusal(this.#doing('writing', key), this.url, answer, answer.code);
  }

  async putIfAbsent(key: string, bytes: Uint8Array): Promise<'created' | 'exists'> {
    return (await this.putIfMatch(key, bytes, null)) === 'mismatch' ? 'exists' : 'created';
  }

  async putIfMatch(
    key: string,
    bytes: Uint8Array,
    etag: string | null,
  ): Promise<{ readonly etag: string } | 'mismatch'> {
    if (etag === '') return 'mismatch'; // no server gives it, and some take it for no condition
    const condition: Record<string, string> = etag === null ? { 'if-none-match': '*' } : { 'if-match': etag };
    const answer = await this.#put(key, bytes, condition);
    if (answer.status < 300) return { etag: this.#etag(answer) };
    if (answer.status === 412 || (etag !== null && answer.code === 'NoSuchKey')) return 'mismatch';
    throw explainRefusal(this.#doing('writing', key), this.url, answer, answer.code);
  }

  async delete(key: string): Promise<void> {
    const what = this.#doing('deleting', key);
    const answer = await this.#change({ method: 'DELETE', object: this.#keys.toObject(key) }, what);
    if (answer.status < 300 || answer.code === 'NoSuchKey') return;
    throw explainRefusal(what, this.url, answer, answer.code);
  }

  async *list(prefix: string): AsyncIterable<string> {
    for await (const { key } of this.listVersions(prefix)) yield key;
  }

  async *listVersions(prefix: string): AsyncIterable<ListedObject> {
    const what = this.#doing('listing', prefix);
    const query = {
      'list-type': '2',
      'encoding-type': 'url',
      'max-keys': String(this.#options.pageSize),
      prefix: this.#keys.toObjectPrefix(prefix),
    };
    let page: Record<string, string> = {};
    for (;;) {
      const answer = await this.#read({ method: 'GET', object: '', query: { ...query, ...page } }, what);
      const listing = answer.status === 200 ? parseListing(Buffer.from(answer.body).toString()) : undefined;
      if (listing === undefined) throw explainRefusal(what, this.url, answer, answer.code);
      for (const { name, etag } of listing.objects) {
        const key = this.#keys.toKey(name);
        if (key?.startsWith(prefix) === true) yield { key, version: etag };
      }
      if (listing.continuation === undefined) return;
      page = { 'continuation-token': listing.continuation };
    }
  }

  close(): Promise<void> {
    this.#client.close();
    return Promise.resolve();
  }

  #put(key: string, body: Uint8Array, headers: Readonly<Record<string, string>>): Promise<Answered> {
    const request: S3Request = { method: 'PUT', object: this.#keys.toObject(key), headers, body };
    return this.#change(request, this.#doing('writing', key));
  }

  #read(request: S3Request, what: string): Promise<Answered> {
    return this.#send(
      request,
      what,
      (cause) => new StoreUnavailable(`${what}: ${reason(cause)}`, { cause }),
      true,
    );
  }

  #change(request: S3Request, what: string): Promise<Answered> {
    return this.#send(request, what, (cause) => new StoreOutcomeUnknown(what, cause), false);
  }

  /** @param repeatUnknown whether to send again what may have been done already, before `failed` says that its outcome is unknown */
  async #send(
    request: S3Request,
    what: string,
    failed: (cause: unknown) => Error,
    repeatUnknown: boolean,
  ): Promise<Answered> {
    let refreshed = false;
    for (let attempt = 1; ; attempt += 1) {
      const last = attempt >= this.#options.attempts;
      const answer = await this.#sendOnce(request);
      if (answer instanceof NoAnswer) {
        if (answer.mayHaveArrived && (last || !repeatUnknown)) throw failed(answer);
        if (last) throw this.#unreachable(what, answer);
      } else {
        const outcome = outcomeOf(answer, answer.code);
        if (outcome === 'answered') return answer;
        if (outcome === 'unknown' && (last || !repeatUnknown))
          throw failed(explainRefusal(what, this.url, answer, answer.code));
        if (last || (outcome === 'expired' && refreshed))
          throw explainRefusal(what, this.url, answer, answer.code);
        if (outcome === 'expired') {
          refreshed = true;
          this.#client.refreshCredentials();
        }
      }
      const pauseMs = Math.min(firstPauseMs * 2 ** (attempt - 1), longestPauseMs);
      await sleep(pauseMs * (0.5 + Math.random() / 2)); // spread out those that were refused together
    }
  }

  async #sendOnce(request: S3Request): Promise<Answered | NoAnswer> {
    try {
      const answer = await this.#client.send(request);
      return { ...answer, code: errorCode(answer) };
    } catch (error) {
      if (error instanceof NoAnswer) return error;
      throw error;
    }
  }

  #unreachable(what: string, cause: NoAnswer): StoreUnavailable {
    return new StoreUnavailable(`${what}: ${this.#endpoint} can't be reached: ${cause.message}`, {
      cause,
      hint: 'check the endpoint in WEIR_STORE_URL and that the server runs; Weir goes on by itself once it answers',
    });
  }

  #etag(answer: HttpAnswer): string {
    const { etag } = answer.headers;
    if (etag === undefined) throw new StoreUnsound(this.url, 'the server answers without an ETag');
    return etag;
  }

  #doing(what: string, key: string): string {
    return `${what} ${key === '' ? 'all' : key} in ${this.url}`;
  }
}

function reason(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}

/** With the server's address unless it is Amazon: the same bucket may be on several. */
function urlOf({ bucket, prefix, endpoint }: S3Location): string {
  const server = endpoint.hostname.includes('.amazonaws.com') ? '' : `?endpoint=${endpoint.origin}`;
  return `s3://${bucket}${prefix === '' ? '' : `/${prefix}`}${server}`;
}
