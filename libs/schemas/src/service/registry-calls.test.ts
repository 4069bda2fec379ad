import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { MemoryStore } from '@weir/object-store/memory-store.ts';
import { plainTransport } from '@weir/security/secure-transport.ts';
import { systemPorts } from '@weir/system/system-ports.ts';
import { publicLimits } from '@weir/wire/call-limits.ts';
import { callUnary } from '@weir/wire/grpc-call.ts';
import { startGrpcServer, type GrpcServer } from '@weir/wire/grpc-server.ts';
import { SchemaServiceClient, SchemaServiceService } from '@weir/wire/gen/weir/v1/schema.ts';
import { SqlVariables } from '@weir/connectors/options/sql-variables.ts';
import { noAccess } from '@weir/connectors/process-access.ts';
import { RegistryPool } from '../registry/registry-pool.ts';
import { FakeRegistry } from '../registry/testing/fake-registry.ts';
import { createSchemaService } from './schema-service.ts';

const transport = plainTransport();
const secret = 'planted-secret-4711';
const text = '{"type":"record","name":"Order","fields":[{"name":"id","type":"long"}]}';

let registry: FakeRegistry;
let registries: RegistryPool;
let server: GrpcServer;
let client: SchemaServiceClient;
beforeAll(async () => {
  registry = await FakeRegistry.start({ path: '/r', basic: { username: 'key', password: secret } });
  const variables = new SqlVariables({ REGISTRY_SECRET: secret });
  registries = new RegistryPool(systemPorts(), {
    cluster: 'c',
    access: { ...noAccess, variables },
    store: new MemoryStore(),
    log: { info: () => {}, warn: () => {} },
  });
  server = await startGrpcServer({
    listen: '127.0.0.1:0',
    services: [
      {
        definition: SchemaServiceService,
        implementation: createSchemaService(registries, { ...noAccess, variables }, 'c'),
      },
    ],
    reflection: ['weir/v1/schema.proto'],
    security: transport.server,
    limits: publicLimits,
  });
  client = new SchemaServiceClient(server.address, transport.channel);
});
afterAll(async () => {
  client.close();
  await server.close(systemPorts().timers, 0);
  await registries.close();
  await registry.stop();
});

const settings = () => ({ deadlineAtMs: Date.now() + 30_000, target: 'schema-service' });
const reference = (options: Record<string, string> = {}) => ({
  options: {
    'schema_registry.endpoint': registry.endpoint,
    'schema_registry.api_key': 'key',
    'schema_registry.api_secret': '{{ REGISTRY_SECRET }}',
    ...options,
  },
});
const sink = (subject: string, schema = text) => ({
  sink: { registry: reference(), subject, type: 'avro', text: schema, references: [] },
});
const register = (subject: string, schema = text) =>
  callUnary(client.registerSink.bind(client), sink(subject, schema), settings());
const problemOf = (call: Promise<unknown>): Promise<Record<string, unknown>> =>
  call.then(
    () => ({}),
    (error: unknown) => error as Record<string, unknown>,
  );

describe('calls about a registry', () => {
  it('a schema is registered once: again it has the same id and version', async () => {
    const first = await register('orders-value');
    expect(first).toMatchObject({ version: 1 });
    const calls = registry.calls.length;
    expect(await register('orders-value')).toEqual(first);
    // The second look-up found it: nothing was posted to the versions.
    expect(registry.calls.slice(calls).map(({ request }) => request)).toEqual([
      'POST /r/subjects/orders-value',
    ]);
  });

  it('what is not compatible is told with its reasons, and refused when it is registered', async () => {
    await register('narrow-value');
    const wide = text.replace(']}', ',{"name":"item","type":"string"}]}');
    const answer = await callUnary(
      client.checkCompatibility.bind(client),
      sink('narrow-value', wide),
      settings(),
    );
    expect(answer.compatible).toBe(false);
    expect(answer.reasons.join()).toContain('item');
    expect(await problemOf(register('narrow-value', wide))).toMatchObject({ code: 'WEIR-3504' });
  });

  it('C19: the schema of a writer is answered from the store once it was fetched, also when the registry is away', async () => {
    const { id } = await register('kept-value', text.replace('Order', 'Kept'));
    const get = () =>
      callUnary(
        client.getWriterSchema.bind(client),
        { registry: reference(), identity: { $case: 'id', value: id }, subject: '' },
        settings(),
      );
    const { schema } = await get();
    expect(schema).toMatchObject({ type: 'avro', text: expect.stringContaining('Kept') as string });
    registry.misbehave({ kind: 'cut' });
    expect((await get()).schema).toEqual(schema);
    registry.behave();
  });

  it('a schema that the registry does not have is NOT_FOUND, and only that is', async () => {
    const missing = callUnary(
      client.getWriterSchema.bind(client),
      { registry: reference(), identity: { $case: 'id', value: 999_999 }, subject: '' },
      settings(),
    );
    expect(await problemOf(missing)).toMatchObject({ code: 'WEIR-3503', status: 5 });
    const refused = callUnary(
      client.getWriterSchema.bind(client),
      {
        registry: reference({ 'schema_registry.api_secret': 'wrong' }),
        identity: { $case: 'id', value: 999_999 },
        subject: '',
      },
      settings(),
    );
    expect(await problemOf(refused)).toMatchObject({ code: 'WEIR-3502', status: 3 });
  });

  it('subjects, and one with its versions', async () => {
    await register('listed-value');
    const listed = await callUnary(
      client.listSubjects.bind(client),
      { registry: reference(), query: 'LISTED', limit: 0 },
      settings(),
    );
    expect(listed).toEqual({ subjects: ['listed-value'], total: 1 });
    const one = await callUnary(
      client.getSubject.bind(client),
      { registry: reference(), subject: 'listed-value', version: 0 },
      settings(),
    );
    expect(one).toMatchObject({
      versions: [1],
      compatibilityLevel: 'BACKWARD',
      version: { version: 1, type: 'avro', text },
    });
  });

  it.each([
    [
      'no registry',
      { registry: undefined, identity: { $case: 'id' as const, value: 1 }, subject: '' },
      'WEIR-3500',
    ],
    ['neither id nor guid', { registry: undefined, identity: undefined, subject: '' }, 'WEIR-3513'],
    [
      'no GUID',
      { registry: undefined, identity: { $case: 'guid' as const, value: '../x' }, subject: '' },
      'WEIR-3513',
    ],
  ])('%s is refused', async (_, request, code) => {
    expect(
      await problemOf(callUnary(client.getWriterSchema.bind(client), request, settings())),
    ).toMatchObject({ code });
  });

  it('a secret is in no answer: neither filled in nor where the registry refuses it', async () => {
    const wrong = problemOf(
      callUnary(
        client.listSubjects.bind(client),
        { registry: reference({ 'schema_registry.api_key': secret }), query: '', limit: 0 },
        settings(),
      ),
    );
    const { message, hint, code } = await wrong;
    expect(code).toBe('WEIR-3502');
    expect(`${String(message)} ${String(hint)}`).not.toContain(secret);
  });
});
