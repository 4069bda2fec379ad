import { Agent } from 'undici';
import { describeError, WeirError } from '@weir/kernel/errors.ts';
import type { Clock, Rng, Timers } from '@weir/kernel/ports.ts';
import { isPassing, refusalOf, RegistryRefusal, type Wish } from './registry-errors.ts';
import type { RegistryAuth, RegistrySettings } from './registry-settings.ts';

export interface RegistryCall {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** Parts of the path below the address; each is escaped as a whole, slashes too. */
  readonly path: readonly string[];
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  /** What it is for, in messages: "read schema 7". */
  readonly wish: Wish;
}

export interface TransportPorts {
  readonly clock: Clock;
  readonly timers: Timers;
  readonly rng: Rng;
}

export interface TransportLimits {
  /** The longest time a call takes with all its repeats, in ms. */
  readonly deadlineMs: number;
  /** The longest time without an answer, or without a byte of it, in ms. */
  readonly silenceMs: number;
}

const defaultLimits: TransportLimits = { deadlineMs: 10_000, silenceMs: 5_000 };
const maxAnswerBytes = 16 * 1024 * 1024;
const firstDelayMs = 100;
const maxDelayMs = 2_000;
const mediaType = 'application/vnd.schemaregistry.v1+json';

/**
 * JSON calls to a registry with several addresses.
 *
 * T1 A call is repeated after no answer, 408, 429 and 5xx only, until its deadline; everything else is final at once. All
 *    calls that Weir makes may be repeated: registering the same text twice gives the same id.
 * T2 Another address is tried after no answer and 5xx only, and whoever answered last is asked first (R10).
 * T3 Nothing is followed elsewhere: a redirect is an error, since credentials would go along.
 */
export class RegistryTransport {
  readonly #settings: RegistrySettings;
  readonly #ports: TransportPorts;
  readonly #limits: TransportLimits;
  readonly #agent: Agent;
  readonly #headers: Readonly<Record<string, string>>;
  #current = 0;

  constructor(settings: RegistrySettings, ports: TransportPorts, limits: Partial<TransportLimits> = {}) {
    this.#settings = settings;
    this.#ports = ports;
    this.#limits = { ...defaultLimits, ...limits };
    this.#agent = new Agent({
      connect: { ...settings.tls, timeout: this.#limits.silenceMs },
      headersTimeout: this.#limits.silenceMs,
      bodyTimeout: this.#limits.silenceMs,
      maxResponseSize: maxAnswerBytes,
      connections: 8,
    });
    this.#headers = { accept: `${mediaType}, application/json`, ...authHeader(settings.auth) };
  }

  /** For messages: the address that is asked next. */
  get address(): string {
    return this.#url().href;
  }

  /**
   * @returns the parsed JSON of a successful answer
   * @throws RegistryRefusal the registry said no; WeirError WEIR-3501 (retry) no usable answer until the deadline, WEIR-3506 what answers is no registry
   */
  async call(call: RegistryCall, signal?: AbortSignal): Promise<unknown> {
    const deadline = this.#ports.clock.monotonicMs() + this.#limits.deadlineMs;
    for (let attempt = 0; ; attempt += 1) {
      const outcome = await this.#attempt(call, signal);
      if ('value' in outcome) return outcome.value;
      signal?.throwIfAborted();
      const waitMs = outcome.afterMs ?? this.#backOffMs(attempt);
      if (outcome.error.disposition !== 'retry') throw outcome.error;
      if (this.#ports.clock.monotonicMs() + waitMs > deadline) throw outcome.error;
      await this.#ports.timers.sleep(waitMs, signal);
    }
  }

  async close(): Promise<void> {
    await this.#agent.destroy();
  }

  async #attempt(
    call: RegistryCall,
    signal: AbortSignal | undefined,
  ): Promise<{ value: unknown } | { error: WeirError; afterMs?: number }> {
    const url = this.#url();
    let answer: Awaited<ReturnType<RegistryTransport['_send']>>;
    try {
      answer = await this._send(url, call, signal);
    } catch (cause) {
      this.#turn(url);
      return { error: this.#unreachable(url, call, cause) };
    }
    const { status, text, contentType, retryAfterMs } = answer;
    if (status >= 300 && status < 400) return { error: redirected(url, answer.location) };
    const body = parsed(text);
    if (status >= 200 && status < 300) {
      return body === undefined ? { error: notARegistry(url, call, contentType) } : { value: body };
    }
    if (status >= 500) this.#turn(url);
    // A proxy's page says nothing about the schema, whatever its status is.
    if (body === undefined && !isPassing(status) && text !== '')
      return { error: notARegistry(url, call, contentType, status) };
    const error: RegistryRefusal = refusalOf(status, body, call.wish, url.href);
    return retryAfterMs === undefined ? { error } : { error, afterMs: retryAfterMs };
  }

  async _send(url: URL, call: RegistryCall, signal: AbortSignal | undefined) {
    const path = `${url.pathname === '/' ? '' : url.pathname}/${call.path.map(encodeURIComponent).join('/')}`;
    const answer = await this.#agent.request({
      origin: url.origin,
      path,
      method: call.method,
      ...(call.query === undefined ? {} : { query: call.query }),
      headers: { ...this.#headers, ...(call.body === undefined ? {} : { 'content-type': mediaType }) },
      body: call.body === undefined ? null : JSON.stringify(call.body),
      ...(signal === undefined ? {} : { signal }),
    });
    return {
      status: answer.statusCode,
      text: await answer.body.text(),
      contentType: header(answer.headers['content-type']),
      location: header(answer.headers.location),
      retryAfterMs: retryAfter(header(answer.headers['retry-after'])),
    };
  }

  #url(): URL {
    return this.#settings.urls[this.#current % this.#settings.urls.length] as URL;
  }

  /** Only if nobody has turned away from it already. */
  #turn(from: URL): void {
    if (this.#url() === from) this.#current += 1;
  }

  #backOffMs(attempt: number): number {
    // The next address is asked at once; only when all were asked does one wait.
    const round = Math.floor(attempt / this.#settings.urls.length);
    if ((attempt + 1) % this.#settings.urls.length !== 0) return 0;
    return Math.min(maxDelayMs, firstDelayMs * 2 ** round) * (0.5 + this.#ports.rng.next() / 2);
  }

  #unreachable(url: URL, call: RegistryCall, cause: unknown): WeirError {
    return new WeirError(
      'WEIR-3501',
      `registry ${url.href} gives no answer to the wish to ${call.wish}: ${reason(cause)}`,
      {
        disposition: 'retry',
        hint: "check 'schema_registry.endpoint', and that the registry can be reached from this process",
      },
    );
  }
}

function authHeader(auth: RegistryAuth): Record<string, string> {
  switch (auth.kind) {
    case 'none':
      return {};
    case 'basic':
      return {
        authorization: `Basic ${Buffer.from(`${auth.username}:${auth.password}`).toString('base64')}`,
      };
    case 'bearer':
      return { authorization: `Bearer ${auth.token}` };
  }
}

function header(value: string | string[] | undefined): string {
  return (Array.isArray(value) ? value[0] : value) ?? '';
}

/** Seconds, as registries send them; a date is left to our own back-off. At most a minute. */
function retryAfter(value: string): number | undefined {
  return /^\d{1,5}$/.test(value) ? Math.min(60, Number(value)) * 1000 : undefined;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

function redirected(url: URL, location: string): WeirError {
  const target = URL.canParse(location, url.href) ? new URL(location, url.href) : undefined;
  return new WeirError(
    'WEIR-3506',
    `registry ${url.href} sends elsewhere${target === undefined ? '' : ` (${target.origin})`}; a redirect is not followed, since credentials would go along`,
    { hint: "set 'schema_registry.endpoint' to the address where the registry itself answers" },
  );
}

function notARegistry(url: URL, call: RegistryCall, contentType: string, status = 200): WeirError {
  const type = contentType.split(';')[0]?.trim() ?? '';
  return new WeirError(
    'WEIR-3506',
    `what answers at ${url.href} is no schema registry: to the wish to ${call.wish} it gave ${type === '' ? 'something' : type} (HTTP ${status}), not JSON`,
    { hint: "a proxy or a web page may be in the way, or the path in 'schema_registry.endpoint' is wrong" },
  );
}

/** The innermost cause says what the network said; undici's own words only that it was undici. */
function reason(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error instanceof AggregateError && error.errors.length > 0) return reason(error.errors[0]);
  return error.cause === undefined ? error.message || describeError(error) : reason(error.cause);
}
