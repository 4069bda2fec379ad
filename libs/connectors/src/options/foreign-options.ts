interface Replacement {
  /** The option that does it; null: none is needed, or another clause says it. */
  readonly option: string | null;
  readonly hint: string;
}

const write = (option: string, more = ''): Replacement => ({ option, hint: `write '${option}'${more}` });
const leaveOut = (why: string): Replacement => ({ option: null, hint: `leave it out: ${why}` });
const offset = write('source.offset', " = 'earliest', 'latest', 'group' or 'timestamp:…'");
const commitMode = write('sink.commit_mode', " = 'exactly_once' or 'at_least_once'");
const typesOfWeir = 'columns are read by their types';

/** Options of Flink, Arroyo and of Kafka's own clients, in lower case, with what Weir calls them. */
const replacements: ReadonlyMap<string, Replacement> = new Map([
  ['properties.bootstrap.servers', write('bootstrap_servers')],
  ['bootstrap.servers', write('bootstrap_servers')],
  ['brokers', write('bootstrap_servers')],
  ['topic-pattern', write('topic_pattern')],
  ['properties.group.id', write('source.group_id')],
  ['group.id', write('source.group_id')],
  ['scan.startup.mode', offset],
  ['auto.offset.reset', offset],
  ['properties.auto.offset.reset', offset],
  ['isolation.level', write('source.read_mode')],
  ['properties.isolation.level', write('source.read_mode')],
  ['sink.delivery-guarantee', commitMode],
  ['sink.semantic', commitMode],
  ['sink.transactional-id-prefix', leaveOut('transactional ids are chosen by Weir')],
  ['sink.parallelism', leaveOut('write SET parallelism for the pipeline')],
  ['scan.parallelism', leaveOut('write SET parallelism for the pipeline')],
  ['scan.watermark.idle-timeout', write('idle_time')],
  ['scan.topic-partition-discovery.interval', leaveOut('new partitions are found by themselves')],
  ['key.fields', write('sink.key_field')],
  ['key.format', write('sink.key_field', '; the key is the text of a column')],
  ['key.fields-prefix', leaveOut('names of columns are taken as they are')],
  ['value.fields-include', leaveOut('every column is part of the value')],
  ['value.format', write('format')],
  ['json.timestamp-format.standard', write('json.timestamp_format', " = 'sql' or 'rfc3339'")],
  ['json.ignore-parse-errors', write('bad_data', " = 'drop'")],
  ['json.fail-on-missing-field', leaveOut('declare the column NOT NULL instead')],
  ['json.encode.decimal-as-plain-number', write('json.decimal_encoding')],
  ['json.map-null-key.mode', leaveOut(typesOfWeir)],
  ['json.confluent_schema_registry', leaveOut(typesOfWeir)],
  ['scan.bounded.mode', write('source.bounded', " = 'latest'")],
  ['transaction.timeout.ms', write('sink.transaction_timeout')],
  ['properties.transaction.timeout.ms', write('sink.transaction_timeout')],
  ['properties.compression.type', write('sink.compression')],
  ['compression.type', write('sink.compression')],
  ['properties.security.protocol', write('auth.protocol')],
  ['properties.sasl.mechanism', write('auth.mechanism')],
  ['properties.sasl.jaas.config', write('auth.username', " and 'auth.password'")],
  ['properties.ssl.truststore.location', write('tls.ca')],
  ['schema_registry.endpoint', leaveOut(typesOfWeir)],
  ['event_rate', write('events_per_second')],
  ['rows-per-second', write('events_per_second')],
  ['first-event.rate', write('events_per_second')],
  ['next-event.rate', write('events_per_second')],
  ['events.num', write('message_count')],
  ['number-of-rows', write('message_count')],
  ['runtime', write('message_count')],
  ['event_time_interval', write('events_per_second')],
  ['watermark.idle_time', write('idle_time')],
  ['print-identifier', leaveOut('rows are shown as JSON')],
]);

/** What to write instead of an option of another system; undefined: it is none, or the connector has nothing like it. */
export function foreignOptionHint(option: string, names: readonly string[]): string | undefined {
  const found = replacements.get(option.toLowerCase());
  if (found === undefined) return undefined;
  return found.option === null || names.includes(found.option) ? found.hint : undefined;
}

/** Values of other systems by option and value, in lower case. */
const values: ReadonlyMap<string, string> = new Map([
  ['source.offset=earliest-offset', "write 'earliest'"],
  ['source.offset=latest-offset', "write 'latest'"],
  ['source.offset=group-offsets', "write 'group', or 'group, earliest' for partitions without a position"],
  ['sink.partitioner=default', "leave it out, or write 'key' or 'round_robin'"],
  ['sink.partitioner=round-robin', "write 'round_robin'"],
  ['sink.commit_mode=exactly-once', "write 'exactly_once'"],
  ['sink.commit_mode=at-least-once', "write 'at_least_once'"],
  ['sink.commit_mode=none', "write 'at_least_once'"],
  ['json.timestamp_format=iso-8601', "write 'rfc3339'"],
  ['format=raw', "write 'raw_string' or 'raw_bytes'"],
  ['format=debezium-json', "use 'debezium_json'"],
  ['format=debezium-avro-confluent', "use 'debezium_avro' and 'schema_registry.endpoint'"],
]);

export function foreignValueHint(option: string, value: string): string | undefined {
  return values.get(`${option}=${value}`.toLowerCase());
}
