import { expect, test } from 'vitest';
import { parseAddress } from './cluster-access.ts';
import { parseTopicPartitionKey, topicPartitionKey } from './topic-partition.ts';
import { namesThatLookAlike } from './topic-names.ts';

test.each([
  ['order', ['orders', 'order-items', 'payments'], ['orders', 'order-items']],
  ['Payments', ['orders', 'payments'], ['payments']],
  ['payemnts', ['orders', 'payments'], ['payments']],
  ['xyz', ['orders', 'payments'], []],
])('for %s of %j a person may have meant %j', (wanted, names, expected) => {
  expect(namesThatLookAlike(wanted, names)).toEqual(expected);
});

test.each([
  ['kafka-1:9092', { host: 'kafka-1', port: 9092 }],
  [' [::1]:9092', { host: '::1', port: 9092 }],
])('%s is an address', (text, address) => expect(parseAddress(text)).toEqual(address));

test.each(['kafka-1', 'kafka-1:', ':9092', 'kafka:99999', 'a b:1', 'http://kafka:9092'])(
  '%s is not',
  (text) => {
    expect(() => parseAddress(text)).toThrow(/is not the address of a Kafka broker/);
  },
);

test('a topic may hold hyphens', () => {
  expect(parseTopicPartitionKey(topicPartitionKey('a-b-1', 12))).toEqual({ topic: 'a-b-1', partition: 12 });
});
