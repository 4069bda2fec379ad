import { WeirError } from '@weir/kernel/errors.ts';
import type { CommittedReader, JudgedRecord } from './committed-reader.ts';
import { PlainAnswer, PlainConnection, int32, int64, text } from './plain-protocol.ts';

const metadataApi = [3, 1] as const;
const fetchApi = [1, 4] as const;
const compressionBits = 0x07;
const transactionalBit = 0x10;
const controlBit = 0x20;

/**
 * A reader written for this tool alone, simple and slow. It asks for everything that is in the log and keeps the records
 * of a transaction back until it meets the marker that commits it: it believes neither the broker's list of aborted
 * transactions nor any code of libs/kafka. Reads uncompressed topics whose log begins at 0.
 */
export function plainReader(bootstrap: string): CommittedReader {
  return {
    name: 'a plain reader of its own (no Python with confluent-kafka here)',
    async read(topic, onRecord) {
      for (const { partition, leader } of await partitionsOf(bootstrap, topic)) {
        const connection = await PlainConnection.open(leader);
        try {
          await readPartition(connection, topic, partition, onRecord);
        } finally {
          connection.close();
        }
      }
    },
  };
}

async function partitionsOf(
  bootstrap: string,
  topic: string,
): Promise<readonly { partition: number; leader: string }[]> {
  const connection = await PlainConnection.open(bootstrap.split(',')[0] ?? '');
  try {
    const answer = await connection.ask(...metadataApi, int32(1), text(topic));
    const brokers = answer.array(() => {
      const broker = { id: answer.int32(), address: `${answer.text()}:${answer.int32()}` };
      answer.text(); // rack
      return broker;
    });
    answer.int32(); // controller
    const [found] = answer.array(() => {
      failOn(answer.int16(), `metadata of ${topic}`);
      answer.text();
      answer.int8();
      return answer.array(() => {
        answer.int16();
        const partition = answer.int32();
        const leaderId = answer.int32();
        answer.array(() => answer.int32());
        answer.array(() => answer.int32());
        return { partition, leader: brokers.find(({ id }) => id === leaderId)?.address ?? '' };
      });
    });
    return found ?? [];
  } finally {
    connection.close();
  }
}

async function readPartition(
  connection: PlainConnection,
  topic: string,
  partition: number,
  onRecord: (record: JudgedRecord) => void,
): Promise<void> {
  const open = new Map<number, JudgedRecord[]>();
  let offset = 0;
  for (;;) {
    const { highWatermark, records } = await fetchOnce(connection, topic, partition, offset);
    while (records.left > 12) {
      const batchOffset = records.int64();
      const length = records.int32();
      if (records.left < length) break;
      const batch = new PlainAnswer(records.bytes(length));
      offset = takeBatch(batch, { batchOffset, partition, from: offset, open, onRecord });
    }
    if (offset >= highWatermark) return;
  }
}

/** @returns the offset after the batch */
function takeBatch(
  batch: PlainAnswer,
  at: {
    readonly batchOffset: number;
    readonly partition: number;
    readonly from: number;
    readonly open: Map<number, JudgedRecord[]>;
    readonly onRecord: (record: JudgedRecord) => void;
  },
): number {
  batch.int32(); // leader epoch
  const magic = batch.int8();
  batch.int32(); // CRC: the transport and the record counts are trusted here
  const attributes = batch.int16();
  if (magic !== 2 || (attributes & compressionBits) !== 0)
    throw new WeirError('WEIR-9064', 'the plain reader knows uncompressed batches of version 2 only');
  const next = at.batchOffset + batch.int32() + 1;
  batch.bytes(16); // times
  const producer = batch.int64();
  batch.bytes(6); // producer epoch, sequence
  const kept = at.open.get(producer) ?? [];
  at.open.set(producer, kept);
  for (let left = batch.int32(); left > 0; left -= 1) {
    const { key, ...record } = takeRecord(batch, at.batchOffset, at.partition);
    if ((attributes & controlBit) !== 0) {
      // A marker's key: version, then 0 for an abort, 1 for a commit.
      if (key.readInt16BE(2) === 1) kept.forEach(at.onRecord);
      at.open.delete(producer);
    } else if (record.offset >= at.from) {
      if ((attributes & transactionalBit) === 0) at.onRecord(record);
      else kept.push(record);
    }
  }
  return next;
}

function takeRecord(
  batch: PlainAnswer,
  batchOffset: number,
  partition: number,
): JudgedRecord & { key: Buffer } {
  batch.varint(); // length
  batch.int8();
  batch.varint(); // time
  const offset = batchOffset + batch.varint();
  const key = batch.bytes(Math.max(0, batch.varint()));
  const value = batch.bytes(Math.max(0, batch.varint())).toString();
  for (let headers = batch.varint(); headers > 0; headers -= 1) {
    batch.bytes(batch.varint());
    batch.bytes(Math.max(0, batch.varint()));
  }
  return { partition, offset, value, key };
}

async function fetchOnce(
  connection: PlainConnection,
  topic: string,
  partition: number,
  offset: number,
): Promise<{ highWatermark: number; records: PlainAnswer }> {
  const isolation = Buffer.of(0); // read_uncommitted: the markers decide
  const answer = await connection.ask(
    ...fetchApi,
    ...[int32(-1), int32(100), int32(1), int32(4 << 20), isolation],
    ...[int32(1), text(topic), int32(1), int32(partition), int64(offset), int32(4 << 20)],
  );
  answer.int32(); // throttle
  answer.int32();
  answer.text();
  answer.int32();
  answer.int32();
  failOn(answer.int16(), `fetch of ${topic}/${partition} from ${offset}`);
  const highWatermark = answer.int64();
  answer.int64();
  answer.array(() => answer.bytes(16)); // aborted transactions
  return { highWatermark, records: new PlainAnswer(answer.bytes(Math.max(0, answer.int32()))) };
}

function failOn(errorCode: number, what: string): void {
  if (errorCode !== 0) throw new WeirError('WEIR-9065', `${what}: Kafka's error ${errorCode}`);
}
