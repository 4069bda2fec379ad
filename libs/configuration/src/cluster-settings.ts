import type { Settings } from './settings.ts';

/** Settings that every process of a cluster has. */
export const processSettings: Settings = {
  cluster: { description: 'name of the cluster', default: 'weir' },
  listen: { description: 'host:port of the gRPC server; port 0 takes a free one' },
  admin: {
    description: 'host:port of /healthz, /readyz, /metrics; port 0 takes a free one',
    default: '127.0.0.1:0',
  },
  insecure: {
    description: 'listen where other machines reach this process, though there is no TLS',
    kind: 'flag',
  },
  'ready-file': { description: 'file that is told the addresses once the process is ready' },
  'sql-variables': {
    description:
      'environment variables that options in SQL may name, by comma, * for any characters; all but those of the process itself when left out',
  },
  'secrets-dir': {
    description:
      'folder of secrets, one a file: variables that the environment lacks, and files that tls options name',
  },
  'secret-key': {
    description:
      'seals the secrets in the store: 32 bytes as base64, the same for all processes; a former key behind a comma. Better given as WEIR_SECRET_KEY',
    secret: true,
  },
  'log-level': { description: 'trace, debug, info, warn or error', default: 'info' },
};

/** Settings of processes that read and write tables. */
export const filesSetting: Settings = {
  'files-dir': {
    description: 'folder below which single_file tables may read and write; none when left out',
  },
};

/** Settings of processes that work on pipelines. */
export const clusterSettings: Settings = {
  ...processSettings,
  'nats-url': {
    description: 'URL of NATS; a user and password, or a token, may stand in it',
    default: 'nats://127.0.0.1:4222',
    secret: true,
  },
  'nats-user': { description: 'user of NATS' },
  'nats-password': { description: 'password of NATS, better given as WEIR_NATS_PASSWORD', secret: true },
  'store-url': {
    description: 'where ledgers and checkpoints lie: file:///folder or s3://bucket/prefix',
    required: true,
  },
  failpoints: {
    description:
      'for tests: STEP=kill or STEP=freeze, several by comma, or @FILE; npm run chaos -- --list names the steps',
  },
};

/** Settings of processes that ask schema-service. */
export const schemaServiceSetting: Settings = {
  'schema-service': {
    description: 'host:port of schema-service, several by comma',
    default: '127.0.0.1:7071',
  },
};
