import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { FakeSubjects, Refusal, type FakeSchema } from './fake-subjects.ts';

export interface FakeRegistryOptions {
  /** Path below which it answers; a stranger above it gets a page of HTML. */
  readonly path?: string;
  readonly basic?: { readonly username: string; readonly password: string };
  readonly bearer?: string;
}

/** What the next calls meet in place of an answer. */
export type Trouble =
  | { readonly kind: 'status'; readonly status: number; readonly headers?: Readonly<Record<string, string>> }
  | { readonly kind: 'html' }
  | { readonly kind: 'redirect'; readonly to: string }
  | { readonly kind: 'hang' }
  | { readonly kind: 'cut' };

/**
 * A schema registry in this process that answers as Confluent's does, where Apicurio differs: GUIDs, contexts, `messages` of a comparison,
 * 40408, 40901, 42205. It can be made to misbehave.
 */
export class FakeRegistry {
  readonly subjects = new FakeSubjects();
  /** Every request that came, `METHOD /path`, and whether it said who asks. */
  readonly calls: { readonly request: string; readonly authorization: string | undefined }[] = [];
  readonly #server: Server;
  readonly #options: FakeRegistryOptions;
  readonly #hanging = new Set<ServerResponse>();
  #trouble: { trouble: Trouble; times: number } | undefined;

  private constructor(options: FakeRegistryOptions) {
    this.#options = options;
    this.#server = createServer((request, response) => void this.#handle(request, response));
  }

  static async start(options: FakeRegistryOptions = {}): Promise<FakeRegistry> {
    const registry = new FakeRegistry(options);
    await new Promise<void>((resolve) => registry.#server.listen(0, '127.0.0.1', resolve));
    return registry;
  }

  get endpoint(): string {
    const { port } = this.#server.address() as AddressInfo;
    return `http://127.0.0.1:${port}${this.#options.path ?? ''}`;
  }

  /** The next `times` calls meet this. */
  misbehave(trouble: Trouble, times = Infinity): void {
    this.#trouble = { trouble, times };
  }

  /** Answers as it should again; calls that hang are answered with 500. */
  behave(): void {
    this.#trouble = undefined;
    for (const response of this.#hanging) send(response, 500, { error_code: 50001, message: 'was hanging' });
    this.#hanging.clear();
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  async #handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', 'http://registry');
    this.calls.push({
      request: `${request.method} ${request.url}`,
      authorization: request.headers.authorization,
    });
    const chunks: Buffer[] = [];
    for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
    if (this.#meetTrouble(response)) return;
    const prefix = this.#options.path ?? '';
    if (!url.pathname.startsWith(`${prefix}/`)) {
      page(response, 404);
      return;
    }
    if (!this.#knows(request.headers.authorization)) {
      send(response, 401, { error_code: 40101, message: 'Unauthorized' });
      return;
    }
    const path = url.pathname
      .slice(prefix.length + 1)
      .split('/')
      .map(decodeURIComponent);
    try {
      const body =
        chunks.length === 0 ? undefined : (JSON.parse(Buffer.concat(chunks).toString()) as unknown);
      send(response, 200, this.#answer(request.method ?? 'GET', path, url.searchParams, body));
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      send(response, error.status, { error_code: error.code, message: error.message });
    }
  }

  #answer(method: string, path: readonly string[], query: URLSearchParams, body: unknown): unknown {
    const subjects = this.subjects;
    const [first, second = '', third = '', fourth = ''] = path;
    const given = () => body as FakeSchema;
    if (first === 'schemas' && second === 'ids')
      return subjects.byId(Number(third), query.get('subject') ?? '');
    if (first === 'schemas' && second === 'guids') return subjects.byGuid(third);
    if (first === 'subjects' && path.length === 1) return subjects.names();
    if (first === 'subjects' && path.length === 2 && method === 'POST')
      return subjects.lookUp(second, given());
    if (first === 'subjects' && third === 'versions' && method === 'POST') {
      return { id: subjects.register(second, given()).id };
    }
    if (first === 'subjects' && third === 'versions') {
      return path.length === 3 ? subjects.versions(second) : subjects.version(second, fourth);
    }
    if (first === 'compatibility') return subjects.compare(third, given());
    if (first === 'config') return subjects.level(second);
    if (first === 'mode') return subjects.mode(second);
    throw new Refusal(404, 404, 'HTTP 404 Not Found');
  }

  #knows(authorization: string | undefined): boolean {
    const { basic, bearer } = this.#options;
    if (bearer !== undefined) return authorization === `Bearer ${bearer}`;
    if (basic === undefined) return true;
    const expected = Buffer.from(`${basic.username}:${basic.password}`).toString('base64');
    return authorization === `Basic ${expected}`;
  }

  #meetTrouble(response: ServerResponse): boolean {
    const current = this.#trouble;
    if (current === undefined || current.times <= 0) return false;
    current.times -= 1;
    const { trouble } = current;
    switch (trouble.kind) {
      case 'status':
        send(response, trouble.status, { error_code: 50001, message: 'in trouble' }, trouble.headers);
        return true;
      case 'html':
        page(response, 200);
        return true;
      case 'redirect':
        send(response, 302, {}, { location: trouble.to });
        return true;
      case 'hang':
        this.#hanging.add(response);
        return true;
      case 'cut':
        response.destroy();
        return true;
    }
  }
}

function send(
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
): void {
  if (response.destroyed) return;
  response.writeHead(status, { 'content-type': 'application/vnd.schemaregistry.v1+json', ...headers });
  response.end(JSON.stringify(body));
}

function page(response: ServerResponse, status: number): void {
  response.writeHead(status, { 'content-type': 'text/html; charset=utf-8' });
  response.end('<html><body>Sign in</body></html>');
}
