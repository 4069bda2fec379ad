import { partWithoutHeaders } from '../decoder.ts';
import { BatchBuilder } from '@weir/columnar/column-builder.ts';
import { RandomRows } from '@weir/columnar/testing/random-rows.ts';
import { batchOfRows, plainRows, type PlainRow } from '@weir/columnar/row-view.ts';
import type { Field, Schema } from '@weir/columnar/sql-type.ts';
import { expect, test, vi } from 'vitest';
import type { FormatOptions } from '../format.ts';
import { jsonFormat } from './json-format.ts';
import { readJsonOptions } from './json-options.ts';
import { readPlainRow } from './plain-json.ts';
import { JsonProblem } from './plain-parse.ts';

// A busy machine may take its time.
vi.setConfig({ testTimeout: 60_000 });

const seed = Number(process.env['WEIR_SEED'] ?? 20261120);
const utf8 = new TextEncoder();

type Outcome = PlainRow | 'error';

/** What the plain reader, which shares no scanning code with the decoder, says of each record. */
function plainOutcomes(schema: Schema, options: FormatOptions, records: readonly Uint8Array[]): Outcome[] {
  return records.map((record) => {
    try {
      return readPlainRow(record, schema.fields, readJsonOptions(options).options);
    } catch (error) {
      expect(error).toBeInstanceOf(JsonProblem);
      return 'error';
    }
  });
}

/** What the decoder says: records lie in one buffer with other bytes between them, and batches are small. */
function decodedOutcomes(
  schema: Schema,
  options: FormatOptions,
  records: readonly Uint8Array[],
  capacity: number,
): Outcome[] {
  const starts = new Int32Array(records.length);
  const ends = new Int32Array(records.length);
  const data = new Uint8Array(records.reduce((sum, record) => sum + record.length + 3, 0));
  let at = 0;
  records.forEach((record, index) => {
    data.set([0x22, 0x7d, 0x31], at);
    data.set(record, at + 3);
    starts[index] = at + 3;
    at += 3 + record.length;
    ends[index] = at;
  });
  const original = data.slice();
  const decoder = jsonFormat.createDecoder(schema, options);
  const into = new BatchBuilder(schema, capacity);
  const outcomes: Outcome[] = [];
  const flush = (): void => {
    const rows = plainRows(into.batch());
    rows.forEach((row, index) => {
      outcomes[into.recordIndex[index] ?? -1] = row;
    });
    into.reset();
  };
  for (let from = 0; from < records.length;) {
    from += decoder.decode(partWithoutHeaders(data, starts, ends), from, records.length - from, into);
    if (decoder.error === null) flush();
    else {
      expect(decoder.error.code).toBe('WEIR-3102');
      outcomes[from] = 'error';
      from += 1;
    }
  }
  flush();
  expect(Buffer.compare(data, original), 'fetched bytes are never written to').toBe(0);
  return outcomes;
}

function expectSame(
  schema: Schema,
  options: FormatOptions,
  records: readonly Uint8Array[],
  capacity = 64,
): void {
  const decoded = decodedOutcomes(schema, options, records, capacity);
  const plain = plainOutcomes(schema, options, records);
  records.forEach((record, index) => {
    expect(decoded[index], `record ${index}: ${Buffer.from(record).toString('latin1')}`).toEqual(
      plain[index],
    );
  });
}

function randomOptions(random: RandomRows): FormatOptions {
  return {
    'json.timestamp_format': random.pick(['rfc3339', 'sql', 'unix_millis', 'unix_micros']),
    'json.decimal_encoding': random.pick(['number', 'string']),
  };
}

function encodeAll(schema: Schema, options: FormatOptions, rows: readonly PlainRow[]): Uint8Array[] {
  const encoder = jsonFormat.createEncoder(schema, options);
  const batch = batchOfRows(new BatchBuilder(schema, 4), rows);
  encoder.begin(batch);
  return rows.map((_, row) => {
    const target = new Uint8Array(encoder.bound(row) + 5).fill(0xee);
    const end = encoder.encode(row, target, 5);
    expect(end).toBeLessThanOrEqual(target.length);
    expect([...target.subarray(0, 5)]).toEqual([0xee, 0xee, 0xee, 0xee, 0xee]);
    return target.slice(5, end);
  });
}

test(`what is encoded is JSON and decodes to the same rows (seed ${seed})`, () => {
  const random = new RandomRows(seed);
  for (let round = 0; round < 300; round += 1) {
    const schema = random.schema();
    const options = randomOptions(random);
    const rows = random.rows(schema, 30);
    const records = encodeAll(schema, options, rows);
    for (const record of records) JSON.parse(Buffer.from(record).toString());
    const expected =
      options['json.timestamp_format'] === 'unix_millis' ? plainOutcomes(schema, options, records) : rows;
    expect(decodedOutcomes(schema, options, records, 16), `round ${round}`).toEqual(expected);
    expectSame(schema, options, records);
  }
});

/** Changes a JSON text in ways that producers and broken networks do. */
function mutate(random: RandomRows, record: Uint8Array, fields: readonly Field[]): Uint8Array {
  const text = Buffer.from(record).toString();
  switch (random.below(9)) {
    case 0:
      return utf8.encode(JSON.stringify(JSON.parse(text), null, random.pick([1, '\t'])));
    case 1: {
      const entries = Object.entries(JSON.parse(text) as object);
      return utf8.encode(JSON.stringify(Object.fromEntries(entries.toReversed())));
    }
    case 2:
      return record.slice(0, random.below(record.length));
    case 3: {
      const broken = record.slice();
      broken[random.below(broken.length)] = random.pick([
        0x22,
        0x5c,
        0x80,
        0xff,
        0xc3,
        0x00,
        0x30,
        0x2e,
        random.below(256),
      ]);
      return broken;
    }
    case 4: {
      const at = random.below(record.length);
      const inserted = random.pick([
        ' ',
        '\\u0041',
        '\\ud800',
        '\\ud83d\\ude00',
        '"',
        '0',
        '-',
        'e5',
        ',',
        '\n',
      ]);
      return Buffer.concat([record.subarray(0, at), utf8.encode(inserted), record.subarray(at)]);
    }
    case 5: {
      const extra = random.pick([
        '{"deep":[[[{"x":1}]]]}',
        '"\\n"',
        '1e999',
        'null',
        'tru',
        '[1,]',
        '01',
        '"\u0001"',
      ]);
      return utf8.encode(text.replace(/}$/, `${text === '{}' ? '' : ','}"extra":${extra}}`));
    }
    case 6: {
      const name = JSON.stringify(random.pick(fields).name);
      const value = random.pick([
        'null',
        '1',
        '"x"',
        '1.0',
        '123456789012345678901234567890',
        '"12"',
        '-0',
        '[]',
        '{}',
      ]);
      return utf8.encode(text.replace(/}$/, `,${name}:${value}}`));
    }
    case 7:
      return Buffer.concat([
        utf8.encode(random.pick([' ', '\n', '\ufeff'])),
        record,
        utf8.encode(random.pick([' ', '\n', 'x', '}'])),
      ]);
    default:
      return utf8.encode(text.replace(/(-?\d+)(?=[,}\]])/, (_, digits: string) => `${digits}${random.pick(['.5', 'e2', '000000000000', '.0', 'E-2'])}`)); // prettier-ignore
  }
}

test(`changed and broken records give what the plain reader gives (seed ${seed})`, () => {
  const random = new RandomRows(seed);
  for (let round = 0; round < 300; round += 1) {
    const schema = random.schema();
    const options = randomOptions(random);
    const good = encodeAll(schema, options, random.rows(schema, 40));
    const records = good.map((record) =>
      random.next() < 0.5 ? record : mutate(random, record, schema.fields),
    );
    expectSame(schema, options, records, random.pick([1, 7, 64]));
  }
});

test(`a record cut at any byte is an error and leaves nothing behind (seed ${seed})`, () => {
  const random = new RandomRows(seed);
  for (let round = 0; round < 12; round += 1) {
    const schema = random.schema();
    const records = encodeAll(schema, {}, random.rows(schema, 3));
    const cut = records.flatMap((record) => [
      record,
      ...Array.from({ length: record.length }, (_, length) => record.slice(0, length)),
      record,
    ]);
    expectSame(schema, {}, cut, 1000);
  }
});

test(`columns that the plan leaves out don't change the others, nor hide what is broken (seed ${seed})`, () => {
  const random = new RandomRows(seed + 1);
  for (let round = 0; round < 100; round += 1) {
    const schema = random.schema(12);
    const rows = random.rows(schema, 30);
    const records = encodeAll(schema, {}, rows).map((record) =>
      random.next() < 0.8 ? record : mutate(random, record, schema.fields),
    );
    const pruned = { fields: schema.fields.filter(() => random.next() < 0.4) };
    if (pruned.fields.length > 0) expectSame(pruned, {}, records);
  }
});

test(`records of several looks in one batch (seed ${seed})`, () => {
  const random = new RandomRows(seed + 2);
  for (let round = 0; round < 40; round += 1) {
    const schema = random.schema();
    const looks = [
      (value: object) => JSON.stringify(value),
      (value: object) => JSON.stringify(value, null, 1),
      (value: object) => JSON.stringify(Object.fromEntries(Object.entries(value).toReversed())),
      (value: object) =>
        JSON.stringify(Object.fromEntries(Object.entries(value).filter(([, item]) => item !== null))),
    ];
    const records = encodeAll(schema, {}, random.rows(schema, 120)).map((record) => {
      // Numbers beyond 53 bits change in JSON.parse: that is no matter, both readers get the same text.
      const value = JSON.parse(Buffer.from(record).toString()) as object;
      const text = Buffer.from(random.pick(looks)(value));
      return random.next() < 0.95 ? text : mutate(random, text, schema.fields);
    });
    expectSame(schema, {}, records, random.pick([16, 200]));
  }
});
