import { expect, test } from 'vitest';
import { AnswerFraming } from './answer-framing.ts';

function framed(...texts: string[]): Buffer {
  return Buffer.concat(
    texts.map((text) => {
      const length = Buffer.alloc(4);
      length.writeInt32BE(Buffer.byteLength(text));
      return Buffer.concat([length, Buffer.from(text)]);
    }),
  );
}

test.each([1, 2, 3, 5, 7, 64, 100_000])(
  'answers are whole whatever the chunks: %d bytes at a time',
  (size) => {
    const texts = ['abcd', 'x'.repeat(5_000), 'efghi', 'y'.repeat(70_000), 'last'];
    const bytes = framed(...texts);
    const answers: string[] = [];
    const framing = new AnswerFraming((answer) => answers.push(answer.toString()));
    const chunk = Buffer.alloc(size);
    for (let at = 0; at < bytes.length; at += size) framing.push(chunk, bytes.copy(chunk, 0, at));
    expect(answers).toEqual(texts);
  },
);

test('something else than Kafka is noticed', () => {
  const framing = new AnswerFraming(() => {});
  expect(() => framing.push(Buffer.from('HTTP/1.1 400 Bad Request'), 24)).toThrow(
    /is this the port of a Kafka broker/,
  );
});
