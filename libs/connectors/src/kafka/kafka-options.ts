import { parseDurationMs } from '@weir/kernel/durations.ts';
import { WeirError } from '@weir/kernel/errors.ts';
import type { ClusterOptions, SaslOptions } from '@weir/kafka/contracts/cluster.ts';
import type { CompressionName } from '@weir/kafka/contracts/produce.ts';
import type { JsonSchema, OptionIssue } from '../connector.ts';
import {
  binaryFormatOptions,
  deadLetterIssues,
  deadLetterOptions,
  durationPattern,
  eventTimeOptions,
  optionSchema,
} from '../options/option-schema.ts';
import { registryIssues, registryOptions } from '../options/registry-options.ts';

export const kafkaTableOptions: JsonSchema = optionSchema(
  {
    bootstrap_servers: {
      part: 'connection',
      description: 'comma-separated brokers, host:port',
      pattern: '^\\s*[^\\s,:]+:\\d+\\s*(,\\s*[^\\s,:]+:\\d+\\s*)*$',
      examples: ['kafka-1:9092,kafka-2:9092'],
    },
    topic: {
      description: 'topic to read or write',
      pattern: '^[A-Za-z0-9._-]{1,249}$',
      examples: ['orders'],
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
      description: 'where to begin when there is no checkpoint',
      enum: ['earliest', 'latest'],
      default: 'latest',
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
    'source.group_id': { description: 'consumer group under which progress is told to lag tools' },
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
    ...registryOptions,
    ...binaryFormatOptions,
    ...deadLetterOptions,
    ...eventTimeOptions,
  },
  ['bootstrap_servers', 'topic', 'format'],
);

export function checkKafkaOptions(options: Readonly<Record<string, string>>): OptionIssue[] {
  const issues: OptionIssue[] = [...registryIssues(options), ...deadLetterIssues(options)];
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
  return {
    bootstrapServers,
    clientId,
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

export function compressionOf(options: Readonly<Record<string, string>>): CompressionName {
  return (options['sink.compression'] ?? 'none') as CompressionName;
}

/** Undefined: the most that the broker allows. */
export function transactionTimeoutMsOf(options: Readonly<Record<string, string>>): number | undefined {
  const text = options['sink.transaction_timeout'];
  return text === undefined ? undefined : parseDurationMs(text);
}

export function isExactlyOnce(options: Readonly<Record<string, string>>): boolean {
  return options['sink.commit_mode'] !== 'at_least_once';
}
