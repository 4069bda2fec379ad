import { rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { lockFolder } from './folder-lock.ts';
import { givenAddress } from './given-address.ts';
import { KafkaBroker } from './kafka-broker.ts';
import { findLauncher } from './launchers.ts';
import { NatsServer } from './nats-server.ts';

export interface StackOptions {
  /** Holds the data, the logs and the ports of all servers. */
  readonly folder: string;
  /** Forget what an earlier start left there. */
  readonly fresh?: boolean;
  /** Told what happens, a line at a time. */
  readonly say: (line: string) => void;
}

export interface Server {
  /** As clients write it: `host:port`, `nats://host:port`. */
  readonly address: string;
  /** For people: where the program came from, or which variable gave the address. */
  readonly source: string;
  /** Undefined for a server that was there already. */
  readonly logFile: string | undefined;
}

/** Servers that a pipeline needs. */
export interface Stack {
  readonly kafka: Server;
  readonly nats: Server;
  /** The addresses as environment variables, for Weir's own processes and for people. */
  readonly env: Readonly<Record<string, string>>;
  /** Stops those that were started here: NATS, then Kafka. */
  stop(): Promise<void>;
}

type Running = Server & { stop(): Promise<void> };

const nothingToStop = async () => undefined;

async function startKafka(folder: string, say: (line: string) => void): Promise<Running> {
  const variable = 'WEIR_KAFKA_BOOTSTRAP';
  const given = await givenAddress(variable, 9092);
  if (given !== undefined)
    return { address: given, source: variable, logFile: undefined, stop: nothingToStop };
  const launcher = await findLauncher('kafka', say);
  const broker = await KafkaBroker.start(launcher, { folder: join(folder, 'kafka') });
  return {
    address: broker.bootstrap,
    source: launcher.source,
    logFile: broker.logFile,
    stop: () => broker.stop(),
  };
}

async function startNats(folder: string, say: (line: string) => void): Promise<Running> {
  const variable = 'WEIR_NATS_URL';
  const given = await givenAddress(variable, 4222);
  if (given !== undefined)
    return { address: given, source: variable, logFile: undefined, stop: nothingToStop };
  const launcher = await findLauncher('nats', say);
  const server = await NatsServer.start(launcher, { folder: join(folder, 'nats') });
  return { address: server.url, source: launcher.source, logFile: server.logFile, stop: () => server.stop() };
}

/**
 * Starts Kafka and NATS, each from the first source that is there: an address in the environment (`WEIR_KAFKA_BOOTSTRAP`,
 * `WEIR_NATS_URL`), a program on the PATH, Docker, a download that is cached outside the clone. A folder that was used
 * before keeps its topics and its ports. If one can't be started the other is stopped again.
 */
export async function startStack(options: StackOptions): Promise<Stack> {
  const folder = resolve(options.folder);
  const unlock = await lockFolder(folder);
  try {
    if (options.fresh)
      for (const name of ['kafka', 'nats']) rmSync(join(folder, name), { recursive: true, force: true });
    const starts = [startNats(folder, options.say), startKafka(folder, options.say)] as const;
    const ended = await Promise.allSettled(starts);
    const stop = async () => {
      for (const result of ended) if (result.status === 'fulfilled') await result.value.stop();
      unlock();
    };
    const [nats, kafka] = ended;
    if (nats.status === 'rejected' || kafka.status === 'rejected') {
      await stop();
      throw nats.status === 'rejected' ? nats.reason : kafka.status === 'rejected' ? kafka.reason : undefined;
    }
    const env = { WEIR_KAFKA_BOOTSTRAP: kafka.value.address, WEIR_NATS_URL: nats.value.address };
    return { kafka: kafka.value, nats: nats.value, env, stop };
  } catch (error) {
    unlock();
    throw error;
  }
}
