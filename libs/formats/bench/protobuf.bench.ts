import { BatchBuilder } from '@weir/columnar/column-builder.ts';
import { bigintType, textType, type Field, type SqlType } from '@weir/columnar/sql-type.ts';
import protobuf from 'protobufjs';
import { partWithoutHeaders } from '../src/decoder.ts';
import { protobufFormat } from '../src/protobuf/protobuf-format.ts';
import { best, report } from '../src/testing/measure.ts';
import { indexRecords, makeBids, type Records } from './bids.ts';

/*
 * node libs/formats/bench/protobuf.bench.ts [rounds]
 * Bids of about 130 bytes in Protobuf, as an independent encoder writes them, into columns and back: CPU time of this process, the best of the rounds.
 */

const count = 100_000;
const rounds = Number(process.argv[2] ?? 10);
const column = (name: string, type: SqlType): Field => ({ name, type, nullable: true });
const timestamp: SqlType = { kind: 'timestamp', precision: 3, zoned: true };
const columns = [
  column('auction', bigintType),
  column('bidder', bigintType),
  column('price', bigintType),
  column('channel', textType),
  column('url', textType),
  column('dateTime', timestamp),
  column('extra', textType),
];

function schemaOf(optional: string, dateTime: string): string {
  return `syntax = "proto3"; import "google/protobuf/timestamp.proto";
message Bid {
  ${optional} int64 auction = 1; ${optional} int64 bidder = 2; ${optional} int64 price = 3;
  ${optional} string channel = 4; ${optional} string url = 5; ${dateTime} dateTime = 6; ${optional} string extra = 7;
}`;
}

function decoding(fields: Field[], schema: string, records: Records): () => void {
  const decoder = protobufFormat.createDecoder({ fields }, { 'protobuf.schema': schema });
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

function encoding(fields: Field[], schema: string, records: Records): () => void {
  const options = { 'protobuf.schema': schema };
  const decoder = protobufFormat.createDecoder({ fields }, options);
  const into = new BatchBuilder({ fields }, count);
  decoder.decode(partWithoutHeaders(records.data, records.starts, records.ends), 0, count, into);
  const batch = into.batch();
  const encoder = protobufFormat.createEncoder({ fields }, options);
  const target = new Uint8Array(1 << 20);
  return () => {
    encoder.begin(batch);
    let at = 0;
    for (let row = 0; row < count; row += 1) {
      if (at + encoder.bound(row) > target.length) at = 0;
      at = encoder.encode(row, target, at);
    }
  };
}

const bids = makeBids(count);
const objects = Array.from({ length: count }, (_, i) => {
  const text = Buffer.from(bids.data.buffer, bids.starts[i], bids.ends[i]! - bids.starts[i]!).toString();
  return JSON.parse(text) as Record<string, unknown>;
});
const four = [columns[0]!, columns[2]!, columns[3]!, columns[5]!];

for (const [kind, optional, dateTime] of [
  ['required, int64 times', '', 'int64'],
  ['required', '', 'google.protobuf.Timestamp'],
  ['optional', 'optional', 'google.protobuf.Timestamp'],
] as const) {
  const schema = schemaOf(optional, dateTime);
  const root = protobuf.Root.fromJSON({
    nested: protobuf.common.get('google/protobuf/timestamp.proto')?.nested ?? {},
  });
  const type = protobuf.parse(schema, root, { keepCase: true }).root.lookupType('Bid');
  const records = indexRecords(
    objects.map((object) => {
      const ms = Date.parse(String(object['dateTime']));
      const time = { seconds: Math.floor(ms / 1000), nanos: (ms % 1000) * 1e6 };
      return type.encode({ ...object, dateTime: dateTime === 'int64' ? ms : time }).finish();
    }),
  );
  report(`decode protobuf: ${kind}, 7 of 7 fields`, count, best(rounds, decoding(columns, schema, records)));
  report(`encode protobuf: ${kind}, 7 of 7 fields`, count, best(rounds, encoding(columns, schema, records)));
  report(`decode protobuf: ${kind}, 4 of 7 fields`, count, best(rounds, decoding(four, schema, records)));
}
