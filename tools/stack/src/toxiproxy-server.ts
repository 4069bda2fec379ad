import { join } from 'node:path';
import { freePort } from './free-port.ts';
import { ProcessGroup } from './process-group.ts';
import { TcpProxy } from './tcp-proxy.ts';
import type { ToxiproxyLauncher } from './toxiproxy-launcher.ts';
import { waitUntil } from './wait-until.ts';

const startAttempts = 5;

/** A Toxiproxy on 127.0.0.1. */
export class ToxiproxyServer {
  readonly #launcher: ToxiproxyLauncher;
  readonly #folder: string;
  #process: ProcessGroup | undefined;
  #port = 0;

  private constructor(launcher: ToxiproxyLauncher, folder: string) {
    this.#launcher = launcher;
    this.#folder = folder;
  }

  /** Starts it and waits until it answers; only its log is in the folder. */
  static async start(launcher: ToxiproxyLauncher, folder: string): Promise<ToxiproxyServer> {
    const server = new ToxiproxyServer(launcher, folder);
    return anotherPortIfTaken(
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
    return anotherPortIfTaken((port) => TcpProxy.create(this.#api, { name, listen: `127.0.0.1:${port}` }));
  }

  async #launch(): Promise<void> {
    const command = this.#launcher.serve(this.#port);
    const group = await ProcessGroup.start(command, { name: 'Toxiproxy', logFile: this.logFile });
    this.#process = group;
    await waitUntil(async () => (await fetch(`${this.#api}/version`)).ok, {
      what: `${this.source} to answer ${this.#api} (its log: ${this.logFile})`,
      giveUp: () => group.endedEarly(),
    });
    // Somebody else's server may have answered on a port that ours could not bind.
    const ended = group.endedEarly();
    if (ended !== undefined) throw ended;
  }

  /** Ends it at once, and with it all connections. */
  async kill(): Promise<void> {
    await this.#process?.kill();
    this.#process = undefined;
  }
}

async function anotherPortIfTaken<T>(
  use: (port: number) => Promise<T>,
  cleanUp: () => Promise<void> = async () => undefined,
): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await use(await freePort());
    } catch (error) {
      await cleanUp();
      if (attempt === startAttempts || !/address.*in use/i.test(String(error))) throw error;
    }
  }
}
