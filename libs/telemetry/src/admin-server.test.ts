import { afterEach, expect, test } from 'vitest';
import { startAdminServer } from './admin-server.ts';
import type { AdminServer } from './admin-server.ts';
import { counter, createMetrics, gauge } from './metrics.ts';

const running: AdminServer[] = [];
afterEach(async () => {
  await Promise.all(running.splice(0).map((server) => server.stop()));
});

test('health, readiness with what is missing, and metrics', async () => {
  let missing = 'no connection to NATS';
  const metrics = createMetrics('worker');
  counter(metrics, 'weir_records_total', 'Records', ['operator']).inc({ operator: 'a' }, 3);
  gauge(metrics, 'weir_lag_records', 'Lag', [], (g) => g.set(5));
  const server = await startAdminServer({ host: '127.0.0.1', port: 0, metrics, notReady: () => missing });
  running.push(server);
  const get = async (path: string) => {
    const response = await fetch(`http://${server.address}${path}`);
    return { status: response.status, text: await response.text() };
  };
  expect(await get('/healthz')).toEqual({ status: 200, text: 'ok\n' });
  expect(await get('/readyz')).toEqual({ status: 503, text: 'no connection to NATS\n' });
  missing = '';
  expect((await get('/readyz')).status).toBe(200);
  const { text } = await get('/metrics');
  expect(text).toContain('weir_records_total{operator="a",service="worker"} 3');
  expect(text).toContain('weir_lag_records{service="worker"} 5');
  expect((await get('/else')).status).toBe(404);
});

test('an address that is taken is named', async () => {
  const metrics = createMetrics('worker');
  const first = await startAdminServer({ host: '127.0.0.1', port: 0, metrics, notReady: () => '' });
  running.push(first);
  const port = Number(first.address.split(':')[1]);
  await expect(startAdminServer({ host: '127.0.0.1', port, metrics, notReady: () => '' })).rejects.toThrow(
    `127.0.0.1:${port}`,
  );
});
