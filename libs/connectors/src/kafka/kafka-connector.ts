import { KafkaCluster } from '@weir/kafka/cluster-access.ts';
import { present } from '@weir/kernel/assert.ts';
import { parseDurationMs } from '@weir/kernel/durations.ts';
import type { SplitState } from '@weir/plan/split-state.ts';
import type { Connector } from '../connector.ts';
import { fillOptions, hasVariables } from '../options/fill-variables.ts';
import { KafkaIdempotentSink } from './kafka-idempotent-sink.ts';
import { kafkaMetadata } from './kafka-metadata.ts';
import { checkKafkaOptions, clusterOptionsOf, isExactlyOnce, kafkaTableOptions } from './kafka-options.ts';
import { KafkaRecovery } from './kafka-recovery.ts';
import { checkRecordFields, recordFieldIssues } from './kafka-record-fields.ts';
import { openSinkTopic } from './kafka-sink-topic.ts';
import { KafkaSource } from './kafka-source.ts';
import { splitName, splitState } from './kafka-split.ts';
import { KafkaTransactionalSink } from './transactional-sink/kafka-transactional-sink.ts';

/** A controller asks again and again, and says in the status why: no need to wait for long each time. */
const reachMs = 5000;

/** Kafka topics, read and written exactly once. */
export const kafkaConnector: Connector = {
  name: 'kafka',
  title: 'Apache Kafka',
  tableOptions: kafkaTableOptions,
  canRead: true,
  canWrite: true,
  metadata: kafkaMetadata,
  checkColumns: recordFieldIssues,
  accepts: ({ format }, primaryKey) =>
    format === 'debezium_json' ? 'retract' : primaryKey.length > 0 ? 'upsert' : 'append',
  check: (options) => {
    const issues = checkKafkaOptions(options);
    const timeout = options['sink.transaction_timeout'];
    const known = timeout !== undefined && !hasVariables(timeout);
    if (issues.length === 0 && known && parseDurationMs(timeout) < 60_000) {
      return [
        {
          option: 'sink.transaction_timeout',
          message: `'${timeout}' is too short: a transaction must outlive two checkpoint intervals and a recovery`,
          hint: 'at least 60s plus twice the checkpoint interval',
        },
      ];
    }
    return issues;
  },

  async resolveStart(node, context) {
    const options = fillOptions(kafkaTableOptions, node.options, context.access.variables);
    const clientId = `weir-${context.clusterName}-${context.pipeline}-start`;
    const cluster = await KafkaCluster.open(clusterOptionsOf(options, clientId), { deadlineMs: reachMs });
    try {
      const topic = present(options['topic'], "option 'topic' of a kafka table");
      const [description] = await cluster.describeTopics([topic]);
      const { topicId, partitions } = present(description, `description of topic ${topic}`);
      const all = partitions.map(({ partition }) => ({ topic, partition }));
      const isolation =
        options['source.read_mode'] === 'read_uncommitted' ? 'read_uncommitted' : 'read_committed';
      const start = options['source.offset'] === 'earliest' ? 'earliest' : 'latest';
      const starts = await cluster.fetchOffsets(all, start, isolation);
      const bounded = options['source.bounded'] === 'latest';
      const ends = bounded ? await cluster.fetchOffsets(all, 'latest', isolation) : [];
      const splits: Record<string, SplitState> = {};
      for (const { partition, offset } of starts) {
        splits[splitName(topic, partition)] = splitState({
          topic,
          partition,
          topicId,
          nextOffset: offset,
          endOffset: ends.find((end) => end.partition === partition)?.offset,
        });
      }
      return splits;
    } finally {
      await cluster.close();
    }
  },

  async checkSink(node, context) {
    const options = fillOptions(kafkaTableOptions, node.options, context.access.variables);
    checkRecordFields(node, options);
    const topic = await openSinkTopic(node, options, context, { deadlineMs: reachMs });
    await topic.cluster.close();
  },

  createSource: (node, context) => new KafkaSource(node, context),
  createSink: (node, context) =>
    isExactlyOnce(fillOptions(kafkaTableOptions, node.options, context.access.variables))
      ? new KafkaTransactionalSink(node, context)
      : new KafkaIdempotentSink(node, context),
  createRecovery: (node, context) => new KafkaRecovery(node, context),
};
