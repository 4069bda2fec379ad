import { join } from 'node:path';
import { onFreePort, ServerProcess } from './server-process.ts';
import { TcpProxy } from './tcp-proxy.ts';
import type { ToxiproxyLauncher } from './toxiproxy-launcher.ts';

/** A Toxiproxy on 127.0.0.1. */
export class ToxiproxyServer {
  readonly #launcher: ToxiproxyLauncher;
  readonly #folder: string;
  readonly #process = new ServerProcess();
  #port = 0;

  private constructor(launcher: ToxiproxyLauncher, folder: string) {
    this.#launcher = launcher;
    this.#folder = folder;
  }

  /** Starts it and waits until it answers; only its log is in the folder. */
  static async start(launcher: ToxiproxyLauncher, folder: string): Promise<ToxiproxyServer> {
    const server = new ToxiproxyServer(launcher, folder);
    return onFreePort(
      async (port) => {
        server.#port = port;
        await server.#launch();
        return server;
      },
      () => server.kill(),
    );
  }

  get source(): string {
    return this.#launcher.source;
  }

  get logFile(): string {
    return join(this.#folder, 'toxiproxy.log');
  }

  get #api(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  /** A new address, which leads nowhere before `leadTo`. @param name of no other proxy here */
  createProxy(name: string): Promise<TcpProxy> {
    return onFreePort((port) => TcpProxy.create(this.#api, { name, listen: `127.0.0.1:${port}` }));
  }

  async #launch(): Promise<void> {
    await this.#process.launch(this.#launcher.serve(this.#port), {
      name: this.source,
      logFile: this.logFile,
      at: this.#api,
      answers: async () => (await fetch(`${this.#api}/version`)).ok,
    });
  }

  /** Ends it at once, and with it all connections. */
  async kill(): Promise<void> {
    await this.#process.kill();
  }
}
