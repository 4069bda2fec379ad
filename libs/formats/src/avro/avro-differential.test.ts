import avsc from 'avsc';
import { expect, test, vi } from 'vitest';
import { columnsOfAvro } from './avro-columns.ts';
import type { PlainRow } from '@weir/columnar/row-view.ts';
import { parseAvroSchema } from './parse-avro-schema.ts';
import { framed, readAvro, SchemasById, tableOf } from '../testing/avro-records.ts';
import { RandomAvro, plainOf } from '../testing/random-avro.ts';

// A busy machine may take its time.
vi.setConfig({ testTimeout: 120_000 });

const seed = Number(process.env['WEIR_SEED'] ?? 20261125);

test('what an independent encoder writes is read back, of random schemas and values', () => {
  const random = new RandomAvro(seed);
  for (let round = 0; round < 300; round += 1) {
    // Now and then one with more fields than code is written out for.
    const schema = round % 50 === 0 ? random.record(0, 200) : random.record();
    const text = JSON.stringify(schema);
    const type = avsc.Type.forSchema(schema as avsc.Schema, { wrapUnions: true });
    const { fields, reader } = tableOf(text, 'native');
    const values = Array.from({ length: 12 }, () => random.value(schema));
    const records = values.map((value) => framed(7, type.toBuffer(value)));
    const expected: PlainRow[] = values.map((value) => plainOf(schema, value));
    for (const pin of [reader, null]) {
      const rows = readAvro(fields, records, { reader: pin, writers: new SchemasById({ 7: text }) }, 5);
      expect(rows, `seed ${seed}, round ${round}: ${text}`).toEqual(expected);
    }
    // Of some of the fields; the others are left out.
    const some = fields.flatMap((_, index) => (random.below(5) < 2 ? [index] : []));
    const rows = readAvro(
      some.map((index) => fields[index]!),
      records,
      { writers: new SchemasById({ 7: text }) },
      5,
    );
    expect(rows, `seed ${seed}, round ${round}: ${some.join()} of ${text}`).toEqual(
      expected.map((row) => some.map((index) => row[index])),
    );
  }
});

test('cut, flipped and random bytes are an error or a row, and soon', () => {
  const random = new RandomAvro(seed + 1);
  let inputs = 0;
  while (inputs < 100_000) {
    const schema = random.record();
    const text = JSON.stringify(schema);
    const type = avsc.Type.forSchema(schema as avsc.Schema, { wrapUnions: true });
    const complex = random.below(2) === 0 ? 'native' : 'json';
    const { columns } = columnsOfAvro(parseAvroSchema(text), complex);
    // Some of the fields are skipped.
    const fields = columns.map(({ field }) => field).filter((_, index) => index === 0 || random.below(3) > 0);
    const good = type.toBuffer(random.value(schema));
    const records = Array.from({ length: 1000 }, () => random.damaged(good));
    const before = performance.now();
    const outcomes = readAvro(fields, records, { written: text }, 64);
    expect(performance.now() - before, text).toBeLessThan(50 * records.length);
    expect(outcomes).toHaveLength(records.length);
    for (const outcome of outcomes) expect(outcome).toBeDefined();
    inputs += records.length;
  }
});
