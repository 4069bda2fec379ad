import type { PlainRow } from '@weir/columnar/row-view.ts';
import { BatchBuilder } from '@weir/columnar/column-builder.ts';
import { defaultKeyGroups, keyGroupOf, keyGroupRange, subtaskOf } from '@weir/columnar/key-groups.ts';
import { hashKeys } from '@weir/columnar/key-hash.ts';
import { batchOfRows } from '@weir/columnar/row-view.ts';
import { textType, type SqlType, bigintType } from '@weir/columnar/sql-type.ts';
import { present } from '@weir/kernel/assert.ts';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { RestoredState } from './operator.ts';
import { PieceStore, restoredFrom, type OperatorHarness } from './testing/operator-harness.ts';
import {
  aggregate,
  allAggregates,
  hop,
  second,
  tumble,
  windowHarness,
  windowInput,
  type WindowFixture,
} from './testing/window-fixture.ts';

/** Rows split among subtasks as the exchange does. */
function split(rows: readonly PlainRow[], parallelism: number, keyType: SqlType): PlainRow[][] {
  const batch = batchOfRows(new BatchBuilder(windowInput(keyType)), rows);
  const hashes = new Int32Array(rows.length);
  hashKeys(batch, [1], hashes);
  const parts: PlainRow[][] = Array.from({ length: parallelism }, () => []);
  rows.forEach((row, index) =>
    parts[subtaskOf(keyGroupOf(hashes[index]!, defaultKeyGroups), parallelism, defaultKeyGroups)]!.push(row),
  );
  return parts;
}

function sorted(rows: readonly PlainRow[]): string[] {
  return rows.map((row) => row.join('|')).toSorted();
}

function start(
  fixture: WindowFixture,
  parallelism: number,
  stores: readonly PieceStore[],
): OperatorHarness[] {
  return Array.from({ length: parallelism }, (_, subtask) =>
    windowHarness(fixture, { subtask, parallelism, restored: restoredFrom(stores) }),
  );
}

const textKeys = (index: number): string | null => (index % 50 === 0 ? null : `key-${index % 97}`);
const intKeys = (index: number): bigint | null =>
  index % 50 === 0 ? null : index % 53 === 0 ? 2n ** 60n + BigInt(index % 7) : BigInt(index % 97);

describe('window aggregate, restore', () => {
  it.each([
    ['tumble, integer keys', { window: tumble(10) }, bigintType, intKeys],
    ['hop, integer keys', { window: hop(10, 4) }, bigintType, intKeys],
    ['tumble, text keys', { window: tumble(10), keyType: textType }, textType, textKeys],
    [
      'tumble, min of text',
      { window: tumble(10), aggregates: [aggregate('min', 3, textType), ...allAggregates] },
      bigintType,
      intKeys,
    ],
  ] as const)(
    '%s: parallelism 2, then 3, then 1 gives what an unbroken run gives',
    (_, fixture, keyType, keyOf) => {
      const rows = Array.from({ length: 3000 }, (_unused, index): PlainRow => [
        BigInt(Math.round((index / 100 + ((index * 31) % 10)) * second)),
        keyOf(index),
        index % 11 === 0 ? null : BigInt(index) * 2_000_000_000_000n,
        `tag${(index * 7) % 100}`,
        null,
      ]);
      const straight = windowHarness(fixture);
      straight.rows(rows);
      straight.watermark(Infinity);

      const out: PlainRow[] = [];
      let stores: PieceStore[] = [];
      let position = 0;
      for (const parallelism of [2, 3, 1]) {
        const subtasks = start(fixture, parallelism, stores);
        stores = subtasks.map(() => new PieceStore());
        // Restored subtasks may keep pieces: hand them over, as the ledger does.
        for (const store of stores) store.accept({ written: [], kept: [], splits: {} });
        for (let step = 0; step < 5; step += 1) {
          const chunk = rows.slice(position, position + 200);
          position += 200;
          split(chunk, parallelism, keyType).forEach((part, subtask) => {
            if (part.length > 0) subtasks[subtask]!.rows(part);
          });
          const watermark = (position / 100 - 1) * second;
          for (const subtask of subtasks) {
            subtask.watermark(watermark);
            out.push(...subtask.takeRows());
          }
          subtasks.forEach((subtask, index) => stores[index]!.accept(subtask.snapshot()));
        }
        if (position >= rows.length) {
          for (const subtask of subtasks) {
            subtask.watermark(Infinity);
            out.push(...subtask.takeRows());
          }
        }
      }
      expect(sorted(out)).toEqual(sorted(straight.takeRows()));
      expect(straight.counters.get('late_rows')).toBeUndefined();
    },
  );

  it('keeps its own pieces over a restore at the same parallelism, and writes only what changes', () => {
    const fixture: WindowFixture = { window: tumble(10) };
    const first = windowHarness(fixture);
    first.rows(Array.from({ length: 2000 }, (_, index): PlainRow => [1n, BigInt(index), 1n, null, null]));
    const store = new PieceStore();
    store.accept(first.snapshot());

    const second_ = windowHarness(fixture, { restored: restoredFrom([store]) });
    second_.rows([[1n, 5n, 1n, null, null]]);
    const state = second_.snapshot();
    expect(state.kept).toEqual([1]);
    expect(state.written.map((piece) => piece.sequence)).toEqual([2]);
    expect(state.written[0]!.bytes.length).toBeLessThan(store.bytes / 100);
    store.accept(state);

    const third = windowHarness(fixture, { restored: restoredFrom([store]) });
    third.watermark(Infinity);
    const rows = third.takeRows();
    expect(rows.length).toBe(2000);
    expect(rows.filter((row) => row[1] === 2n).map((row) => row[0])).toEqual([5n]);
  });

  it('does not fire a window again whose rows came out before the snapshot', () => {
    const first = windowHarness({ window: tumble(10) });
    first.watermark(10 * second);
    const store = new PieceStore();
    store.accept(first.snapshot());
    const again = windowHarness({ window: tumble(10) }, { restored: restoredFrom([store]) });
    again.rows([[BigInt(5 * second), 1n, 1n, null, null]]);
    again.watermark(Infinity);
    expect(again.takeRows()).toEqual([]);
    expect(again.counters.get('late_rows')).toBe(1);
  });

  it('names what is wrong with a damaged piece', () => {
    const first = windowHarness({ window: tumble(10) });
    first.rows([[1n, 1n, 1n, null, null]]);
    const state = first.snapshot();
    const piece = state.written[0]!;
    const restoredWith = (bytes: Uint8Array): (() => OperatorHarness) => {
      const store = new PieceStore();
      store.accept({ ...state, written: [{ ...piece, bytes }] });
      return () => windowHarness({ window: tumble(10) }, { restored: restoredFrom([store]) });
    };
    const flipped = piece.bytes.slice();
    flipped[40]! ^= 1;
    expect(restoredWith(flipped)).toThrow(/corrupt: its checksum is wrong/);
    expect(restoredWith(piece.bytes.slice(0, -8))).toThrow(/corrupt: it is cut/);
    const newer = piece.bytes.slice();
    newer[4] = 9;
    expect(restoredWith(newer)).toThrow(/format version 9/);
    const store = new PieceStore();
    store.accept(state);
    expect(() =>
      windowHarness({ window: tumble(10), keyType: textType }, { restored: restoredFrom([store]) }),
    ).toThrow(/other keys or aggregates/);
  });

  it('the end of its input comes out again when it had ended before the restore', () => {
    const fixture: WindowFixture = { window: tumble(10) };
    const before = windowHarness(fixture, {});
    before.watermark(Infinity);
    const store = new PieceStore();
    store.accept(before.snapshot());
    const after = windowHarness(fixture, { restored: restoredFrom([store]) });
    after.watermark(Infinity);
    after.watermark(Infinity);
    expect(after.takeWatermarks()).toEqual([Infinity]);
  });

  it.each([1, 2, 3])('reads the pieces that 8839beb wrote, at parallelism %d', (parallelism) => {
    const file = new URL('testing/fixtures/pieces-8839beb.json', import.meta.url);
    const saved = JSON.parse(readFileSync(file, 'utf8')) as SavedPieces[];
    const fixtures: Record<string, WindowFixture> = {
      'tumble, integer keys': { window: tumble(10) },
      'hop, text keys': { window: hop(10, 4), keyType: textType },
      'tumble, min of text': {
        window: tumble(10),
        aggregates: [aggregate('min', 3, textType), ...allAggregates],
      },
    };
    for (const { name, writers, fires } of saved) {
      const splits = Object.assign({}, ...writers.map((writer) => writer.splits)) as RestoredState['splits'];
      // As the runtime does: only the pieces that meet the subtask's key groups.
      const restoredFor = ({ start, end }: { start: number; end: number }): RestoredState => ({
        writers: writers.map(({ pieces }, subtask) => ({
          subtask,
          pieces: pieces
            .filter((piece) => piece.keyGroupStart < end && start < piece.keyGroupEnd)
            .map((piece) => ({ ...piece, bytes: Buffer.from(piece.bytes, 'base64') })),
        })),
        splits,
      });
      const out: PlainRow[] = [];
      for (let subtask = 0; subtask < parallelism; subtask += 1) {
        const restored = restoredFor(keyGroupRange(subtask, parallelism, defaultKeyGroups));
        const harness = windowHarness(present(fixtures[name], name), { subtask, parallelism, restored });
        // At the same parallelism they go on to count; at another everything is written anew.
        const { written, kept } = harness.snapshot();
        expect(kept.length > 0, name).toBe(parallelism === 2);
        expect(written.length > 0, name).toBe(parallelism !== 2);
        harness.watermark(Infinity);
        out.push(...harness.takeRows());
      }
      expect(sorted(out), name).toEqual(fires);
    }
  });

  it('writes what was moved ahead, in pieces that the first snapshot keeps, and changes since then beside it', () => {
    const fixture: WindowFixture = { window: tumble(10), keyType: textType };
    const rowOf = (index: number, value: bigint): PlainRow => [
      BigInt((index % 2) * 10 * second),
      `key-${index}`,
      value,
      null,
      null,
    ];
    const before = [0, 1].map((subtask) => windowHarness(fixture, { subtask, parallelism: 2 }));
    const rows = Array.from({ length: 4000 }, (_, index) => rowOf(index, 1n));
    const stores = [new PieceStore(), new PieceStore()];
    split(rows, 2, textType).forEach((part, subtask) => {
      before[subtask]!.rows(part);
      stores[subtask]!.accept(before[subtask]!.snapshot());
    });
    const moved = windowHarness(fixture, { restored: restoredFrom(stores) });
    const first = present(moved.writeAhead(), 'a piece ahead');
    moved.rows(rows.slice(0, 100));
    const second_ = present(moved.writeAhead(), 'a piece of the other window');
    expect(moved.writeAhead()).toBeNull();
    const state = moved.snapshot();
    expect(state.kept.toSorted((a, b) => a - b)).toEqual([first.sequence, second_.sequence]);
    const store = new PieceStore();
    store.accept({ written: [first, second_], kept: [], splits: {} });
    store.accept(state);
    // Only what changed after its window was written ahead: half of the hundred keys.
    expect(state.written).toHaveLength(1);
    const again = windowHarness(fixture, { restored: restoredFrom([store]) });
    expect(again.writeAhead()).toBeNull();
    for (const harness of [moved, again]) harness.watermark(Infinity);
    const fires = sorted(moved.takeRows());
    expect(fires).toHaveLength(4000);
    expect(sorted(again.takeRows())).toEqual(fires);
    expect(fires.filter((row) => row.includes('|2|2|')).length).toBe(100);
  });
});

interface SavedPieces {
  readonly name: string;
  readonly writers: readonly {
    readonly pieces: readonly {
      readonly sequence: number;
      readonly bytes: string;
      readonly keyGroupStart: number;
      readonly keyGroupEnd: number;
    }[];
    readonly splits: RestoredState['splits'];
  }[];
  /** The rows of all windows, columns joined by bars, sorted. */
  readonly fires: readonly string[];
}
