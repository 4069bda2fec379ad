import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { createTopics } from '@weir/kafka/admin/create-topics.ts';
import { deleteTopics } from '@weir/kafka/admin/delete-topics.ts';
import { KafkaCluster } from '@weir/kafka/cluster-access.ts';
import { ClusterClient } from '@weir/tool-cluster/cluster-client.ts';
import { WeirCluster } from '@weir/tool-cluster/weir-cluster.ts';

/** Where cases run. */
export interface BenchSetting {
  readonly bootstrap: string;
  readonly natsUrl: string;
  readonly folder: string;
  readonly inputTopic: string;
  readonly records: number;
  /** Somebody else has filled the input topic: it holds what it holds. */
  readonly topicIsGiven: boolean;
  /** Options of Node for workers, e.g. `--cpu-prof`. */
  readonly workerNodeOptions: readonly string[];
  readonly say: (line: string) => void;
}

/** What a case works with: processes and topics of its own, gone when it ends. */
export interface CaseRoom {
  readonly setting: BenchSetting;
  readonly kafka: KafkaCluster;
  readonly cluster: WeirCluster;
  readonly client: ClusterClient;
  /** Of four partitions, in the order asked for. */
  readonly topics: readonly string[];
}

let rooms = 0;

/** Starts Weir's processes anew and makes empty topics, for one case: each pays for its own warm-up. */
export async function inRoom<T>(
  setting: BenchSetting,
  needs: { readonly workers: number; readonly topics: number },
  run: (room: CaseRoom) => Promise<T>,
): Promise<T> {
  rooms += 1;
  const name = `bench-${process.pid}-${rooms}`;
  const folder = join(setting.folder, name);
  const topics = Array.from({ length: needs.topics }, (_, index) => `${name}-topic-${index}`);
  const kafka = await KafkaCluster.open({
    bootstrapServers: setting.bootstrap.split(','),
    clientId: 'weir-bench',
  });
  try {
    if (topics.length > 0)
      await createTopics(
        kafka,
        topics.map((topic) => ({ topic, partitions: 4 })),
      );
    const cluster = await WeirCluster.start({
      folder,
      cluster: name,
      natsUrl: setting.natsUrl,
      workers: needs.workers,
      workerNodeOptions: setting.workerNodeOptions,
    });
    const client = new ClusterClient(cluster.address);
    try {
      return await run({ setting, kafka, cluster, client, topics });
    } finally {
      client.close();
      await cluster.stop();
      rmSync(folder, { recursive: true, force: true });
    }
  } finally {
    if (topics.length > 0) await deleteTopics(kafka, topics);
    await kafka.close();
  }
}

export function round(value: number, digits: number): number {
  return Number(value.toFixed(digits));
}
