import { connect, createServer } from 'node:net';
import type { AddressInfo, Server, Socket } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { kafkaAnswers } from './kafka-ready.ts';
import type { TcpProxy } from './tcp-proxy.ts';
import { ownKafka, ownToxiproxy } from './test-servers.ts';
import { waitUntil } from './wait-until.ts';

const toxiproxy = await ownToxiproxy();
if (toxiproxy === undefined) console.error('skipped: neither toxiproxy-server nor Go is on the PATH');
afterAll(() => toxiproxy?.dispose());

/** A connection to a server that sends back what it gets. */
class Echo {
  readonly #socket: Socket;
  #received = '';
  ended: 'closed' | 'reset' | undefined;

  constructor(port: number) {
    this.#socket = connect(port, '127.0.0.1');
    this.#socket.on('data', (bytes) => (this.#received += String(bytes)));
    this.#socket.on(
      'error',
      ({ code }: NodeJS.ErrnoException) => (this.ended = code === 'ECONNRESET' ? 'reset' : 'closed'),
    );
    this.#socket.on('close', () => (this.ended ??= 'closed'));
  }

  send(text: string): void {
    this.#socket.write(text);
  }

  until(text: string): Promise<unknown> {
    return waitUntil(() => this.#received.endsWith(text), { what: `'${text}' to come back` });
  }

  untilEnded(): Promise<'closed' | 'reset'> {
    return waitUntil(() => this.ended, { what: 'the connection to end' });
  }

  get received(): string {
    return this.#received;
  }

  close(): void {
    this.#socket.destroy();
  }
}

describe.skipIf(toxiproxy === undefined)('a proxy', () => {
  let proxy: TcpProxy;
  let server: Server;
  let atServer = '';

  beforeAll(async () => {
    server = createServer((socket) => {
      socket.on('error', () => undefined);
      socket.on('data', (bytes) => {
        atServer += String(bytes);
        socket.write(bytes);
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    proxy = await toxiproxy!.createProxy('echo');
    await proxy.leadTo(`127.0.0.1:${(server.address() as AddressInfo).port}`);
  });
  afterEach(() => proxy.mend());
  afterAll(() => server.close());

  async function connected(): Promise<Echo> {
    const echo = new Echo(proxy.port);
    echo.send('hello');
    await echo.until('hello');
    return echo;
  }

  test('closes connections and refuses others, until it is mended', async () => {
    const before = await connected();
    await proxy.refuse();
    await before.untilEnded();
    await new Echo(proxy.port).untilEnded();
    await proxy.mend();
    (await connected()).close();
  });

  test('closes connections that are used, and resets new ones', async () => {
    const before = await connected();
    await proxy.disturb({ type: 'reset_peer', timeout: 0 });
    before.send('lost');
    await before.untilEnded();
    const later = new Echo(proxy.port);
    later.send('lost');
    expect(await later.untilEnded()).toBe('reset');
    expect(atServer).not.toContain('lost');
    await proxy.mend();
    (await connected()).close();
  });

  test('lets answers get lost, and keeps no connection on which some were', async () => {
    const before = await connected();
    await proxy.disturb({ type: 'timeout', timeout: 0 }, ['downstream']);
    before.send('asked');
    await waitUntil(() => atServer.endsWith('asked'), { what: 'the request to arrive' });
    expect(before.ended).toBeUndefined();
    await proxy.mend();
    await before.untilEnded();
    expect(before.received).toBe('hello');
  });

  test('delays both ways', async () => {
    const echo = await connected();
    await proxy.disturb({ type: 'latency', latency: 150, jitter: 0 });
    const sentAtMs = performance.now();
    echo.send('late');
    await echo.until('late');
    expect(performance.now() - sentAtMs).toBeGreaterThanOrEqual(300);
    await proxy.mend();
    echo.close();
  });
});

test.skipIf(toxiproxy === undefined)('a listener of Kafka leads its clients to the proxy', async () => {
  const proxy = await toxiproxy!.createProxy('kafka');
  const kafka = await ownKafka({
    extraListeners: [{ name: 'PROXIED', protocol: 'PLAINTEXT', advertisedPort: proxy.port }],
  });
  try {
    await proxy.leadTo(kafka.address('PROXIED'));
    const { Kafka, logLevel } = await import('kafkajs');
    const admin = new Kafka({ brokers: [proxy.address], logLevel: logLevel.NOTHING }).admin();
    await admin.connect();
    const { brokers } = await admin.describeCluster();
    await admin.disconnect();
    expect(brokers).toEqual([{ nodeId: 1, host: '127.0.0.1', port: proxy.port }]);

    await proxy.refuse();
    expect(await kafkaAnswers('127.0.0.1', proxy.port)).toBe(false);
    expect(await kafkaAnswers('127.0.0.1', Number(kafka.bootstrap.split(':')[1]))).toBe(true);
  } finally {
    await kafka.dispose();
  }
});
