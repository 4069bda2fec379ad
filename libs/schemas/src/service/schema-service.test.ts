import { afterAll, beforeAll, expect, test } from 'vitest';
import { noAccess } from '@weir/connectors/process-access.ts';
import { plainTransport } from '@weir/security/secure-transport.ts';
import { systemPorts } from '@weir/system/system-ports.ts';
import { publicLimits } from '@weir/wire/call-limits.ts';
import { callUnary } from '@weir/wire/grpc-call.ts';
import { startGrpcServer } from '@weir/wire/grpc-server.ts';
import type { GrpcServer } from '@weir/wire/grpc-server.ts';
import { SchemaServiceClient, SchemaServiceService } from '@weir/wire/gen/weir/v1/schema.ts';
import { RegistryPool } from '../registry/registry-pool.ts';
import { createSchemaService } from './schema-service.ts';

const registries = new RegistryPool(systemPorts(), {
  cluster: 'c',
  access: noAccess,
  store: null,
  log: { info: () => {}, warn: () => {} },
});
const transport = plainTransport();
let server: GrpcServer;
let client: SchemaServiceClient;
const settings = () => ({ deadlineAtMs: Date.now() + 30_000, target: 'schema-service' });

beforeAll(async () => {
  server = await startGrpcServer({
    listen: '127.0.0.1:0',
    services: [
      {
        definition: SchemaServiceService,
        implementation: createSchemaService(registries, noAccess, 'c'),
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
});

const kafka = { bootstrap_servers: 'localhost:9092', topic: 't', format: 'json' };

async function validate(
  connector: string,
  options: Record<string, string>,
  columns: { name: string; type: string }[] = [],
) {
  const { tables } = await callUnary(
    client.validateTables.bind(client),
    {
      tables: [
        {
          table: 't',
          connector,
          options,
          hasColumns: columns.length > 0,
          primaryKey: [],
          use: '',
          metadata: [],
          columns: columns.map((column) => ({ ...column, nullable: true, typeJson: '', note: '' })),
        },
      ],
    },
    settings(),
  );
  return tables[0];
}

test.each([
  [{ ...kafka, topik: 'x' }, 'topik', "has no option 'topik'", "did you mean 'topic'?"],
  [{ ...kafka, 'scan.startup.mode': 'x' }, 'scan.startup.mode', 'has no option', 'source.offset'],
  [
    { ...kafka, 'source.offset': 'erliest' },
    'source.offset',
    "'erliest' is no value",
    "did you mean 'earliest'?",
  ],
  [
    { topic: 't', format: 'json' },
    'bootstrap_servers',
    "needs the option 'bootstrap_servers'",
    'for example',
  ],
  [{ ...kafka, 'auth.type': 'sasl' }, 'auth.protocol', "needs the option 'auth.protocol'", ''],
  [{ ...kafka, 'auth.password': 'x' }, 'auth.password', 'has no effect', "add 'auth.type' = 'sasl'"],
  [{ ...kafka, 'json.schema': '{' }, 'json.schema', 'is no JSON', ''],
])('options %j: the issue is at %s', async (options, option, message, hint) => {
  const verdict = await validate('kafka', options);
  const issue = verdict?.issues.find((found) => found.option === option);
  expect(issue?.message).toContain(message);
  expect(issue?.hint).toContain(hint);
});

test('good options come back with defaults, roles and metadata; variables are left alone', async () => {
  const verdict = await validate('kafka', { ...kafka, bootstrap_servers: '{{ BROKERS }}' }, [
    { name: 'a', type: 'BIGINT' },
  ]);
  expect(verdict).toMatchObject({
    issues: [],
    source: true,
    sink: true,
    options: {
      bootstrap_servers: '{{ BROKERS }}',
      'source.offset': 'latest',
      'sink.commit_mode': 'exactly_once',
    },
  });
  expect(Object.keys(verdict?.metadata ?? {})).toContain('partition');
});

test('fault 1.2.2: a variable of the process itself is an issue of the option that names it', async () => {
  const verdict = await validate('kafka', { ...kafka, bootstrap_servers: '{{ AWS_SECRET_ACCESS_KEY }}' });
  expect(verdict?.issues).toMatchObject([
    {
      option: 'bootstrap_servers',
      message: expect.stringContaining('AWS_SECRET_ACCESS_KEY, which belongs to the process itself'),
    },
  ]);
});

test('an unknown connector names those that there are', async () => {
  expect((await validate('kafkaa', {}))?.knownConnectors).toContain('kafka');
});

test('columns come from an inline JSON Schema, samples are decoded with them', async () => {
  const { columns, notes } = await callUnary(
    client.inferTable.bind(client),
    {
      from: {
        $case: 'jsonSchema',
        value:
          '{"type":"object","required":["id"],"properties":{"id":{"type":"integer"},"m":{"type":"object"}}}',
      },
      formatOptions: {},
    },
    settings(),
  );
  expect(columns.map((column) => [column.name, column.type, column.nullable])).toEqual([
    ['id', 'BIGINT', false],
    ['m', 'JSON', true],
  ]);
  expect(notes[0]).toContain('m: JSON, since');
  const { samples } = await callUnary(
    client.decodeSample.bind(client),
    {
      columns,
      options: { format: 'json' },
      messages: ['{"id": 9007199254740993, "m": {"x": 1}}', '{"id": "x"}', 'no json'].map((text) =>
        Buffer.from(text),
      ),
    },
    settings(),
  );
  expect(samples[0]?.rowJson).toContain('9007199254740993');
  expect(samples[1]?.error).toContain('id');
  expect(samples[2]?.errorCode).toMatch(/^WEIR-3/);
});

test('columns of a Protobuf schema, and samples of its messages as rows', async () => {
  const schema =
    'syntax = "proto3"; message Before {} message Order { int64 id = 1; repeated string tags = 2; }';
  const options = { format: 'protobuf', 'protobuf.schema': schema, 'protobuf.message': 'Order' };
  const { columns, notes } = await callUnary(
    client.inferTable.bind(client),
    { from: { $case: 'protobufSchema', value: schema }, formatOptions: options },
    settings(),
  );
  expect(columns.map((column) => [column.name, column.type, column.nullable])).toEqual([
    ['id', 'BIGINT', false],
    ['tags', 'JSON', false],
  ]);
  expect(notes).toEqual(['tags: repeated string is JSON']);
  const { samples } = await callUnary(
    client.decodeSample.bind(client),
    { columns, options, messages: [Buffer.from([8, 5, 18, 1, 0x61]), Buffer.from([8])] },
    settings(),
  );
  expect(samples[0]?.rowJson).toBe('{"id":5,"tags":["a"]}');
  expect(samples[1]?.error).toContain('the record ends before its last value does');
});

test('all connectors are listed with the JSON Schema of their options', async () => {
  const { connectors } = await callUnary(client.listConnectors.bind(client), {}, settings());
  expect(connectors.map((connector) => connector.name)).toEqual(
    expect.arrayContaining(['kafka', 'single_file', 'nexmark', 'blackhole', 'stdout']),
  );
  for (const connector of connectors) {
    expect(JSON.parse(connector.tableOptionsJson)).toMatchObject({
      type: 'object',
      additionalProperties: false,
    });
  }
});
