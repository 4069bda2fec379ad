import { partWithoutHeaders } from '../src/decoder.ts';
import { BatchBuilder } from '@weir/columnar/column-builder.ts';
import { FrameReader } from '@weir/columnar/frame-reader.ts';
import { FrameWriter } from '@weir/columnar/frame-writer.ts';
import { BatchPartitioner } from '@weir/columnar/partition-batch.ts';
import {
  bigintType,
  doubleType,
  textType,
  timestampType,
  type Field,
  type SqlType,
} from '@weir/columnar/sql-type.ts';
import { jsonFormat } from '../src/json/json-format.ts';
import { indexRecords, makeBids, type Records } from './bids.ts';
import { best, report } from '../src/testing/measure.ts';

/*
 * node libs/formats/bench/json.bench.ts [rounds]
 * A line a step: the best of the rounds, CPU time of this process; records of a fetched buffer into columns and back.
 */

const column = (name: string, type: SqlType): Field => ({ name, type, nullable: true });
const bid: Field[] = [
  column('auction', bigintType),
  column('bidder', bigintType),
  column('price', bigintType),
  column('channel', textType),
  column('url', textType),
  column('dateTime', timestampType),
  column('extra', textType),
];
const count = 100_000;
const rounds = Number(process.argv[2] ?? 10);
const target = new Uint8Array(2 << 20);

function decoding(fields: Field[], records: Records): () => void {
  const decoder = jsonFormat.createDecoder({ fields }, {});
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

/** Steps over the rows of one decoded batch, many times. */
function overBatch(fields: Field[], records: Records) {
  const decoder = jsonFormat.createDecoder({ fields }, {});
  const into = new BatchBuilder({ fields });
  decoder.decode(partWithoutHeaders(records.data, records.starts, records.ends), 0, 4096, into);
  return { batch: into.batch(), schema: { fields }, times: Math.ceil(count / 4096) };
}

function encoding(fields: Field[], records: Records): () => void {
  const { batch, schema, times } = overBatch(fields, records);
  const encoder = jsonFormat.createEncoder(schema, {});
  return () => {
    for (let time = 0; time < times; time += 1) {
      encoder.begin(batch);
      let at = 0;
      for (let row = 0; row < batch.rowCount; row += 1) {
        if (at + encoder.bound(row) > target.length) at = 0;
        at = encoder.encode(row, target, at);
      }
    }
  };
}

const bids = makeBids(count);
const texts = Array.from({ length: count }, (_, i) =>
  Buffer.from(bids.data.buffer, bids.starts[i], bids.ends[i]! - bids.starts[i]!).toString(),
);
const objects = texts.map((text) => JSON.parse(text) as Record<string, unknown>);
const nested = indexRecords(
  objects.map((value) => JSON.stringify({ event_type: 2, person: null, auction: null, bid: value })),
);
const nestedFields = [column('event_type', bigintType), column('bid', { kind: 'struct', fields: bid })];
const wide = indexRecords(
  objects.map((value) => {
    const entries = Array.from({ length: 36 }, (_, i) => [
      `field_${i}`,
      i % 3 === 0 ? i * 1.5 : `value ${i}`,
    ]);
    return JSON.stringify({ ...Object.fromEntries(entries.slice(0, 18)), ...value, ...Object.fromEntries(entries.slice(18)) }); // prettier-ignore
  }),
);
const escaped = indexRecords(
  objects.map((value) => JSON.stringify({ ...value, extra: `"${String(value['extra'])}"\n` })),
);
const shuffled = indexRecords(
  objects.map((value, i) => {
    const entries = Object.entries(value);
    return JSON.stringify(Object.fromEntries([...entries.slice(i % 7), ...entries.slice(0, i % 7)]));
  }),
);
const doubles = indexRecords(
  objects.map((value) => JSON.stringify({ ...value, price: Number(value['price']) * 0.908 })),
);
const doubleFields = bid.map((field) => (field.name === 'price' ? column('price', doubleType) : field));

const decodings: readonly (readonly [string, Field[], Records])[] = [
  ['flat, 7 of 7 columns', bid, bids],
  ['flat, 2 of 7 columns', [bid[0]!, bid[2]!], bids],
  ['price as DOUBLE', doubleFields, doubles],
  ['nested', nestedFields, nested],
  ['wide, 4 of 43 columns', [bid[0]!, bid[2]!, bid[4]!, column('field_30', doubleType)], wide],
  ['escapes in each record', bid, escaped],
  ['seven orders of fields', bid, shuffled],
];
for (const [name, fields, records] of decodings)
  report(`decode: ${name}`, count, best(rounds, decoding(fields, records)));
for (const [name, fields, records] of decodings.slice(0, 6)) {
  report(`encode: ${name}`, Math.ceil(count / 4096) * 4096, best(rounds, encoding(fields, records)));
}

const { batch, schema, times } = overBatch(bid, bids);
const writer = new FrameWriter(schema);
const reader = new FrameReader(schema);
const frame = writer.write(batch);
const partitioner = new BatchPartitioner(4, 128);
const repeat = (run: () => void) => () => {
  for (let time = 0; time < times; time += 1) run();
};
report(
  'frame: write, 7 columns',
  times * 4096,
  best(
    rounds,
    repeat(() => writer.write(batch)),
  ),
);
report(
  'frame: read',
  times * 4096,
  best(
    rounds,
    repeat(() => reader.read(frame)),
  ),
);
report(
  'partition by auction, 4 targets',
  times * 4096,
  best(
    rounds,
    repeat(() => partitioner.partition(batch, [0])),
  ),
);
report(
  'partition and write 4 frames',
  times * 4096,
  best(
    rounds,
    repeat(() => {
      partitioner.partition(batch, [0]);
      for (let to = 0; to < 4; to += 1) writer.write(batch, partitioner.selection(to), partitioner.count(to));
    }),
  ),
);
const narrow = overBatch([bid[0]!, bid[2]!, bid[5]!], bids);
const narrowWriter = new FrameWriter(narrow.schema);
report(
  'frame: write, 3 numeric columns',
  times * 4096,
  best(
    rounds,
    repeat(() => narrowWriter.write(narrow.batch)),
  ),
);
