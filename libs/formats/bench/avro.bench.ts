import { BatchBuilder } from '@weir/columnar/column-builder.ts';
import { bigintType, textType, timestampType, type Field, type SqlType } from '@weir/columnar/sql-type.ts';
import avsc from 'avsc';
import { avroFormat } from '../src/avro/avro-format.ts';
import { partWithoutHeaders } from '../src/decoder.ts';
import { indexRecords, makeBids, type Records } from './bids.ts';
import { best, report } from '../src/testing/measure.ts';

/*
 * node libs/formats/bench/avro.bench.ts [rounds]
 * Bids of about 130 bytes in Avro, as an independent encoder writes them, into columns: CPU time of this process, the best of the rounds.
 */

const count = 100_000;
const rounds = Number(process.argv[2] ?? 10);
const column = (name: string, type: SqlType): Field => ({ name, type, nullable: true });
const columns = [
  column('auction', bigintType),
  column('bidder', bigintType),
  column('price', bigintType),
  column('channel', textType),
  column('url', textType),
  column('dateTime', timestampType),
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
}
