import type { Connector, ConnectorContext, JsonSchema } from '../connector.ts';
import { kafkaConnector } from '../kafka/kafka-connector.ts';
import { fillOptions } from '../options/fill-variables.ts';
import type { OptionProperty } from '../options/option-schema.ts';

type Options = Readonly<Record<string, string>>;
interface Table {
  readonly options: Options;
}

/** Confluent Cloud takes API keys over TLS, and nothing else. */
const replaced = /^(?:auth\.|tls\.(?:cert|key)$)/;

const ownOptions: Readonly<Record<string, OptionProperty & Record<string, unknown>>> = {
  key: {
    'x-part': 'connection',
    description: 'key of an API key of the Kafka cluster',
    examples: ['{{ KAFKA_KEY }}'],
  },
  secret: {
    'x-part': 'connection',
    description: 'secret of the API key',
    writeOnly: true,
    examples: ['{{ KAFKA_SECRET }}'],
  },
};

const confluentTableOptions: JsonSchema = {
  ...kafkaConnector.tableOptions,
  properties: {
    ...Object.fromEntries(
      Object.entries(ownOptions).map(([name, property]) => [name, { type: 'string', ...property }]),
    ),
    ...Object.fromEntries(
      Object.entries(kafkaConnector.tableOptions['properties'] as Record<string, unknown>).filter(
        ([name]) => !replaced.test(name),
      ),
    ),
  },
  required: [...(kafkaConnector.tableOptions['required'] as readonly string[]), 'key', 'secret'],
};

const namesHere = {
  'auth.username': 'key',
  'auth.password': 'secret',
  'auth.mechanism': 'bootstrap_servers',
  'auth.protocol': 'bootstrap_servers',
};

/** The same table as connector `kafka` reaches it: TLS, SASL PLAIN with the API key. */
function asKafka({ key = '', secret = '', ...others }: Options): Record<string, string> {
  return {
    ...others,
    'auth.type': 'sasl',
    'auth.protocol': 'SASL_SSL',
    'auth.mechanism': 'PLAIN',
    'auth.username': key,
    'auth.password': secret,
  };
}

/** Variables are filled in by `kafka`; that they can be is seen here, where the options have the names that a person wrote. */
function kafkaNode<N extends Table>(node: N, context: ConnectorContext): N {
  fillOptions(confluentTableOptions, node.options, context.access.variables);
  return { ...node, options: asKafka(node.options) };
}

function throughKafka<N extends Table, C extends ConnectorContext, T>(
  call: ((node: N, context: C) => T) | undefined,
): { readonly of: (node: N, context: C) => T } {
  const kafkas = call?.bind(kafkaConnector);
  return {
    of: (node, context) => {
      if (kafkas === undefined) throw new TypeError('the connector kafka can not do this');
      return kafkas(kafkaNode(node, context), context);
    },
  };
}

/** Topics of Confluent Cloud: `kafka` with the options that its console shows. */
export const confluentConnector: Connector = {
  ...kafkaConnector,
  name: 'confluent',
  title: 'Confluent Cloud',
  tableOptions: confluentTableOptions,
  unknownOptionHint: (option) =>
    replaced.test(option)
      ? "Confluent Cloud is reached by 'key' and 'secret', over TLS: leave this out, or take connector = 'kafka'"
      : undefined,
  check: (options) =>
    (kafkaConnector.check?.(asKafka(options)) ?? []).map((issue) => ({
      ...issue,
      message: issue.message.replace("connector 'kafka'", "connector 'confluent'"),
    })),
  resolveStart: throughKafka(kafkaConnector.resolveStart).of,
  checkSink: throughKafka(kafkaConnector.checkSink).of,
  async testConnection(options, run, clusterName) {
    run.renameOptions(namesHere);
    await kafkaConnector.testConnection?.(asKafka(options), run, clusterName);
  },
  async testTable(node, use, run, context) {
    run.renameOptions(namesHere);
    await kafkaConnector.testTable?.({ ...node, options: asKafka(node.options) }, use, run, context);
  },
  createSource: throughKafka(kafkaConnector.createSource).of,
  createSink: throughKafka(kafkaConnector.createSink).of,
  createRecovery: throughKafka(kafkaConnector.createRecovery).of,
};
