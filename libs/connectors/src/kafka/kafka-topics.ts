import type { KafkaCluster } from '@weir/kafka/cluster-access.ts';
import type { TopicDescription, WaitOptions } from '@weir/kafka/contracts/cluster.ts';
import { murmur2 } from '@weir/kafka/partitioner/murmur2.ts';
import { present } from '@weir/kernel/assert.ts';
import { WeirError } from '@weir/kernel/errors.ts';

type Options = Readonly<Record<string, string>>;

/** Which topics a table reads: these, or all whose whole name matches, those that are made later too. */
export type TopicChoice =
  | { readonly kind: 'names'; readonly names: readonly string[] }
  | { readonly kind: 'pattern'; readonly text: string; readonly pattern: RegExp };

/** Options that were checked. */
export function topicChoice(options: Options): TopicChoice {
  const text = options['topic_pattern'];
  if (text === undefined) {
    return { kind: 'names', names: topicNames(present(options['topic'], "option 'topic' of a kafka table")) };
  }
  const pattern = compileTopicPattern(text);
  if (pattern !== undefined) return { kind: 'pattern', text, pattern };
  throw new WeirError('WEIR-3005', `option 'topic_pattern' is '${text}', which is no regular expression`);
}

export function topicNames(text: string): string[] {
  return text.split(',').map((name) => name.trim());
}

/** Undefined: it is no regular expression. */
export function compileTopicPattern(text: string): RegExp | undefined {
  try {
    return new RegExp(`^(?:${text})$`, 'u');
  } catch {
    return undefined;
  }
}

export function isChosen(choice: TopicChoice, topic: string): boolean {
  return choice.kind === 'names' ? choice.names.includes(topic) : choice.pattern.test(topic);
}

/** The topic that a table writes. @throws WeirError WEIR-3204 for several, or a pattern */
export function sinkTopicOf(table: string, options: Options): string {
  const { topic } = options;
  if (topic !== undefined && options['topic_pattern'] === undefined && topicNames(topic).length === 1)
    return topic.trim();
  throw new WeirError('WEIR-3204', `table ${table} is written, so that it has one topic`, {
    hint: "name it in the option 'topic'; lists and 'topic_pattern' are for tables that are read",
  });
}

/**
 * The topics and their partitions; those of `saved` are among them, since what was read of a topic must not just end.
 * @throws WeirError WEIR-4003 for a topic that isn't there, or a pattern that none matches
 */
export async function describeChosen(
  cluster: KafkaCluster,
  choice: TopicChoice,
  saved: readonly string[],
  wait?: WaitOptions,
): Promise<readonly TopicDescription[]> {
  if (choice.kind === 'names') return cluster.describeTopics(choice.names, wait);
  const all = await cluster.listTopics(wait);
  const names = [...new Set([...all.filter((topic) => choice.pattern.test(topic)), ...saved])];
  if (names.length > 0) return cluster.describeTopics(names, wait);
  throw new WeirError('WEIR-4003', `no topic matches 'topic_pattern' = '${choice.text}'`, {
    hint: `it must match whole names; there are ${all.length} topics${all.length === 0 ? '' : `, such as ${all.slice(0, 3).join(', ')}`}`,
  });
}

/** The subtask that reads a partition: those of one topic are spread evenly, and begin elsewhere for each topic. */
export function ownerOf(topic: string, partition: number, parallelism: number): number {
  const name = Buffer.from(topic);
  const first = (murmur2(name, 0, name.length) & 0x7fffffff) % parallelism;
  return (first + partition) % parallelism;
}
