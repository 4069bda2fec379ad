import type { PlainRow } from '@weir/columnar/row-view.ts';
import { defaultKeyGroups, keyGroupRange } from '@weir/columnar/key-groups.ts';
import { textType } from '@weir/columnar/sql-type.ts';
import { headOf } from '@weir/state/pieces/piece-codec.ts';
import { PieceHolder } from '@weir/state/testing/piece-holder.ts';
import { describe, expect, it } from 'vitest';
import { PieceStore, restoredFrom, type OperatorHarness } from './testing/operator-harness.ts';
import { aggregate, second, tumble, windowHarness } from './testing/window-fixture.ts';

const counting = { window: tumble(10), aggregates: [aggregate('count', null), aggregate('sum', 2)] };

function add(harness: OperatorHarness, keys: readonly number[], seconds = 1): void {
  for (let from = 0; from < keys.length; from += 4096) {
    const rows = keys
      .slice(from, from + 4096)
      .map((key): PlainRow => [BigInt(seconds * second), BigInt(key), 3n, null, null]);
    harness.rows(rows);
  }
}

const oddKey = (key: number): bigint | null =>
  key % 1000 === 1 ? null : key % 5 === 0 ? 2n ** 60n + BigInt(key) : BigInt(key);

const allKeys = Array.from({ length: 20_000 }, (_, index) => index);

describe('window aggregate, barriers', () => {
  it('writes nothing when nothing changed, and says what still counts', () => {
    const harness = windowHarness(counting);
    add(harness, allKeys);
    const first = harness.snapshot();
    const second_ = harness.snapshot();
    expect(second_.written).toEqual([]);
    expect(second_.kept).toEqual(first.written.map((piece) => piece.sequence));
  });

  it('writes at most 3 % of the bytes when 1 % of the keys changed, also over many epochs', () => {
    const harness = windowHarness(counting);
    const store = new PieceStore();
    add(harness, allKeys);
    store.accept(harness.snapshot());
    const full = store.bytes;
    const shares: number[] = [];
    for (let epoch = 0; epoch < 300; epoch += 1) {
      add(
        harness,
        Array.from({ length: 200 }, (_, index) => (epoch * 7919 + index * 97) % 20_000),
      );
      const state = harness.snapshot();
      shares.push(state.written.reduce((sum, piece) => sum + piece.bytes.length, 0) / full);
      store.accept(state);
      expect(store.bytes, `kept at epoch ${epoch}`).toBeLessThan(6 * full);
    }
    // A sweep of a pane this small writes at least 1024 rows a snapshot: the share that it adds is checked on average.
    expect(shares[0]).toBeLessThan(0.03);
    expect(shares.reduce((sum, share) => sum + share, 0) / shares.length).toBeLessThan(0.05);

    const restored = windowHarness(counting, { restored: restoredFrom([store]) });
    harness.watermark(Infinity);
    restored.watermark(Infinity);
    const sort = (rows: PlainRow[]): string[] => rows.map((row) => row.join('|')).toSorted();
    expect(sort(restored.takeRows())).toEqual(sort(harness.takeRows()));
  });

  it.each([
    ['numbers', {}, (key: number) => BigInt(key)],
    ['numbers, NULL and what is beyond 53 bits', {}, oddKey],
    ['texts', { keyType: textType }, (key: number) => `key-${key}`],
    [
      'texts, with a text beside them',
      { keyType: textType, aggregates: [aggregate('min', 3, textType)] },
      (key: number) => `${key}`,
    ],
  ])(
    'D18: %s lie by key group: a subtask gets its own out of the blocks that are cut for it',
    (_, more, keyOf) => {
      const fixture = { ...counting, ...more };
      const harness = windowHarness(fixture);
      let holder = new PieceHolder();
      // All; some of all parts; new ones beside changed ones.
      for (const keys of [
        allKeys,
        allKeys.filter((key) => key % 3 === 0),
        allKeys.map((key) => key + 12_000),
      ]) {
        harness.rows(keys.map((key): PlainRow => [BigInt(second), keyOf(key), 3n, `t${key % 7}`, null]));
        holder = holder.after(harness.snapshot());
      }
      expect(holder.pieces.map(({ bytes }) => headOf(bytes).blocks.length > 2)).toEqual([true, true, true]);
      const out: PlainRow[] = [];
      for (let subtask = 0; subtask < 3; subtask += 1) {
        const { start, end } = keyGroupRange(subtask, 3, defaultKeyGroups);
        const { pieces } = holder.restoredFor({ start, end, keyGroups: defaultKeyGroups });
        const part = pieces.reduce((sum, { bytes }) => sum + bytes.length, 0);
        expect(part).toBeLessThan(0.6 * holder.pieces.reduce((sum, { bytes }) => sum + bytes.length, 0));
        const restored = { writers: [{ subtask: 0, pieces }], splits: {} };
        const one = windowHarness(fixture, { subtask, parallelism: 3, restored });
        one.watermark(Infinity);
        out.push(...one.takeRows());
      }
      harness.watermark(Infinity);
      const sort = (rows: PlainRow[]): string[] => rows.map((row) => row.join('|')).toSorted();
      expect(sort(out)).toEqual(sort(harness.takeRows()));
    },
  );

  it('lets a window take its pieces with it', () => {
    const harness = windowHarness(counting);
    const store = new PieceStore();
    for (let window = 0; window < 20; window += 1) {
      add(harness, allKeys.slice(0, 1000), window * 10 + 1);
      store.accept(harness.snapshot());
      harness.watermark(window * 10 * second);
    }
    harness.watermark(200 * second);
    store.accept(harness.snapshot());
    expect(store.pieces).toEqual([]);
  });
});
