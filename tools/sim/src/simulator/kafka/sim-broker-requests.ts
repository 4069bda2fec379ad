import { brokerError } from '@weir/kafka/broker-errors.ts';
import { RequestWriter } from '@weir/kafka/wire/request-writer.ts';
import { ResponseReader } from '@weir/kafka/wire/response-reader.ts';
import { at } from '@weir/kafka/record-batch/layout.ts';
import { answerFetch } from './sim-fetch.ts';
import { hostOf } from './sim-hosts.ts';
import type { SimKafka } from './sim-kafka.ts';
import type { SimLog } from './sim-log.ts';

/** Kafka's requests in the versions that libs/kafka sends. The readers and writers of libs/kafka serve the other direction too. */
export type Answer = (bytes: Uint8Array) => void;
type Handler = (kafka: SimKafka, node: number, request: ResponseReader, answer: Answer) => void;

const handlers: Readonly<Record<number, Handler>> = {
  0: produce,
  1: answerFetch,
  2: listOffsets,
  3: metadata,
  8: offsetCommit,
  10: findCoordinator,
  22: initProducerId,
  24: addPartitions,
  26: endTxn,
  32: describeConfigs,
  66: listTransactions,
};

/** What a broker does with a request. @throws Error for one that isn't simulated */
export function answerRequest(
  kafka: SimKafka,
  node: number,
  key: number,
  body: Buffer,
  answer: Answer,
): void {
  const handle = handlers[key];
  if (handle === undefined) throw new Error(`request ${key} is not simulated`);
  handle(kafka, node, new ResponseReader(body, `request ${key}`), answer);
}

function logOf(kafka: SimKafka, topic: string, partition: number): SimLog | undefined {
  return kafka.topics.get(topic)?.logs[partition];
}

function produce(kafka: SimKafka, node: number, request: ResponseReader, answer: Answer): void {
  const transactionalId = request.nullableString();
  request.int16();
  request.int32();
  const topics = request.array(() => ({
    topic: request.string(),
    partitions: request.array(() => {
      const partition = request.int32();
      const { start, length } = request.byteRange();
      return { partition, batch: request.bytes.subarray(start, start + length) };
    }),
  }));
  const writer = new RequestWriter();
  writer.array(topics, ({ topic, partitions }) =>
    writer.string(topic).array(partitions, ({ partition, batch }) => {
      const log = logOf(kafka, topic, partition);
      let errorCode: number = brokerError.unknownTopicOrPartition;
      let baseOffset = -1;
      if (kafka.leaderOf(partition) !== node) errorCode = brokerError.notLeader;
      else if (log !== undefined) {
        const verified =
          transactionalId !== null &&
          kafka.transactions.verify(
            transactionalId,
            batch.readBigInt64BE(at.producerId),
            batch.readInt16BE(at.producerEpoch),
            log,
          );
        ({ errorCode, baseOffset } = log.append(batch, verified));
      }
      writer.int32(partition).int16(errorCode).int64(BigInt(baseOffset)).int64(-1n).int64(0n).int32(0);
      writer.nullableString(null);
    }),
  );
  answer(writer.int32(0).finish());
}

function listOffsets(kafka: SimKafka, node: number, request: ResponseReader, answer: Answer): void {
  request.int32();
  const committed = request.int8() === 1;
  const topics = request.array(() => ({
    topic: request.string(),
    partitions: request.array(() => ({ partition: request.int32(), timestamp: request.int64() })),
  }));
  const writer = new RequestWriter().int32(0);
  writer.array(topics, ({ topic, partitions }) =>
    writer.string(topic).array(partitions, ({ partition, timestamp }) => {
      const log = logOf(kafka, topic, partition);
      const isLeader = kafka.leaderOf(partition) === node;
      const end = committed ? log?.lastStableOffset : log?.highWatermark;
      const code =
        log === undefined ? brokerError.unknownTopicOrPartition : isLeader ? 0 : brokerError.notLeader;
      writer.int32(partition).int16(code).int64(-1n);
      writer.int64(timestamp === -2n ? 0n : BigInt(end ?? -1));
    }),
  );
  answer(writer.finish());
}

function metadata(kafka: SimKafka, _node: number, request: ResponseReader, answer: Answer): void {
  const count = request.uvarint() - 1;
  const asked: string[] = [];
  for (let i = 0; i < count; i += 1) {
    request.uuid();
    asked.push(request.compactString());
    request.skipTags();
  }
  const names = count < 0 ? [...kafka.topics.keys()] : asked;
  const nodes = Array.from({ length: kafka.nodes }, (_, node) => node);
  const writer = new RequestWriter().int32(0);
  writer.compactArray(nodes, (node) =>
    writer.int32(node).compactString(hostOf(node)).int32(9092).compactNullableString(null).noTags(),
  );
  writer.compactString('sim-kafka').int32(0);
  writer.compactArray(names, (name) => {
    const topic = kafka.topics.get(name);
    writer.int16(topic === undefined ? brokerError.unknownTopicOrPartition : 0).compactString(name);
    const id = Buffer.from((topic?.id ?? '').padStart(32, '0'), 'hex');
    for (let i = 0; i < 16; i += 1) writer.int8(id.readInt8(i));
    writer.bool(false).compactArray(topic?.logs ?? [], ({ partition }) => {
      const leader = kafka.leaderOf(partition);
      writer.int16(0).int32(partition).int32(leader).int32(0);
      writer.compactArray([leader], (each) => writer.int32(each));
      writer.compactArray([leader], (each) => writer.int32(each));
      writer.compactArray([], () => {}).noTags();
    });
    writer.int32(0).noTags();
  });
  answer(writer.noTags().finish());
}

/** Why a coordinator doesn't answer the question itself, or 0. */
function coordinatorTrouble(kafka: SimKafka, node: number, key: string): number {
  if (kafka.coordinatorOf(key) !== node) return brokerError.notCoordinator;
  const { random } = kafka.world;
  if (!random.chance(kafka.weather.coordinatorAway)) return 0;
  return random.pick([
    brokerError.coordinatorLoading,
    brokerError.coordinatorNotAvailable,
    brokerError.notCoordinator,
  ]);
}

function findCoordinator(kafka: SimKafka, _node: number, request: ResponseReader, answer: Answer): void {
  const node = kafka.coordinatorOf(request.string());
  const away = kafka.world.random.chance(kafka.weather.coordinatorAway / 2);
  const writer = new RequestWriter().int32(0);
  writer.int16(away ? brokerError.coordinatorNotAvailable : 0).nullableString(null);
  answer(writer.int32(node).string(hostOf(node)).int32(9092).finish());
}

function initProducerId(kafka: SimKafka, node: number, request: ResponseReader, answer: Answer): void {
  const id = request.compactNullableString();
  const timeoutMs = request.int32();
  const trouble = id === null ? 0 : coordinatorTrouble(kafka, node, id);
  let result = { errorCode: trouble, producerId: -1n, producerEpoch: -1 };
  if (trouble === 0) {
    if (id === null)
      result = { errorCode: 0, producerId: kafka.transactions.newProducerId(), producerEpoch: 0 };
    else if (timeoutMs > kafka.maxTransactionTimeoutMs)
      result = { ...result, errorCode: brokerError.invalidTransactionTimeout };
    else result = kafka.transactions.initProducerId(id, timeoutMs);
  }
  const writer = new RequestWriter().int32(0).int16(result.errorCode);
  answer(writer.int64(result.producerId).int16(result.producerEpoch).noTags().finish());
}

function addPartitions(kafka: SimKafka, node: number, request: ResponseReader, answer: Answer): void {
  const id = request.compactString();
  const producerId = request.int64();
  const epoch = request.int16();
  const topics = request.compactArray(() => {
    const topic = request.compactString();
    const partitions = request.compactArray(() => request.int32());
    request.skipTags();
    return { topic, partitions };
  });
  const logs = topics.flatMap(({ topic, partitions }) =>
    partitions.flatMap((partition) => logOf(kafka, topic, partition) ?? []),
  );
  const code =
    coordinatorTrouble(kafka, node, id) || kafka.transactions.addPartitions(id, producerId, epoch, logs);
  const writer = new RequestWriter().int32(0);
  writer.compactArray(topics, ({ topic, partitions }) =>
    writer
      .compactString(topic)
      .compactArray(partitions, (partition) => writer.int32(partition).int16(code).noTags())
      .noTags(),
  );
  answer(writer.noTags().finish());
}

function endTxn(kafka: SimKafka, node: number, request: ResponseReader, answer: Answer): void {
  const id = request.compactString();
  const producerId = request.int64();
  const epoch = request.int16();
  const commit = request.bool();
  const code =
    coordinatorTrouble(kafka, node, id) || kafka.transactions.endTransaction(id, producerId, epoch, commit);
  kafka.world.trace('kafka', `EndTxn ${commit ? 'commit' : 'abort'} ${id} ${producerId}/${epoch} -> ${code}`);
  answer(new RequestWriter().int32(0).int16(code).noTags().finish());
}

function describeConfigs(kafka: SimKafka, _node: number, request: ResponseReader, answer: Answer): void {
  const [asked] = request.array(() => ({ kind: request.int8(), name: request.string() }));
  const writer = new RequestWriter().int32(0).int32(1).int16(0).nullableString(null);
  writer
    .int8(asked?.kind ?? 0)
    .string(asked?.name ?? '')
    .int32(1);
  writer.string('transaction.max.timeout.ms').nullableString(String(kafka.maxTransactionTimeoutMs));
  answer(writer.bool(false).int8(5).bool(false).int32(0).finish());
}

function offsetCommit(_kafka: SimKafka, _node: number, request: ResponseReader, answer: Answer): void {
  request.string();
  request.int32();
  request.string();
  request.nullableString();
  const topics = request.array(() => ({
    topic: request.string(),
    partitions: request.array(() => {
      const partition = request.int32();
      request.int64();
      request.int32();
      request.nullableString();
      return partition;
    }),
  }));
  const writer = new RequestWriter().int32(0);
  writer.array(topics, ({ topic, partitions }) =>
    writer.string(topic).array(partitions, (partition) => writer.int32(partition).int16(0)),
  );
  answer(writer.finish());
}

function listTransactions(kafka: SimKafka, node: number, request: ResponseReader, answer: Answer): void {
  const states = request.compactArray(() => request.compactString());
  const found = kafka.transactions
    .all()
    .filter(
      ({ id, state }) => kafka.coordinatorOf(id) === node && (states.length === 0 || states.includes(state)),
    );
  const writer = new RequestWriter()
    .int32(0)
    .int16(0)
    .compactArray([], () => {});
  writer.compactArray(found, ({ id, producerId, state }) =>
    writer.compactString(id).int64(producerId).compactString(state).noTags(),
  );
  answer(writer.noTags().finish());
}
