import type { TableAccess } from '@weir/plan/table-spec.ts';
import { expect, test } from 'vitest';
import { deadLetterSink } from './dead-letter-sink.ts';

const access: TableAccess = {
  specVersion: 1,
  table: 'orders',
  connector: 'confluent',
  options: {
    connection_profile: 'prod',
    client_configs: 'request.timeout.ms=5000',
    'auth.password': '{{secret:1}}',
    'schema_registry.endpoint': 'https://registry',
    topic: 'orders',
    format: 'avro',
    'source.offset': 'earliest',
    'sink.compression': 'lz4',
    bad_data: 'dead_letter',
    'dead_letter.topic': 'orders-bad',
  },
  connection: {
    profile: 'prod',
    options: ['client_configs', 'auth.password', 'schema_registry.endpoint'],
  },
  format: { name: 'avro', options: [] },
  secrets: ['auth.password'],
};

test('D1: the dead letters of a table are reached as the table is, by its profile and its secrets, and are bytes', () => {
  const node = deadLetterSink('source', access)?.node;
  expect(node).toMatchObject({
    kind: 'sink',
    table: 'orders.dead_letter',
    connector: 'confluent',
    options: {
      connection_profile: 'prod',
      client_configs: 'request.timeout.ms=5000',
      'auth.password': '{{secret:1}}',
      topic: 'orders-bad',
      type: 'sink',
      format: 'raw_bytes',
      'sink.compression': 'lz4',
    },
    connection: { profile: 'prod', options: ['client_configs', 'auth.password'] },
    secrets: ['auth.password'],
    changes: 'append',
  });
  expect(Object.keys(node?.kind === 'sink' ? node.options : {})).not.toContain('schema_registry.endpoint');
});

test('D1: its id is that of the source and the topic, whatever the password is; without the wish there is none', () => {
  const idOf = (options: Record<string, string>) =>
    deadLetterSink('source', { ...access, options: { ...access.options, ...options } })?.id;
  expect(idOf({ 'auth.password': 'other' })).toBe(idOf({}));
  expect(idOf({ 'dead_letter.topic': 'elsewhere' })).not.toBe(idOf({}));
  expect(deadLetterSink('another', access)?.id).not.toBe(idOf({}));
  expect(idOf({ bad_data: 'drop' })).toBeUndefined();
});
