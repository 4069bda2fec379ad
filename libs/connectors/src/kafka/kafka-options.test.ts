import { describe, expect, test } from 'vitest';
import { checkOptions } from '../options/check-options.ts';
import { kafkaConnector } from './kafka-connector.ts';
import { clusterOptionsOf, fetchOptionsOf, metadataAgeMsOf, producerOptionsOf } from './kafka-options.ts';
import { ownerOf } from './kafka-topics.ts';
import { parseStartPosition } from './start-position.ts';

const base = { bootstrap_servers: 'a:1', format: 'json' };
const issues = (options: Record<string, string>): string[] =>
  checkOptions(kafkaConnector, { ...base, ...options }).map(
    ({ option, message, hint }) => `${option}: ${message}${hint === undefined ? '' : ` (${hint})`}`,
  );

describe('K9: topics', () => {
  test.each<[Record<string, string>, RegExp | null]>([
    [{ topic: 'a' }, null],
    [{ topic: 'a, b.c,d_e-f' }, null],
    [{ topic_pattern: 'orders-\\d+' }, null],
    [{ topic_pattern: '{{ TOPICS }}' }, null],
    [{}, /^topic: connector 'kafka' needs the option 'topic'/],
    [{ topic: 'a, a' }, /'a' is named twice/],
    [{ topic: 'a,,b' }, /'a,,b' is no value of option 'topic'/],
    [{ topic: 'a', topic_pattern: 'b' }, /both name topics/],
    [{ topic_pattern: '(' }, /'\(' is no regular expression/],
    [{ topic: 'a,b', type: 'sink' }, /a table that is written has one topic/],
    [{ topic_pattern: 'b', type: 'sink' }, /a table that is written has one topic/],
  ])('%o', (options, expected) => {
    const found = issues(options);
    if (expected === null) expect(found).toEqual([]);
    else expect(found).toEqual([expect.stringMatching(expected)]);
  });

  test('a table that is written has one topic, whatever its type says', () => {
    const table = { table: 't', schema: { fields: [] }, metadata: [], primaryKey: [] };
    const told = (options: Record<string, string>) =>
      kafkaConnector
        .checkColumns?.({ ...table, options: { ...base, ...options } })
        .map(({ message }) => message);
    expect(told({ topic: 'a,b' })).toEqual(['table t is written, so that it has one topic']);
    expect(told({ topic: 'a' })).toEqual([]);
  });

  test('partitions of a topic are spread evenly over subtasks, and stay where they are', () => {
    for (const topic of ['a', 'orders', 'orders-2026']) {
      const owners = Array.from({ length: 12 }, (_, partition) => ownerOf(topic, partition, 4));
      expect(owners.toSorted((a, b) => a - b)).toEqual([0, 0, 0, 1, 1, 1, 2, 2, 2, 3, 3, 3]);
    }
    const firsts = Array.from({ length: 8 }, (_, n) => ownerOf(`topic-${n}`, 0, 4));
    expect(new Set(firsts).size).toBeGreaterThan(2);
  });
});

describe('D3: where dead letters go', () => {
  const dead = { bad_data: 'dead_letter' };
  test.each<[Record<string, string>, RegExp | null]>([
    [{ topic: 'a', ...dead, 'dead_letter.topic': 'b' }, null],
    [{ topic: 'a', ...dead }, /needs the option 'dead_letter.topic'/],
    [{ topic: 'a', 'dead_letter.topic': 'b' }, /no effect without 'bad_data' = 'dead_letter'/],
    [{ topic: 'a, b', ...dead, 'dead_letter.topic': 'b' }, /the table reads 'b' itself/],
    [{ topic_pattern: 'orders-.*', ...dead, 'dead_letter.topic': 'orders-bad' }, /the table reads 'orders-bad' itself/],
  ])('%o', (options, expected) => {
    const found = issues(options);
    if (expected === null) expect(found).toEqual([]);
    else expect(found).toEqual([expect.stringMatching(expected)]);
  }); // prettier-ignore
});

describe('K11: where reading begins', () => {
  test.each([
    ['earliest', { kind: 'earliest' }],
    ['latest', { kind: 'latest' }],
    ['group', { kind: 'group', otherwise: null }],
    ['group, earliest', { kind: 'group', otherwise: 'earliest' }],
    ['group,latest', { kind: 'group', otherwise: 'latest' }],
    ['timestamp:1700000000000', { kind: 'timestamp', timestampMs: 1_700_000_000_000 }],
    ['timestamp:2023-11-14', { kind: 'timestamp', timestampMs: Date.UTC(2023, 10, 14) }],
    ['timestamp: 2023-11-14 22:13:20', { kind: 'timestamp', timestampMs: 1_700_000_000_000 }],
    ['timestamp:2023-11-14T22:13:20.5Z', { kind: 'timestamp', timestampMs: 1_700_000_000_500 }],
    ['timestamp:2023-11-15T00:13:20+02:00', { kind: 'timestamp', timestampMs: 1_700_000_000_000 }],
  ])('%s', (text, expected) => {
    expect(parseStartPosition(text)).toEqual(expected);
    expect(issues({ topic: 'a', 'source.offset': text })).toEqual([]);
  });

  test.each([
    ['earliest-offset', /write 'earliest'/],
    ['group, timestamp', /is no value of option 'source.offset'/],
    ['timestamp:yesterday', /is no value of option 'source.offset'/],
    ['timestamp:2023-13-45', /names no time/],
    ['timestamp:2023-11-14T25:00', /names no time/],
  ])('%s is refused', (text, expected) => {
    expect(issues({ topic: 'a', 'source.offset': text })).toEqual([expect.stringMatching(expected)]);
  });

  test('a group has a name, or a prefix', () => {
    const options = { topic: 'a', 'source.group_id': 'g', 'source.group_id_prefix': 'p' };
    expect(issues(options)).toEqual([expect.stringContaining('nothing for a prefix')]);
  });
});

describe('C5: client_configs', () => {
  const told = (text: string) => issues({ topic: 'a', client_configs: text });

  test('settings that Weir obeys reach what they are about', () => {
    const options = {
      ...base,
      client_configs:
        'client.id=mine, request.timeout.ms=5000,connections.max.idle.ms=60000,metadata.max.age.ms=500,fetch.min.bytes=10,fetch.max.wait.ms=20,fetch.max.bytes=100000,max.partition.fetch.bytes=2000,batch.size=3000,delivery.timeout.ms=4000,max.in.flight.requests.per.connection=1',
    };
    expect(told(options.client_configs)).toEqual([]);
    expect(clusterOptionsOf(options, 'other')).toMatchObject({
      clientId: 'mine',
      requestTimeoutMs: 5000,
      connectionsMaxIdleMs: 60_000,
    });
    expect(metadataAgeMsOf(options)).toBe(500);
    expect(fetchOptionsOf(options, 1 << 20)).toEqual({
      budgetBytes: 100_000,
      partitionMaxBytes: 2000,
      maxWaitMs: 20,
      minBytes: 10,
    });
    expect(producerOptionsOf(options)).toEqual({
      compression: 'none',
      batchBytes: 3000,
      deliveryTimeoutMs: 4000,
      maxInFlight: 1,
    });
  });

  test('what is not given is as it was', () => {
    expect(clusterOptionsOf(base, 'other')).toEqual({ bootstrapServers: ['a:1'], clientId: 'other' });
    expect([fetchOptionsOf(base, 7), producerOptionsOf(base)]).toEqual([
      { budgetBytes: 7 },
      { compression: 'none' },
    ]);
  });

  test.each([
    ['sasl.mechanism=PLAIN', /'auth.mechanism'/],
    ['ssl.ca.location=/ca.pem', /'tls.ca'/],
    ['enable.idempotence=false', /'sink.commit_mode'/],
    ['auto.offset.reset=earliest', /'source.offset'/],
    ['fetch.min.byte=1', /did you mean 'fetch.min.bytes'/],
    ['linger.ms=1', /is no setting of the client/],
    ['fetch.min.bytes=many', /a whole number from 1/],
    ['fetch.min.bytes=0', /a whole number from 1/],
    ['client.id', /has no value/],
    ['__proto__=1', /is no setting of the client/],
  ])('%s is refused', (text, expected) => {
    expect(told(text)).toEqual([expect.stringMatching(expected)]);
  });
});
