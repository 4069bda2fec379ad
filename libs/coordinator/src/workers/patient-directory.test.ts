import { expect, test } from 'vitest';
import { patientDirectory } from './patient-directory.ts';

test('nobody is declared dead before the controller knows that it is in the right cluster', () => {
  let nowMs = 1000;
  const clock = { nowMs: () => nowMs, monotonicMs: () => nowMs };
  const silent = { workers: () => [], isGone: () => true, onChange: () => () => {} };
  const directory = patientDirectory(silent, clock, 6000);
  expect(directory.isGone('w1')).toBe(false);
  nowMs = 6999;
  expect(directory.isGone('w1')).toBe(false);
  nowMs = 7000;
  expect(directory.isGone('w1')).toBe(true);
  expect(directory.settlesAtMs).toBe(2100);
});
