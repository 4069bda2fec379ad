import { join } from 'node:path';
import { freePort } from './free-port.ts';
import { ProcessGroup } from './process-group.ts';
import type { RegistryLauncher, RegistryUser } from './registry-launcher.ts';
import { waitUntil } from './wait-until.ts';

const startAttempts = 5;

/** A schema registry on 127.0.0.1 that forgets everything when it ends. */
export class RegistryServer {
  readonly #launcher: RegistryLauncher;
  readonly #folder: string;
  readonly #users: readonly RegistryUser[];
  #process: ProcessGroup | undefined;
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
    for (let attempt = 1; ; attempt += 1) {
      try {
        server.#port = await freePort();
        await server.#launch();
        return server;
      } catch (error) {
        await server.kill();
        if (attempt === startAttempts || !/already.*(bound|in use)/i.test(String(error))) throw error;
      }
    }
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
    const group = await ProcessGroup.start(command, { name: 'registry', logFile: this.logFile });
    this.#process = group;
    await waitUntil(() => this.#answers(), {
      what: `the schema registry (${this.source}) to answer ${this.endpoint} (its log: ${this.logFile})`,
      giveUp: () => group.endedEarly(),
    });
    const ended = group.endedEarly();
    if (ended !== undefined) throw ended;
  }

  async #answers(): Promise<boolean> {
    const answer = await fetch(`${this.endpoint}/subjects`, { signal: AbortSignal.timeout(5_000) });
    return answer.status === 200 || answer.status === 401;
  }

  /** Freezes it (SIGSTOP): connections stay open, nothing answers. */
  pause(): void {
    this.#process?.signal('SIGSTOP');
  }

  resume(): void {
    this.#process?.signal('SIGCONT');
  }

  /** Ends it at once, as a crash would. */
  async kill(): Promise<void> {
    await this.#process?.kill();
    this.#process = undefined;
  }
}
