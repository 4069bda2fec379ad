import { connect, constants, createServer, type ClientHttp2Stream, type Http2Server } from 'node:http2';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { RequestBodies } from './request-bodies.ts';

const limits = { bytes: 1_000_000, arrivalMs: 30_000 };
let nowMs = 0;
let bodies: RequestBodies;
let server: Http2Server;
let close: () => void;
let begin: (path?: string) => ClientHttp2Stream;
const until = (check: () => void): Promise<void> => vi.waitFor(check, { timeout: 60_000, interval: 5 });

beforeEach(async () => {
  nowMs = 0;
  bodies = new RequestBodies(limits, () => nowMs);
  server = createServer({ settings: { initialWindowSize: 8_000_000 } });
  server.on('session', (session) => session.setLocalWindowSize(64_000_000));
  server.on('stream', (stream, headers) => {
    bodies.watch(stream);
    stream.on('error', () => {});
    if (headers[':path'] === '/at-once') {
      stream.respond({ ':status': 200, 'grpc-status': '12' }, { endStream: true });
      return;
    }
    stream.on('data', () => {});
    stream.on(
      'end',
      () => stream.headersSent || stream.respond({ ':status': 200, 'grpc-status': '0' }, { endStream: true }),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const session = connect(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  close = () => session.destroy();
  begin = (path = '/') => {
    const stream = session.request({ ':method': 'POST', ':path': path }, { endStream: false });
    stream.on('error', () => {});
    return stream;
  };
});
afterEach(() => {
  close();
  server.close();
});

async function answerOf(stream: ClientHttp2Stream): Promise<string> {
  const headers = await new Promise<Record<string, unknown>>((resolve) => stream.once('response', resolve));
  return String(headers['grpc-status']);
}

test('fault 1.2.7: of calls that are never ended the largest is refused when there is too much, and small ones go on', async () => {
  const small = begin();
  small.write(Buffer.alloc(1000));
  const flood = begin();
  flood.write(Buffer.alloc(600_000));
  await until(() => expect(bodies.bytes).toBeGreaterThan(601_000));
  const refused = answerOf(flood);
  flood.write(Buffer.alloc(600_000));
  expect(await refused).toBe('8');
  await until(() => expect(bodies.bytes).toBeLessThan(10_000));
  const answer = answerOf(small);
  small.end();
  expect(await answer).toBe('0');
  await until(() => expect(bodies.bytes).toBe(0));
});

test('pieces count however small they are', async () => {
  const stream = begin();
  for (let piece = 1; piece <= 100; piece += 1) {
    stream.write(Buffer.alloc(1));
    await until(() => expect(bodies.bytes).toBeGreaterThanOrEqual(piece * 250));
  }
  stream.end();
  await until(() => expect(bodies.bytes).toBe(0));
});

test('fault 1.2.7: a request that does not arrive whole in time is refused', async () => {
  const stream = begin();
  stream.write(Buffer.alloc(1000));
  await until(() => expect(bodies.bytes).toBeGreaterThan(1000));
  nowMs = limits.arrivalMs;
  bodies.look();
  expect(stream.closed).toBe(false);
  nowMs = limits.arrivalMs + 1;
  const answer = answerOf(stream);
  bodies.look();
  expect(await answer).toBe('4');
  await until(() => expect(bodies.bytes).toBe(0));
});

test('a request that arrived whole is not refused, however long its call takes', async () => {
  const stream = begin();
  const answer = answerOf(stream);
  stream.end(Buffer.alloc(1000));
  expect(await answer).toBe('0');
  nowMs = limits.arrivalMs * 10;
  bodies.look();
  await until(() => expect(stream.closed).toBe(true));
  expect(stream.rstCode).toBe(constants.NGHTTP2_NO_ERROR);
});

test('a call that is answered before its request has ended takes no more of it', async () => {
  const stream = begin('/at-once');
  expect(await answerOf(stream)).toBe('12');
  await until(() => expect(stream.closed).toBe(true));
  expect(bodies.bytes).toBe(0);
});
