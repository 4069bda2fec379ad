import { expect, test } from 'vitest';
import { brokerAnswerError } from './broker-errors.ts';

test.each([
  [45, 'retry', 'the broker lost the sequences of this producer: a new one goes on'],
  [59, 'retry', 'the broker forgot this producer: a new one goes on'],
  [6, 'retry', 'a leader that moved'],
  [47, 'fenced', 'an older producer epoch'],
  [29, 'fatal', 'no permission'],
  [10, 'fatal', 'a message that is too large'],
])('error %i has the disposition %s: %s', (code, disposition) => {
  expect(brokerAnswerError(code, 'take a batch').disposition).toBe(disposition);
});
