import { WeirError } from '@weir/kernel/errors.ts';
import { AbortedFilter } from './aborted-filter.ts';
import type { AbortedTransaction } from './aborted-filter.ts';
import { corruptBatch } from './corrupt-batch.ts';
import type { BatchOrigin } from './corrupt-batch.ts';
import { crc32c } from './crc32c.ts';
import { at, attribute, batchHeaderBytes, lengthPrefixBytes } from './layout.ts';

/** The visible records of one batch: [start, end) of the walked bytes, still compressed when `codec` isn't 0. */
export interface BatchSegment {
  readonly start: number;
  readonly end: number;
  readonly codec: number;
  readonly recordCount: number;
  readonly baseOffset: number;
  readonly baseTimestampMs: number;
  /** The broker's time for all of the batch, or -1 when records carry their own. */
  readonly appendTimeMs: number;
}

export interface WalkedBatches {
  readonly segments: readonly BatchSegment[];
  /** After the last complete batch, visible or not; the start offset when there was none. */
  readonly nextOffset: number;
  /** Whole size of a batch that was cut off at the end, 0 when none was: when nothing else came, ask for that many bytes. */
  readonly cutOffBatchBytes: number;
}

/**
 * Walks the record batches of one partition in a Fetch answer: checks each CRC, leaves out control batches, and aborted
 * transactions when `aborted` is given (read_committed).
 * @throws WeirError WEIR-4010 for damage, WEIR-4013 for message formats before magic 2
 */
export function walkBatches(
  bytes: Buffer,
  startOffset: number,
  aborted: readonly AbortedTransaction[] | null,
  origin: BatchOrigin,
): WalkedBatches {
  const filter = aborted === null ? null : new AbortedFilter(aborted);
  const segments: BatchSegment[] = [];
  let nextOffset = startOffset;
  let start = 0;
  while (start + lengthPrefixBytes <= bytes.length) {
    const baseOffset = safeInt64(bytes, start + at.baseOffset);
    const length = bytes.readInt32BE(start + at.batchLength) + lengthPrefixBytes;
    if (start + at.magic < bytes.length && bytes[start + at.magic] !== 2)
      throw oldFormat(bytes[start + at.magic], origin);
    if (length < batchHeaderBytes) throw corruptBatch(origin, baseOffset, `its length says ${length} bytes`);
    const end = start + length;
    if (end > bytes.length) return { segments, nextOffset, cutOffBatchBytes: length };
    checkCrc(bytes, start, end, baseOffset, origin);
    const lastOffset = baseOffset + bytes.readInt32BE(start + at.lastOffsetDelta);
    const attributes = bytes.readInt16BE(start + at.attributes);
    const visible =
      filter === null
        ? (attributes & attribute.control) === 0
        : filter.isVisible(bytes, start, end, lastOffset);
    if (visible && lastOffset >= startOffset) {
      segments.push(segmentOf(bytes, start, end, attributes, baseOffset));
    }
    if (lastOffset + 1 > nextOffset) nextOffset = lastOffset + 1;
    start = end;
  }
  const rest = bytes.length - start;
  return { segments, nextOffset, cutOffBatchBytes: rest > 0 ? batchHeaderBytes : 0 };
}

function segmentOf(
  bytes: Buffer,
  start: number,
  end: number,
  attributes: number,
  baseOffset: number,
): BatchSegment {
  return {
    start: start + batchHeaderBytes,
    end,
    codec: attributes & attribute.compressionMask,
    recordCount: bytes.readInt32BE(start + at.recordCount),
    baseOffset,
    baseTimestampMs: safeInt64(bytes, start + at.baseTimestamp),
    appendTimeMs:
      (attributes & attribute.logAppendTime) === 0 ? -1 : safeInt64(bytes, start + at.maxTimestamp),
  };
}

function checkCrc(bytes: Buffer, start: number, end: number, baseOffset: number, origin: BatchOrigin): void {
  const expected = bytes.readUInt32BE(start + at.crc);
  const found = crc32c(bytes, start + at.attributes, end);
  if (found === expected) return;
  const hex = (value: number): string => value.toString(16).padStart(8, '0');
  throw corruptBatch(origin, baseOffset, `its CRC-32C is ${hex(found)}, its header says ${hex(expected)}`);
}

function oldFormat(magic: number | undefined, origin: BatchOrigin): WeirError {
  return new WeirError(
    'WEIR-4013',
    `topic '${origin.topic}', partition ${origin.partition} holds messages in the format ${magic} of Kafka before 0.11`,
    { hint: 'copy the topic with a current client, or start after the old messages' },
  );
}

export function safeInt64(bytes: Buffer, position: number): number {
  return bytes.readInt32BE(position) * 2 ** 32 + bytes.readUInt32BE(position + 4);
}
