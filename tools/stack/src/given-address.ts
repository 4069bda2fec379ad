import { connect } from 'node:net';
import { WeirError } from '@weir/kernel/errors.ts';

function connects(host: string, port: number, deadlineMs: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port });
    const finish = (connected: boolean) => {
      socket.destroy();
      resolve(connected);
    };
    socket.setTimeout(deadlineMs, () => finish(false));
    socket.once('error', () => finish(false));
    socket.once('connect', () => finish(true));
  });
}

/** `host:port` of each server in a list like `a:9092,b:9092` or `nats://a:4222,nats://b:4222`. */
function endpoints(value: string, defaultPort: number): { host: string; port: number }[] {
  return value
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '')
    .map((item) => {
      const url = new URL(item.includes('://') ? item : `tcp://${item}`);
      return { host: url.hostname.replace(/^\[|\]$/g, ''), port: Number(url.port) || defaultPort };
    });
}

/**
 * The address in the environment variable `name`, if it is set: somebody wants that server and no other, so one that does
 * not answer is an error, not a reason to start another.
 * @throws WeirError WEIR-9011
 */
export async function givenAddress(name: string, defaultPort: number): Promise<string | undefined> {
  const value = process.env[name];
  if (!value) return undefined;
  const reached = await Promise.all(
    endpoints(value, defaultPort).map(({ host, port }) => connects(host, port, 5_000)),
  );
  if (reached.includes(true)) return value;
  throw new WeirError(
    'WEIR-9011',
    `nothing answers at ${name}=${value}: start that server, or unset ${name}`,
  );
}
