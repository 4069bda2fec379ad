import { brokerError } from '@weir/kafka/broker-errors.ts';
import { RequestWriter } from '@weir/kafka/wire/request-writer.ts';
import type { ResponseReader } from '@weir/kafka/wire/response-reader.ts';
import type { SimKafka } from './sim-kafka.ts';
import type { LoggedBatch, SimLog } from './sim-log.ts';

interface AskedPartition {
  readonly partition: number;
  readonly offset: number;
  readonly maxBytes: number;
  readonly log: SimLog | undefined;
  readonly errorCode: number;
}

interface AskedTopic {
  readonly topic: string;
  readonly partitions: readonly AskedPartition[];
}

/** A Fetch, version 11: held until there is something, or the wait is over. */
export function answerFetch(
  kafka: SimKafka,
  node: number,
  request: ResponseReader,
  answer: (bytes: Uint8Array) => void,
): void {
  request.int32();
  const maxWaitMs = request.int32();
  request.int32();
  request.int32();
  const committed = request.int8() === 1;
  request.int32();
  request.int32();
  const topics: AskedTopic[] = request.array(() => {
    const topic = request.string();
    return { topic, partitions: request.array(() => askedPartition(kafka, node, topic, request)) };
  });
  const asked = topics.flatMap(({ partitions }) => partitions);
  let answered = false;
  let stops: (() => void)[] = [];
  const look = (last: boolean): void => {
    stops.forEach((stop) => stop());
    stops = [];
    if (answered) return;
    const worthIt = asked.some((each) => each.errorCode !== 0 || endOf(each, committed) > each.offset);
    if (!worthIt && !last) {
      stops = asked.flatMap(({ log }) => log?.onceChanged(() => look(false)) ?? []);
      return;
    }
    answered = true;
    answer(written(topics, committed));
  };
  if (maxWaitMs > 0) kafka.world.after(maxWaitMs, () => look(true));
  look(maxWaitMs <= 0);
}

function askedPartition(
  kafka: SimKafka,
  node: number,
  topic: string,
  request: ResponseReader,
): AskedPartition {
  const partition = request.int32();
  request.int32();
  const offset = request.safeInt64();
  request.int64();
  const maxBytes = request.int32();
  const log = kafka.topics.get(topic)?.logs[partition];
  let errorCode = 0 as number;
  if (log === undefined) errorCode = brokerError.unknownTopicOrPartition;
  else if (kafka.leaderOf(partition) !== node) errorCode = brokerError.notLeader;
  else if (offset > log.highWatermark) errorCode = brokerError.offsetOutOfRange;
  return { partition, offset, maxBytes, log, errorCode };
}

function endOf({ log }: AskedPartition, committed: boolean): number {
  return (committed ? log?.lastStableOffset : log?.highWatermark) ?? -1;
}

function written(topics: readonly AskedTopic[], committed: boolean): Uint8Array {
  const parts: Uint8Array[] = [];
  let writer = new RequestWriter().int32(0).int16(0).int32(0);
  writer.int32(topics.length);
  for (const { topic, partitions } of topics) {
    writer.string(topic).int32(partitions.length);
    for (const asked of partitions) {
      const batches = writeHead(writer, asked, committed);
      writer.int32(-1).int32(batches.reduce((sum, { bytes }) => sum + bytes.length, 0));
      parts.push(writer.finish(), ...batches.map(({ bytes }) => bytes));
      writer = new RequestWriter();
    }
  }
  return Buffer.concat([...parts, writer.finish()]);
}

/** @returns the batches that follow */
function writeHead(writer: RequestWriter, asked: AskedPartition, committed: boolean): readonly LoggedBatch[] {
  const { partition, offset, maxBytes, log, errorCode } = asked;
  writer.int32(partition).int16(errorCode);
  writer
    .int64(BigInt(log?.highWatermark ?? -1))
    .int64(BigInt(log?.lastStableOffset ?? -1))
    .int64(0n);
  if (errorCode !== 0 || log === undefined) {
    writer.int32(0);
    return [];
  }
  const batches = log.read(offset, endOf(asked, committed), maxBytes);
  const upTo = (batches.at(-1)?.lastOffset ?? offset) + 1;
  const aborted = log.aborted.filter((range) => range.lastOffset >= offset && range.firstOffset < upTo);
  writer.array(committed ? aborted : [], (range) =>
    writer.int64(range.producerId).int64(BigInt(range.firstOffset)),
  );
  return batches;
}
