import { randomBytes } from 'node:crypto';
import zlib from 'node:zlib';
import { compressFrameSync } from 'lz4-napi';
import { describe, expect, test } from 'vitest';
import type { CompressionName } from '../contracts/produce.ts';
import { compress, compressionCode } from './compression.ts';
import { decompressSegments, type DecompressionLimits } from './decompress-segments.ts';
import { isLz4Above } from './lz4-size.ts';
import { xerialSize } from './snappy-xerial.ts';
import type { BatchSegment } from './walk-batches.ts';

const origin = { topic: 'orders', partition: 3 };
const codecs: CompressionName[] = ['none', 'gzip', 'snappy', 'lz4', 'zstd'];
const MiB = 1024 * 1024;

/** Batches of these contents one after another, as they lie in an answer. */
async function answerOf(codec: CompressionName, contents: readonly Uint8Array[]) {
  const packed = await Promise.all(contents.map((content) => compress(codec, content)));
  let start = 0;
  const segments = packed.map((bytes, index): BatchSegment => {
    const segment = { start, end: start + bytes.length, baseOffset: 100 * index };
    start = segment.end;
    return {
      ...segment,
      codec: compressionCode[codec],
      recordCount: 1,
      baseTimestampMs: 0,
      appendTimeMs: -1,
    };
  });
  return { bytes: Buffer.concat(packed), segments };
}

function limits(batchBytes: number, roomBytes: number): DecompressionLimits & { taken: number[] } {
  const taken: number[] = [];
  const left = (): number => roomBytes - taken.reduce((sum, one) => sum + one, 0);
  return { batchBytes, roomBytes: left, took: (bytes) => void taken.push(bytes), taken };
}

describe.each(codecs)('fault 1.2.5: %s', (codec) => {
  test('what comes out is counted as it comes, and ends where there is no room', async () => {
    const contents = [1, 2, 3, 4].map((value) => Buffer.alloc(MiB, value));
    const { bytes, segments } = await answerOf(codec, contents);
    const budget = limits(8 * MiB, 2.5 * MiB);
    const readable = await decompressSegments(bytes, segments, origin, budget);
    expect(readable.segments.map(({ baseOffset, start, end }) => [baseOffset, start, end])).toEqual([
      [0, 0, MiB],
      [100, MiB, 2 * MiB],
    ]);
    expect(Buffer.compare(readable.data, Buffer.concat(contents.slice(0, 2)))).toBe(0);
    expect(budget.taken).toEqual([MiB, MiB]);
  });

  test('the first batch comes although there is no room', async () => {
    const { bytes, segments } = await answerOf(codec, [Buffer.alloc(MiB, 1), Buffer.alloc(10, 2)]);
    const readable = await decompressSegments(bytes, segments, origin, limits(8 * MiB, 0));
    expect(readable.segments).toHaveLength(1);
  });

  test('a bomb is refused, with its place', async () => {
    const { bytes, segments } = await answerOf(codec, [Buffer.alloc(10), Buffer.alloc(64 * MiB)]);
    const budget = limits(16 * MiB, 1024 * MiB);
    await expect(decompressSegments(bytes, segments, origin, budget)).rejects.toMatchObject({
      code: 'WEIR-4014',
      message:
        "a record batch at topic 'orders', partition 3, offset 100 has over 16 MiB when it is decompressed",
    });
    expect(budget.taken).toEqual([10]);
  });
});

test.each([1, 65_535, 65_536, 300_000])(
  'the size of %i bytes is known before they are decompressed',
  async (size) => {
    for (const content of [randomBytes(size), Buffer.alloc(size, 7)]) {
      expect(xerialSize(await compress('snappy', content))).toBe(size);
      const frame = compressFrameSync(content, { contentChecksum: true, blockChecksums: true });
      expect([isLz4Above(frame, size - 1), isLz4Above(frame, size)]).toEqual([true, false]);
    }
  },
);

test('damaged sizes are damage, not a size', async () => {
  for (const [codec, bytes] of [
    ['lz4', Buffer.from('no frame at all')],
    ['lz4', compressFrameSync(Buffer.alloc(1000)).subarray(0, 12)],
    ['snappy', Buffer.from([0xff, 0xff, 0xff, 0xff, 0xff, 0xff])],
    ['gzip', zlib.gzipSync(Buffer.alloc(1000)).subarray(0, 15)],
  ] as const) {
    const segment = {
      start: 0,
      end: bytes.length,
      codec: compressionCode[codec],
      baseOffset: 7,
      recordCount: 1,
      baseTimestampMs: 0,
      appendTimeMs: -1,
    };
    await expect(decompressSegments(bytes, [segment], origin, limits(MiB, MiB)), codec).rejects.toMatchObject(
      {
        code: 'WEIR-4010',
        message: expect.stringContaining('offset 7'),
      },
    );
  }
});
