import { expect, test } from 'vitest';
import type { StatePiece } from '@weir/operators/operator.ts';
import { isSnapshotList, longestPieceList, pieceListBudget } from '@weir/epoch-protocol/snapshot-manifest.ts';
import { PieceReader, PieceWriter } from '@weir/state/pieces/piece-codec.ts';
import { restoreOperator, type ObjectReader } from './restore-state.ts';
import { inlinePieceBytes, inlineTotalBytes, SnapshotWriter } from './snapshot-writer.ts';

const piece = (sequence: number, bytes: number, start = 0, end = 16): StatePiece => {
  return { sequence, bytes: new Uint8Array(bytes).fill(sequence), keyGroupStart: start, keyGroupEnd: end };
};

function storeOf() {
  const objects = new Map<string, Uint8Array>();
  const put = async (epoch: number, bytes: Uint8Array): Promise<string> => {
    const key = `e${epoch}/${objects.size}`;
    objects.set(key, bytes);
    return key;
  };
  /** Bytes that were read. */
  const read = { bytes: 0, requests: 0 };
  const noted = (bytes: Uint8Array | undefined): Uint8Array | undefined => {
    read.requests += 1;
    read.bytes += bytes?.length ?? 0;
    return bytes;
  };
  const reader: ObjectReader = {
    read: async (key) => noted(objects.get(key)),
    readRange: async (key, start, end) => noted(objects.get(key)?.slice(start, end)),
  };
  return { objects, put, reader, read };
}

const written = (pieces: readonly StatePiece[], kept: readonly number[] = []) => [
  { operator: 'op', state: { written: pieces, kept, splits: {} } },
];

test('small pieces travel inline, large ones are stored; kept ones are listed again where they lie', async () => {
  const store = storeOf();
  const writer = new SnapshotWriter({ stage: 's', index: 3 }, longestPieceList, store.put);
  const [first] = await writer.write(
    1,
    written([piece(1, inlinePieceBytes - 1), piece(2, inlinePieceBytes)]),
  );
  expect(first).toMatchObject({ operator: 'op', stage: 's', subtask: 3 });
  expect(first?.pieces?.map(({ key, inline }) => [key, inline !== null])).toEqual([
    [null, true],
    ['e1/0', false],
  ]);
  const [second] = await writer.write(2, written([piece(3, 10)], [2]));
  expect(second?.pieces?.map(({ sequence, key }) => [sequence, key])).toEqual([
    [2, 'e1/0'],
    [3, null],
  ]);
  expect(writer.stateBytes('op')).toBe(inlinePieceBytes + 10);
});

test('what is inline stays small, however many small pieces are kept', async () => {
  const store = storeOf();
  const writer = new SnapshotWriter({ stage: 's', index: 0 }, longestPieceList, store.put);
  const kept: number[] = [];
  for (let epoch = 1; epoch <= 50; epoch += 1) {
    const [snapshot] = await writer.write(epoch, written([piece(epoch, 3000)], kept));
    kept.push(epoch);
    const inline = (snapshot?.pieces ?? []).filter((one) => one.inline !== null);
    expect(inline.reduce((sum, one) => sum + one.bytes, 0)).toBeLessThanOrEqual(inlineTotalBytes);
    expect(snapshot?.pieces?.map(({ sequence }) => sequence)).toEqual(kept);
  }
});

test('operators without state leave no trace; splits are state', async () => {
  const writer = new SnapshotWriter({ stage: 's', index: 0 }, longestPieceList, storeOf().put);
  const none = { written: [], kept: [], splits: {} };
  const states = [
    { operator: 'a', state: none },
    { operator: 'b', state: { ...none, splits: { 't/0': { next: 4 } } } },
  ];
  expect((await writer.write(1, states)).map(({ operator }) => operator)).toEqual(['b']);
});

test('a restore gets the pieces that meet its key groups, by writer and in order, and the splits of all', async () => {
  const store = storeOf();
  const writers = [0, 1].map(
    (index) => new SnapshotWriter({ stage: 's', index }, longestPieceList, store.put),
  );
  const base = await Promise.all(
    writers.map(async (writer, index) => {
      const [start, end] = [index * 8, index * 8 + 8];
      const states = [
        {
          operator: 'op',
          state: {
            written: [piece(2, 20_000, start, end), piece(1, 5, start, end)],
            kept: [],
            splits: { [`t/${index}`]: { next: index } },
          },
        },
      ];
      return (await writer.write(1, states))[0];
    }),
  );
  const snapshots = base.filter((one) => one !== undefined);
  const all = await restoreOperator(snapshots, 'op', { start: 4, end: 12 }, store.reader);
  expect(
    all.state.writers.map(({ subtask, pieces }) => [subtask, pieces.map(({ sequence }) => sequence)]),
  ).toEqual([
    [0, [1, 2]],
    [1, [1, 2]],
  ]);
  expect(all.state.writers[1]?.pieces[1]?.bytes).toEqual(new Uint8Array(20_000).fill(2));
  expect(all.state.splits).toEqual({ 't/0': { next: 0 }, 't/1': { next: 1 } });
  // Sequences of two writers overlap: nothing can be kept.
  expect(all.keepable).toEqual([]);
  const lower = await restoreOperator(snapshots, 'op', { start: 0, end: 8 }, store.reader);
  expect(lower.state.writers).toHaveLength(1);
  expect(lower.keepable.map(({ sequence }) => sequence)).toEqual([1, 2]);
  expect(
    (await restoreOperator(snapshots, 'other', { start: 0, end: 16 }, store.reader)).state.writers,
  ).toEqual([]);
});

test('a checkpoint whose object is gone, or is another one, says which', async () => {
  const store = storeOf();
  const writer = new SnapshotWriter({ stage: 's', index: 0 }, longestPieceList, store.put);
  const snapshots = await writer.write(1, written([piece(1, 20_000)]));
  store.objects.set('e1/0', new Uint8Array(3));
  const restore = () => restoreOperator(snapshots, 'op', { start: 0, end: 16 }, store.reader);
  await expect(restore()).rejects.toThrow(/e1\/0 has 3 bytes instead of 20000/);
  store.objects.clear();
  await expect(restore()).rejects.toMatchObject({
    code: 'WEIR-7220',
    message: expect.stringContaining('is missing') as string,
  });
});

test('a list of pieces beyond its share of the entry lies in a manifest, from which a restore takes it', async () => {
  const store = storeOf();
  const writer = new SnapshotWriter({ stage: 's', index: 0 }, pieceListBudget(4), store.put);
  const many = Array.from({ length: 300 }, (_, index) => piece(index + 1, 20_000, 0, 8));
  const few = [piece(1, 20_000, 0, 8)];
  const states = [
    { operator: 'many', state: { written: many, kept: [], splits: { 't/0': { next: 4 } } } },
    { operator: 'few', state: { written: few, kept: [], splits: {} } },
  ];
  const snapshots = await writer.write(7, states);
  expect(isSnapshotList(JSON.parse(JSON.stringify(snapshots)))).toBe(true);
  expect(JSON.stringify(snapshots).length).toBeLessThan(1024);
  const [long, short] = snapshots;
  expect(short?.pieces).toHaveLength(1);
  expect(long).toMatchObject({
    pieces: null,
    splits: { 't/0': { next: 4 } },
    manifest: { stateBytes: 6_000_000, writtenBytes: 6_000_000, keyGroupStart: 0, keyGroupEnd: 8 },
  });
  expect(long?.manifest?.key).toMatch(/^e7\//);
  const restored = await restoreOperator(snapshots, 'many', { start: 0, end: 16 }, store.reader);
  expect(restored.state.writers[0]?.pieces.map(({ sequence }) => sequence)).toEqual(
    many.map(({ sequence }) => sequence),
  );
  expect(restored.state.splits).toEqual({ 't/0': { next: 4 } });
  expect(restored.keepable).toHaveLength(300);

  // The next epoch has a manifest of its own, in which the kept pieces stand where they lie.
  const kept = many.map(({ sequence }) => sequence);
  const next = { written: [piece(301, 20_000, 0, 8)], kept, splits: {} };
  const [later] = await writer.write(8, [{ operator: 'many', state: next }]);
  expect(later?.manifest).toMatchObject({ stateBytes: 6_020_000, writtenBytes: 20_000 });
  expect(later?.manifest?.key).toMatch(/^e8\//);

  // Nothing of it is read where none of its key groups are wanted; one that is gone stops the restore.
  store.objects.delete(long?.manifest?.key ?? '');
  const elsewhere = await restoreOperator(snapshots, 'many', { start: 8, end: 16 }, store.reader);
  expect(elsewhere.state.writers).toEqual([]);
  await expect(restoreOperator(snapshots, 'many', { start: 0, end: 4 }, store.reader)).rejects.toMatchObject({
    code: 'WEIR-7220',
  });
});

/** A piece of the key groups 0 to 15, each a block of `size` bytes that hold its number. */
function pieceOfBlocks(sequence: number, size: number): StatePiece {
  const writer = new PieceWriter(7, { store: 0, keyGroups: 16, pane: 0, slots: 0 }, 16);
  for (let group = 0; group < 16; group += 1) {
    writer.beginBlock(group, group + 1, 1);
    writer.bytes(size).fill(group);
  }
  return { sequence, bytes: writer.finish(), keyGroupStart: 0, keyGroupEnd: 16 };
}

test('a restore reads of large pieces the blocks of its own key groups, of small ones and of its own all at once', async () => {
  const store = storeOf();
  const writer = new SnapshotWriter({ stage: 's', index: 0 }, longestPieceList, store.put);
  const snapshots = await writer.write(1, written([pieceOfBlocks(1, 100_000), pieceOfBlocks(2, 2_000)]));
  const restored = await restoreOperator(snapshots, 'op', { start: 5, end: 8 }, store.reader);
  const pieces = restored.state.writers[0]?.pieces ?? [];
  const groupsOf = ({ bytes }: StatePiece): number[] => {
    const reader = new PieceReader(bytes, 7);
    return reader.blocks.map(({ firstGroup, length }, index) => {
      reader.open(index);
      expect(new Set(reader.bytes(length))).toEqual(new Set([firstGroup]));
      return firstGroup;
    });
  };
  expect(pieces.map(groupsOf)).toEqual([[5, 6, 7], Array.from({ length: 16 }, (_, group) => group)]);
  // Its range shows that it isn't all ours: it must not go on to count.
  expect(pieces[0]).toMatchObject({ keyGroupStart: 0, keyGroupEnd: 16 });
  expect(store.read).toMatchObject({ requests: 3 });
  expect(store.read.bytes).toBeLessThan(300_000 + 33_000 + 17_000);

  store.read.bytes = 0;
  await restoreOperator(snapshots, 'op', { start: 0, end: 16 }, store.reader);
  expect(store.read.bytes).toBeGreaterThan(1_600_000);
  const [large] = snapshots[0]?.pieces ?? [];
  store.objects.set(
    large?.key ?? '',
    (store.objects.get(large?.key ?? '') ?? new Uint8Array()).slice(0, 500_000),
  );
  await expect(restoreOperator(snapshots, 'op', { start: 5, end: 8 }, store.reader)).rejects.toMatchObject({
    code: 'WEIR-7220',
  });
});

test('pieces that are stored ahead are kept by the first snapshot, which waits for them', async () => {
  const store = storeOf();
  let release: () => void = () => {};
  const held = new Promise<void>((resolve) => (release = resolve));
  const slow = async (epoch: number, bytes: Uint8Array): Promise<string> => {
    await held;
    return store.put(epoch, bytes);
  };
  const writer = new SnapshotWriter({ stage: 's', index: 0 }, longestPieceList, slow);
  const pieces = [1, 2, 3, 4].map((sequence) => piece(sequence, 5));
  const given: number[] = [];
  const ahead = writer.writeAhead('op', 9, () => {
    const next = pieces.shift() ?? null;
    if (next !== null) given.push(next.sequence);
    return next;
  });
  expect(given, 'two at a time').toEqual([1, 2]);
  // The operator gives nothing more after its snapshot.
  pieces.length = 0;
  const writing = writer.write(9, written([piece(5, 7)], [1, 2]));
  release();
  const [snapshot] = await writing;
  await ahead;
  expect(snapshot?.pieces?.map(({ sequence, key }) => [sequence, key?.startsWith('e9/') ?? false])).toEqual([
    [1, true],
    [2, true],
    [5, false],
  ]);
  expect((await writer.write(10, written([], [1, 5])))[0]?.pieces).toHaveLength(2);
});
