import { expect, test, vi } from 'vitest';
import { parseExactJson } from '../avro/exact-json.ts';
import { BatchBuilder } from '@weir/columnar/column-builder.ts';
import { partWithoutHeaders } from '../decoder.ts';
import { encodedRows } from '../testing/encoded-rows.ts';
import { columnsOf, independentType, readRecords, wireField } from '../testing/protobuf-records.ts';
import { comparable, protoText, RandomProtobuf, type RandomMessage } from '../testing/random-protobuf.ts';
import { protobufFormat } from './protobuf-format.ts';

// A busy machine may take its time.
const isFull = process.env['WEIR_TEST_FULL'] !== undefined;
vi.setConfig({ testTimeout: isFull ? 1_200_000 : 120_000 });

const seed = Number(process.env['WEIR_SEED'] ?? 20261126);

/** The fields of a record, of one number each all its values in their order. */
function fieldsOf(record: Uint8Array): Map<number, Uint8Array[]> {
  const fields = new Map<number, Uint8Array[]>();
  let at = 0;
  const varint = (): number => {
    let value = 0;
    for (let shift = 1; ; shift *= 128) {
      const byte = record[at]!;
      at += 1;
      value += (byte & 127) * shift;
      if (byte < 128) return value;
    }
  };
  while (at < record.length) {
    const start = at;
    const tag = varint();
    const wire = tag % 8;
    if (wire === 0) varint();
    else if (wire === 2) {
      const length = varint();
      at += length;
    } else at += wire === 1 ? 8 : 4;
    const number = Math.floor(tag / 8);
    fields.set(number, [...(fields.get(number) ?? []), record.subarray(start, at)]);
  }
  return fields;
}

/** The same fields in another order, with unknown ones between them. */
function shuffled(random: RandomProtobuf, record: Uint8Array): Uint8Array {
  const left = [...fieldsOf(record).values()];
  const parts: Uint8Array[] = [];
  while (left.length > 0) {
    const from = random.below(left.length);
    parts.push(left[from]!.shift()!);
    if (left[from]!.length === 0) left.splice(from, 1);
    if (random.below(6) === 0)
      parts.push(Uint8Array.from(wireField(100_000, random.below(2) === 0 ? 7 : 'unknown')));
  }
  return Buffer.concat(parts);
}

const shown = (message: RandomMessage, json: unknown): unknown =>
  comparable(message, parseExactJson(String(json)) as Record<string, unknown>);

test('what an independent encoder writes is read back, as JSON and into columns, in any order of fields', () => {
  const random = new RandomProtobuf(seed);
  for (let round = 0; round < 120; round += 1) {
    const message = random.message();
    const text = protoText(message, 'Outer');
    const type = independentType(text, message.name);
    const values = Array.from({ length: 8 }, () => random.value(message));
    const records = values.map((value) => type.encode(type.fromObject(value)).finish());
    const where = `seed ${seed}, round ${round}: ${text}`;
    const expected = values.map((value) => comparable(message, value));

    // All of it as one JSON column.
    const outer = { 'protobuf.schema': text, 'protobuf.message': 'Outer' };
    const wrapped = records.map((record) => Uint8Array.from(wireField(1, [...record])));
    const json = readRecords(
      columnsOf(text, 'Outer').map((field) => ({ ...field, type: { kind: 'json' } })),
      outer,
      wrapped,
    );
    expect(json.errors, where).toEqual([]);
    expect(
      json.rows.map(([row]) => shown(message, row)),
      where,
    ).toEqual(expected);

    // And back: what JSON columns hold is written as it was read.
    const jsonFields = columnsOf(text, 'Outer').map(
      (field) => ({ ...field, type: { kind: 'json' } }) as const,
    );
    const again = encodedRows('protobuf', jsonFields, json.rows, outer).map((record) => record!);
    expect(readRecords([...jsonFields], outer, again), where).toEqual(json);

    // Into the columns that the schema gives: in the order of the writer, and otherwise.
    const options = { 'protobuf.schema': text, 'protobuf.message': message.name };
    const fields = columnsOf(text, message.name);
    const native = readRecords(fields, options, records);
    expect(native.errors, where).toEqual([]);
    expect(
      readRecords(
        fields,
        options,
        records.map((record) => shuffled(random, record)),
      ),
      where,
    ).toEqual(native);
    fields.forEach((field, index) => {
      if (field.type.kind !== 'text' && field.type.kind !== 'integer' && field.type.kind !== 'boolean')
        return;
      const ofJson = json.rows.map(
        ([row]) => (parseExactJson(String(row)) as Record<string, unknown>)[field.name] ?? null,
      );
      expect(
        native.rows.map((row) => String(row[index])),
        `${field.name} ${where}`,
      ).toEqual(ofJson.map(String));
    });

    // Of some of the fields; the others are left out.
    const some = fields.flatMap((_, index) => (random.below(5) < 2 ? [index] : []));
    const part = readRecords(
      some.map((index) => fields[index]!),
      options,
      records,
    );
    expect(part.rows, where).toEqual(native.rows.map((row) => some.map((index) => row[index])));
  }
});

test('R8: cut, flipped and random bytes are an error or a row, and soon', () => {
  const random = new RandomProtobuf(seed + 1);
  const inputs = isFull ? 1_000_000 : 20_000;
  let longest = 0;
  for (let done = 0; done < inputs;) {
    const message = random.message();
    const text = protoText(message, 'Outer');
    const type = independentType(text, message.name);
    const good = type.encode(type.fromObject(random.value(message))).finish();
    const fields = columnsOf(text, message.name).filter((_, index) => index === 0 || random.below(3) > 0);
    const options = { 'protobuf.schema': text, 'protobuf.message': message.name };
    const decoder = protobufFormat.createDecoder({ fields }, options);
    const into = new BatchBuilder({ fields }, 64);
    for (let left = 500; left > 0; left -= 1, done += 1) {
      const record = random.damaged(good);
      into.reset();
      const before = performance.now();
      const part = partWithoutHeaders(record, Int32Array.of(0), Int32Array.of(record.length));
      const consumed = decoder.decode(part, 0, 1, into);
      longest = Math.max(longest, performance.now() - before);
      if (consumed === 1 ? decoder.error !== null : decoder.error === null) expect.fail(text);
      into.batch();
    }
  }
  // Beside others on a busy machine: what one record takes is a hundredth of it.
  expect(longest).toBeLessThan(5000);
});

test('R8: a record can’t become more than its bound, nor take long', () => {
  const fields = Array.from({ length: 1000 }, (_, at) => `int32 field_with_a_long_name_${at} = ${at + 1};`);
  const text = `syntax = "proto3"; message Wide { ${fields.join(' ')} } message M { repeated Wide w = 1; }`;
  const options = { 'protobuf.schema': text, 'protobuf.message': 'M' };
  // Each item takes two bytes and stands for 30 kB.
  const record = Uint8Array.from({ length: 1_000_000 }, (_, at) => (at % 2 === 0 ? 10 : 0));
  const { rows, errors } = readRecords(columnsOf(text, 'M'), options, [record, Uint8Array.from([10, 0])]);
  expect(errors).toEqual([
    expect.stringMatching(/^w: more than 200000 fields of its messages were not written/),
  ]);
  expect(String(rows[0]?.[0])).toHaveLength(30_893);

  const many = Uint8Array.from({ length: 2_500_000 }, (_, at) => (at % 2 === 0 ? 10 : 0));
  expect(readRecords(columnsOf(text, 'M'), options, [many]).errors).toEqual([
    expect.stringContaining('holds more than 1000000 values'),
  ]);
});
