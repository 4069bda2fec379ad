import { parseDurationMs } from '@weir/kernel/durations.ts';
import { WeirError } from '@weir/kernel/errors.ts';
import type { ClusterOptions, IsolationLevel, SaslOptions } from '@weir/kafka/contracts/cluster.ts';
import type { FetcherOptions } from '@weir/kafka/contracts/fetch.ts';
import type { CompressionName, ProducerOptions } from '@weir/kafka/contracts/produce.ts';
import type { JsonSchema, OptionIssue } from '../connector.ts';
import { hasVariables } from '../options/fill-variables.ts';
import {
  binaryFormatOptions,
  deadLetterIssues,
  deadLetterOptions,
  durationPattern,
  eventTimeOptions,
  optionSchema,
} from '../options/option-schema.ts';
import { keyOptionIssues, keyOptions } from '../options/key-options.ts';
import { registryIssues, registryOptions } from '../options/registry-options.ts';
import { ClientConfigs, clientConfigIssues } from './client-configs.ts';
import { parseStartPosition, startPattern } from './start-position.ts';
import { topicIssues } from './topic-options.ts';

export const kafkaTableOptions: JsonSchema = optionSchema(
  {
    connection_profile: {
      description: 'name of a saved connection, which brings all options of the connection',
      examples: ['my_cluster'],
    },
    bootstrap_servers: {
      part: 'connection',
      description: 'comma-separated brokers, host:port',
      pattern: '^\\s*[^\\s,:]+:\\d+\\s*(,\\s*[^\\s,:]+:\\d+\\s*)*$',
      examples: ['kafka-1:9092,kafka-2:9092'],
    },
    topic: {
      description: 'topic to read or write; a table that is read may have several, by comma',
      pattern: '^\\s*[A-Za-z0-9._-]{1,249}(\\s*,\\s*[A-Za-z0-9._-]{1,249})*\\s*$',
      examples: ['orders'],
    },
    topic_pattern: {
      description:
        'regular expression: all topics whose whole name matches are read, those that come later too',
      examples: ['orders-.*'],
    },
    type: { description: 'what the table is used for', enum: ['source', 'sink'] },
    'auth.type': {
      part: 'connection',
      description: 'how clients say who they are',
      enum: ['none', 'sasl', 'mtls'],
      default: 'none',
    },
    'auth.protocol': {
      part: 'connection',
      description: 'with auth.type sasl',
      enum: ['SASL_PLAINTEXT', 'SASL_SSL'],
    },
    'auth.mechanism': {
      part: 'connection',
      description: 'with auth.type sasl',
      enum: ['PLAIN', 'SCRAM-SHA-256', 'SCRAM-SHA-512'],
    },
    'auth.username': { part: 'connection', description: 'with auth.type sasl' },
    'auth.password': {
      part: 'connection',
      description: 'with auth.type sasl',
      secret: true,
      examples: ['{{ KAFKA_PASSWORD }}'],
    },
    'tls.ca': { part: 'connection', description: 'certificates of the authorities, PEM text' },
    'tls.cert': { part: 'connection', description: 'certificate of this client, PEM text' },
    'tls.key': { part: 'connection', description: 'key of this client, PEM text', secret: true },
    'source.offset': {
      description:
        'where to begin when there is no checkpoint: earliest, latest, group (with `group, earliest` or `group, latest` for where it has no position), timestamp:<ISO 8601 or ms>',
      pattern: startPattern,
      default: 'latest',
      examples: ['earliest', 'latest', 'group, earliest', 'timestamp:2026-01-31T12:00:00Z'],
    },
    'source.read_mode': {
      description: 'whether records of open and aborted transactions are read',
      enum: ['read_committed', 'read_uncommitted'],
      default: 'read_committed',
    },
    'source.bounded': {
      description: 'read up to the end of each partition as it is when the pipeline is created, then finish',
      enum: ['latest', 'never'],
      default: 'never',
    },
    'source.null_value': {
      description:
        'a record without a value (a tombstone): left out and counted (default), bad data, or a row of NULLs (default of raw formats)',
      enum: ['skip', 'fail', 'row'],
    },
    'source.group_id': {
      description:
        'consumer group under which progress is told to lag tools; weir-<pipeline>-<table> if not given',
    },
    'source.group_id_prefix': { description: 'put before the consumer group that is chosen by itself' },
    'sink.commit_mode': {
      description: 'exactly once through transactions, or at least once',
      enum: ['exactly_once', 'at_least_once'],
      default: 'exactly_once',
    },
    'sink.key_field': {
      description: 'column that becomes the key of the record: the text that its JSON value has',
    },
    'sink.timestamp_field': { description: 'timestamp column that becomes the time of the record' },
    'sink.headers_field': {
      description: 'column that becomes the headers of the record: STRUCT<key TEXT, value BYTEA>[] or a MAP',
    },
    'sink.partitioner': {
      description:
        'key (by its murmur2, as of Java clients; the default with a key), round_robin (by batch; the default without), or an integer column that names the partition',
      examples: ['key', 'round_robin'],
    },
    'sink.compression': {
      description: 'compression of record batches',
      enum: ['none', 'gzip', 'snappy', 'lz4', 'zstd'],
      default: 'none',
    },
    'sink.transaction_timeout': {
      description:
        'how long a transaction may stay open; the broker allows up to its transaction.max.timeout.ms',
      pattern: durationPattern,
      examples: ['15 minutes'],
    },
    client_configs: {
      part: 'connection',
      description: "settings of the Kafka client, 'name=value,name=value'",
      examples: ['metadata.max.age.ms=10000,fetch.min.bytes=1024'],
    },
    ...keyOptions,
    ...registryOptions,
    ...binaryFormatOptions,
    ...deadLetterOptions,
    ...eventTimeOptions,
  },
  ['bootstrap_servers', 'format'],
);

export function checkKafkaOptions(options: Readonly<Record<string, string>>): OptionIssue[] {
  const issues: OptionIssue[] = [
    ...registryIssues(options),
    ...keyOptionIssues(options),
    ...deadLetterIssues(options),
    ...topicIssues(options),
    ...sourceIssues(options),
    ...clientConfigIssues(options),
  ];
  if (options['auth.type'] === 'sasl') {
    for (const option of ['auth.protocol', 'auth.mechanism', 'auth.username', 'auth.password']) {
      if (options[option] === undefined)
        issues.push({ option, message: `'auth.type' = 'sasl' needs the option '${option}'` });
    }
  } else if (options['auth.type'] === 'mtls') {
    for (const option of ['tls.cert', 'tls.key']) {
      if (options[option] === undefined)
        issues.push({ option, message: `'auth.type' = 'mtls' needs the option '${option}'` });
    }
  } else {
    for (const option of ['auth.protocol', 'auth.mechanism', 'auth.username', 'auth.password']) {
      if (options[option] !== undefined) {
        issues.push({
          option,
          message: `'${option}' has no effect without 'auth.type' = 'sasl'`,
          hint: "add 'auth.type' = 'sasl'",
        });
      }
    }
  }
  return issues;
}

export function sourceIssues(options: Readonly<Record<string, string>>): OptionIssue[] {
  const issues: OptionIssue[] = [];
  const start = options['source.offset'];
  if (start !== undefined && !hasVariables(start) && parseStartPosition(start) === undefined) {
    issues.push({
      option: 'source.offset',
      message: `'${start}' names no time`,
      hint: "for example 'timestamp:2026-01-31T12:00:00Z', or milliseconds since 1970",
    });
  }
  if (options['source.group_id'] !== undefined && options['source.group_id_prefix'] !== undefined) {
    issues.push({
      option: 'source.group_id_prefix',
      message: "'source.group_id' names the whole group: there is nothing for a prefix",
      hint: 'give one of the two',
    });
  }
  return issues;
}

/** How to reach the cluster that a table's (filled-in) options name. */
export function clusterOptionsOf(
  options: Readonly<Record<string, string>>,
  clientId: string,
): ClusterOptions {
  const bootstrap = options['bootstrap_servers'] ?? '';
  if (!/^\s*[^\s,:]+:\d+\s*(,\s*[^\s,:]+:\d+\s*)*$/.test(bootstrap)) {
    throw new WeirError(
      'WEIR-3002',
      `option 'bootstrap_servers' is '${bootstrap}', which is no list of host:port`,
      {
        hint: "for example 'kafka-1:9092,kafka-2:9092'",
      },
    );
  }
  const bootstrapServers = bootstrap.split(',').map((server) => server.trim());
  const tls = tlsOf(options);
  const sasl = saslOf(options);
  const configs = new ClientConfigs(options);
  return {
    bootstrapServers,
    clientId: configs.text('client.id') ?? clientId,
    ...configs.field('requestTimeoutMs', 'request.timeout.ms'),
    ...configs.field('connectionsMaxIdleMs', 'connections.max.idle.ms'),
    ...(tls === undefined ? {} : { ssl: tls }),
    ...(sasl === undefined ? {} : { sasl }),
  };
}

function tlsOf(options: Readonly<Record<string, string>>): ClusterOptions['ssl'] {
  const wanted =
    options['auth.protocol'] === 'SASL_SSL' ||
    options['auth.type'] === 'mtls' ||
    options['tls.ca'] !== undefined;
  if (!wanted) return undefined;
  const { 'tls.ca': ca, 'tls.cert': cert, 'tls.key': key } = options;
  if (ca === undefined && cert === undefined) return true;
  return {
    ...(ca === undefined ? {} : { ca }),
    ...(cert === undefined ? {} : { cert }),
    ...(key === undefined ? {} : { key }),
  };
}

function saslOf(options: Readonly<Record<string, string>>): SaslOptions | undefined {
  if (options['auth.type'] !== 'sasl') return undefined;
  const mechanisms = {
    PLAIN: 'plain',
    'SCRAM-SHA-256': 'scram-sha-256',
    'SCRAM-SHA-512': 'scram-sha-512',
  } as const;
  return {
    mechanism: mechanisms[(options['auth.mechanism'] ?? 'PLAIN') as keyof typeof mechanisms],
    username: options['auth.username'] ?? '',
    password: options['auth.password'] ?? '',
  };
}

export function isolationOf(options: Readonly<Record<string, string>>): IsolationLevel {
  return options['source.read_mode'] === 'read_uncommitted' ? 'read_uncommitted' : 'read_committed';
}

/** How often new partitions are looked for. */
export function metadataAgeMsOf(options: Readonly<Record<string, string>>): number {
  return new ClientConfigs(options).number('metadata.max.age.ms') ?? 30_000;
}

/** What a fetcher is told of a table's `client_configs`. */
export function fetchOptionsOf(
  options: Readonly<Record<string, string>>,
  budgetBytes: number,
): Pick<FetcherOptions, 'budgetBytes' | 'partitionMaxBytes' | 'maxWaitMs' | 'minBytes'> {
  const configs = new ClientConfigs(options);
  return {
    budgetBytes: Math.min(budgetBytes, configs.number('fetch.max.bytes') ?? budgetBytes),
    ...configs.field('partitionMaxBytes', 'max.partition.fetch.bytes'),
    ...configs.field('maxWaitMs', 'fetch.max.wait.ms'),
    ...configs.field('minBytes', 'fetch.min.bytes'),
  };
}

/** What a producer is told of them. */
export function producerOptionsOf(
  options: Readonly<Record<string, string>>,
): Pick<ProducerOptions, 'compression' | 'batchBytes' | 'deliveryTimeoutMs' | 'maxInFlight'> {
  const configs = new ClientConfigs(options);
  return {
    compression: (options['sink.compression'] ?? 'none') as CompressionName,
    ...configs.field('batchBytes', 'batch.size'),
    ...configs.field('deliveryTimeoutMs', 'delivery.timeout.ms'),
    ...configs.field('maxInFlight', 'max.in.flight.requests.per.connection'),
  };
}

/** Undefined: the most that the broker allows. */
export function transactionTimeoutMsOf(options: Readonly<Record<string, string>>): number | undefined {
  const text = options['sink.transaction_timeout'];
  return text === undefined ? undefined : parseDurationMs(text);
}

export function isExactlyOnce(options: Readonly<Record<string, string>>): boolean {
  return options['sink.commit_mode'] !== 'at_least_once';
}
