import { createServer } from 'node:net';
import { Kafka, logLevel } from 'kafkajs';
import { connect, StringCodec } from 'nats';
import { expect, test } from 'vitest';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { KafkaBroker } from './kafka-broker.ts';
import { findLauncher } from './launchers.ts';
import { kafkaAnswers } from './kafka-ready.ts';
import { ownKafka, ownNats } from './test-servers.ts';
import { waitUntil } from './wait-until.ts';

async function withAdmin<T>(
  bootstrap: string,
  use: (admin: ReturnType<Kafka['admin']>) => Promise<T>,
): Promise<T> {
  const admin = new Kafka({ brokers: [bootstrap], logLevel: logLevel.NOTHING }).admin();
  await admin.connect();
  try {
    return await use(admin);
  } finally {
    await admin.disconnect();
  }
}

const createTopic = (bootstrap: string) =>
  withAdmin(bootstrap, (admin) => admin.createTopics({ topics: [{ topic: 'kept', numPartitions: 2 }] }));
const listTopics = (bootstrap: string) => withAdmin(bootstrap, (admin) => admin.listTopics());

test('a broker of its own keeps its address and topics over a crash, and can be paused', async () => {
  const broker = await ownKafka();
  try {
    const { bootstrap } = broker;
    const port = Number(bootstrap.split(':')[1]);
    await createTopic(bootstrap);

    broker.pause();
    expect(await kafkaAnswers('127.0.0.1', port, 300)).toBe(false);
    broker.resume();
    await waitUntil(() => kafkaAnswers('127.0.0.1', port), { what: 'the broker to go on' });

    await broker.kill();
    expect(await kafkaAnswers('127.0.0.1', port)).toBe(false);
    await broker.restart();
    expect(broker.bootstrap).toBe(bootstrap);
    expect(await listTopics(bootstrap)).toContain('kept');
  } finally {
    await broker.dispose();
  }
});

test('topics survive when another program has taken the remembered ports', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'weir-taken-'));
  const launcher = await findLauncher('kafka', () => undefined);
  const first = await KafkaBroker.start(launcher, { folder });
  await createTopic(first.bootstrap);
  const before = first.bootstrap;
  await first.stop();
  const squatters = Object.values(
    JSON.parse(readFileSync(join(folder, 'ports.json'), 'utf8')) as Record<string, number>,
  ).map((port) => createServer((socket) => socket.destroy()).listen(port, '127.0.0.1'));
  let second: KafkaBroker | undefined;
  try {
    second = await KafkaBroker.start(launcher, { folder });
    expect(second.bootstrap).not.toBe(before);
    expect(await listTopics(second.bootstrap)).toContain('kept');
  } finally {
    await second?.kill();
    for (const server of squatters) server.close();
    rmSync(folder, { recursive: true, force: true });
  }
});

test('a broker takes other properties and listeners, and says why it does not start', async () => {
  const broker = await ownKafka({
    properties: {
      'message.max.bytes': '2000',
      'sasl.enabled.mechanisms': 'PLAIN',
      'listener.name.sasl.plain.sasl.jaas.config':
        'org.apache.kafka.common.security.plain.PlainLoginModule required user_alice="alice-pw";',
    },
    extraListeners: [{ name: 'SASL', protocol: 'SASL_PLAINTEXT' }],
  });
  try {
    const sasl = { mechanism: 'plain', username: 'alice', password: 'alice-pw' } as const;
    const kafka = new Kafka({ brokers: [broker.address('SASL')], sasl, logLevel: logLevel.NOTHING });
    const admin = kafka.admin();
    await admin.connect();
    await admin.createTopics({ topics: [{ topic: 'small' }] });
    const producer = kafka.producer();
    await producer.connect();
    const send = producer.send({ topic: 'small', messages: [{ value: Buffer.alloc(5000) }] });
    await expect(send).rejects.toThrow(/larger than the max|too large/i);
    await producer.disconnect();
    await admin.disconnect();
  } finally {
    await broker.dispose();
  }
  await expect(ownKafka({ properties: { 'log.retention.ms': 'soon' } })).rejects.toThrow(
    /Invalid value soon/,
  );
});

test('a NATS server of its own keeps its address over a restart, with its storage or without', async () => {
  const server = await ownNats();
  try {
    const { url } = server;
    const codec = StringCodec();
    const first = await connect({ servers: url });
    const bucket = await first.jetstream().views.kv('bucket');
    await bucket.put('key', codec.encode('value'));
    await first.drain();

    await server.restart();
    expect(server.url).toBe(url);
    const second = await connect({ servers: url });
    const kept = await (await second.jetstream().views.kv('bucket')).get('key');
    expect(codec.decode(kept?.value ?? new Uint8Array())).toBe('value');
    await second.drain();

    await server.restart({ empty: true });
    const third = await connect({ servers: url });
    const streams = await (await third.jetstreamManager()).streams.list().next();
    expect(streams).toEqual([]);
    await third.drain();
  } finally {
    await server.dispose();
  }
});

test('a NATS server finds other ports when somebody has taken its own', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'weir-taken-'));
  const squatter = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => squatter.once('listening', resolve));
  const address = squatter.address();
  const port = typeof address === 'object' ? (address?.port ?? 0) : 0;
  const { NatsServer } = await import('./nats-server.ts');
  const { findLauncher } = await import('./launchers.ts');
  writeFileSync(join(folder, 'ports.json'), JSON.stringify({ client: port }));
  const server = await NatsServer.start(await findLauncher('nats', () => undefined), { folder });
  try {
    expect(server.url).not.toContain(String(port));
    await (await connect({ servers: server.url })).drain();
  } finally {
    await server.kill();
    squatter.close();
    rmSync(folder, { recursive: true, force: true });
  }
});
