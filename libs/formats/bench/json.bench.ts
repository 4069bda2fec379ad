import { BatchBuilder } from '@weir/columnar/column-builder.ts';
import { bigintType, textType, timestampType, type Field } from '@weir/columnar/sql-type.ts';
import { jsonFormat } from '../src/json/json-format.ts';
import { makeBids } from './bids.ts';

const bid: Field[] = [
  { name: 'auction', type: bigintType, nullable: true },
  { name: 'bidder', type: bigintType, nullable: true },
  { name: 'price', type: bigintType, nullable: true },
  { name: 'channel', type: textType, nullable: true },
  { name: 'url', type: textType, nullable: true },
  { name: 'dateTime', type: timestampType, nullable: true },
  { name: 'extra', type: textType, nullable: true },
];

const count = 200_000;
const rounds = Number(process.argv[2] ?? 10);
const { data, starts, ends } = makeBids(count);
const target = new Uint8Array(2 << 20);

function measure(name: string, run: () => void): void {
  let best = Infinity;
  for (let round = 0; round < rounds; round += 1) {
    const before = process.cpuUsage();
    run();
    const used = process.cpuUsage(before);
    best = Math.min(best, (used.user + used.system) / 1e6);
  }
  console.log(
    JSON.stringify({
      name,
      recordsPerCpuSecond: Math.round(count / best),
      cpuSecondsPerMillion: Number(((best / count) * 1e6).toFixed(3)),
    }),
  );
}

function pass(fields: Field[], encode: boolean): () => void {
  const decoder = jsonFormat.createDecoder({ fields }, {});
  const encoder = jsonFormat.createEncoder({ fields }, {});
  const into = new BatchBuilder({ fields });
  return () => {
    for (let from = 0; from < count;) {
      into.reset();
      from += decoder.decode(data, starts, ends, from, count - from, into);
      if (decoder.error !== null) throw decoder.error;
      if (!encode) continue;
      const batch = into.batch();
      encoder.begin(batch);
      let at = 0;
      for (let row = 0; row < batch.rowCount; row += 1) {
        if (at + encoder.bound(row) > target.length) at = 0;
        at = encoder.encode(row, target, at);
      }
    }
  };
}

console.log(JSON.stringify({ bytesPerRecord: Math.round(data.length / count - 8) }));
measure('decode, 7 of 7 columns', pass(bid, false));
measure('decode, auction and price', pass([bid[0]!, bid[2]!], false));
measure('decode and encode, 7 columns', pass(bid, true));
