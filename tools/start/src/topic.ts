// npm run topic: makes, fills and shows topics of the Kafka that `npm start`, `weir up` or `npm run stack` runs.
import { existsSync, readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import { createPartitions } from '@weir/kafka/admin/create-partitions.ts';
import { createTopics } from '@weir/kafka/admin/create-topics.ts';
import { KafkaCluster } from '@weir/kafka/cluster-access.ts';
import { PartitionFetcher } from '@weir/kafka/fetch/partition-fetcher.ts';
import { IdempotentProducer } from '@weir/kafka/produce/idempotent-producer.ts';
import { WeirError, describeError } from '@weir/kernel/errors.ts';

const usage = `npm run -s topic -- COMMAND
  list                            the topics
  create NAME [--partitions 4]    makes a topic
  grow NAME --partitions 8        adds partitions to it
  write NAME                      every line of the standard input becomes a record
  read NAME [--follow]            prints the committed records
Kafka is at --bootstrap host:port, else at WEIR_KAFKA_BOOTSTRAP, else where .weir/ says that it was started last.`;

class UsageError extends Error {}

function bootstrapOf(given: string | undefined): string {
  const address = given ?? process.env['WEIR_KAFKA_BOOTSTRAP'];
  if (address) return address;
  const noted = '.weir/kafka/ports.json';
  if (existsSync(noted)) {
    const { plain } = JSON.parse(readFileSync(noted, 'utf8')) as { plain?: number };
    if (plain !== undefined) return `127.0.0.1:${plain}`;
  }
  throw new UsageError(
    'no Kafka is known here: start one (npm start), or name one with --bootstrap host:port',
  );
}

async function partitionsOf(
  kafka: KafkaCluster,
  topic: string,
): Promise<{ topic: string; partition: number }[]> {
  const [description] = await kafka.describeTopics([topic]);
  return (description?.partitions ?? []).map(({ partition }) => ({ topic, partition }));
}

async function create(kafka: KafkaCluster, topic: string, partitions: number): Promise<void> {
  const made = await createTopics(kafka, [{ topic, partitions }]);
  console.log(made.length === 0 ? `${topic} is there already` : `${topic}: ${partitions} partitions`);
}

async function write(kafka: KafkaCluster, topic: string): Promise<void> {
  const partitions = await partitionsOf(kafka, topic);
  const producer = await IdempotentProducer.open(kafka);
  let count = 0;
  for await (const line of createInterface({ input: process.stdin })) {
    const partition = partitions[count % partitions.length];
    if (line.trim() === '' || partition === undefined) continue;
    const writer = producer.newBatch();
    const value = Buffer.from(line);
    writer.reserve(value.length);
    writer.buffer.set(value, writer.valueStart);
    writer.commitRecord(writer.valueStart + value.length, Date.now());
    producer.send(partition, writer);
    if (!producer.hasRoom) await producer.waitForRoom();
    count += 1;
  }
  await producer.flush();
  await producer.close();
  console.error(`${count} records written to ${topic}`);
}

async function read(kafka: KafkaCluster, topic: string, follow: boolean): Promise<void> {
  const partitions = await partitionsOf(kafka, topic);
  const ends = await kafka.fetchOffsets(partitions, 'latest', 'read_committed');
  const fetcher = new PartitionFetcher(kafka, { isolation: 'read_committed', maxWaitMs: 100 });
  fetcher.assign(await kafka.fetchOffsets(partitions, 'earliest', 'read_committed'));
  const atEnd = () => ends.every((end) => fetcher.position(end).nextOffset >= end.offset);
  while (follow || !atEnd()) {
    const block = fetcher.poll();
    if (block === undefined) {
      await fetcher.waitForData();
      continue;
    }
    const { data, count, valueStarts, valueEnds } = block.index;
    for (let row = 0; row < count; row += 1) {
      const [start = -1, end = -1] = [valueStarts[row], valueEnds[row]];
      console.log(start < 0 ? 'null' : Buffer.from(data.subarray(start, end)).toString());
    }
    block.release();
  }
  await fetcher.close();
}

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      bootstrap: { type: 'string' },
      partitions: { type: 'string', default: '4' },
      follow: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  const [command, topic = ''] = positionals;
  if (values.help) return console.log(usage);
  const needsTopic = command !== 'list';
  if (!['list', 'create', 'grow', 'write', 'read'].includes(command ?? '') || (needsTopic && topic === ''))
    throw new UsageError('which command?');
  const kafka = await KafkaCluster.open({
    bootstrapServers: bootstrapOf(values.bootstrap).split(','),
    clientId: 'weir-topic',
  });
  try {
    if (command === 'list') for (const name of await kafka.listTopics()) console.log(name);
    if (command === 'create') await create(kafka, topic, Number(values.partitions));
    if (command === 'grow') await createPartitions(kafka, topic, Number(values.partitions));
    if (command === 'write') await write(kafka, topic);
    if (command === 'read') await read(kafka, topic, values.follow);
  } finally {
    await kafka.close();
  }
}

process.stdout.on('error', () => process.exit(0)); // a pipe that was closed: `| head`
main().catch((error: unknown) => {
  const badUsage = error instanceof UsageError || error instanceof TypeError;
  console.error(badUsage ? `${(error as Error).message}\n\n${usage}` : describeError(error));
  if (error instanceof WeirError && error.hint !== undefined) console.error(`hint: ${error.hint}`);
  process.exitCode = badUsage ? 2 : 1;
});
