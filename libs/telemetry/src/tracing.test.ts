import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Writable } from 'node:stream';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createLogger } from './logger.ts';
import { parseTraceparent, startSpan, withSpan } from './spans.ts';
import { startTracing } from './tracing.ts';
import type { Tracing } from './tracing.ts';

interface ExportedSpan {
  name: string;
  traceId: string;
  spanId: string;
  parentSpanId?: string;
  status?: { code?: number; message?: string };
}
interface ExportRequest {
  resourceSpans: {
    resource: { attributes: { key: string; value: { stringValue?: string } }[] };
    scopeSpans: { spans: ExportedSpan[] }[];
  }[];
}

const received: ExportRequest[] = [];
const server = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    received.push(JSON.parse(Buffer.concat(chunks).toString('utf8')) as ExportRequest);
    response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
  });
});
let tracing: Tracing;

beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  process.env['OTEL_EXPORTER_OTLP_ENDPOINT'] = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  process.env['OTEL_EXPORTER_OTLP_PROTOCOL'] = 'http/json';
  tracing = await startTracing({
    name: 'worker',
    instance: 'w1',
    cluster: 'test',
    environment: process.env,
  });
});
afterAll(() => server.close());

test('spans of two processes join through the traceparent, errors are told, and all is exported before stop ends', async () => {
  const epoch = startSpan('epoch', { root: true, attributes: { 'weir.epoch': 7 } });
  const remote = startSpan('snapshot', { parent: epoch.traceparent });
  await expect(
    remote.run(() =>
      withSpan('upload', {}, async () => {
        throw new Error('store is away');
      }),
    ),
  ).rejects.toThrow('store is away');

  const lines: string[] = [];
  const destination = new Writable({
    write(chunk: Buffer, _encoding, done) {
      lines.push(chunk.toString());
      done();
    },
  });
  const logger = createLogger({ service: 'worker', destination, secretOptions: ['auth.password'] });
  remote.run(() => logger.info({ auth: { password: 'hidden' }, password: 'of no option' }, 'inside'));
  remote.end();
  epoch.end();
  await tracing.stop();

  const spans = received.flatMap((r) =>
    r.resourceSpans.flatMap((rs) => rs.scopeSpans.flatMap((s) => s.spans)),
  );
  const byName = new Map(spans.map((span) => [span.name, span]));
  expect(byName.get('snapshot')?.parentSpanId).toBe(byName.get('epoch')?.spanId);
  expect(byName.get('upload')?.parentSpanId).toBe(byName.get('snapshot')?.spanId);
  expect(new Set(spans.map((span) => span.traceId)).size).toBe(1);
  expect(byName.get('upload')?.status?.message).toBe('store is away');
  expect(received[0]?.resourceSpans[0]?.resource.attributes).toContainEqual({
    key: 'service.name',
    value: { stringValue: 'weir-worker' },
  });
  const line = JSON.parse(lines[0] ?? '') as Record<string, unknown>;
  expect(line).toMatchObject({ level: 'info', message: 'inside', trace_id: byName.get('epoch')?.traceId });
  expect(lines[0]).not.toContain('hidden');
  expect(line).toMatchObject({ auth: { password: '[secret]' }, password: 'of no option' });
});

test('without the standard variables nothing is started', async () => {
  const off = await startTracing({ name: 'worker', instance: 'w1', cluster: 'test', environment: {} });
  expect(off.enabled).toBe(false);
});

test.each([
  ['00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01', true],
  ['', false],
  ['00-0af7651916cd43dd8448eb211c80319c-b7ad6b71-01', false],
])('a traceparent %j is read: %s', (text, good) => {
  expect(parseTraceparent(text) !== undefined).toBe(good);
});
