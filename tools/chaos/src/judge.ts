import type { ChaosTopics } from './chaos-pipeline.ts';
import type { CommittedReader } from './committed-reader.ts';
import { ExpectedOutput, keptText, windowKey } from './expected-output.ts';

export interface Verdict {
  readonly input: number;
  readonly output: number;
  /** Of the output. */
  readonly deadLetters: number;
  readonly lost: number;
  /** Records that came again, or that should not be there at all. */
  readonly duplicated: number;
  /** Windows that are missing, wrong, or there more than once. */
  readonly wrongWindows: number;
  /** The first few complaints, for people. */
  readonly examples: readonly string[];
}

const mostExamples = 10;

/** Compares what is in the output topics with what the committed input asks for. */
export async function judge(reader: CommittedReader, topics: ChaosTopics): Promise<Verdict> {
  const expected = new ExpectedOutput();
  await reader.read(topics.input, ({ value }) => expected.add(value));
  expected.dropOpenWindows();
  const examples: string[] = [];
  const complain = (text: string) => {
    if (examples.length < mostExamples) examples.push(text);
  };
  const kept = await judgeKept(reader, topics.kept, expected, complain);
  const windows = await judgeWindows(reader, topics.windows, expected, complain);
  const dead = await judgeDeadLetters(reader, topics.dead, expected, complain);
  return {
    input: expected.input,
    output: kept.output + windows.output + dead.output,
    deadLetters: dead.output,
    lost: kept.lost + dead.lost,
    duplicated: kept.duplicated + dead.duplicated,
    wrongWindows: windows.wrong,
    examples,
  };
}

async function judgeKept(
  reader: CommittedReader,
  topic: string,
  expected: ExpectedOutput,
  complain: (text: string) => void,
): Promise<{ output: number; lost: number; duplicated: number }> {
  const seen = new Set<number>();
  let output = 0;
  let duplicated = 0;
  await reader.read(topic, ({ partition, offset, value }) => {
    output += 1;
    const record = JSON.parse(value) as Parameters<typeof keptText>[0];
    if (!seen.has(record.id) && expected.kept.get(record.id) === keptText(record)) {
      seen.add(record.id);
      return;
    }
    duplicated += 1;
    complain(`${topic}/${partition}@${offset}: ${seen.has(record.id) ? 'again' : 'unexpected'}: ${value}`);
  });
  let lost = 0;
  for (const [id, text] of expected.kept) {
    if (seen.has(id)) continue;
    lost += 1;
    complain(`${topic}: lost: ${text}`);
  }
  return { output, lost, duplicated };
}

async function judgeDeadLetters(
  reader: CommittedReader,
  topic: string,
  expected: ExpectedOutput,
  complain: (text: string) => void,
): Promise<{ output: number; lost: number; duplicated: number }> {
  const seen = new Set<string>();
  let output = 0;
  let duplicated = 0;
  await reader.read(topic, ({ partition, offset, value }) => {
    output += 1;
    if (expected.dead.has(value) && !seen.has(value)) {
      seen.add(value);
      return;
    }
    duplicated += 1;
    complain(`${topic}/${partition}@${offset}: ${seen.has(value) ? 'again' : 'unexpected'}: ${value}`);
  });
  const lost = [...expected.dead].filter((value) => !seen.has(value));
  for (const value of lost) complain(`${topic}: lost: ${value}`);
  return { output, lost: lost.length, duplicated };
}

async function judgeWindows(
  reader: CommittedReader,
  topic: string,
  expected: ExpectedOutput,
  complain: (text: string) => void,
): Promise<{ output: number; wrong: number }> {
  const seen = new Set<string>();
  let output = 0;
  let wrong = 0;
  await reader.read(topic, ({ partition, offset, value }) => {
    output += 1;
    const { k, start, n, total } = JSON.parse(value) as {
      k: number;
      start: number;
      n: number;
      total: number;
    };
    const key = windowKey(k, start);
    const right = expected.windows.get(key);
    if (right !== undefined && right.n === n && right.total === total && !seen.has(key)) {
      seen.add(key);
      return;
    }
    wrong += 1;
    const why = seen.has(key) ? 'again' : right === undefined ? 'unexpected' : `not ${JSON.stringify(right)}`;
    seen.add(key);
    complain(`${topic}/${partition}@${offset}: ${why}: ${value}`);
  });
  for (const [key, right] of expected.windows) {
    if (seen.has(key)) continue;
    wrong += 1;
    complain(`${topic}: missing: ${key} ${JSON.stringify(right)}`);
  }
  return { output, wrong };
}
