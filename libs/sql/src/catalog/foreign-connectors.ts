interface Replacement {
  /** The connector to use. */
  readonly connector: string;
  readonly hint: string;
}

const made: Replacement = { connector: 'nexmark', hint: "'nexmark' makes events" };
const printed: Replacement = { connector: 'stdout', hint: "write 'stdout'" };
const file: Replacement = { connector: 'single_file', hint: "write 'single_file' for one file" };
const onlyKafka: Replacement = {
  connector: 'kafka',
  hint: 'Weir reads and writes Kafka: bring the data into a topic, with Kafka Connect for example',
};

/** Connectors of Flink and Arroyo, and what takes their place. */
const replacements: ReadonlyMap<string, Replacement> = new Map([
  ['impulse', made],
  ['datagen', made],
  ['faker', made],
  ['print', printed],
  ['console', printed],
  ['preview', { connector: 'stdout', hint: "a bare SELECT shows its rows; or write 'stdout'" }],
  ['filesystem', file],
  ['file', file],
  ['local_file', file],
  ['upsert-kafka', { connector: 'kafka', hint: "write 'kafka' with a PRIMARY KEY" }],
  ['confluent', { connector: 'kafka', hint: "write 'kafka' with the options auth.*" }],
  ['confluent_cloud', { connector: 'kafka', hint: "write 'kafka' with the options auth.*" }],
  ['redpanda', { connector: 'kafka', hint: "write 'kafka'" }],
  ['null', { connector: 'blackhole', hint: "write 'blackhole'" }],
  ...'jdbc mysql-cdc postgres-cdc mongodb mongodb-cdc elasticsearch-6 elasticsearch-7 opensearch kinesis firehose dynamodb hbase-2.2 hive iceberg delta hudi paimon pulsar rabbitmq mqtt nats redis fluvio websocket sse polling_http webhook socket s3'
    .split(' ')
    .map((name) => [name, onlyKafka] as const),
]);

/** What takes the place of a connector of another system, if it is among those that there are. */
export function foreignConnectorHint(name: string, connectors: readonly string[]): string | undefined {
  const found = replacements.get(name.toLowerCase());
  return found !== undefined && connectors.includes(found.connector) ? found.hint : undefined;
}
