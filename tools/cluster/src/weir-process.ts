import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { freePort } from '@weir/tool-stack/free-port.ts';
import { ProcessGroup } from '@weir/tool-stack/process-group.ts';
import type { ExitStatus } from '@weir/tool-stack/process-group.ts';
import { waitUntil } from '@weir/tool-stack/wait-until.ts';

const root = fileURLToPath(new URL('../../../', import.meta.url));
/** Stripped and compiled modules of earlier starts: a process is ready in a quarter of the time, with 30 MB less. */
const compileCache = `${root}node_modules/.cache/weir-modules`;

export type WeirRole = 'controller' | 'schema-service' | 'worker';

export interface WeirProcessOptions {
  readonly role: WeirRole;
  /** `worker-2`: names its log and its ready file. */
  readonly name: string;
  readonly folder: string;
  /** `host:port`; port 0 at the first start, the same port again at later ones. */
  readonly listen?: string;
  readonly admin?: string;
  readonly environment: Readonly<Record<string, string>>;
  /** Options of Node, e.g. `--cpu-prof`. */
  readonly nodeOptions?: readonly string[];
}

/** What a process tells in its ready file. */
export interface WeirAddresses {
  readonly pid: number;
  readonly address: string;
  readonly adminAddress: string;
}

/** A controller, schema-service or worker as a child, started as `weir <role>` starts it; it can be killed, frozen and started again. */
export class WeirProcess {
  readonly options: WeirProcessOptions;
  #group: ProcessGroup;
  #addresses: WeirAddresses;

  private constructor(options: WeirProcessOptions, group: ProcessGroup, addresses: WeirAddresses) {
    this.options = options;
    this.#group = group;
    this.#addresses = addresses;
  }

  static async start(options: WeirProcessOptions): Promise<WeirProcess> {
    // Ports outside the ephemeral range: a restart must find them free.
    const listen = options.listen ?? `127.0.0.1:${await freePort()}`;
    const admin = options.admin ?? `127.0.0.1:${await freePort()}`;
    const { group, addresses } = await launch(options, listen, admin);
    return new WeirProcess(options, group, addresses);
  }

  get name(): string {
    return this.options.name;
  }

  get addresses(): WeirAddresses {
    return this.#addresses;
  }

  get running(): boolean {
    return this.#group.running;
  }

  get pid(): number {
    return this.#addresses.pid;
  }

  get logFile(): string {
    return this.#group.logFile;
  }

  get exited(): Promise<ExitStatus> {
    return this.#group.exited;
  }

  signal(signal: NodeJS.Signals): void {
    this.#group.signal(signal);
  }

  kill(): Promise<ExitStatus> {
    return this.#group.kill();
  }

  stop(deadlineMs?: number): Promise<ExitStatus> {
    return this.#group.stop(deadlineMs);
  }

  /** Starts it anew under its old addresses, once it has ended. Environment is added for this start only. */
  async restart(environment: Readonly<Record<string, string>> = {}): Promise<void> {
    await this.#group.exited;
    const options = { ...this.options, environment: { ...this.options.environment, ...environment } };
    const { group, addresses } = await launch(options, this.#addresses.address, this.#addresses.adminAddress);
    this.#group = group;
    this.#addresses = addresses;
  }
}

async function launch(
  options: WeirProcessOptions,
  listen: string,
  admin: string,
): Promise<{ group: ProcessGroup; addresses: WeirAddresses }> {
  const { role, name, folder } = options;
  mkdirSync(folder, { recursive: true });
  const readyFile = join(folder, `${name}.ready.json`);
  rmSync(readyFile, { force: true });
  const args = [
    `${root}apps/${role}/src/main.ts`,
    '--listen',
    listen,
    '--admin',
    admin,
    '--ready-file',
    readyFile,
  ];
  const group = await ProcessGroup.start(
    {
      program: process.execPath,
      args: [...(options.nodeOptions ?? []), ...args],
      env: { NODE_COMPILE_CACHE: compileCache, ...options.environment },
    },
    { name, logFile: join(folder, `${name}.log`), cwd: folder },
  );
  const addresses = await waitUntil(() => readAddresses(readyFile), {
    what: `${name} to be ready; see ${group.logFile}`,
    giveUp: () => group.endedEarly(),
  });
  return { group, addresses };
}

function readAddresses(readyFile: string): WeirAddresses | undefined {
  if (!existsSync(readyFile)) return undefined;
  return JSON.parse(readFileSync(readyFile, 'utf8')) as WeirAddresses;
}
