import type { ConnectionOptions } from 'node:tls';

/** How a cluster is reached. Secrets are plain values here: placeholders were filled in by the caller. */
export interface ClusterOptions {
  /** `host:port`, any of the cluster's brokers. */
  readonly bootstrapServers: readonly string[];
  readonly clientId: string;
  /** `true` for the system's authorities, else Node's TLS options (ca, cert, key for mTLS). */
  readonly ssl?: boolean | ConnectionOptions;
  readonly sasl?: SaslOptions;
  /** Default 5000. */
  readonly connectionTimeoutMs?: number;
  /** How long one request may stay unanswered before its connection is dropped. Default 30000. */
  readonly requestTimeoutMs?: number;
  /** A shared connection that was not used for longer is made anew: whoever stands between may have forgotten it. Default 180000. */
  readonly connectionsMaxIdleMs?: number;
  readonly log?: ClusterLog;
}

/** Told about what the client overcomes by itself (reconnects, leader changes): never per record or per request. */
export type ClusterLog = (
  level: 'debug' | 'info' | 'warn' | 'error',
  message: string,
  fields?: Readonly<Record<string, unknown>>,
) => void;

export type SaslOptions =
  | {
      readonly mechanism: 'plain' | 'scram-sha-256' | 'scram-sha-512';
      readonly username: string;
      readonly password: string;
    }
  | {
      readonly mechanism: 'oauthbearer';
      /** Called for each authentication; AWS MSK IAM gives its signed token here too. */
      readonly token: () => Promise<string>;
    };

/** Everything that waits takes one: `deadlineMs` counts from the call; the default is the cluster's request timeout. */
export interface WaitOptions {
  readonly signal?: AbortSignal;
  readonly deadlineMs?: number;
}

export type IsolationLevel = 'read_committed' | 'read_uncommitted';

export interface TopicDescription {
  readonly topic: string;
  /** 32 lower-case hex digits: another id under the same name means that the topic was deleted and made anew. */
  readonly topicId: string;
  readonly partitions: readonly PartitionDescription[];
}

export interface PartitionDescription {
  readonly partition: number;
  /** Broker id, or -1 while there is none. */
  readonly leader: number;
}

export interface BrokerAddress {
  readonly nodeId: number;
  readonly host: string;
  readonly port: number;
}

export interface TopicPartition {
  readonly topic: string;
  readonly partition: number;
}

/** `timestamp`: the first record at or after it (milliseconds); the latest offset when there is none. */
export type OffsetSpec = 'earliest' | 'latest' | { readonly timestampMs: number };

export interface PartitionOffset extends TopicPartition {
  readonly offset: number;
}

/*
 * Implemented by cluster-access.ts (KafkaCluster.open(options)) and admin/*.ts (functions over a KafkaCluster).
 */
export interface ClusterAccess {
  readonly options: ClusterOptions;
  /** Kafka's own cluster id: a handle of another cluster is an error, not a verdict. */
  clusterId(wait?: WaitOptions): Promise<string>;
  brokers(wait?: WaitOptions): Promise<readonly BrokerAddress[]>;
  /**
   * Fresh metadata of these topics.
   * @throws WeirError WEIR-4003 naming a missing topic and the topics that look alike
   */
  describeTopics(topics: readonly string[], wait?: WaitOptions): Promise<readonly TopicDescription[]>;
  /** Names of all topics that are not internal. */
  listTopics(wait?: WaitOptions): Promise<readonly string[]>;
  /** Resolved offsets; `latest` is the last stable offset under read_committed, the high watermark otherwise. */
  fetchOffsets(
    partitions: readonly TopicPartition[],
    spec: OffsetSpec,
    isolation: IsolationLevel,
    wait?: WaitOptions,
  ): Promise<readonly PartitionOffset[]>;
  /** Closes every connection; whoever still waits gets an error. */
  close(): Promise<void>;
}
