import { sinkNode, sourceNode } from '@weir/plan/testing/table-node.ts';
import { expect, test } from 'vitest';
import { WeirError } from '@weir/kernel/errors.ts';
import type { SourceNode } from '@weir/plan/nodes/source.ts';
import type { Connector, ConnectorContext } from './connector.ts';
import { connectorNamed } from './connector-registry.ts';
import { discreetConnector } from './discreet-connector.ts';
import { maskError } from './options/option-mask.ts';
import { optionSchema } from './options/option-schema.ts';
import { SqlVariables } from './options/sql-variables.ts';
import { noAccess } from './process-access.ts';
import { subtaskContext } from './testing/connector-contexts.ts';

const servers = 'kafka-1.secret-zone.invalid:9092,10.20.30.40:9093';
const access = {
  ...noAccess,
  variables: new SqlVariables({ BROKERS: servers, N: '17', TOKEN: 'tok$en+1' }),
};
const options = {
  servers: '{{ BROKERS }}',
  count: '{{N}}',
  token: 'Bearer {{ TOKEN }}',
  password: 'hunter2',
};
const table = { table: 't', connector: 'x', options, schema: { fields: [] } };
const node = sourceNode(table);

const leaks = [
  'getaddrinfo ENOTFOUND kafka-1.secret-zone.invalid',
  'connect ECONNREFUSED 10.20.30.40:9093',
  `of ${servers} none answered`,
  'Authorization: Bearer tok$en+1',
  "SASL: 'HUNTER2' is wrong",
];
const shown = [
  'getaddrinfo ENOTFOUND {{ BROKERS }}',
  'connect ECONNREFUSED {{ BROKERS }}',
  'of {{ BROKERS }} none answered',
  'Authorization: Bearer {{ TOKEN }}',
  "SASL: '********' is wrong",
];

/** Says what it should not in every way that a connector has. */
function talkative(context: { logged: unknown[] }): { connector: Connector; context: ConnectorContext } {
  const leak = (index = 0): WeirError =>
    new WeirError('WEIR-4001', leaks[index] ?? '', {
      cause: Object.assign(new Error(leaks[1]), {
        hostname: 'kafka-1.secret-zone.invalid',
        cause: new Error(leaks[2]),
      }),
      hint: leaks[3] ?? '',
    });
  const bad = {
    failed: Promise.reject(leak()),
    trouble: leaks[4],
    poll: () => {
      throw leak();
    },
    open: () => Promise.reject(leak(4)),
    partitionName: () => 'kafka-1.secret-zone.invalid/3',
    stats: () => ({ records: 17, lag: { [servers]: 1 }, warnings: [{ message: `${leaks[2]}, 17 of 170` }] }),
  };
  bad.failed.catch(() => {});
  const connector = {
    name: 'x',
    title: 'X',
    canRead: true,
    canWrite: true,
    tableOptions: optionSchema({
      servers: { description: 's' },
      count: { description: 'c' },
      token: { description: 't', secret: true },
      password: { description: 'p', secret: true },
    }),
    resolveStart: () => Promise.reject(leak()),
    createSource: (_: SourceNode, { log }: ConnectorContext) => {
      log.warn({ at: { reason: leaks[1], list: [leaks[2]] }, error: leak() }, leaks[0] ?? '');
      return bad;
    },
    createSink: () => bad,
    createRecovery: () => bad,
  } as unknown as Connector;
  const log = {
    info: () => {},
    warn: (fields: unknown, message: string) => void context.logged.push(fields, message),
  };
  return { connector: discreetConnector(connector), context: subtaskContext({ access, log }) };
}

const everything = (error: unknown): string => {
  const parts: unknown[] = [];
  for (let at = error; at instanceof Error; at = at.cause) parts.push(at.message, at.stack, { ...at });
  return `${JSON.stringify(parts)} ${error instanceof WeirError ? error.hint : ''}`;
};

test('fault 1.2.2: errors, with their causes, hints and stacks, show the variable and not what it holds', async () => {
  const { connector, context } = talkative({ logged: [] });
  const source = connector.createSource?.(node, context as never);
  const sink = connector.createSink?.(sinkNode(table), context as never);
  const errors = [
    await connector.resolveStart?.(node, context).catch((error: unknown) => error),
    await source?.open({}).catch((error: unknown) => error),
    await sink?.failed.catch((error: unknown) => error),
  ];
  try {
    source?.poll();
  } catch (error) {
    errors.push(error);
  }
  expect(errors).toHaveLength(4);
  for (const error of errors) {
    expect(error).toBeInstanceOf(WeirError);
    expect(everything(error)).not.toMatch(/secret-zone|10\.20\.30|tok\$en|hunter2/i);
  }
  expect(errors[0]).toMatchObject({ code: 'WEIR-4001', message: shown[0], hint: shown[3] });
  expect(errors[1]).toMatchObject({ message: shown[4] });
});

test('fault 1.2.2: so do log lines, and what the status says; names of splits and counts stay as they are', () => {
  const seen: { logged: unknown[] } = { logged: [] };
  const { connector, context } = talkative(seen);
  const source = connector.createSource?.(node, context as never);
  expect(seen.logged).toMatchObject([{ at: { reason: shown[1], list: [shown[2]] } }, shown[0]]);
  expect(source?.stats()).toEqual({
    records: 17,
    lag: { [servers]: 1 },
    warnings: [{ message: `${shown[2]}, {{ N }} of 170` }],
  });
  expect(source?.partitionName(3)).toBe('kafka-1.secret-zone.invalid/3');
  const recovery = connector.createRecovery?.(sinkNode(table), context as never);
  expect(recovery?.trouble).toBe(shown[4]);
});

test('a kafka table whose servers can not be found says which option it was', async () => {
  const variables = new SqlVariables({ MY_BROKERS: 'broker-of-nobody.invalid:9092' });
  const kafka = connectorNamed('kafka');
  const broken = sourceNode({
    ...table,
    options: { bootstrap_servers: '{{ MY_BROKERS }}', topic: 't', format: 'json' },
  });
  const context = subtaskContext({ access: { ...noAccess, variables } });
  const error = await kafka.resolveStart?.(broken, context).catch((thrown: unknown) => thrown);
  expect(everything(error)).toContain('{{ MY_BROKERS }}');
  expect(everything(error)).not.toContain('broker-of-nobody');
});

test('a source that is an instance of a class, as real ones are, tells its statistics and stays as it was', () => {
  class Real {
    readonly #records = 17;
    stats() {
      return { records: this.#records, lag: {}, warnings: [{ message: leaks[2] }] };
    }
  }
  const real = new Real();
  const connector = discreetConnector(connectorOf(real));
  const source = connector.createSource?.(node, subtaskContext({ access }));
  expect(source?.stats()).toEqual({ records: 17, lag: {}, warnings: [{ message: shown[2] }] });
  expect(source?.stats()).toMatchObject({ records: 17 });
  expect(Object.getOwnPropertyNames(real)).toEqual([]);
});

function connectorOf(source: object): Connector {
  return {
    name: 'x',
    title: 'X',
    canRead: true,
    canWrite: false,
    tableOptions: optionSchema({ servers: { description: 's' } }),
    createSource: () => source,
  } as unknown as Connector;
}

test('what stands in itself, as a certificate that signs itself, is masked all the same', () => {
  const certificate: Record<string, unknown> = { subject: 'hunter2' };
  certificate['issuerCertificate'] = certificate;
  const error = Object.assign(new Error('no'), { cert: certificate });
  maskError(error, (text) => text.replaceAll('hunter2', '********'));
  expect(error.cert).toMatchObject({ subject: '********' });
});
