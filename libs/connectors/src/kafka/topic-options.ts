import type { OptionIssue } from '../connector.ts';
import { hasVariables } from '../options/fill-variables.ts';
import { compileTopicPattern, topicNames } from './kafka-topics.ts';

type Options = Readonly<Record<string, string>>;

/** What is wrong with the topics that a table names. */
export function topicIssues(options: Options): OptionIssue[] {
  const { topic, topic_pattern: pattern } = options;
  if (pattern !== undefined) return patternIssues(pattern, options);
  if (topic === undefined) {
    const message = "connector 'kafka' needs the option 'topic': topic to read or write";
    return [{ option: 'topic', message, hint: "for example 'topic' = 'orders'; 'topic_pattern' reads many" }];
  }
  const names = topicNames(topic);
  const repeated = names.find((name, place) => names.indexOf(name) !== place);
  if (repeated !== undefined) return [{ option: 'topic', message: `the topic '${repeated}' is named twice` }];
  if (names.length > 1 && options['type'] === 'sink') return [oneTopic('topic')];
  return ownDeadLetters(options, (dead) => names.includes(dead));
}

function patternIssues(pattern: string, options: Options): OptionIssue[] {
  const option = 'topic_pattern';
  if (options['topic'] !== undefined) {
    return [{ option, message: "'topic' and 'topic_pattern' both name topics", hint: 'give one of the two' }];
  }
  if (options['type'] === 'sink') return [oneTopic(option)];
  if (hasVariables(pattern)) return [];
  const compiled = compileTopicPattern(pattern);
  if (compiled === undefined) {
    const message = `'${pattern}' is no regular expression`;
    return [{ option, message, hint: "for example 'orders-.*': it must match whole names of topics" }];
  }
  return ownDeadLetters(options, (dead) => compiled.test(dead));
}

function oneTopic(option: string): OptionIssue {
  const message = 'a table that is written has one topic';
  return { option, message, hint: "name one in 'topic'" };
}

function ownDeadLetters(options: Options, reads: (topic: string) => boolean): OptionIssue[] {
  const dead = options['dead_letter.topic'];
  if (dead === undefined || !reads(dead)) return [];
  const message = `the table reads '${dead}' itself: its dead letters would come back for ever`;
  return [{ option: 'dead_letter.topic', message, hint: 'name another topic' }];
}
