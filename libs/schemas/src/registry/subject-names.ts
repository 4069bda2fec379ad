import { WeirError } from '@weir/kernel/errors.ts';

/** How the subject of a topic's schemas is named; Confluent's three strategies. */
export const subjectNameStrategies = [
  'TopicNameStrategy',
  'RecordNameStrategy',
  'TopicRecordNameStrategy',
] as const;
export type SubjectNameStrategy = (typeof subjectNameStrategies)[number];

/** The context that a subject outside any context is in. */
export const defaultContext = '.';

/**
 * The context of a subject: `:.staging:orders-value` is in `.staging`, `orders-value` in `.`. Ids belong to a context (R5).
 */
export function contextOf(subject: string): string {
  return /^:(\.[^:]*):/.exec(subject)?.[1] ?? defaultContext;
}

/** The subject as it is named inside this context: references name subjects of their own context without saying so. */
export function inContext(subject: string, context: string): string {
  return context === defaultContext || subject.startsWith(':.') ? subject : `:${context}:${subject}`;
}

/**
 * @param recordName full name of the record or message, for the strategies that use it
 * @throws WeirError WEIR-3500 when the strategy needs a record name and there is none
 */
export function subjectFor(
  strategy: SubjectNameStrategy,
  topic: string,
  part: 'key' | 'value',
  recordName: string | undefined,
): string {
  if (strategy === 'TopicNameStrategy') return `${topic}-${part}`;
  if (recordName === undefined || recordName === '') {
    throw new WeirError(
      'WEIR-3500',
      `${strategy} names the subject by the record, and this schema has none`,
      {
        hint: `use TopicNameStrategy, or name the subject with '${part}.subject'`,
      },
    );
  }
  return strategy === 'RecordNameStrategy' ? recordName : `${topic}-${recordName}`;
}
