import { join } from 'node:path';
import { freePort } from './free-port.ts';
import type { RegistryLauncher, RegistryUser } from './registry-launcher.ts';
import { onFreePort, ServerProcess } from './server-process.ts';

/** A schema registry on 127.0.0.1 that forgets everything when it ends. */
export class RegistryServer {
  readonly #launcher: RegistryLauncher;
  readonly #folder: string;
  readonly #users: readonly RegistryUser[];
  readonly #process = new ServerProcess();
  #port = 0;

  private constructor(launcher: RegistryLauncher, folder: string, users: readonly RegistryUser[]) {
    this.#launcher = launcher;
    this.#folder = folder;
    this.#users = users;
  }

  /** Starts it and waits until it answers. */
  static async start(
    launcher: RegistryLauncher,
    options: { readonly folder: string; readonly users?: readonly RegistryUser[] },
  ): Promise<RegistryServer> {
    const server = new RegistryServer(launcher, options.folder, options.users ?? []);
    return onFreePort(
      async (port) => {
        server.#port = port;
        await server.#launch();
        return server;
      },
      () => server.kill(),
    );
  }

  /** With the path below which it answers as Confluent's registry does. */
  get endpoint(): string {
    return `http://127.0.0.1:${this.#port}/apis/ccompat/v7`;
  }

  get source(): string {
    return this.#launcher.source;
  }

  get logFile(): string {
    return join(this.#folder, 'registry.log');
  }

  async #launch(): Promise<void> {
    const managementPort = await freePort();
    const command = this.#launcher.serve({ port: this.#port, managementPort, users: this.#users });
    await this.#process.launch(command, {
      name: `the schema registry (${this.source})`,
      logFile: this.logFile,
      at: this.endpoint,
      answers: () => this.#answers(),
    });
  }

  async #answers(): Promise<boolean> {
    const answer = await fetch(`${this.endpoint}/subjects`, { signal: AbortSignal.timeout(5_000) });
    return answer.status === 200 || answer.status === 401;
  }

  /** Freezes it (SIGSTOP): connections stay open, nothing answers. */
  pause(): void {
    this.#process.pause();
  }

  resume(): void {
    this.#process.resume();
  }

  /** Ends it at once, as a crash would. */
  async kill(): Promise<void> {
    await this.#process.kill();
  }
}
