import { expect, it } from 'vitest';
import { randomId } from './random-id.ts';

it('ids have their length, their alphabet, and do not repeat across refills of the stock', () => {
  const ids = Array.from({ length: 500 }, () => randomId(16));
  for (const id of ids) expect(id).toMatch(/^[0-9a-z]{16}$/);
  expect(new Set(ids).size).toBe(ids.length);
  expect(randomId(0)).toBe('');
});
