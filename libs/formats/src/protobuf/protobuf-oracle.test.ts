import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test, vi } from 'vitest';
import { parseExactJson } from '../avro/exact-json.ts';
import { independentType, readRecords, wireField } from '../testing/protobuf-records.ts';
import { comparable, protoText, RandomProtobuf, type RandomMessage } from '../testing/random-protobuf.ts';

vi.setConfig({ testTimeout: 120_000 });

const script = fileURLToPath(new URL('../testing/protobuf-oracle.py', import.meta.url));
/** Google's parser: PyPI protobuf and grpcio-tools. */
const hasOracle = spawnSync('python3', ['-c', 'import grpc_tools, google.protobuf']).status === 0;
const seed = Number(process.env['WEIR_SEED'] ?? 20261127);

interface Case {
  readonly message: RandomMessage;
  readonly schema: string;
  readonly records: readonly Uint8Array[];
}

function makeCases(rounds: number): Case[] {
  const random = new RandomProtobuf(seed);
  return Array.from({ length: rounds }, () => {
    const message = random.message();
    const schema = protoText(message, 'Outer');
    const type = independentType(schema, message.name);
    const good = Array.from({ length: 4 }, () =>
      type.encode(type.fromObject(random.value(message))).finish(),
    );
    // Two records in a row are one, merged; damaged ones are read alike or refused by both.
    const merged = good.flatMap((each) => good.map((other) => Buffer.concat([each, other])));
    const damaged = good.flatMap((each) => Array.from({ length: 10 }, () => random.damaged(each)));
    return { message, schema, records: [...good, ...merged, ...damaged] };
  });
}

/** Google's own two differ: the one in C leaves out entries of maps that hold unknown fields, the other takes tags of field 0. */
const implementations = ['upb', 'python'];

function askOracle(cases: readonly Case[], implementation: string): (string | null)[][] {
  const input = cases.map(({ message, schema, records }) =>
    JSON.stringify({
      schema,
      message: message.name,
      records: records.map((each) => Buffer.from(each).toString('hex')),
    }),
  );
  const { status, stdout, stderr } = spawnSync('python3', [script], {
    input: input.join('\n'),
    maxBuffer: 1 << 28,
    env: { ...process.env, PROTOCOL_BUFFERS_PYTHON_IMPLEMENTATION: implementation },
  });
  expect(status, stderr.toString()).toBe(0);
  return stdout
    .toString()
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as (string | null)[]);
}

test.skipIf(!hasOracle)(
  'B2-B8: records, merged and damaged ones are read as Google’s own parser reads them, or refused by both (needs PyPI grpcio-tools)',
  () => {
    const cases = makeCases(30);
    const answers = implementations.map((each) => askOracle(cases, each));
    let refused = 0;
    cases.forEach(({ message, schema, records }, index) => {
      const options = { 'protobuf.schema': schema, 'protobuf.message': 'Outer' };
      const fields = [{ name: 'm', type: { kind: 'json' }, nullable: true } as const];
      records.forEach((record, at) => {
        const where = `seed ${seed}, case ${index}, record ${at} ${Buffer.from(record).toString('hex')}: ${schema}`;
        const { rows, errors } = readRecords(fields, options, [Uint8Array.from(wireField(1, [...record]))]);
        const plain = (text: unknown): unknown =>
          comparable(message, parseExactJson(String(text)) as Record<string, unknown>);
        const expected = answers
          .map((each) => each[index]![at]!)
          .map((each) => (each === null ? 'refused' : plain(each)));
        const found = errors.length > 0 ? 'refused' : plain(rows[0]?.[0]);
        if (found === 'refused') refused += 1;
        expect(expected, where).toContainEqual(found);
      });
    });
    expect(refused).toBeGreaterThan(50);
  },
);
