import type { Batch } from '@weir/columnar/batch.ts';
import { BatchBuilder } from '@weir/columnar/column-builder.ts';
import { bigintType, textType, type Field, type SqlType } from '@weir/columnar/sql-type.ts';
import avsc from 'avsc';
import { avroFormat } from '../src/avro/avro-format.ts';
import { partWithoutHeaders } from '../src/decoder.ts';
import { indexRecords, makeBids, type Records } from './bids.ts';
import { best, report } from '../src/testing/measure.ts';

/*
 * node libs/formats/bench/avro.bench.ts [rounds]
 * Bids of about 130 bytes in Avro, as an independent encoder writes them, into columns, and columns into Avro: CPU time of this process, the
 * best of the rounds.
 */

const count = 100_000;
const rounds = Number(process.argv[2] ?? 10);
const column = (name: string, type: SqlType): Field => ({ name, type, nullable: true });
const millis: SqlType = { kind: 'timestamp', precision: 3, zoned: false };
const columns = [
  column('auction', bigintType),
  column('bidder', bigintType),
  column('price', bigintType),
  column('channel', textType),
  column('url', textType),
  column('dateTime', millis),
  column('extra', textType),
];

function schemaOf(nullable: boolean): object {
  const typeOf = ({ name, type }: Field) => {
    if (name === 'dateTime') return { type: 'long', logicalType: 'timestamp-millis' };
    return type.kind === 'text' ? 'string' : 'long';
  };
  return {
    type: 'record',
    name: 'Bid',
    fields: columns.map((field) => ({
      name: field.name,
      type: nullable ? ['null', typeOf(field)] : typeOf(field),
    })),
  };
}

function decoding(fields: Field[], schema: object, records: Records): () => void {
  const decoder = avroFormat.createDecoder({ fields }, { 'avro.schema': JSON.stringify(schema) });
  const into = new BatchBuilder({ fields });
  const part = partWithoutHeaders(records.data, records.starts, records.ends);
  return () => {
    for (let from = 0; from < count;) {
      into.reset();
      from += decoder.decode(part, from, count - from, into);
      if (decoder.error !== null) throw decoder.error;
    }
  };
}

function encoding(fields: Field[], schema: object, records: Records): () => void {
  const options = { 'avro.schema': JSON.stringify(schema) };
  const decoder = avroFormat.createDecoder({ fields }, options);
  const part = partWithoutHeaders(records.data, records.starts, records.ends);
  const batches: Batch[] = [];
  for (let from = 0; from < count;) {
    const into = new BatchBuilder({ fields });
    from += decoder.decode(part, from, count - from, into);
    batches.push(into.batch());
  }
  const encoder = avroFormat.createEncoder({ fields }, options);
  const target = new Uint8Array(1024 * 1024);
  return () => {
    let at = 0;
    for (const batch of batches) {
      encoder.begin(batch);
      for (let row = 0; row < batch.rowCount; row += 1) {
        if (at + encoder.bound(row) > target.length) at = 0;
        at = encoder.encode(row, target, at);
      }
    }
  };
}

const bids = makeBids(count);
const objects = Array.from({ length: count }, (_, i) => {
  const text = Buffer.from(bids.data.buffer, bids.starts[i], bids.ends[i]! - bids.starts[i]!).toString();
  const bid = JSON.parse(text) as Record<string, unknown>;
  return { ...bid, dateTime: Date.parse(String(bid['dateTime'])) };
});
const four = [columns[0]!, columns[2]!, columns[3]!, columns[5]!];

for (const nullable of [false, true]) {
  const schema = schemaOf(nullable);
  const type = avsc.Type.forSchema(schema as avsc.Schema);
  const records = indexRecords(objects.map((object) => type.toBuffer(object)));
  const kind = nullable ? 'nullable' : 'required';
  report(`decode avro: ${kind}, 7 of 7 fields`, count, best(rounds, decoding(columns, schema, records)));
  report(`decode avro: ${kind}, 4 of 7 fields`, count, best(rounds, decoding(four, schema, records)));
  report(`encode avro: ${kind}, 7 fields`, count, best(rounds, encoding(columns, schema, records)));
}
