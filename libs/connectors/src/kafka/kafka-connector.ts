import { tellsChanges } from '@weir/formats/change-formats.ts';
import { KafkaCluster } from '@weir/kafka/cluster-access.ts';
import { parseDurationMs } from '@weir/kernel/durations.ts';
import { WeirError } from '@weir/kernel/errors.ts';
import type { Connector, OptionIssue } from '../connector.ts';
import { fillOptions, hasVariables } from '../options/fill-variables.ts';
import { KafkaIdempotentSink } from './kafka-idempotent-sink.ts';
import { kafkaMetadata } from './kafka-metadata.ts';
import {
  checkKafkaOptions,
  clusterOptionsOf,
  isExactlyOnce,
  kafkaTableOptions,
  sourceIssues,
} from './kafka-options.ts';
import { KafkaRecovery } from './kafka-recovery.ts';
import { testKafkaConnection } from './connection-test.ts';
import { checkRecordFields, recordFieldIssues } from './kafka-record-fields.ts';
import { topicChanges } from '../topic-changes.ts';
import { openSinkTopic } from './kafka-sink-topic.ts';
import { KafkaSource } from './kafka-source.ts';
import { sharedGroup } from './group-overlap.ts';
import { startSplits } from './start-splits.ts';
import { testKafkaTable } from './table-test.ts';
import { topicIssues } from './topic-options.ts';
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
  sharedProgress: sharedGroup,
  emits: topicChanges,
  accepts: ({ format }, primaryKey) =>
    tellsChanges(format) ? 'retract' : primaryKey.length > 0 ? 'upsert' : 'append',
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
    refuseOptions([...topicIssues(options), ...sourceIssues(options)], node.table);
    const cluster = await KafkaCluster.open(clusterOptionsOf(options, clientId), { deadlineMs: reachMs });
    try {
      return await startSplits(cluster, node.table, options, context.pipeline);
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

  async testConnection(options, run, clusterName) {
    const cluster = await testKafkaConnection(options, run, `weir-${clusterName}-connection-test`);
    await cluster?.close();
  },

  async testTable(node, use, run, context) {
    const clientId = `weir-${context.clusterName}-connection-test`;
    const cluster = new KafkaCluster(clusterOptionsOf(node.options, clientId));
    try {
      await testKafkaTable(cluster, node, use, run, context);
    } finally {
      await cluster.close();
    }
  },

  createSource: (node, context) => new KafkaSource(node, context),
  createSink: (node, context) =>
    isExactlyOnce(fillOptions(kafkaTableOptions, node.options, context.access.variables))
      ? new KafkaTransactionalSink(node, context)
      : new KafkaIdempotentSink(node, context),
  createRecovery: (node, context) => new KafkaRecovery(node, context),
};

/** What is only seen when variables are filled in. @throws WeirError WEIR-3005 */
function refuseOptions(issues: readonly OptionIssue[], table: string): void {
  const [issue] = issues;
  if (issue === undefined) return;
  const { message, hint } = issue;
  throw new WeirError('WEIR-3005', `table ${table}: ${message}`, hint === undefined ? {} : { hint });
}
