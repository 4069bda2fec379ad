import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { freePort } from './free-port.ts';
import { ProcessGroup } from './process-group.ts';
import type { S3Launcher } from './s3-launcher.ts';
import { waitUntil } from './wait-until.ts';

const accessKey = 'weir-test';
const secretKey = 'weir-test-secret';
const startAttempts = 5;

/** An S3 server on 127.0.0.1, with one bucket, `weir`. */
export class S3Server {
  readonly #launcher: S3Launcher;
  readonly #folder: string;
  /** The credentials, for the environment of those that use it. */
  readonly environment: Readonly<Record<string, string>> = {
    AWS_ACCESS_KEY_ID: accessKey,
    AWS_SECRET_ACCESS_KEY: secretKey,
    AWS_REGION: 'us-east-1',
  };
  #process: ProcessGroup | undefined;
  #port = 0;
  #prefixes = 0;

  private constructor(launcher: S3Launcher, folder: string) {
    this.#launcher = launcher;
    this.#folder = folder;
  }

  /** Starts it in an empty folder and waits until it answers and the bucket is there. */
  static async start(launcher: S3Launcher, folder: string): Promise<S3Server> {
    const server = new S3Server(launcher, folder);
    for (let attempt = 1; ; attempt += 1) {
      try {
        server.#port = await freePort();
        await server.#launch();
        return server;
      } catch (error) {
        await server.kill();
        if (attempt === startAttempts || !/address.*in use/i.test(String(error))) throw error;
      }
    }
  }

  /** `http://127.0.0.1:PORT`. */
  get endpoint(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  get source(): string {
    return this.#launcher.source;
  }

  get logFile(): string {
    return join(this.#folder, 's3.log');
  }

  /** The address of a store that is empty. @param endpoint another way to this server, a proxy */
  newStoreUrl(endpoint = this.endpoint): string {
    this.#prefixes += 1;
    return `s3://weir/store-${this.#prefixes}?endpoint=${endpoint}&region=us-east-1&path_style=true`;
  }

  async #launch(): Promise<void> {
    const data = join(this.#folder, 'data');
    mkdirSync(this.#launcher.bucketsAreFolders ? join(data, 'weir') : data, { recursive: true });
    const command = this.#launcher.serve({ folder: data, port: this.#port, accessKey, secretKey });
    const group = await ProcessGroup.start(command, { name: 'S3', logFile: this.logFile });
    this.#process = group;
    await waitUntil(() => this.#answers(), {
      what: `the S3 server (${this.source}) to answer ${this.endpoint} (its log: ${this.logFile})`,
      giveUp: () => group.endedEarly(),
    });
    // Somebody else's server may have answered on a port that ours could not bind.
    const ended = group.endedEarly();
    if (ended !== undefined) throw ended;
  }

  async #answers(): Promise<boolean> {
    // One that keeps buckets as folders refuses this request, which has no signature, but has answered.
    const answer = await fetch(`${this.endpoint}/weir`, { method: 'PUT' });
    return this.#launcher.bucketsAreFolders || answer.ok;
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

/** A server that is there already, at an address `s3://bucket/prefix?endpoint=…`; its credentials are those of this process. */
export function givenS3(address: string): Pick<S3Server, 'endpoint' | 'environment' | 'newStoreUrl'> & {
  dispose(): Promise<void>;
} {
  const run = `${process.pid}-${Date.now().toString(36)}`;
  let prefixes = 0;
  const endpoint = new URL(address).searchParams.get('endpoint') ?? '';
  return {
    endpoint,
    environment: {},
    newStoreUrl(through = endpoint) {
      prefixes += 1;
      const url = new URL(address);
      url.pathname = `${url.pathname.replace(/\/$/, '')}/${run}-${prefixes}`;
      url.searchParams.set('endpoint', through);
      return url.href;
    },
    dispose: () => Promise.resolve(),
  };
}
