import type { TestProject } from 'vitest/node';
import { ownKafka, ownNats } from './test-servers.ts';

declare module 'vitest' {
  export interface ProvidedContext {
    /** `host:port` of the Kafka broker that all tests of a run share. */
    kafkaBootstrap: string;
    /** `nats://host:port` of the NATS server that all tests of a run share. */
    natsUrl: string;
  }
}

interface SharedServers {
  readonly kafkaBootstrap: string;
  readonly natsUrl: string;
  stop(): Promise<void>;
}

/** Each vitest project loads this file anew, so what they share is kept where all copies of it look. */
const shared = globalThis as typeof globalThis & {
  weirTestServers?: { servers: Promise<SharedServers>; users: number };
};

async function startServers(): Promise<SharedServers> {
  const givenKafka = process.env['WEIR_TEST_KAFKA'];
  const givenNats = process.env['WEIR_TEST_NATS'];
  const started = await Promise.allSettled([
    givenKafka ? undefined : ownKafka(),
    givenNats ? undefined : ownNats(),
  ]);
  const [kafka, nats] = started;
  const stop = async () => {
    for (const result of started) if (result.status === 'fulfilled') await result.value?.dispose();
  };
  for (const result of started) {
    if (result.status === 'rejected') {
      await stop();
      throw result.reason;
    }
  }
  return {
    kafkaBootstrap: givenKafka || (kafka.status === 'fulfilled' && kafka.value?.bootstrap) || '',
    natsUrl: givenNats || (nats.status === 'fulfilled' && nats.value?.url) || '',
    stop,
  };
}

/**
 * One Kafka and one NATS for the whole test run, however many projects it has. `WEIR_TEST_KAFKA` (host:port) and
 * `WEIR_TEST_NATS` (nats://host:port) take servers that are there already.
 */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const entry = (shared.weirTestServers ??= { servers: startServers(), users: 0 });
  entry.users++;
  const servers = await entry.servers;
  project.provide('kafkaBootstrap', servers.kafkaBootstrap);
  project.provide('natsUrl', servers.natsUrl);
  return async () => {
    if (--entry.users > 0) return;
    delete shared.weirTestServers;
    await servers.stop();
  };
}
