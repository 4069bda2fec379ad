import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Registry } from 'prom-client';
import { formatHostPort } from '@weir/kernel/host-port.ts';
import { WeirError } from '@weir/kernel/errors.ts';

export interface AdminServer {
  /** `host:port` that it listens on. */
  readonly address: string;
  stop(): Promise<void>;
}

/**
 * Every process's door for operators: `/healthz` (200 while the process lives), `/readyz` (200, or 503 with what it waits for) and
 * `/metrics` (Prometheus text).
 * @throws WeirError WEIR-8101 when the address can't be listened on
 */
export async function startAdminServer(options: {
  readonly host: string;
  readonly port: number;
  readonly metrics: Registry;
  /** Empty when ready, else what is missing. */
  readonly notReady: () => string;
}): Promise<AdminServer> {
  const server = createServer((request, response) => {
    const path = (request.url ?? '/').split('?')[0];
    if (path === '/healthz') {
      response.writeHead(200, { 'content-type': 'text/plain' }).end('ok\n');
    } else if (path === '/readyz') {
      const missing = options.notReady();
      response
        .writeHead(missing === '' ? 200 : 503, { 'content-type': 'text/plain' })
        .end(`${missing === '' ? 'ready' : missing}\n`);
    } else if (path === '/metrics') {
      options.metrics.metrics().then(
        (text) => response.writeHead(200, { 'content-type': options.metrics.contentType }).end(text),
        (error: unknown) => response.writeHead(500).end(String(error)),
      );
    } else {
      response.writeHead(404, { 'content-type': 'text/plain' }).end('/healthz /readyz /metrics\n');
    }
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', (cause) =>
      reject(
        new WeirError(
          'WEIR-8101',
          `the admin server can't listen on ${formatHostPort(options.host, options.port)}`,
          {
            cause,
            hint: 'choose another --admin address; port 0 picks a free one',
          },
        ),
      ),
    );
    server.listen(options.port, options.host === '' ? '0.0.0.0' : options.host, resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    address: formatHostPort(options.host === '' ? '0.0.0.0' : options.host, port),
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
