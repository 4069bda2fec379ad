import { compressionName, decompress } from './compression.ts';
import { corruptBatch } from './corrupt-batch.ts';
import type { BatchOrigin } from './corrupt-batch.ts';
import type { BatchSegment } from './walk-batches.ts';

/** Segments, all uncompressed, of one buffer. */
export interface ReadableSegments {
  readonly data: Uint8Array;
  readonly segments: readonly BatchSegment[];
}

export function anyCompressed(segments: readonly BatchSegment[]): boolean {
  return segments.some((segment) => segment.codec !== 0);
}

/**
 * Decompresses the segments and lays all of them one after another into one new buffer (a topic may hold compressed and
 * plain batches mixed), so that one index and one column can refer to it.
 */
export async function decompressSegments(
  bytes: Buffer,
  segments: readonly BatchSegment[],
  origin: BatchOrigin,
): Promise<ReadableSegments> {
  const parts = await Promise.all(
    segments.map(async (segment) => {
      const packed = bytes.subarray(segment.start, segment.end);
      try {
        return await decompress(compressionName(segment.codec), packed);
      } catch (error) {
        throw corruptBatch(origin, segment.baseOffset, "its records can't be decompressed", error);
      }
    }),
  );
  const first = parts[0];
  const data = parts.length === 1 && first !== undefined ? first : Buffer.concat(parts);
  let start = 0;
  const readable = segments.map((segment, i) => {
    const end = start + (parts[i]?.length ?? 0);
    const moved = { ...segment, codec: 0, start, end };
    start = end;
    return moved;
  });
  return { data, segments: readable };
}
