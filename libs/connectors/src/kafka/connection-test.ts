import { BrokerConnection } from '@weir/kafka/broker-connection.ts';
import { KafkaCluster } from '@weir/kafka/cluster-access.ts';
import type { ClusterOptions } from '@weir/kafka/contracts/cluster.ts';
import { addressesOf, knock, shakeHands, TlsRefused } from '@weir/kafka/probe/reach-broker.ts';
import { WeirError } from '@weir/kernel/errors.ts';
import { StepFailure, type StepRun } from '../connection-test/step-run.ts';
import { clusterOptionsOf } from './kafka-options.ts';

type Options = Readonly<Record<string, string>>;

/** Each single wait of a test, ms. */
const patienceMs = 5_000;

interface Place {
  readonly host: string;
  readonly port: number;
}

/**
 * Tries a connection step by step, as a client makes it: the first step that fails says which option is at fault. Leaves nothing behind.
 * @param options filled in
 * @returns the cluster, open; undefined when a step failed
 */
export async function testKafkaConnection(
  options: Options,
  run: StepRun,
  clientId: string,
): Promise<KafkaCluster | undefined> {
  const cluster = clusterOptionsOf(options, clientId);
  const servers = cluster.bootstrapServers.map(placeOf);
  const reachable = await run.step('resolve', () => resolveAll(servers));
  const place = await run.step('tcp', () => firstThatAnswers(reachable ?? [], run.signal));
  const { ssl, sasl: _, ...plain } = cluster;
  const tls = ssl === true ? {} : ssl === false || ssl === undefined ? null : ssl;
  const at = place ?? { host: '', port: 0 };
  if (tls === null) run.skip('tls', 'the connection is without TLS');
  else {
    await run.step('tls', async () => {
      const detail = await shakeHands(at.host, at.port, tls, patienceMs, run.signal).catch(tlsFailure);
      return { detail, found: null };
    });
  }
  await run.step('api_versions', async () => {
    const open = { ...plain, ...(ssl === undefined ? {} : { ssl }), requestTimeoutMs: patienceMs };
    const connection = await BrokerConnection.open(open, at.host, at.port).catch(
      failing(protocolOption(options)),
    );
    connection.drop();
    return { detail: 'it speaks Kafka', found: null };
  });
  if (cluster.sasl === undefined) run.skip('sasl', 'the connection is without SASL');
  else await run.step('sasl', () => authenticate({ ...cluster, requestTimeoutMs: patienceMs }, at, options));
  return metadataSteps(cluster, run, options);
}

async function metadataSteps(
  options: ClusterOptions,
  run: StepRun,
  written: Options,
): Promise<KafkaCluster | undefined> {
  const found = await run.step('metadata', async () => {
    const cluster = await KafkaCluster.open(options, { deadlineMs: patienceMs, signal: run.signal }).catch(
      failing(protocolOption(written)),
    );
    const [brokers, id] = [await cluster.brokers(), await cluster.clusterId()];
    return { detail: `cluster ${id}, ${brokers.length} brokers`, found: { cluster, brokers } };
  });
  await run.step('advertised_hosts', async () => {
    const told = (found?.brokers ?? []).map(({ host, port }) => `${host}:${port}`);
    for (const { host, port } of found?.brokers ?? []) {
      await addressesOf(host).catch(unreachable);
      await knock(host, port, patienceMs, run.signal).catch(unreachable);
    }
    return { detail: told.join(', '), found: null };
  });
  if (!run.failed) return found?.cluster;
  await found?.cluster.close();
  return undefined;
}

async function resolveAll(servers: readonly Place[]): Promise<{ detail: string; found: Place[] }> {
  const found: Place[] = [];
  const said: string[] = [];
  let last: unknown;
  for (const place of servers) {
    try {
      said.push(`${place.host} is ${(await addressesOf(place.host)).join(', ')}`);
      found.push(place);
    } catch (error) {
      last = error;
      said.push(String((error as Error).message));
    }
  }
  if (found.length === 0) failing('bootstrap_servers')(last);
  return { detail: said.join('; '), found };
}

async function firstThatAnswers(
  places: readonly Place[],
  signal: AbortSignal,
): Promise<{ detail: string; found: Place }> {
  let last: unknown;
  for (const place of places) {
    try {
      await knock(place.host, place.port, patienceMs, signal);
      return { detail: `${place.host}:${place.port}`, found: place };
    } catch (error) {
      last = error;
    }
  }
  return failing('bootstrap_servers')(last);
}

async function authenticate(
  options: ClusterOptions,
  { host, port }: Place,
  written: Options,
): Promise<{ detail: string; found: null }> {
  try {
    (await BrokerConnection.open(options, host, port)).drop();
    return {
      detail: `as ${written['auth.username'] ?? ''} by ${written['auth.mechanism'] ?? ''}`,
      found: null,
    };
  } catch (error) {
    const text = String((error as Error).message);
    const isMechanism = /mechanism/i.test(text) && !/authentication failed/i.test(text);
    return failing(isMechanism ? 'auth.mechanism' : 'auth.password')(error);
  }
}

function tlsFailure(error: unknown): never {
  const fault = error instanceof TlsRefused ? error.fault : 'other';
  const options = { authority: 'tls.ca', client: 'tls.cert', plaintext: 'auth.protocol' } as const;
  return failing(fault in options ? options[fault as keyof typeof options] : 'bootstrap_servers')(error);
}

/** The brokers say where they are: one that can't be reached there is no fault of the address that was given. */
function unreachable(error: unknown): never {
  const message = `a broker of the cluster says that it is at a place that can't be reached: ${(error as Error).message}`;
  const hint = "check the brokers' advertised.listeners, or the names that this process resolves";
  throw new StepFailure('bootstrap_servers', new WeirError('WEIR-4034', message, { cause: error, hint }));
}

function failing(option: string): (error: unknown) => never {
  return (error) => {
    if (error instanceof WeirError) throw new StepFailure(option, error);
    throw error;
  };
}

function protocolOption(options: Options): string {
  return options['auth.type'] === 'sasl' ? 'auth.protocol' : 'auth.type';
}

function placeOf(server: string): Place {
  const colon = server.lastIndexOf(':');
  return { host: server.slice(0, colon), port: Number(server.slice(colon + 1)) };
}
