import { createTopics } from '@weir/kafka/admin/create-topics.ts';
import type { KafkaCluster } from '@weir/kafka/cluster-access.ts';

export interface ChaosTopics {
  readonly input: string;
  readonly kept: string;
  readonly windows: string;
  readonly dead: string;
}

export const partitions = 4;
/** How far event times are out of order within a partition, and how long the watermark waits. */
export const disorderMs = 400;
export const windowMs = 1000;

export async function makeChaosTopics(cluster: KafkaCluster, run: string): Promise<ChaosTopics> {
  const topics = {
    input: `${run}-input`,
    kept: `${run}-kept`,
    windows: `${run}-windows`,
    dead: `${run}-dead`,
  };
  await createTopics(
    cluster,
    Object.values(topics).map((topic) => ({ topic, partitions })),
  );
  return topics;
}

/** A filter with a projection, a windowed aggregate and the dead letters of one input, all exactly once; expected-output.ts says the same in plain code. */
export function chaosSql(bootstrap: string, topics: ChaosTopics, groupId: string): string {
  const kafka = (topic: string, more: string) =>
    `WITH (connector = 'kafka', bootstrap_servers = '${bootstrap}', topic = '${topic}', format = 'json', ${more})`;
  return `
CREATE TABLE input (
  id BIGINT NOT NULL, k BIGINT NOT NULL, v BIGINT NOT NULL, note TEXT, ts TIMESTAMP(3) NOT NULL,
  WATERMARK FOR ts AS ts - INTERVAL '1 second'
) ${kafka(topics.input, `type = 'source', 'source.offset' = 'earliest', 'source.group_id' = '${groupId}', bad_data = 'dead_letter', 'dead_letter.topic' = '${topics.dead}', 'json.timestamp_format' = 'unix_millis'`)};
CREATE TABLE kept (id BIGINT NOT NULL, k BIGINT NOT NULL, twice BIGINT NOT NULL, note TEXT)
  ${kafka(topics.kept, `type = 'sink'`)};
CREATE TABLE windows (k BIGINT NOT NULL, start TIMESTAMP(3) NOT NULL, n BIGINT NOT NULL, total BIGINT)
  ${kafka(topics.windows, `type = 'sink', 'json.timestamp_format' = 'unix_millis'`)};
INSERT INTO kept SELECT id, k, v * 2 AS twice, upper(note) AS note FROM input WHERE v % 10 < 7;
INSERT INTO windows SELECT k, window_start AS start, count(*) AS n, sum(v) AS total
  FROM TABLE(TUMBLE(TABLE input, DESCRIPTOR(ts), INTERVAL '1' SECOND)) GROUP BY window_start, window_end, k;
`;
}
