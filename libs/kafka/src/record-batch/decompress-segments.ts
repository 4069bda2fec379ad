import { compressionName, decompress, TooMuchDecompressed } from './compression.ts';
import { corruptBatch, oversizedBatch } from './corrupt-batch.ts';
import type { BatchOrigin } from './corrupt-batch.ts';
import type { BatchSegment } from './walk-batches.ts';

/** Segments, all uncompressed, of one buffer. */
export interface ReadableSegments {
  readonly data: Uint8Array;
  readonly segments: readonly BatchSegment[];
}

/** How much may be decompressed. */
export interface DecompressionLimits {
  /** One batch, whatever else is held: more is refused. */
  readonly batchBytes: number;
  /** What is left for further ones at this moment: those that don't fit are left for later. */
  readonly roomBytes: () => number;
  /** Told of each as it comes. */
  readonly took: (bytes: number) => void;
}

export function anyCompressed(segments: readonly BatchSegment[]): boolean {
  return segments.some((segment) => segment.codec !== 0);
}

/**
 * Decompresses the segments, one after the other, and lays them into one new buffer (a topic may hold compressed and plain batches
 * mixed), so that one index and one column can refer to it. The first always comes; at the first of the others for which there is no
 * room it ends.
 * @throws WeirError WEIR-4010 for damage, WEIR-4014 for a batch that is larger than any may be
 */
export async function decompressSegments(
  bytes: Buffer,
  segments: readonly BatchSegment[],
  origin: BatchOrigin,
  limits: DecompressionLimits,
): Promise<ReadableSegments> {
  const parts: Uint8Array[] = [];
  for (const segment of segments) {
    const part = await decompressOne(bytes, segment, origin, limits, parts.length === 0);
    if (part === null) break;
    limits.took(part.length);
    parts.push(part);
  }
  const first = parts[0];
  const data = parts.length === 1 && first !== undefined ? first : Buffer.concat(parts);
  let start = 0;
  const readable = parts.map((part, index) => {
    const moved = { ...(segments[index] as BatchSegment), codec: 0, start, end: start + part.length };
    start += part.length;
    return moved;
  });
  return { data, segments: readable };
}

/** Null when there is no room for it. */
async function decompressOne(
  bytes: Buffer,
  segment: BatchSegment,
  origin: BatchOrigin,
  { batchBytes, roomBytes }: DecompressionLimits,
  isFirst: boolean,
): Promise<Uint8Array | null> {
  const limit = isFirst ? batchBytes : Math.min(batchBytes, roomBytes());
  if (limit <= 0) return null;
  try {
    return await decompress(
      compressionName(segment.codec),
      bytes.subarray(segment.start, segment.end),
      limit,
    );
  } catch (error) {
    if (!(error instanceof TooMuchDecompressed))
      throw corruptBatch(origin, segment.baseOffset, "its records can't be decompressed", error);
    if (limit < batchBytes) return null;
    throw oversizedBatch(origin, segment.baseOffset, batchBytes);
  }
}
