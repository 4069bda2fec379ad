import type { Api, BrokerConnection } from '../broker-connection.ts';
import type { BrokerAddress } from '../contracts/cluster.ts';
import { RequestWriter } from '../wire/request-writer.ts';

/** Version 10 is the first with topic ids. */
const metadataApi: Api = { key: 3, version: 10, name: 'Metadata', flexible: true };

export interface MetadataAnswer {
  readonly brokers: readonly BrokerAddress[];
  readonly clusterId: string;
  readonly controllerId: number;
  readonly topics: readonly {
    readonly errorCode: number;
    readonly topic: string;
    readonly topicId: string;
    readonly internal: boolean;
    /** Bits of the operations that this client may do on it; the least integer where that was not asked. */
    readonly rights: number;
    readonly partitions: readonly {
      readonly errorCode: number;
      readonly partition: number;
      readonly leader: number;
    }[];
  }[];
}

/** `topics` null asks for all of them. Never creates a topic. */
export async function requestMetadata(
  connection: BrokerConnection,
  topics: readonly string[] | null,
  timeoutMs?: number,
  withRights = false,
): Promise<MetadataAnswer> {
  const body = new RequestWriter();
  if (topics === null) body.uvarint(0);
  else body.compactArray(topics, (topic) => body.zeros(16).compactString(topic).noTags());
  body.bool(false).bool(false).bool(withRights).noTags();
  const answer = await connection.send(metadataApi, [body.finish()], timeoutMs);
  answer.int32();
  const brokers = answer.compactArray(() => {
    const broker = { nodeId: answer.int32(), host: answer.compactString(), port: answer.int32() };
    answer.compactNullableString();
    answer.skipTags();
    return broker;
  });
  const clusterId = answer.compactString();
  const controllerId = answer.int32();
  const described = answer.compactArray(() => {
    const errorCode = answer.int16();
    const topic = answer.compactString();
    const topicId = answer.uuid();
    const internal = answer.bool();
    const partitions = answer.compactArray(() => {
      const entry = { errorCode: answer.int16(), partition: answer.int32(), leader: answer.int32() };
      answer.int32();
      for (let list = 0; list < 3; list++) answer.compactArray(() => answer.int32());
      answer.skipTags();
      return entry;
    });
    const rights = answer.int32();
    answer.skipTags();
    return { errorCode, topic, topicId, internal, partitions, rights };
  });
  return { brokers, clusterId, controllerId, topics: described };
}
