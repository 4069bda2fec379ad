import { ownKafka, ownNats, ownToxiproxy } from '@weir/tool-stack/test-servers.ts';
import type { FaultServers } from './faults/fault.ts';

/** What a chaos run has to do with. */
export interface ChaosServers {
  /** Kafka, for the input's writer and the judge. */
  readonly bootstrap: string;
  /** Kafka, for the pipeline: through a proxy where there is one. */
  readonly pipelineBootstrap: string;
  /** NATS, for Weir's processes. */
  readonly natsUrl: string;
  /** Those of this run alone, which may be hit too. */
  readonly servers: FaultServers;
  dispose(): Promise<void>;
}

type Disposable = { dispose(): Promise<void> };

/**
 * Servers of this run alone, and proxies before them where there is a Toxiproxy. Those that WEIR_KAFKA_BOOTSTRAP and
 * WEIR_NATS_URL name are somebody's: they are used, and left alone.
 */
export async function startChaosServers(say: (line: string) => void): Promise<ChaosServers> {
  const started: Disposable[] = [];
  const dispose = async () => {
    for (const server of started.toReversed()) await server.dispose();
  };
  const own = <T extends Disposable>(server: T): T => {
    started.push(server);
    return server;
  };
  try {
    const { WEIR_KAFKA_BOOTSTRAP: givenKafka, WEIR_NATS_URL: givenNats } = process.env;
    const toxiproxy = givenKafka && givenNats ? undefined : await ownToxiproxy();
    if (toxiproxy !== undefined) own(toxiproxy);
    const kafka = givenKafka ? givenServer(givenKafka) : await proxiedKafka(toxiproxy, own);
    const nats = givenNats ? givenServer(givenNats) : await proxiedNats(toxiproxy, own);
    const proxy = toxiproxy === undefined ? 'no proxy' : `proxies of ${toxiproxy.source}`;
    say(`Kafka at ${kafka.direct}, NATS at ${nats.direct}; ${proxy}`);
    return {
      bootstrap: kafka.direct,
      pipelineBootstrap: kafka.throughProxy,
      natsUrl: nats.throughProxy,
      servers: { ...kafka.servers, ...nats.servers },
      dispose,
    };
  } catch (error) {
    await dispose();
    throw error;
  }
}

/** A server by its address, and by the one that leads to it through the proxy. */
interface Proxied {
  readonly direct: string;
  readonly throughProxy: string;
  readonly servers: FaultServers;
}

type Toxiproxy = Awaited<ReturnType<typeof ownToxiproxy>>;
type Own = <T extends Disposable>(server: T) => T;

function givenServer(address: string): Proxied {
  return { direct: address, throughProxy: address, servers: {} };
}

/** Brokers tell their clients where they are: one listener says that it is where the proxy is. */
async function proxiedKafka(toxiproxy: Toxiproxy, own: Own): Promise<Proxied> {
  const name = 'PROXIED';
  const kafkaProxy = await toxiproxy?.createProxy('kafka');
  if (kafkaProxy === undefined) {
    const kafka = own(await ownKafka({ name: 'chaos' }));
    return { direct: kafka.bootstrap, throughProxy: kafka.bootstrap, servers: { kafka } };
  }
  const listener = { name, protocol: 'PLAINTEXT', advertisedPort: kafkaProxy.port } as const;
  const kafka = own(await ownKafka({ name: 'chaos', extraListeners: [listener] }));
  await kafkaProxy.leadTo(kafka.address(name));
  return { direct: kafka.bootstrap, throughProxy: kafkaProxy.address, servers: { kafka, kafkaProxy } };
}

async function proxiedNats(toxiproxy: Toxiproxy, own: Own): Promise<Proxied> {
  const nats = own(await ownNats({ name: 'chaos' }));
  const natsProxy = await toxiproxy?.createProxy('nats');
  if (natsProxy === undefined) return { direct: nats.url, throughProxy: nats.url, servers: { nats } };
  await natsProxy.leadTo(new URL(nats.url).host);
  return { direct: nats.url, throughProxy: `nats://${natsProxy.address}`, servers: { nats, natsProxy } };
}
