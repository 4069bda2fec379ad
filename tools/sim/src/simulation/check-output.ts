import type { SimKafka } from '@weir/testkit/sim/kafka/sim-kafka.ts';
import type { ExpectedOutput } from './sim-input.ts';
import { topics } from './sim-pipeline.ts';
import { committedValues } from './read-output.ts';

const mostExamples = 5;

/** What is lost, there twice or wrong in the read_committed output; empty when it is as it shall be. */
export function outputProblems(kafka: SimKafka, expected: ExpectedOutput): string[] {
  return [
    ...compared(topics.kept, committedValues(kafka, topics.kept), expected.kept, (value) => {
      const { id, k, twice } = JSON.parse(value) as { id: number; k: number; twice: number };
      return [id, JSON.stringify({ id, k, twice })];
    }),
    ...compared(topics.windows, committedValues(kafka, topics.windows), expected.windows, (value) => {
      const { k, start, n, total } = JSON.parse(value) as {
        k: number;
        start: number;
        n: number;
        total: number;
      };
      return [`${k} ${start}`, JSON.stringify({ k, start, n, total })];
    }),
  ];
}

/** Whether all that is expected is there (and perhaps more). */
export function isComplete(kafka: SimKafka, expected: ExpectedOutput): boolean {
  return (
    committedValues(kafka, topics.kept).length >= expected.kept.size &&
    committedValues(kafka, topics.windows).length >= expected.windows.size
  );
}

function compared<K>(
  topic: string,
  values: readonly string[],
  expected: ReadonlyMap<K, string>,
  read: (value: string) => readonly [K, string],
): string[] {
  const problems: string[] = [];
  const seen = new Set<K>();
  for (const value of values) {
    const [key, text] = read(value);
    if (seen.has(key)) problems.push(`${topic}: twice: ${value}`);
    else if (expected.get(key) !== text) problems.push(`${topic}: wrong: ${value}, not ${expected.get(key)}`);
    seen.add(key);
  }
  for (const [key, text] of expected) if (!seen.has(key)) problems.push(`${topic}: lost: ${text}`);
  const more = problems.length - mostExamples;
  return more > 0 ? [...problems.slice(0, mostExamples), `${topic}: and ${more} more`] : problems;
}
