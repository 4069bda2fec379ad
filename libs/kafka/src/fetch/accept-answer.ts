import { dispositionOf, WeirError } from '@weir/kernel/errors.ts';
import { brokerAnswerError, brokerError, brokerErrorName, isAuthorizationError } from '../broker-errors.ts';
import type { KafkaCluster } from '../cluster-access.ts';
import { backOffMs } from '../deadline.ts';
import {
  anyCompressed,
  decompressSegments,
  type DecompressionLimits,
} from '../record-batch/decompress-segments.ts';
import { walkBatches } from '../record-batch/walk-batches.ts';
import type { FetchedPartition } from '../requests/fetch.ts';
import { AnswerLease } from './answer-buffers.ts';
import type { AnswerBuffers } from './answer-buffers.ts';
import type { FetchAnswer } from './broker-fetches.ts';
import type { PartitionReading } from './partition-reading.ts';

export interface AcceptedAnswer {
  /** Those that `limits.took` wasn't told of. */
  readonly queuedBytes: number;
  /** Leaders or topics may have changed: ask for metadata. */
  readonly refresh: boolean;
}

/**
 * Takes an answer apart: good data is checked and queued, what a retry may heal sets a back-off.
 * @throws WeirError for what a retry can't heal
 */
export async function acceptAnswer(
  readings: readonly PartitionReading[],
  answer: FetchAnswer,
  cluster: KafkaCluster,
  buffers: AnswerBuffers,
  limits: DecompressionLimits,
): Promise<AcceptedAnswer> {
  const now = performance.now();
  if ('error' in answer) {
    if (answer.error instanceof WeirError && dispositionOf(answer.error) === 'fatal') throw answer.error;
    const reason = answer.error instanceof Error ? answer.error.message : String(answer.error);
    for (const reading of readings) reading.failed(now, backOffMs(reading.failures), reason);
    return { queuedBytes: 0, refresh: true };
  }
  let queuedBytes = 0;
  let refresh = false;
  const lease = new AnswerLease(buffers, answer.bytes);
  for (const fetched of answer.partitions) {
    const reading = readings.find((r) => r.partition === fetched.partition && r.topic === fetched.topic);
    if (reading === undefined) continue;
    if (fetched.errorCode === 0) queuedBytes += await queue(reading, fetched, now, lease, limits);
    else {
      await judgeError(reading, fetched.errorCode, cluster);
      reading.failed(now, backOffMs(reading.failures), brokerErrorName(fetched.errorCode));
      refresh = true;
    }
  }
  lease.release();
  return { queuedBytes, refresh };
}

async function queue(
  reading: PartitionReading,
  fetched: FetchedPartition,
  now: number,
  lease: AnswerLease,
  limits: DecompressionLimits,
): Promise<number> {
  reading.succeeded(now);
  reading.highWatermark = fetched.highWatermark;
  reading.lastStableOffset = fetched.lastStableOffset;
  reading.logStartOffset = fetched.logStartOffset;
  if (fetched.records.length === 0) return 0;
  const startOffset = reading.fetchOffset;
  const {
    segments,
    nextOffset: end,
    cutOffBatchBytes,
  } = walkBatches(fetched.records, startOffset, fetched.aborted, reading);
  if (end === startOffset) {
    // Only the beginning of a batch came: it is larger than what was asked for.
    if (cutOffBatchBytes > reading.maxBytes) reading.maxBytes = cutOffBatchBytes;
    return 0;
  }
  const compressed = anyCompressed(segments);
  const readable = compressed
    ? await decompressSegments(fetched.records, segments, reading, limits)
    : { data: fetched.records, segments };
  // Batches for which there was no room are fetched again, from the first of them.
  const nextOffset = segments[readable.segments.length]?.baseOffset ?? end;
  // A small part of a large answer keeps all of the answer in memory, which is what the budget was taken for.
  const bytes = readable.segments.length === 0 ? 0 : readable.data.length;
  reading.queue.push({
    ...readable,
    startOffset,
    nextOffset,
    highWatermark: fetched.highWatermark,
    lastStableOffset: fetched.lastStableOffset,
    logStartOffset: fetched.logStartOffset,
    bytes,
    // What was decompressed lies in memory of its own.
    lease: readable.data === fetched.records ? lease.hold() : null,
  });
  reading.fetchOffset = nextOffset;
  if (!compressed) return bytes;
  let packed = 1;
  for (const { start, end: to } of segments.slice(0, readable.segments.length)) packed += to - start;
  reading.expansion = Math.max(1, bytes / packed);
  return 0; // counted as it came
}

/** Returns when a retry may heal it. */
async function judgeError(
  reading: PartitionReading,
  errorCode: number,
  cluster: KafkaCluster,
): Promise<void> {
  if (errorCode === brokerError.offsetOutOfRange) return judgeOutOfRange(reading, cluster);
  if (isAuthorizationError(errorCode) || errorCode === brokerError.corruptMessage) {
    throw brokerAnswerError(
      errorCode,
      `read ${reading.topic}-${reading.partition} at offset ${reading.fetchOffset}`,
    );
  }
}

/** A leader that has just taken over may say so in passing; what the log really holds decides. */
async function judgeOutOfRange(reading: PartitionReading, cluster: KafkaCluster): Promise<void> {
  const partitions = [reading];
  let earliest: number;
  let latest: number;
  try {
    await cluster.refreshMetadata([reading.topic], { deadlineMs: 5_000 });
    earliest =
      (await cluster.fetchOffsets(partitions, 'earliest', 'read_uncommitted', { deadlineMs: 5_000 }))[0]
        ?.offset ?? 0;
    latest =
      (await cluster.fetchOffsets(partitions, 'latest', 'read_uncommitted', { deadlineMs: 5_000 }))[0]
        ?.offset ?? 0;
  } catch (error) {
    if (dispositionOf(error) === 'retry') return;
    throw error;
  }
  if (reading.fetchOffset >= earliest && reading.fetchOffset <= latest) return;
  const id = cluster.topicIdOf(reading.topic);
  if (reading.topicId !== undefined && id !== undefined && id !== reading.topicId) return; // told by the metadata check
  throw new WeirError(
    'WEIR-4011',
    `topic '${reading.topic}', partition ${reading.partition}: offset ${reading.fetchOffset} is wanted, the log holds ${earliest} to ${latest}`,
    {
      hint:
        reading.fetchOffset < earliest
          ? 'the records were deleted by retention before they were read: give the topic a longer retention, and restart the pipeline from an offset that exists'
          : 'the topic was truncated or made anew: restart the pipeline from an offset that exists',
    },
  );
}
