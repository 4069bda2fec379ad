import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { S3Launcher } from './s3-launcher.ts';
import { onFreePort, ServerProcess } from './server-process.ts';

const accessKey = 'weir-test';
const secretKey = 'weir-test-secret';

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
  readonly #process = new ServerProcess();
  #port = 0;
  #prefixes = 0;

  private constructor(launcher: S3Launcher, folder: string) {
    this.#launcher = launcher;
    this.#folder = folder;
  }

  /** Starts it in an empty folder and waits until it answers and the bucket is there. */
  static async start(launcher: S3Launcher, folder: string): Promise<S3Server> {
    const server = new S3Server(launcher, folder);
    return onFreePort(
      async (port) => {
        server.#port = port;
        await server.#launch();
        return server;
      },
      () => server.kill(),
    );
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
    await this.#process.launch(command, {
      name: `the S3 server (${this.source})`,
      logFile: this.logFile,
      at: this.endpoint,
      answers: () => this.#answers(),
    });
  }

  async #answers(): Promise<boolean> {
    // One that keeps buckets as folders refuses this request, which has no signature, but has answered.
    const answer = await fetch(`${this.endpoint}/weir`, { method: 'PUT' });
    return this.#launcher.bucketsAreFolders || answer.ok;
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
