import { WeirError, dispositionOf } from '@weir/kernel/errors.ts';
import { BrokerConnection } from './broker-connection.ts';
import { brokerAnswerError, brokerError, isRepeatable, NoAnswerError } from './broker-errors.ts';
import type {
  BrokerAddress,
  ClusterAccess,
  ClusterOptions,
  IsolationLevel,
  OffsetSpec,
  PartitionOffset,
  TopicDescription,
  TopicPartition,
  WaitOptions,
} from './contracts/cluster.ts';
import { backOffMs, Deadline } from './deadline.ts';
import { readOffsets } from './partition-offsets.ts';
import { requestCoordinator } from './requests/find-coordinator.ts';
import type { CoordinatorKind } from './requests/find-coordinator.ts';
import { requestMetadata } from './requests/metadata.ts';
import type { MetadataAnswer } from './requests/metadata.ts';
import { namesThatLookAlike } from './topic-names.ts';

/** What a connection is used for: requests that may be held by the broker don't share one with those that may not. */
export type ConnectionUse = 'control' | 'produce' | 'transaction' | 'group';

/**
 * A Kafka cluster: finds brokers, leaders and coordinators, holds one connection per broker and use, and replaces those
 * that broke. Nothing is connected before the first call.
 */
export class KafkaCluster implements ClusterAccess {
  readonly options: ClusterOptions;
  readonly #connections = new Map<string, Promise<BrokerConnection>>();
  readonly #coordinators = new Map<string, BrokerAddress>();
  readonly #leaders = new Map<string, readonly number[]>();
  readonly #topicIds = new Map<string, string>();
  #brokers: readonly BrokerAddress[] = [];
  #clusterId: string | undefined;
  #controllerId = -1;
  #nextBootstrap = 0;
  #closed = false;

  constructor(options: ClusterOptions) {
    if (options.bootstrapServers.length === 0) {
      throw new WeirError('WEIR-4008', 'no Kafka broker is given', {
        hint: "set bootstrap_servers = 'host:port'",
      });
    }
    options.bootstrapServers.forEach(parseAddress);
    this.options = options;
  }

  /** Connects to any of the brokers and reads the cluster's metadata, so that wrong addresses and credentials show at once. */
  static async open(options: ClusterOptions, wait?: WaitOptions): Promise<KafkaCluster> {
    const cluster = new KafkaCluster(options);
    try {
      await cluster.refreshMetadata([], wait);
    } catch (error) {
      await cluster.close();
      throw error;
    }
    return cluster;
  }

  get requestTimeoutMs(): number {
    return this.options.requestTimeoutMs ?? 30_000;
  }

  async clusterId(wait?: WaitOptions): Promise<string> {
    if (this.#clusterId === undefined) await this.refreshMetadata([], wait);
    return this.#clusterId ?? '';
  }

  async brokers(wait?: WaitOptions): Promise<readonly BrokerAddress[]> {
    await this.refreshMetadata([], wait);
    return this.#brokers;
  }

  async listTopics(wait?: WaitOptions): Promise<readonly string[]> {
    const answer = await this.refreshMetadata(null, wait);
    return answer.topics.filter((topic) => !topic.internal).map((topic) => topic.topic);
  }

  async describeTopics(topics: readonly string[], wait?: WaitOptions): Promise<readonly TopicDescription[]> {
    if (topics.length === 0) return [];
    const answer = await this.refreshMetadata(topics, wait);
    const descriptions: TopicDescription[] = [];
    for (const topic of topics) {
      const found = answer.topics.find((entry) => entry.topic === topic);
      const code = found?.errorCode ?? brokerError.unknownTopicOrPartition;
      if (code === brokerError.unknownTopicOrPartition) throw await this.missingTopic(topic, wait);
      if (found === undefined || (code !== 0 && code !== brokerError.leaderNotAvailable)) {
        throw brokerAnswerError(code, `describe the topic '${topic}'`);
      }
      const partitions = found.partitions.map(({ partition, leader }) => ({ partition, leader }));
      partitions.sort((a, b) => a.partition - b.partition);
      descriptions.push({ topic, topicId: found.topicId, partitions });
    }
    return descriptions;
  }

  /** The error for a topic that isn't there, with the names that a person may have meant. */
  async missingTopic(topic: string, wait?: WaitOptions): Promise<WeirError> {
    const names = await this.listTopics(wait).catch((): string[] => []);
    const alike = namesThatLookAlike(topic, names);
    return new WeirError(
      'WEIR-4003',
      `the topic '${topic}' does not exist at ${this.options.bootstrapServers.join(', ')}`,
      {
        hint:
          alike.length === 0
            ? 'create it first, or check its name'
            : `did you mean ${alike.map((name) => `'${name}'`).join(' or ')}?`,
      },
    );
  }

  fetchOffsets(
    partitions: readonly TopicPartition[],
    spec: OffsetSpec,
    isolation: IsolationLevel,
    wait?: WaitOptions,
  ): Promise<readonly PartitionOffset[]> {
    return readOffsets(this, partitions, spec, isolation, new Deadline(wait, this.requestTimeoutMs));
  }

  /** Metadata of these topics (null: all; empty: brokers only) from any broker; unknown topics are entries with an error code. */
  async refreshMetadata(topics: readonly string[] | null, wait?: WaitOptions): Promise<MetadataAnswer> {
    const deadline = new Deadline(wait, this.requestTimeoutMs);
    const answer = await this.onAnyBroker(
      (connection) => requestMetadata(connection, topics, Math.max(1, deadline.leftMs)),
      deadline,
    );
    this.#remember(answer);
    return answer;
  }

  /** Bits of the operations that this client may do on a topic, by Kafka's numbers; undefined when the broker doesn't say. */
  async topicRights(topic: string, wait?: WaitOptions): Promise<number | undefined> {
    const deadline = new Deadline(wait, this.requestTimeoutMs);
    const { topics } = await this.onAnyBroker(
      (connection) => requestMetadata(connection, [topic], Math.max(1, deadline.leftMs), true),
      deadline,
    );
    const rights = topics[0]?.rights;
    return rights === undefined || rights === -0x8000_0000 ? undefined : rights;
  }

  #remember(answer: MetadataAnswer): void {
    if (answer.brokers.length > 0) this.#brokers = answer.brokers;
    this.#clusterId = answer.clusterId;
    this.#controllerId = answer.controllerId;
    for (const topic of answer.topics) {
      if (topic.errorCode !== 0 && topic.errorCode !== brokerError.leaderNotAvailable) {
        this.#leaders.delete(topic.topic);
        this.#topicIds.delete(topic.topic);
        continue;
      }
      const leaders: number[] = [];
      for (const { partition, leader } of topic.partitions) leaders[partition] = leader;
      this.#leaders.set(topic.topic, leaders);
      this.#topicIds.set(topic.topic, topic.topicId);
    }
  }

  /** Broker id of the leader as last heard, undefined when not known: then call refreshMetadata. */
  leaderOf(topic: string, partition: number): number | undefined {
    const leader = this.#leaders.get(topic)?.[partition];
    return leader === undefined || leader < 0 ? undefined : leader;
  }

  /** Topic id as last heard. */
  topicIdOf(topic: string): string | undefined {
    return this.#topicIds.get(topic);
  }

  /** Runs on the active controller of the cluster (under KRaft any broker forwards to it). */
  async onController<T>(run: (connection: BrokerConnection) => Promise<T>, deadline: Deadline): Promise<T> {
    if (this.#controllerId < 0) await this.refreshMetadata([], { deadlineMs: deadline.leftMs });
    if (!this.#brokers.some((broker) => broker.nodeId === this.#controllerId))
      return this.onAnyBroker(run, deadline);
    return deadline.race(this.connectionTo(this.#controllerId, 'control').then(run));
  }

  /** Tries the brokers one after another, known ones first, until one answers or the deadline is over. */
  async onAnyBroker<T>(run: (connection: BrokerConnection) => Promise<T>, deadline: Deadline): Promise<T> {
    for (let attempt = 0; ; attempt++) {
      let last: unknown;
      for (const open of this.#candidates()) {
        deadline.throwIfAborted();
        this.#throwIfClosed();
        try {
          return await deadline.race(open().then(run));
        } catch (error) {
          deadline.throwIfAborted();
          if (!(error instanceof NoAnswerError) && dispositionOf(error) !== 'retry') throw error;
          last = error;
        }
      }
      if (!(await deadline.backOff(backOffMs(attempt + 2)))) throw last;
    }
  }

  #candidates(): (() => Promise<BrokerConnection>)[] {
    const known = this.#brokers.map(
      (broker) => () => this.#connect(`${broker.nodeId}/control`, broker.host, broker.port),
    );
    const seeds = this.options.bootstrapServers.map((_, i, all) => () => {
      const text = all[(i + this.#nextBootstrap) % all.length] ?? '';
      const { host, port } = parseAddress(text);
      return this.#connect(`${text}/seed`, host, port);
    });
    this.#nextBootstrap += 1;
    return [...known, ...seeds];
  }

  /** The shared connection to a broker for one use; made anew when the last one broke. */
  async connectionTo(nodeId: number, use: ConnectionUse): Promise<BrokerConnection> {
    const broker = await this.#addressOf(nodeId);
    return this.#connect(`${nodeId}/${use}`, broker.host, broker.port);
  }

  /**
   * A connection of the caller's own, for requests that the broker holds back; the caller drops it.
   * @param allocate makes the buffers of large answers; default fresh memory
   */
  async ownConnectionTo(nodeId: number, allocate?: (bytes: number) => Buffer): Promise<BrokerConnection> {
    this.#throwIfClosed();
    const broker = await this.#addressOf(nodeId);
    return BrokerConnection.open(this.options, broker.host, broker.port, allocate);
  }

  async #addressOf(nodeId: number): Promise<BrokerAddress> {
    const find = (): BrokerAddress | undefined => this.#brokers.find((broker) => broker.nodeId === nodeId);
    if (find() === undefined) await this.refreshMetadata([]);
    const broker = find();
    if (broker !== undefined) return broker;
    throw new NoAnswerError('WEIR-4001', `broker ${nodeId} is not part of the Kafka cluster at the moment`, {
      sent: false,
    });
  }

  async #connect(key: string, host: string, port: number): Promise<BrokerConnection> {
    this.#throwIfClosed();
    const existing = this.#connections.get(key);
    if (existing !== undefined) {
      const connection = await existing.catch(() => undefined);
      const isFresh = (connection?.idleMs ?? 0) <= (this.options.connectionsMaxIdleMs ?? 180_000);
      if (connection?.isUsable === true && isFresh && connection.address === `${host}:${port}`)
        return connection;
      connection?.drop();
      if (this.#connections.get(key) === existing) this.#connections.delete(key);
      else return this.#connect(key, host, port);
    }
    this.#throwIfClosed();
    const opening = BrokerConnection.open(this.options, host, port);
    this.#connections.set(key, opening);
    opening.catch(() => {
      if (this.#connections.get(key) === opening) this.#connections.delete(key);
    });
    const connection = await opening;
    if (this.#closed) connection.drop();
    this.#throwIfClosed();
    return connection;
  }

  /** A connection to the coordinator of a group or transactional id. @throws what a caller may repeat has disposition `retry` */
  async coordinatorOf(kind: CoordinatorKind, key: string, deadline: Deadline): Promise<BrokerConnection> {
    const cacheKey = `${kind}:${key}`;
    for (let attempt = 0; ; attempt++) {
      const known = this.#coordinators.get(cacheKey);
      const use = kind === 'group' ? 'group' : 'transaction';
      if (known !== undefined)
        return deadline.race(this.#connect(`${known.nodeId}/${use}`, known.host, known.port));
      const answer = await this.onAnyBroker(
        (connection) => requestCoordinator(connection, kind, key, Math.max(1, deadline.leftMs)),
        deadline,
      );
      if (answer.errorCode === 0) {
        this.#coordinators.set(cacheKey, answer.broker);
        continue;
      }
      const repeat = isRepeatable(answer.errorCode) && (await deadline.backOff(backOffMs(attempt)));
      if (!repeat)
        throw brokerAnswerError(
          answer.errorCode,
          `find the coordinator of the ${kind} '${key}'`,
          answer.message,
        );
    }
  }

  /** After an answer that says so, or none: the coordinator is looked up again. */
  forgetCoordinator(kind: CoordinatorKind, key: string): void {
    this.#coordinators.delete(`${kind}:${key}`);
  }

  #throwIfClosed(): void {
    if (this.#closed) throw new WeirError('WEIR-4030', 'this Kafka cluster access was closed');
  }

  async close(): Promise<void> {
    this.#closed = true;
    const open = [...this.#connections.values()];
    this.#connections.clear();
    for (const connection of await Promise.allSettled(open)) {
      if (connection.status === 'fulfilled') connection.value.drop();
    }
  }
}

/** `host:port`, `[v6]:port`. @throws WeirError WEIR-4008 */
export function parseAddress(text: string): { host: string; port: number } {
  const match = /^\s*(?:\[([^\]]+)\]|([^:\s]+)):(\d{1,5})\s*$/.exec(text);
  const port = Number(match?.[3]);
  if (match === null || port < 1 || port > 65_535) {
    throw new WeirError('WEIR-4008', `'${text}' is not the address of a Kafka broker`, {
      hint: "write bootstrap_servers = 'host:port', several by comma",
    });
  }
  return { host: match[1] ?? match[2] ?? '', port };
}
