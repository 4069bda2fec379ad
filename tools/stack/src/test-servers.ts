import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { KafkaBroker, type KafkaBrokerOptions } from './kafka-broker.ts';
import { KafkaBrokers, type KafkaBrokersOptions } from './kafka-brokers.ts';
import { findLauncher, launcherIfAny } from './launchers.ts';
import { NatsServer, type NatsServerOptions } from './nats-server.ts';
import type { RegistryUser } from './registry-launcher.ts';
import { RegistryServer } from './registry-server.ts';
import { givenS3, S3Server } from './s3-server.ts';
import { ToxiproxyServer } from './toxiproxy-server.ts';

const say = (line: string) => console.error(`stack: ${line}`);

/** Short-lived and on few cores: compile quickly rather than well, collect with one thread. */
const quickJvmArgs = ['-Xmx512m', '-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1'];

const quickProperties = { 'broker.session.timeout.ms': '3000', 'log.cleaner.enable': 'false' };

/** A server in a temporary folder of its own; `dispose` ends it and removes the folder. */
export type Owned<T> = T & { dispose(): Promise<void> };

function owned<T extends { kill(): Promise<void> }>(server: T, folder: string): Owned<T> {
  return Object.assign(server, {
    async dispose() {
      await server.kill();
      rmSync(folder, { recursive: true, force: true });
    },
  });
}

/** Starts in a fresh temporary folder, which is removed again if the start fails. */
async function inTemporaryFolder<T extends { kill(): Promise<void> }>(
  name: string,
  start: (folder: string) => Promise<T>,
): Promise<Owned<T>> {
  const folder = mkdtempSync(join(tmpdir(), `weir-${name}-`));
  try {
    return owned(await start(folder), folder);
  } catch (error) {
    rmSync(folder, { recursive: true, force: true });
    throw error;
  }
}

/**
 * A Kafka broker for one test that pauses, restarts or kills it, or needs other properties. Such tests are named
 * `*.alone.integration.test.ts` (or are e2e tests), which run one after the other.
 */
export async function ownKafka(
  options: Omit<KafkaBrokerOptions, 'folder'> = {},
): Promise<Owned<KafkaBroker>> {
  const launcher = await findLauncher('kafka', say);
  return inTemporaryFolder('kafka', (folder) =>
    KafkaBroker.start(launcher, {
      jvmArgs: quickJvmArgs,
      ...options,
      properties: { ...quickProperties, ...options.properties },
      folder,
    }),
  );
}

/** Some Kafka brokers that are one cluster, for one test that kills brokers. Three need about 600 MB of memory and 10 s. */
export async function ownKafkaCluster(
  options: Omit<KafkaBrokersOptions, 'folder'>,
): Promise<Owned<KafkaBrokers>> {
  const launcher = await findLauncher('kafka', say);
  return inTemporaryFolder('kafka-cluster', (folder) =>
    KafkaBrokers.start(launcher, {
      jvmArgs: ['-Xmx256m', ...quickJvmArgs.slice(1)],
      ...options,
      properties: { ...quickProperties, ...options.properties },
      folder,
    }),
  );
}

/** A NATS server for one test that pauses, restarts or kills it. */
export async function ownNats(options: Omit<NatsServerOptions, 'folder'> = {}): Promise<Owned<NatsServer>> {
  const launcher = await findLauncher('nats', say);
  return inTemporaryFolder('nats', (folder) => NatsServer.start(launcher, { ...options, folder }));
}

/** A proxy for one test or run that cuts connections; undefined where there is no Toxiproxy and no Go to build it. */
export async function ownToxiproxy(): Promise<Owned<ToxiproxyServer> | undefined> {
  const launcher = await launcherIfAny('toxiproxy', say);
  return launcher && inTemporaryFolder('toxiproxy', (folder) => ToxiproxyServer.start(launcher, folder));
}

/** A schema registry for one test file, empty; with users it answers nobody else. It takes 4 s and 260 MB. */
export async function ownRegistry(users: readonly RegistryUser[] = []): Promise<Owned<RegistryServer>> {
  const launcher = await findLauncher('registry', say);
  return inTemporaryFolder('registry', (folder) => RegistryServer.start(launcher, { folder, users }));
}

/** An S3 server for one test that pauses or kills it. */
async function ownS3(): Promise<Owned<S3Server>> {
  const launcher = await findLauncher('s3', say);
  return inTemporaryFolder('s3', (folder) => S3Server.start(launcher, folder));
}

/** What most tests need of an S3 server. */
export type TestS3 = Pick<Owned<S3Server>, 'endpoint' | 'environment' | 'newStoreUrl' | 'dispose'>;

/**
 * The S3 server that `WEIR_TEST_S3` names (`s3://bucket/prefix?endpoint=…`, with credentials in the environment), or one of
 * this test file's own.
 */
export async function testS3(): Promise<TestS3> {
  const given = process.env['WEIR_TEST_S3'];
  return given ? givenS3(given) : ownS3();
}
