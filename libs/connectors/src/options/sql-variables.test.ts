import { describe, expect, test } from 'vitest';
import { kafkaConnector } from '../kafka/kafka-connector.ts';
import { checkOptions } from './check-options.ts';
import { fillOptions } from './fill-variables.ts';
import { SqlVariables, variablePatterns } from './sql-variables.ts';

const environment = {
  AWS_SECRET_ACCESS_KEY: 'aws-secret',
  GOOGLE_APPLICATION_CREDENTIALS: '/google.json',
  AZURE_CLIENT_SECRET: 'azure',
  NODE_OPTIONS: '--inspect',
  OTEL_EXPORTER_OTLP_HEADERS: 'token',
  KUBERNETES_SERVICE_HOST: '10.0.0.1',
  WEIR_NATS_URL: 'nats://user:pass@host',
  WEIR_KAFKA_PASSWORD: 'mine',
  DATABASE_PASSWORD: 'db',
  KAFKA_KEY: 'key',
  BROKERS: 'kafka-1.internal:9092, kafka-2.internal:9092',
};
const options = { bootstrap_servers: 'a:1', topic: 't', format: 'json' };
const fill = (template: string, variables: SqlVariables) =>
  fillOptions(kafkaConnector.tableOptions, { ...options, 'auth.username': template }, variables)[
    'auth.username'
  ];

describe('fault 1.2.2: what belongs to the process is never filled in', () => {
  const variables = new SqlVariables(environment, { secret: ['DATABASE_PASSWORD'] });
  test.each([
    'AWS_SECRET_ACCESS_KEY',
    'GOOGLE_APPLICATION_CREDENTIALS',
    'AZURE_CLIENT_SECRET',
    'NODE_OPTIONS',
    'OTEL_EXPORTER_OTLP_HEADERS',
    'KUBERNETES_SERVICE_HOST',
    'WEIR_NATS_URL',
    'DATABASE_PASSWORD',
    'AWS_NOT_SET',
  ])('%s: neither when the SQL is checked nor where it is filled', (name) => {
    const refusal = `option 'auth.username' names the environment variable ${name}, which belongs to the process itself and is never filled in`;
    expect(
      checkOptions(kafkaConnector, { ...options, 'auth.username': `x{{${name}}}` }, variables),
    ).toContainEqual(expect.objectContaining({ option: 'auth.username', message: refusal }));
    expect(() => fill(`x{{ ${name} }}`, variables)).toThrow(
      expect.objectContaining({ code: 'WEIR-3004', message: refusal }),
    );
  });

  test.each([
    ['{{KAFKA_KEY}}', 'key'],
    ['{{ WEIR_KAFKA_PASSWORD }}', 'mine'],
    ['a-{{ KAFKA_KEY }}-{{KAFKA_KEY}}', 'a-key-key'],
  ])('%s is filled as it always was', (template, value) => {
    expect(fill(template, variables)).toBe(value);
  });
});

test('WEIR_SQL_VARIABLES narrows the rest, and opens nothing', () => {
  const only = variablePatterns(' KAFKA_*,AWS_*, BROKERS') ?? [];
  const variables = new SqlVariables(environment, { only });
  expect(fill('{{ KAFKA_KEY }}', variables)).toBe('key');
  expect(fill('{{ BROKERS }}', variables)).toBe(environment.BROKERS);
  expect(() => fill('{{ DATABASE_PASSWORD }}', variables)).toThrow(
    "which isn't among those that SQL may name here (KAFKA_*, AWS_*, BROKERS)",
  );
  expect(() => fill('{{ XKAFKA_KEY }}', variables)).toThrow('among those');
  expect(() => fill('{{ AWS_SECRET_ACCESS_KEY }}', variables)).toThrow('belongs to the process itself');
  expect(() => fill('{{ KAFKA_KEY }}', new SqlVariables(environment, { only: [] }))).toThrow('(none)');
});

test.each([
  ['bootstrap_servers', '{{ KAFKA_KEY }}', 'host:port'],
  ['topic', '{{ BROKERS }}', 'topic to read'],
  ['source.offset', '{{ KAFKA_KEY }}', 'earliest, latest, group'],
])('fault 1.2.2: what fills %s is checked again, and not shown', (option, template, says) => {
  const filled = () =>
    fillOptions(
      kafkaConnector.tableOptions,
      { ...options, [option]: template },
      new SqlVariables(environment),
    );
  expect(filled).toThrow(
    expect.objectContaining({ code: 'WEIR-3005', message: expect.stringContaining(says) }),
  );
  expect(filled).toThrow(`option '${option}' is '${template}'`);
  expect(filled).not.toThrow(environment.BROKERS);
});
