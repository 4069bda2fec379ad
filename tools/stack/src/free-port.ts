import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';

/**
 * Ports come from below the range that the kernel takes for outgoing connections (32768 and up on Linux, 49152 elsewhere).
 * Inside it, a client that reconnects to a server which is down can be given that very port, and then the server can't
 * come back: its address is in use, or the client is connected to itself.
 */
const lowestPort = 15_000;
const highestPort = 32_000;

function canBind(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen({ port, host: '127.0.0.1', exclusive: true }, () => server.close(() => resolve(true)));
  });
}

/** A port on 127.0.0.1 that nobody listens on just now. Somebody else may be faster: whoever binds it has to be ready to try another. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = lowestPort + Math.floor(Math.random() * (highestPort - lowestPort));
    if (await canBind(port)) return port;
  }
}

/** The ports of one server, kept in `ports.json` beside its data, so that its address stays the same from start to start. */
export class RememberedPorts {
  readonly #file: string;
  #ports: Record<string, number>;

  constructor(folder: string) {
    this.#file = join(folder, 'ports.json');
    this.#ports = existsSync(this.#file)
      ? (JSON.parse(readFileSync(this.#file, 'utf8')) as Record<string, number>)
      : {};
    mkdirSync(folder, { recursive: true });
  }

  /** The port noted under `name`; the first time a free one is picked. */
  async get(name: string): Promise<number> {
    const noted = this.#ports[name];
    if (noted !== undefined) return noted;
    let port = await freePort();
    while (Object.values(this.#ports).includes(port)) port = await freePort(); // free, but one of ours already
    this.#ports = { ...this.#ports, [name]: port };
    writeFileSync(this.#file, JSON.stringify(this.#ports));
    return port;
  }

  /** True when every port that is noted could be bound just now. */
  async areFree(): Promise<boolean> {
    for (const port of Object.values(this.#ports)) if (!(await canBind(port))) return false;
    return true;
  }

  /** After a failed bind: the next `get` picks others. */
  forget(): void {
    this.#ports = {};
  }
}
