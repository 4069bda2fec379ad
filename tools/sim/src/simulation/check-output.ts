import type { SimKafka } from '../simulator/kafka/sim-kafka.ts';
import type { ExpectedOutput } from './sim-input.ts';
import { topics } from './sim-pipeline.ts';
import { committedValues } from './read-output.ts';

const mostExamples = 5;

/**
 * What is lost, there too often or wrong in the read_committed output; empty when it is as it shall be.
 * @param most times that a row may be there: once, and once more for each time that the pipeline went back to an older epoch
 */
export function outputProblems(kafka: SimKafka, expected: ExpectedOutput, most: number): string[] {
  return [
    ...compared(topics.kept, committedValues(kafka, topics.kept), expected.kept, most, (value) => {
      const { id, k, twice } = JSON.parse(value) as { id: number; k: number; twice: number };
      return [id, JSON.stringify({ id, k, twice })];
    }),
    ...compared(topics.windows, committedValues(kafka, topics.windows), expected.windows, most, (value) => {
      const { k, start, n, total } = JSON.parse(value) as {
        k: number;
        start: number;
        n: number;
        total: number;
      };
      return [`${k} ${start}`, JSON.stringify({ k, start, n, total })];
    }),
    ...compared(topics.dead, committedValues(kafka, topics.dead), expected.dead, most, (value) => [
      Number(value.slice('bad '.length)),
      value,
    ]),
  ];
}

/** Whether all that is expected is there (and perhaps more). `distinct`: rows that are there twice count once. */
export function isComplete(kafka: SimKafka, expected: ExpectedOutput, distinct: boolean): boolean {
  const count = (topic: string): number => {
    const values = committedValues(kafka, topic);
    return distinct ? new Set(values).size : values.length;
  };
  return (
    count(topics.kept) >= expected.kept.size &&
    count(topics.windows) >= expected.windows.size &&
    count(topics.dead) >= expected.dead.size
  );
}

function compared<K>(
  topic: string,
  values: readonly string[],
  expected: ReadonlyMap<K, string>,
  most: number,
  read: (value: string) => readonly [K, string],
): string[] {
  const problems: string[] = [];
  const seen = new Map<K, number>();
  for (const value of values) {
    const [key, text] = read(value);
    const times = (seen.get(key) ?? 0) + 1;
    if (expected.get(key) !== text) problems.push(`${topic}: wrong: ${value}, not ${expected.get(key)}`);
    else if (times > most) problems.push(`${topic}: ${times === 2 ? 'twice' : `${times} times`}: ${value}`);
    seen.set(key, times);
  }
  for (const [key, text] of expected) if (!seen.has(key)) problems.push(`${topic}: lost: ${text}`);
  const more = problems.length - mostExamples;
  return more > 0 ? [...problems.slice(0, mostExamples), `${topic}: and ${more} more`] : problems;
}
