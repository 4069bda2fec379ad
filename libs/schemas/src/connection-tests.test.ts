import { createServer, type Server } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { connectorNamed } from '@weir/connectors/connector-registry.ts';
import { SqlVariables } from '@weir/connectors/options/sql-variables.ts';
import { noAccess } from '@weir/connectors/process-access.ts';
import { systemPorts } from '@weir/system/system-ports.ts';
import type { TestStep } from '@weir/wire/gen/weir/v1/schema.ts';
import { ConnectionTests } from './connection-tests.ts';
import { RegistryPool } from './registry/registry-pool.ts';
import { FakeRegistry } from './registry/testing/fake-registry.ts';

const access = { ...noAccess, variables: new SqlVariables({ PASSWORD: 'hunter2-of-env' }) };
const log = { info: () => {}, warn: () => {} };
const registries = new RegistryPool(systemPorts(), { cluster: 'c', access, store: null, log });
const tests = new ConnectionTests({ connector: connectorNamed, access, registries, cluster: 'c' });
let talker: Server;
let talkerPort = 0;
let closedPort = 0;
let registry: FakeRegistry;

async function listening(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as { port: number }).port;
}

beforeAll(async () => {
  talker = createServer((socket) => socket.on('data', () => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n')));
  talkerPort = await listening(talker);
  const gone = createServer();
  closedPort = await listening(gone);
  await new Promise((resolve) => gone.close(resolve));
});
beforeEach(async () => {
  registry = await FakeRegistry.start({ basic: { username: 'key', password: 'secret' } });
  return () => registry.stop();
});
afterAll(async () => {
  talker.close();
  await registries.close();
});

async function validate(options: Record<string, string>, connector = 'kafka'): Promise<TestStep[]> {
  const steps: TestStep[] = [];
  await tests.validateProfile(
    { connector, options },
    (step) => steps.push(step),
    new AbortController().signal,
  );
  return steps.filter(({ state }) => state !== 'running');
}

const sasl = {
  'auth.type': 'sasl',
  'auth.protocol': 'SASL_SSL',
  'auth.mechanism': 'PLAIN',
  'auth.username': 'me',
  'auth.password': '{{ PASSWORD }}',
};
const failed = (steps: readonly TestStep[]) =>
  steps.filter(({ state }) => state === 'failed').map(({ step, code, option }) => [step, code, option]);

describe('validate-profile: each fault at its step, with the option that mends it', () => {
  test('DNS', async () => {
    const steps = await validate({ bootstrap_servers: 'broker.invalid:9092' });
    expect(failed(steps)).toEqual([['resolve', 'WEIR-4031', 'bootstrap_servers']]);
    expect(steps.map(({ step, state }) => `${step} ${state}`)).toEqual([
      'options ok',
      'resolve failed',
      'tcp skipped',
      'tls skipped',
      'api_versions skipped',
      'sasl skipped',
      'metadata skipped',
      'advertised_hosts skipped',
      'registry skipped',
    ]);
  });

  test('connection refused', async () => {
    const steps = await validate({ bootstrap_servers: `127.0.0.1:${closedPort}` });
    expect(failed(steps)).toEqual([['tcp', 'WEIR-4032', 'bootstrap_servers']]);
  });

  test('a port that does not speak TLS', async () => {
    const steps = await validate({ bootstrap_servers: `127.0.0.1:${talkerPort}`, ...sasl });
    expect(failed(steps)).toEqual([['tls', 'WEIR-4033', 'auth.protocol']]);
  });

  test('of Confluent Cloud, by the names that are written there', async () => {
    const options = { bootstrap_servers: `127.0.0.1:${talkerPort}`, key: 'k', secret: '{{ PASSWORD }}' };
    expect(failed(await validate(options, 'confluent'))).toEqual([['tls', 'WEIR-4033', 'bootstrap_servers']]);
  });

  test('a variable that is not set', async () => {
    const steps = await validate({ bootstrap_servers: '{{ BROKERS }}' });
    expect(failed(steps)).toEqual([['options', 'WEIR-3001', '']]);
    expect(steps[0]?.detail).toContain('BROKERS');
  });

  const refused = { bootstrap_servers: '127.0.0.1:1' };
  const named = () => ({
    'schema_registry.endpoint': registry.endpoint,
    'schema_registry.api_key': 'key',
    'schema_registry.api_secret': 'secret',
  });
  const ofRegistry = async (change: Record<string, string> = {}) =>
    (await validate({ ...refused, ...named(), ...change })).filter(({ step }) => step === 'registry');

  test('the registry is tried whatever Kafka says', async () => {
    expect(await ofRegistry()).toMatchObject([{ state: 'ok', detail: '0 subjects' }]);
  });

  test('registry: 401', async () => {
    const steps = await ofRegistry({ 'schema_registry.api_secret': 'hunter2-literal' });
    expect(failed(steps)).toEqual([['registry', 'WEIR-3502', 'schema_registry.api_key']]);
    expect(JSON.stringify(steps)).not.toContain('hunter2');
  });

  test.each([
    ['404', { kind: 'status', status: 404 }],
    ['HTML of a proxy', { kind: 'html' }],
  ] as const)('registry: %s', async (_, trouble) => {
    registry.misbehave(trouble);
    const [step] = await ofRegistry();
    expect(step).toMatchObject({ state: 'failed', option: 'schema_registry.endpoint' });
    expect(step?.hint).not.toBe('');
  });

  test('registry: no answer', async () => {
    registry.misbehave({ kind: 'hang' });
    const [step] = await ofRegistry();
    expect(step).toMatchObject({ state: 'failed', option: 'schema_registry.endpoint' });
    registry.behave();
  });

  test('T3: whoever goes away ends it', async () => {
    const gone = new AbortController();
    gone.abort();
    const steps: TestStep[] = [];
    await tests.validateProfile(
      { connector: 'kafka', options: refused },
      (step) => steps.push(step),
      gone.signal,
    );
    expect(steps.find(({ state }) => state === 'failed')?.step).toBe('options');
  });
});
