/*
 * Client CPU of record batches of ~220 byte records, without a broker: CRC, batch headers and index, encoding, each compression.
 * node libs/kafka/bench/record-batch.bench.ts [rounds]
 */
import type { CompressionName } from '../src/contracts/produce.ts';
import { BatchWriter } from '../src/record-batch/batch-writer.ts';
import { crc32c } from '../src/record-batch/crc32c.ts';
import { decompressSegments } from '../src/record-batch/decompress-segments.ts';
import { RecordIndexBuffer } from '../src/record-batch/record-index.ts';
import { walkBatches } from '../src/record-batch/walk-batches.ts';

const rounds = Number(process.argv[2] ?? 7);
const origin = { topic: 'bench', partition: 0 };
/** What producers send: 64 KB. What Weir writes: 960 KB. */
const fetchedBatchBytes = 64 * 1024;
const writtenBatchBytes = 960 * 1024;
const fetchedBytes = 8 * 1024 * 1024;

let state = 1;
function random(below: number): number {
  state = (Math.imul(state, 1103515245) + 12345) & 0x7fffffff;
  return state % below;
}

const letters = (length: number): string =>
  Array.from({ length }, () => String.fromCharCode(97 + random(26))).join('');
const values = Array.from({ length: 4096 }, (_, index) =>
  Buffer.from(
    `{"auction":${1000 + random(100_000)},"bidder":${1000 + random(100_000)},"price":${random(1e8)},"channel":"channel-${index % 1000}","url":"https://www.nexmark.com/${letters(5)}/${letters(5)}/${letters(5)}/item.htm?query=1&channel_id=${random(1e9)}","dateTime":"2026-01-01 00:00:00.${100 + (index % 900)}","extra":"${letters(random(48))}"}`,
  ),
);

function fill(writer: BatchWriter, from: number): number {
  let count = from;
  for (;;) {
    const value = values[count % values.length]!;
    if (!writer.fits(value.length)) return count;
    writer.reserve(value.length);
    writer.buffer.set(value, writer.valueStart);
    writer.commitRecord(writer.valueStart + value.length, 1_767_225_600_000 + count);
    count += 1;
  }
}

async function answerOf(compression: CompressionName): Promise<{ bytes: Buffer; records: number }> {
  const parts: Buffer[] = [];
  let records = 0;
  let bytes = 0;
  while (bytes < fetchedBytes) {
    const writer = new BatchWriter(fetchedBatchBytes);
    const next = fill(writer, records);
    await writer.seal(compression, false);
    const batch = writer.stamp(1n, 0, 0);
    batch.writeUInt32BE(Math.floor(records / 2 ** 32), 0);
    batch.writeUInt32BE(records, 4);
    parts.push(Buffer.from(batch));
    bytes += next === records ? fetchedBytes : writer.byteLength;
    records = next;
  }
  return { bytes: Buffer.concat(parts), records };
}

/** @returns CPU seconds of the best round */
async function best(run: () => unknown): Promise<number> {
  let least = Infinity;
  for (let round = 0; round < rounds; round += 1) {
    const before = process.cpuUsage();
    await run();
    const used = process.cpuUsage(before);
    least = Math.min(least, (used.user + used.system) / 1e6);
  }
  return least;
}

function report(name: string, records: number, seconds: number, more: Record<string, number> = {}): void {
  const recordsPerCpuSecond = Math.round(records / seconds);
  const cpuSecondsPerMillion = Number(((seconds / records) * 1e6).toFixed(4));
  console.log(JSON.stringify({ name, recordsPerCpuSecond, cpuSecondsPerMillion, ...more }));
}

const { bytes, records } = await answerOf('none');
const repeats = 10;
const crcSeconds = await best(() => {
  for (let time = 0; time < repeats; time += 1) crc32c(bytes, 0, bytes.length);
});
const gigabytesPerCpuSecond = Number(((bytes.length * repeats) / crcSeconds / 1e9).toFixed(2));
report('CRC-32C', records * repeats, crcSeconds, { gigabytesPerCpuSecond });

const index = new RecordIndexBuffer();
const indexAll = (): void => {
  const { segments } = walkBatches(bytes, 0, null, origin);
  index.reset(bytes, records);
  for (const segment of segments) index.append(segment, 0, origin);
};
report('fetch: CRC, batch headers and record index', records * repeats, await best(() => {
  for (let time = 0; time < repeats; time += 1) indexAll();
})); // prettier-ignore
const { segments } = walkBatches(bytes, 0, null, origin);
report('fetch: record index alone', records * repeats, await best(() => {
  for (let time = 0; time < repeats; time += 1) {
    index.reset(bytes, records);
    for (const segment of segments) index.append(segment, 0, origin);
  }
})); // prettier-ignore

const writer = new BatchWriter(writtenBatchBytes);
const written = fill(writer, 0);
report('batch: values copied, heads, CRC', written * repeats, await best(async () => {
  for (let time = 0; time < repeats; time += 1) {
    writer.reset();
    fill(writer, 0);
    await writer.seal('none', false);
    writer.stamp(1n, 0, 0);
  }
})); // prettier-ignore

for (const compression of ['gzip', 'snappy', 'lz4', 'zstd'] as const) {
  let packedBytes = 0;
  const seconds = await best(async () => {
    writer.reset();
    fill(writer, 0);
    await writer.seal(compression, false);
    packedBytes = writer.stamp(1n, 0, 0).length;
  });
  const percentOfPlain = Math.round((100 * packedBytes) / writer.byteLength);
  report(`batch with ${compression}`, written, seconds, { percentOfPlain });
}
const limits = { batchBytes: 128 * 1024 * 1024, roomBytes: () => 1 << 30, took: () => {} };
for (const compression of ['gzip', 'snappy', 'lz4', 'zstd'] as const) {
  const packed = await answerOf(compression);
  const walked = walkBatches(packed.bytes, 0, null, origin);
  let leastMs = Infinity;
  // Batches are decompressed one after the other: the time that passes counts beside the CPU.
  const seconds = await best(async () => {
    const startMs = performance.now();
    await decompressSegments(packed.bytes, walked.segments, origin, limits);
    leastMs = Math.min(leastMs, performance.now() - startMs);
  });
  const recordsPerSecond = Math.round((packed.records / leastMs) * 1000);
  report(`fetch: decompress ${compression}`, packed.records, seconds, { recordsPerSecond });
}
