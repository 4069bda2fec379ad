import { describe, expect, test } from 'vitest';
import { sourceNode } from '@weir/plan/testing/table-node.ts';
import { connectorNamed } from '../connector-registry.ts';
import { checkOptions } from '../options/check-options.ts';
import { optionParts } from '../options/option-parts.ts';
import { SqlVariables } from '../options/sql-variables.ts';
import { noAccess } from '../process-access.ts';
import { subtaskContext } from '../testing/connector-contexts.ts';

const confluent = connectorNamed('confluent');
const options = {
  bootstrap_servers: 'pkc-1.eu-west-1.aws.confluent.cloud:9092',
  key: '{{ KAFKA_KEY }}',
  secret: '{{ KAFKA_SECRET }}',
  topic: 'orders',
  format: 'json',
};
const node = (given: Record<string, string>) =>
  sourceNode({ table: 'orders', connector: 'confluent', options: given, schema: { fields: [] } });

describe('confluent-profile: Confluent Cloud by key and secret', () => {
  test('C1-C4: key and secret are all that it needs to know', () => {
    expect(checkOptions(confluent, options)).toEqual([]);
    expect(optionParts(confluent).secret).toContain('secret');
    expect(optionParts(confluent).connection).toEqual(
      expect.arrayContaining(['bootstrap_servers', 'key', 'secret']),
    );
  });

  test.each([
    ['without a secret', { secret: undefined }, "connector 'confluent' needs the option 'secret'"],
    ['auth.* beside the key', { 'auth.type': 'sasl' }, "connector 'confluent' has no option 'auth.type'"],
    [
      'an address without its port',
      { bootstrap_servers: 'pkc-1.confluent.cloud' },
      "is no value of option 'bootstrap_servers'",
    ],
  ])('refused: %s', (_, change, message) => {
    const given = Object.fromEntries(
      Object.entries({ ...options, ...change }).filter(
        (entry): entry is [string, string] => entry[1] !== undefined,
      ),
    );
    const [issue] = checkOptions(confluent, given);
    expect(issue?.message).toContain(message);
    if ('auth.type' in change) expect(issue?.hint).toContain("'key' and 'secret'");
  });

  test('C5: a variable that is not set is named with the option as it was written', () => {
    const access = { ...noAccess, variables: new SqlVariables({ KAFKA_SECRET: 's' }) };
    expect(() => confluent.createSource?.(node(options), subtaskContext({ access }))).toThrow(
      "option 'key' names the environment variable KAFKA_KEY, which is not set",
    );
  });
});
