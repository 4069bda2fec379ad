import { spawn, spawnSync } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { BatchBuilder } from '@weir/columnar/column-builder.ts';
import { batchOfRows, plainRows, type PlainRow } from '@weir/columnar/row-view.ts';
import type { Field } from '@weir/columnar/sql-type.ts';
import { partWithoutHeaders, plainRecordPart } from '@weir/formats/decoder.ts';
import { plainRecordValue } from '@weir/formats/encoder.ts';
import { formatNamed } from '@weir/formats/formats.ts';
import { SchemasById } from '@weir/formats/testing/avro-records.ts';
import { columnsOfSchema } from './infer/schema-columns.ts';
import { FakeRegistry } from './registry/testing/fake-registry.ts';

vi.setConfig({ testTimeout: 120_000 });

const script = fileURLToPath(new URL('testing/python_serializers.py', import.meta.url));
const needed = 'import grpc_tools, confluent_kafka.schema_registry.protobuf';
const hasPython = spawnSync('python3', ['-c', needed]).status === 0;

let registry: FakeRegistry;
beforeAll(async () => {
  registry = await FakeRegistry.start();
});
afterAll(() => registry.stop());

interface Answer {
  readonly written: readonly string[];
  readonly read: readonly unknown[];
}

async function python(job: object): Promise<Answer> {
  const child = spawn('python3', [script], { stdio: ['pipe', 'pipe', 'inherit'] });
  child.stdin.end(JSON.stringify({ registry: registry.endpoint, ...job }));
  return JSON.parse(await text(child.stdout)) as Answer;
}

const schema = `syntax = "proto3"; package shop; import "google/protobuf/timestamp.proto";
enum Kind { NONE = 0; BIG = 1; }
message Before { map<string, int32> m = 1; }
message Shop { enum In { A = 0; } message Hidden {} message Order {
  int64 id = 1; optional string note = 2; Kind kind = 3; google.protobuf.Timestamp at = 4; repeated double d = 5; } }`;
const value = {
  id: '9007199254740993',
  note: 'größe',
  kind: 'BIG',
  at: '2026-01-01T00:00:00.123456Z',
  d: [1.5, -2],
};

test.skipIf(!hasPython)(
  'W1: what Python’s ProtobufSerializer writes is read, and its deserializer reads what we write (needs PyPI confluent-kafka[protobuf,schemaregistry], grpcio-tools)',
  async () => {
    const job = { topic: 'orders', schema, message: 'Shop.Order' };
    const { written } = await python({ ...job, write: [value, {}], read: [] });
    const id = Buffer.from(written[0]!, 'hex').readInt32BE(1);
    const response = await fetch(`${registry.endpoint}/schemas/ids/${id}`);
    const registered = ((await response.json()) as { schema: string }).schema;

    const document = { format: 'protobuf', text: registered, references: [] } as const;
    const { columns } = columnsOfSchema(document, { 'protobuf.message': 'shop.Shop.Order' });
    const records = written.map((record) => Uint8Array.from(Buffer.from(record, 'hex')));
    const rows = decode([...columns], records, new SchemasById({ [id]: registered }, {}, 'protobuf'));
    expect(rows).toEqual([
      [9_007_199_254_740_993n, 'größe', 'BIG', 1_767_225_600_123_456n, '[1.5,-2]'],
      [0n, null, 'NONE', null, '[]'],
    ]);

    const ours = encode(
      [...columns.slice(0, 4)],
      rows.map((row) => row.slice(0, 4)),
      registered,
      id,
    );
    const { read } = await python({ ...job, write: [], read: ours });
    const { d: _, ...known } = value;
    expect(read).toEqual([known, {}]);
  },
);

function decode(fields: Field[], records: readonly Uint8Array[], writers: SchemasById): PlainRow[] {
  const settings = { ...plainRecordPart, framing: 'confluent', writers } as const;
  const decoder = formatNamed('protobuf').createDecoder({ fields }, {}, settings);
  const into = new BatchBuilder({ fields });
  const data = new Uint8Array(Buffer.concat(records));
  const ends = Int32Array.from(records, ({ length }) => length);
  for (let i = 1; i < ends.length; i += 1) ends[i] = ends[i]! + ends[i - 1]!;
  const starts = Int32Array.from(ends, (_, i) => (i === 0 ? 0 : ends[i - 1]!));
  const consumed = decoder.decode(partWithoutHeaders(data, starts, ends), 0, records.length, into);
  expect(decoder.error).toBeNull();
  expect(consumed).toBe(records.length);
  return plainRows(into.batch());
}

function encode(fields: Field[], rows: PlainRow[], text: string, writerId: number): string[] {
  const writer = { format: 'protobuf', text, references: [], message: 'shop.Shop.Order', origin: { kind: 'inline' }, columns: [], writerId } as const; // prettier-ignore
  const encoder = formatNamed('protobuf').createEncoder(
    { fields },
    {},
    { ...plainRecordValue, framing: 'confluent', writer },
  );
  encoder.begin(batchOfRows(new BatchBuilder({ fields }), rows));
  return rows.map((_, row) => {
    const target = new Uint8Array(encoder.bound(row));
    return Buffer.from(target.subarray(0, encoder.encode(row, target, 0))).toString('hex');
  });
}
