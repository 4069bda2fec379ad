import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';

export type ProxyMode =
  /** Both directions pass. */
  | 'pass'
  /** Requests arrive; where an answer would come the connection is reset. */
  | 'reset answers'
  /** Requests arrive; answers never come, the connection stays open. */
  | 'swallow answers';

/** A TCP proxy on 127.0.0.1 in front of a server, for tests of what a client does when answers get lost. */
export class AnswerProxy {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  mode: ProxyMode = 'pass';
  /** Answers that were kept from the client. */
  lost = 0;

  private constructor(target: URL) {
    this.#server = createServer((client) => {
      const server = connect({ host: target.hostname, port: Number(target.port) });
      let swallowed = false;
      for (const socket of [client, server]) {
        this.#sockets.add(socket);
        socket.on('error', () => undefined);
        socket.on('close', () => {
          this.#sockets.delete(socket);
          server.destroy();
          if (!swallowed) client.destroy();
        });
      }
      client.on('data', (bytes) => server.write(bytes));
      server.on('data', (bytes) => {
        if (this.mode === 'pass') return client.write(bytes);
        this.lost += 1;
        if (this.mode === 'reset answers') client.resetAndDestroy();
        else swallowed = true;
        return false;
      });
    });
  }

  static async start(endpoint: string): Promise<AnswerProxy> {
    const proxy = new AnswerProxy(new URL(endpoint));
    await new Promise<void>((resolve) => proxy.#server.listen(0, '127.0.0.1', resolve));
    return proxy;
  }

  /** `http://127.0.0.1:PORT`. */
  get endpoint(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}
