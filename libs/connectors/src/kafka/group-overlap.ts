import type { SourceNode } from '@weir/plan/nodes/source.ts';
import { compileTopicPattern, isChosen, topicNames, type TopicChoice } from './kafka-topics.ts';

type Options = Readonly<Record<string, string>>;

/**
 * Whether two tables name one consumer group for one topic of one cluster, as they are written (variables aren't filled in). Each would tell
 * the group its own progress, and whoever made the group shared expects that each sees a part of the topic: both would see all of it.
 * @returns what they share, in words
 */
export function sharedGroup(a: SourceNode, b: SourceNode): string | undefined {
  const group = a.options['source.group_id'];
  if (group === undefined || group !== b.options['source.group_id']) return undefined;
  if (!isSameCluster(a, b)) return undefined;
  const [one, other] = [choiceOf(a.options), choiceOf(b.options)];
  if (one === null || other === null) return undefined;
  if (one.kind === 'pattern' && other.kind === 'pattern')
    return `the consumer group '${group}' for topics by patterns`;
  const [names, choice] = one.kind === 'names' ? [one.names, other] : [namesOf(other), one];
  const topic = names.find((name) => isChosen(choice, name));
  return topic === undefined ? undefined : `the consumer group '${group}' for the topic '${topic}'`;
}

function namesOf(choice: TopicChoice): readonly string[] {
  return choice.kind === 'names' ? choice.names : [];
}

/** Null: only variables say. */
function choiceOf({ topic, topic_pattern: text }: Options): TopicChoice | null {
  if (topic !== undefined) return { kind: 'names', names: topicNames(topic) };
  const pattern = text === undefined ? undefined : compileTopicPattern(text);
  return text === undefined || pattern === undefined ? null : { kind: 'pattern', text, pattern };
}

/** Any broker in common: a cluster may be named by several. */
function isSameCluster(a: SourceNode, b: SourceNode): boolean {
  if (a.connection.profile !== b.connection.profile) return false;
  const servers = (node: SourceNode): string[] =>
    (node.options['bootstrap_servers'] ?? '').split(',').map((server) => server.trim());
  const there = servers(b);
  return servers(a).some((server) => there.includes(server));
}
