import { expect, test } from 'vitest';
import { matchesSubject } from './subjects.ts';

test.each([
  ['a.b', 'a.b', true],
  ['a.b', 'a.bc', false],
  ['a.bc', 'a.b', false],
  ['a.*', 'a.b', true],
  ['a.*', 'a.b.c', false],
  ['a.*', 'a', false],
  ['a.*.c', 'a.bbb.c', true],
  ['a.*.c', 'a.b.d', false],
  ['*.*', 'a.b', true],
  ['*', 'a.b', false],
  ['a.>', 'a.b', true],
  ['a.>', 'a.b.c', true],
  ['a.>', 'a', false],
  ['a.>', 'ab.c', false],
  ['a.*.>', 'a.b', false],
  ['a.*.>', 'a.b.c.d', true],
])('%s and %s', (pattern, subject, matches) => {
  expect(matchesSubject(pattern, subject)).toBe(matches);
});
