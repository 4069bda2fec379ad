import { expect, test } from 'vitest';
import { readBoundedJson } from './bounded-json.ts';

const read = (text: string, bounds?: { length: number; depth: number }) =>
  readBoundedJson(text, 'the message', 'WEIR-0000', bounds);

test('JSON is read as it is', () => {
  for (const value of [null, 1, 'x', [], {}, { a: [1, { constructor: 2 }] }])
    expect(read(JSON.stringify(value))).toEqual(value);
});

test.each([
  ['no JSON', '{"a":', undefined],
  ['nested more than 512 levels deep', `${'['.repeat(100_000)}${']'.repeat(100_000)}`, undefined],
  ['nested more than 2 levels deep', '[[[]]]', { length: 100, depth: 2 }],
  ["a key '__proto__'", '{"a":[{"__proto__":{"harm":1}}]}', undefined],
  ['has 7 characters', '"12345"', { length: 6, depth: 2 }],
])('fault 1.2.1: %s is refused', (why, text, bounds) => {
  expect(() => read(text, bounds)).toThrow(
    expect.objectContaining({ code: 'WEIR-0000', message: expect.stringContaining(why) as string }),
  );
});
