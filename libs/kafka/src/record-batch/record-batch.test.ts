import { describe, expect, test } from 'vitest';
import type { CompressionName } from '../contracts/produce.ts';
import { BatchWriter } from './batch-writer.ts';
import { crc32c } from './crc32c.ts';
import { decompressSegments } from './decompress-segments.ts';
import { at, attribute } from './layout.ts';
import { decodeHeaders, encodeHeaders } from './record-headers.ts';
import { RecordIndexBuffer } from './record-index.ts';
import { safeInt64, walkBatches } from './walk-batches.ts';

const origin = { topic: 'orders', partition: 3 };
const ample = { batchBytes: 1 << 30, roomBytes: () => 1 << 30, took: () => {} };
const utf8 = (text: string): Buffer => Buffer.from(text);

interface Plain {
  key: string | null;
  value: string | null;
  timestampMs: number;
  headers?: [string, string | null][];
}

/** Encodes through the writer as generated encoders do: reserve, write in place, commit. */
function write(writer: BatchWriter, { key, value, timestampMs, headers }: Plain): void {
  const bytes = utf8(value ?? '');
  if (key === null) writer.reserve(bytes.length + 7);
  else writer.reserveWithKey(utf8(`<${key}>`), 1, 1 + utf8(key).length, bytes.length + 7);
  if (value === null) return writer.commitTombstone(timestampMs);
  writer.buffer.set(bytes, writer.valueStart);
  const end = writer.valueStart + bytes.length;
  if (headers === undefined) return writer.commitRecord(end, timestampMs);
  const encoded = encodeHeaders(headers.map(([k, v]) => ({ key: k, value: v === null ? null : utf8(v) })));
  writer.commitRecordWithHeaders(end, timestampMs, encoded, 0, encoded.length);
}

interface BatchOptions {
  compression?: CompressionName;
  baseOffset?: number;
  producerId?: bigint;
  transactional?: boolean;
  control?: 'commit' | 'abort';
}

async function batch(records: Plain[], options: BatchOptions = {}): Promise<Buffer> {
  const writer = new BatchWriter(1 << 20);
  for (const record of records) write(writer, record);
  await writer.seal(options.compression ?? 'none', options.transactional ?? false);
  const bytes = Buffer.from(writer.stamp(options.producerId ?? -1n, 0, 0));
  bytes.writeBigInt64BE(BigInt(options.baseOffset ?? 0), at.baseOffset);
  return bytes;
}

/** An end marker as a broker writes it: key is version 0 and type. */
async function marker(kind: 'commit' | 'abort', producerId: bigint, offset: number): Promise<Buffer> {
  const writer = new BatchWriter(1 << 20);
  writer.reserveWithKey(Uint8Array.of(0, 0, 0, kind === 'commit' ? 1 : 0), 0, 4, 6);
  writer.buffer.fill(0, writer.valueStart, writer.valueStart + 6);
  writer.commitRecord(writer.valueStart + 6, 0);
  await writer.seal('none', true);
  const bytes = Buffer.from(writer.stamp(producerId, 0, -1));
  bytes.writeBigInt64BE(BigInt(offset), at.baseOffset);
  bytes.writeInt16BE(attribute.transactional | attribute.control, at.attributes);
  bytes.writeUInt32BE(crc32c(bytes, at.attributes, bytes.length), at.crc);
  return bytes;
}

async function read(
  bytes: Buffer,
  startOffset = 0,
  aborted: { producerId: bigint; firstOffset: number }[] | null = null,
): Promise<{ records: (Plain & { offset: number })[]; nextOffset: number; cutOffBatchBytes: number }> {
  const walked = walkBatches(bytes, startOffset, aborted, origin);
  const { data, segments } = await decompressSegments(bytes, walked.segments, origin, ample);
  const index = new RecordIndexBuffer();
  index.reset(data, 0);
  for (const segment of segments) index.append(segment, startOffset, origin);
  const text = (start: number, end: number): string | null =>
    start < 0 ? null : Buffer.from(data.subarray(start, end)).toString();
  const records = Array.from({ length: index.count }, (_, i) => {
    const headers = decodeHeaders(data, index.headerStarts[i] ?? 0, index.headerEnds[i] ?? 0);
    return {
      offset: index.offsets[i] ?? -1,
      key: text(index.keyStarts[i] ?? 0, index.keyEnds[i] ?? 0),
      value: text(index.valueStarts[i] ?? 0, index.valueEnds[i] ?? 0),
      timestampMs: index.timestampsMs[i] ?? 0,
      ...(headers.length === 0
        ? {}
        : {
            headers: headers.map((h): [string, string | null] => [
              h.key,
              h.value && Buffer.from(h.value).toString(),
            ]),
          }),
    };
  });
  return { records, nextOffset: walked.nextOffset, cutOffBatchBytes: walked.cutOffBatchBytes };
}

const mixed: Plain[] = [
  { key: null, value: 'plain', timestampMs: 1_700_000_000_000 },
  { key: 'k', value: 'x'.repeat(63), timestampMs: 1_700_000_000_001 },
  { key: 'a key of some length', value: 'x'.repeat(64), timestampMs: 1_600_000_000_000 },
  { key: '', value: '', timestampMs: 1_700_000_000_000 },
  { key: 'gone', value: null, timestampMs: 1_700_000_100_000 },
  { key: null, value: null, timestampMs: 1_700_000_000_000 },
  { key: null, value: 'y'.repeat(9_000), timestampMs: 1_800_000_000_000 },
  { key: 'k'.repeat(200), value: 'z'.repeat(100_000), timestampMs: 0 },
  {
    key: 'h',
    value: 'with headers',
    timestampMs: 5,
    headers: [
      ['trace', 'abc'],
      ['empty', ''],
      ['null', null],
    ],
  },
  { key: null, value: 'ünïcødé', timestampMs: 2 ** 41 },
];

describe('a batch that was written is read back', () => {
  test.each<CompressionName>(['none', 'gzip', 'snappy', 'lz4', 'zstd'])(
    'with compression %s',
    async (compression) => {
      const { records, nextOffset } = await read(
        await batch(mixed, { compression, baseOffset: 2 ** 33 }),
        2 ** 33,
      );
      expect(records).toEqual(mixed.map((record, i) => ({ ...record, offset: 2 ** 33 + i })));
      expect(nextOffset).toBe(2 ** 33 + mixed.length);
    },
  );

  test('in any order of value sizes, whatever width was guessed before', async () => {
    const sizes = [0, 1, 62, 63, 64, 8_190, 8_191, 8_192, 5, 1_048_576, 3, 70, 56, 57, 58, 59];
    const records = sizes.flatMap((size, i): Plain[] => [
      { key: null, value: 'v'.repeat(size), timestampMs: i * 1000 },
      { key: 'k'.repeat(size % 300), value: `${i}`, timestampMs: 10 - i },
      { key: 'k'.repeat(i * 5), value: null, timestampMs: 2 ** (i + 20) },
    ]);
    const back = await read(await batch(records));
    expect(back.records).toEqual(records.map((record, i) => ({ ...record, offset: i })));
  });

  test('with 100,000 records', async () => {
    const records = Array.from({ length: 100_000 }, (_, i): Plain => ({
      key: null,
      value: `v${i}`,
      timestampMs: i,
    }));
    const back = await read(await batch(records, { compression: 'lz4' }));
    expect(back.records).toHaveLength(100_000);
    expect(back.records[99_999]).toEqual({ key: null, value: 'v99999', timestampMs: 99_999, offset: 99_999 });
  });

  test('after the writer was used for another batch', async () => {
    const writer = new BatchWriter(1 << 20);
    write(writer, { key: 'old', value: 'x'.repeat(500), timestampMs: 9 });
    await writer.seal('none', false);
    writer.reset();
    write(writer, { key: null, value: 'new', timestampMs: 4 });
    await writer.seal('none', false);
    expect((await read(Buffer.from(writer.stamp(1n, 0, 0)))).records).toEqual([
      { key: null, value: 'new', timestampMs: 4, offset: 0 },
    ]);
  });
});

describe('several batches in one answer', () => {
  test('make one index, compressed and plain ones mixed', async () => {
    const value = (text: string): Plain[] => [{ key: null, value: text, timestampMs: 1 }];
    const bytes = Buffer.concat([
      await batch(value('a'.repeat(100)), { baseOffset: 10, compression: 'zstd' }),
      await batch(value('b'), { baseOffset: 11 }),
      await batch(value('c'.repeat(100)), { baseOffset: 15, compression: 'gzip' }),
    ]);
    const { records, nextOffset } = await read(bytes, 10);
    expect(records.map((r) => [r.offset, r.value?.[0]])).toEqual([
      [10, 'a'],
      [11, 'b'],
      [15, 'c'],
    ]);
    expect(nextOffset).toBe(16);
  });

  test('records before the wanted offset are left out', async () => {
    const { records } = await read(await batch(mixed, { baseOffset: 100 }), 104);
    expect(records.map((r) => r.offset)).toEqual([104, 105, 106, 107, 108, 109]);
  });

  test('a batch that is cut off at the end is left for the next fetch', async () => {
    const whole = await batch(mixed.slice(0, 2), { baseOffset: 0 });
    const next = await batch(mixed, { baseOffset: 2 });
    for (const cut of [1, 11, 12, 16, 40, 61, next.length - 1]) {
      const { records, nextOffset, cutOffBatchBytes } = await read(
        Buffer.concat([whole, next.subarray(0, cut)]),
      );
      expect(records).toHaveLength(2);
      expect(nextOffset).toBe(2);
      expect(cutOffBatchBytes).toBe(cut < 12 ? 61 : next.length);
    }
  });
});

describe('damage is an error with its place', () => {
  test('every flipped byte that the checksum covers, and the checksum', async () => {
    const good = await batch(mixed.slice(0, 4), { baseOffset: 7 });
    for (let position = at.crc; position < good.length; position++) {
      const bad = Buffer.from(good);
      bad[position] = (bad[position] ?? 0) ^ 0x10;
      await expect(read(bad, 7)).rejects.toThrow(/corrupt at topic 'orders', partition 3, offset 7.*CRC-32C/);
    }
  });

  test('records that do not fit their batch, though the checksum is right', async () => {
    for (const change of [
      (b: Buffer) => b.writeInt32BE(5, at.recordCount),
      (b: Buffer) => (b[61] = 0x7f),
      (b: Buffer) => b.writeInt32BE(3, at.recordCount),
    ]) {
      const bad = await batch(mixed.slice(0, 4));
      change(bad);
      bad.writeUInt32BE(crc32c(bad, at.attributes, bad.length), at.crc);
      await expect(read(bad)).rejects.toThrow(/record \d of \d doesn't fit/);
    }
  });

  test('compressed bytes that are none', async () => {
    const bad = await batch(mixed, { compression: 'gzip' });
    bad.fill(1, 61);
    bad.writeUInt32BE(crc32c(bad, at.attributes, bad.length), at.crc);
    await expect(read(bad)).rejects.toThrow(/partition 3, offset 0.*can't be decompressed/);
  });

  test('a length shorter than a header, and a message format of old', async () => {
    const short = await batch(mixed);
    short.writeInt32BE(3, at.batchLength);
    await expect(read(short)).rejects.toThrow(/its length says 15 bytes/);
    const old = await batch(mixed);
    old[at.magic] = 1;
    await expect(read(old)).rejects.toMatchObject({ code: 'WEIR-4013' });
  });
});

describe('read_committed', () => {
  const one = (value: string): Plain[] => [{ key: null, value, timestampMs: 1 }];
  const data = (value: string, producerId: bigint, baseOffset: number): Promise<Buffer> =>
    batch(one(value), { producerId, baseOffset, transactional: true });

  test('two aborted transactions of one producer in one fetch, a committed one between and after', async () => {
    const bytes = Buffer.concat([
      await data('aborted 1', 5n, 0),
      await marker('abort', 5n, 1),
      await data('committed 1', 5n, 2),
      await marker('commit', 5n, 3),
      await data('aborted 2', 5n, 4),
      await data('aborted 2', 5n, 5),
      await marker('abort', 5n, 6),
      await data('committed 2', 5n, 7),
      await marker('commit', 5n, 8),
    ]);
    for (const order of [
      [0, 4],
      [4, 0],
    ]) {
      const aborted = order.map((firstOffset) => ({ producerId: 5n, firstOffset }));
      const { records, nextOffset } = await read(bytes, 0, aborted);
      expect(records.map((r) => r.value)).toEqual(['committed 1', 'committed 2']);
      expect(nextOffset).toBe(9);
    }
  });

  test('interleaved producers, the aborted list unsorted', async () => {
    const bytes = Buffer.concat([
      await data('c', 1n, 0),
      await data('a', 2n, 1),
      await data('a', 3n, 2),
      await batch(one('no transaction'), { baseOffset: 3 }),
      await marker('abort', 3n, 4),
      await data('c', 3n, 5),
      await marker('commit', 1n, 6),
      await data('a', 2n, 7),
      await marker('abort', 2n, 8),
      await marker('commit', 3n, 9),
    ]);
    const aborted = [
      { producerId: 3n, firstOffset: 2 },
      { producerId: 2n, firstOffset: 1 },
    ];
    const { records } = await read(bytes, 0, aborted);
    expect(records.map((r) => [r.offset, r.value])).toEqual([
      [0, 'c'],
      [3, 'no transaction'],
      [5, 'c'],
    ]);
  });

  test('a user key of bytes 00 00 00 00 is no abort marker', async () => {
    const bytes = Buffer.concat([
      await batch([{ key: '\0\0\0\0', value: 'aborted', timestampMs: 1 }], {
        producerId: 5n,
        transactional: true,
      }),
      await data('aborted too', 5n, 1),
      await marker('abort', 5n, 2),
    ]);
    expect((await read(bytes, 0, [{ producerId: 5n, firstOffset: 0 }])).records).toEqual([]);
  });

  test('a fetch that begins inside an aborted transaction, and one with nothing but its marker', async () => {
    const bytes = Buffer.concat([await data('aborted', 5n, 4), await marker('abort', 5n, 5)]);
    expect(await read(bytes, 4, [{ producerId: 5n, firstOffset: 1 }])).toMatchObject({
      records: [],
      nextOffset: 6,
    });
    expect(await read(await marker('commit', 5n, 8), 8, [])).toMatchObject({ records: [], nextOffset: 9 });
  });

  test('read_uncommitted sees aborted records but no markers', async () => {
    const bytes = Buffer.concat([await data('aborted', 5n, 0), await marker('abort', 5n, 1)]);
    expect(await read(bytes)).toMatchObject({ records: [{ value: 'aborted' }], nextOffset: 2 });
  });
});

test('log append time counts for all records of a batch', async () => {
  const bytes = await batch(mixed.slice(0, 3));
  bytes.writeInt16BE(attribute.logAppendTime, at.attributes);
  bytes.writeBigInt64BE(77n, at.maxTimestamp);
  bytes.writeUInt32BE(crc32c(bytes, at.attributes, bytes.length), at.crc);
  expect((await read(bytes)).records.map((r) => r.timestampMs)).toEqual([77, 77, 77]);
  expect(safeInt64(bytes, at.maxTimestamp)).toBe(77);
});
