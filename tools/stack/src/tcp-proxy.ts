import { WeirError } from '@weir/kernel/errors.ts';

/** The way of the data: `upstream` from the client to the server, `downstream` back. */
export type ProxyStream = 'upstream' | 'downstream';

/** What is done to the connections of a proxy, those that are open and those that come. */
export type Toxic =
  /** Everything arrives later by `latency` ± `jitter` milliseconds, in order. */
  | { readonly type: 'latency'; readonly latency: number; readonly jitter: number }
  /** Nothing arrives any more; the connections are closed after `timeout` milliseconds, with 0 once it is taken away. */
  | { readonly type: 'timeout'; readonly timeout: number }
  /** What is sent is lost, and closes its connection after `timeout` milliseconds; one that was opened since is reset. */
  | { readonly type: 'reset_peer'; readonly timeout: number }
  /** At most `rate` KB a second. */
  | { readonly type: 'bandwidth'; readonly rate: number };

/** One address of a Toxiproxy, from which connections lead on to a server. */
export class TcpProxy {
  /** `127.0.0.1:PORT`, for those whose connections are to be disturbed. */
  readonly address: string;
  readonly #api: string;
  readonly #name: string;

  private constructor(api: string, name: string, address: string) {
    this.#api = api;
    this.#name = name;
    this.address = address;
  }

  /** @throws WeirError WEIR-9013 when the port is taken, among others */
  static async create(api: string, proxy: { name: string; listen: string }): Promise<TcpProxy> {
    // It leads nowhere yet: the server is started when the address is known.
    await call(api, 'POST', '/proxies', { ...proxy, upstream: '127.0.0.1:1', enabled: true });
    return new TcpProxy(api, proxy.name, proxy.listen);
  }

  get port(): number {
    return Number(this.address.split(':')[1]);
  }

  /** @param server `host:port`; open connections to another one are closed */
  async leadTo(server: string): Promise<void> {
    await this.#call('POST', '', { upstream: server });
  }

  /** Closes all connections and refuses others. */
  async refuse(): Promise<void> {
    await this.#call('POST', '', { enabled: false });
  }

  /** Does this to both ways, or to one. */
  async disturb(toxic: Toxic, streams: readonly ProxyStream[] = ['upstream', 'downstream']): Promise<void> {
    const { type, ...attributes } = toxic;
    for (const stream of streams)
      await this.#call('POST', '/toxics', { name: `${type}-${stream}`, type, stream, attributes });
  }

  /** Undoes all of it. */
  async mend(): Promise<void> {
    const toxics = (await this.#call('GET', '/toxics')) as readonly { name: string }[];
    for (const { name } of toxics) await this.#call('DELETE', `/toxics/${name}`);
    await this.#call('POST', '', { enabled: true });
  }

  #call(method: string, path: string, body?: unknown): Promise<unknown> {
    return call(this.#api, method, `/proxies/${this.#name}${path}`, body);
  }
}

async function call(api: string, method: string, path: string, body?: unknown): Promise<unknown> {
  const answer = await fetch(`${api}${path}`, {
    method,
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await answer.text();
  if (!answer.ok)
    throw new WeirError('WEIR-9013', `toxiproxy answered ${method} ${path} with ${answer.status}: ${text}`);
  return text === '' ? undefined : JSON.parse(text);
}
