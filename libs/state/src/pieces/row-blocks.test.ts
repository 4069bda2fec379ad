import type { Batch } from '@weir/columnar/batch.ts';
import { BatchBuilder } from '@weir/columnar/column-builder.ts';
import { batchOfRows } from '@weir/columnar/row-view.ts';
import { bigintType, textType } from '@weir/columnar/sql-type.ts';
import { expect, test } from 'vitest';
import { ValueByKey } from '../kinds/value-by-key.ts';
import { StateStores } from '../state-stores.ts';
import { PieceReader, PieceWriter } from './piece-codec.ts';
import { readRows, writeRows } from './row-blocks.ts';

const range = { keyGroups: 128, start: 0, end: 128 };
const fields = [
  { name: 'key', type: bigintType, nullable: true },
  { name: 'text', type: textType, nullable: true },
];

function batch(count: number): Batch {
  const rows = Array.from({ length: count }, (_, index) => [
    BigInt(index),
    `text of ${index} ${'x'.repeat(index)}`,
  ]);
  return batchOfRows(new BatchBuilder({ fields }, count), rows);
}

function filled(count: number, store = 0): ValueByKey {
  const state = new ValueByKey({ keys: [bigintType, textType], values: [] }, { store, range });
  state.findOrCreate(batch(count), [0, 1], new Int32Array(count));
  return state;
}

test('records come back from a block, however often the buffer of the piece had to grow', () => {
  const { store } = filled(300);
  store.free(7);
  const slots = Int32Array.from({ length: 300 }, (_, slot) => slot);
  const header = { store: 3, keyGroups: 128, pane: 0, slots: 300 };
  const writer = new PieceWriter(store.layout.hash, header, 1, 0);
  writer.beginBlock(0, 128, 300);
  writeRows(writer, store.layout, slots, store.pages);
  const reader = new PieceReader(writer.finish(), store.layout.hash);
  expect(reader.header).toEqual({ ...header, rows: 300 });
  reader.open(0);
  const block = readRows(reader, store.layout, 300);
  expect([...block.freed]).toEqual([7]);
  expect([...block.slots]).toEqual([...slots].filter((slot) => slot !== 7));
  const { stride, firstField } = store.layout;
  [...block.slots].forEach((slot, row) => {
    const word = 2 * (row * stride + firstField + 1);
    const [offset = 0, length = 0] = block.ints.subarray(word, word + 2);
    const text = Buffer.from(block.heap.subarray(offset, offset + length)).toString();
    expect(text).toBe(`text of ${slot} ${'x'.repeat(slot)}`);
  });
});

test('a piece of a store that the operator hasn’t got is refused, not lost', () => {
  let sequence = 0;
  const { written } = filled(10, 4).snapshot(() => (sequence += 1));
  const stores = new StateStores(range, [{ pieces: written }]);
  const make = (store: number): ValueByKey =>
    stores.open(store, (place) => new ValueByKey({ keys: [bigintType, textType], values: [] }, place));
  expect(make(0).count).toBe(0);
  expect(() => stores.ready()).toThrow(/store 4/);
  expect(make(4).count).toBe(10);
  stores.ready();
});

test('a store with other fields refuses the pieces', () => {
  let sequence = 0;
  const { written } = filled(10).snapshot(() => (sequence += 1));
  const stores = new StateStores(range, [{ pieces: written }]);
  const other = { keys: [bigintType], values: [{ name: 'text', type: textType }] };
  expect(() => stores.open(0, (place) => new ValueByKey(other, place))).toThrow(
    expect.objectContaining({ code: 'WEIR-2322' }) as Error,
  );
});

test('a block whose bytes were changed is refused', () => {
  let sequence = 0;
  const [piece] = filled(10).snapshot(() => (sequence += 1)).written;
  const bytes = piece!.bytes.slice();
  bytes[bytes.length - 20]! ^= 4;
  const stores = new StateStores(range, [{ pieces: [{ ...piece!, bytes }] }]);
  const open = (): unknown =>
    stores.open(0, (place) => new ValueByKey({ keys: [bigintType, textType], values: [] }, place));
  expect(open).toThrow(/checksum is wrong/);
});
