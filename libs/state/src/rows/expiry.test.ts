import type { Batch } from '@weir/columnar/batch.ts';
import { bigintType, doubleType } from '@weir/columnar/sql-type.ts';
import { expect, test } from 'vitest';
import { ValueByKey } from '../kinds/value-by-key.ts';
import { Expiry } from './expiry.ts';

const place = { store: 0, range: { keyGroups: 128, start: 0, end: 128 } };
const counted = { keys: [bigintType], values: [{ name: 'count', type: doubleType }] };

/** Keys from .. to-1. */
function keys(from: number, to: number): Batch {
  const values = Float64Array.from({ length: to - from }, (_, index) => from + index);
  return {
    schema: { fields: [{ name: 'k', type: bigintType, nullable: false }] },
    columns: [{ kind: 'int', values, big: null, nulls: null }],
    rowCount: to - from,
    rowKinds: null,
    partition: 0,
  };
}

function write(state: ValueByKey, from: number, to: number, nowSeconds: number): void {
  state.store.now = nowSeconds;
  state.findOrCreate(keys(from, to), [0], new Int32Array(to - from));
}

/** Frees all that is due, call by call; returns how many each call gave. */
function expire(state: ValueByKey, expiry: Expiry, nowSeconds: number): number[] {
  const calls: number[] = [];
  for (let due = expiry.due(nowSeconds); due.length > 0; due = expiry.due(nowSeconds)) {
    for (const slot of due) state.remove(slot);
    calls.push(due.length);
  }
  return calls;
}

test('what was not written for the time goes, what was written again stays', () => {
  const state = new ValueByKey(counted, place);
  const expiry = new Expiry(state.store, 100);
  write(state, 0, 5000, 1000);
  write(state, 5000, 9000, 1050);
  write(state, 0, 10, 1060);
  expect(expire(state, expiry, 1099)).toEqual([]);
  expect(expire(state, expiry, 1100).reduce((a, b) => a + b, 0)).toBe(4990);
  expect(state.count).toBe(4010);
  const slots = new Int32Array(20);
  state.find(keys(0, 20), [0], slots);
  expect([...slots].map((slot) => slot >= 0)).toEqual([...Array(20).keys()].map((key) => key < 10));
  expect(expire(state, expiry, 1160).reduce((a, b) => a + b, 0)).toBe(4010);
  // All gone, and gone for a reader of the pieces too: the keys begin anew.
  write(state, 3, 4, 1200);
  expect(state.count).toBe(1);
});

test('one call gives a bounded number, a time of 0 nothing at all, and restored records keep their age', () => {
  const state = new ValueByKey(counted, place);
  write(state, 0, 50_000, 10);
  expect(new Expiry(state.store, 0).due(1e9)).toEqual([]);
  const { written } = state.snapshot(() => 1);
  const restored = new ValueByKey(counted, place);
  restored.restore([{ pieces: written }], true);
  const calls = expire(restored, new Expiry(restored.store, 5), 15);
  expect(calls.reduce((a, b) => a + b, 0)).toBe(50_000);
  // A page's worth more at most.
  expect(Math.max(...calls)).toBeLessThan(8192 + 4096);
  expect(restored.snapshot(() => 2)).toEqual({ written: [], kept: [] });
});
