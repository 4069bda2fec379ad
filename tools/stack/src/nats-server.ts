import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { WeirError } from '@weir/kernel/errors.ts';
import type { NatsLauncher } from './nats-launcher.ts';
import { RememberedPorts } from './free-port.ts';
import { ServerProcess, untilBound } from './server-process.ts';

export interface NatsServerOptions {
  /** Holds this server's configuration, data, log and ports. */
  readonly folder: string;
  readonly name?: string;
  /** Lines added to the configuration file: accounts, permissions, TLS. */
  readonly configuration?: string;
}

/** A NATS server with JetStream, on 127.0.0.1. */
export class NatsServer {
  readonly #launcher: NatsLauncher;
  readonly #options: NatsServerOptions;
  readonly #ports: RememberedPorts;
  readonly #process = new ServerProcess();
  #port = 0;
  #monitorPort = 0;

  private constructor(launcher: NatsLauncher, options: NatsServerOptions) {
    this.#launcher = launcher;
    this.#options = options;
    this.#ports = new RememberedPorts(options.folder);
  }

  /** Starts it and waits until it is healthy. Its ports are those of the last start with this folder, if nobody else took them. */
  static async start(launcher: NatsLauncher, options: NatsServerOptions): Promise<NatsServer> {
    const server = new NatsServer(launcher, options);
    await untilBound(
      () => server.#launch(),
      async () => {
        await server.stop();
        server.#ports.forget();
      },
    );
    return server;
  }

  /** `nats://127.0.0.1:PORT`. */
  get url(): string {
    return `nats://127.0.0.1:${this.#port}`;
  }

  /** Answers `/healthz`, `/varz`, `/connz`. */
  get monitorUrl(): string {
    return `http://127.0.0.1:${this.#monitorPort}`;
  }

  get logFile(): string {
    return join(this.#options.folder, 'nats.log');
  }

  async #launch(): Promise<void> {
    const { folder, name = 'NATS', configuration = '' } = this.#options;
    this.#port = await this.#ports.get('client');
    this.#monitorPort = await this.#ports.get('monitor');
    mkdirSync(join(folder, 'jetstream'), { recursive: true });
    const host = this.#launcher.bindHost;
    const file = join(folder, 'nats.conf');
    const lines = [
      `listen: "${host}:${this.#port}"`,
      `http: "${host}:${this.#monitorPort}"`,
      `jetstream { store_dir: ${JSON.stringify(join(folder, 'jetstream'))} }`,
      configuration,
    ];
    writeFileSync(file, `${lines.join('\n')}\n`);
    const ports = [this.#port, this.#monitorPort];
    const command = this.#launcher.serve({ folder, configuration: file, ports });
    await this.#process.launch(command, {
      name,
      logFile: this.logFile,
      at: `${this.monitorUrl}/healthz`,
      answers: async () => (await fetch(`${this.monitorUrl}/healthz`)).ok,
    });
  }

  /** Freezes it (SIGSTOP): connections stay open, nothing answers. */
  pause(): void {
    this.#process.pause();
  }

  resume(): void {
    this.#process.resume();
  }

  async stop(): Promise<void> {
    await this.#process.stop();
  }

  /** Ends it at once, as a crash would. */
  async kill(): Promise<void> {
    await this.#process.kill();
  }

  /** Starts it again on the same ports, after `stop` or `kill` or instead of them; `empty` forgets all that JetStream had stored. */
  async restart(options: { empty?: boolean } = {}): Promise<void> {
    await this.stop();
    if (options.empty) rmSync(join(this.#options.folder, 'jetstream'), { recursive: true, force: true });
    try {
      await this.#launch();
    } catch (error) {
      await this.stop();
      throw new WeirError('WEIR-9006', 'NATS did not come back on its port', { cause: error });
    }
  }
}
