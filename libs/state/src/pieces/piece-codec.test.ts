import { expect, test } from 'vitest';
import { PieceReader, PieceWriter } from './piece-codec.ts';

function written(): Uint8Array {
  const writer = new PieceWriter(7, { store: 0, keyGroups: 128, pane: 1, slots: 2 }, 1);
  writer.beginBlock(0, 128, 2);
  writer.numbers(2).set([1, 2]);
  return writer.finish();
}

/** As files and base64 give them: a part of something larger, at any place in it. */
function asBuffer(bytes: Uint8Array, at: number): Buffer {
  const larger = Buffer.alloc(bytes.length + at + 8, 0xff);
  larger.set(bytes, at);
  return larger.subarray(at, at + bytes.length);
}

test.each([0, 8, 3])('a piece that lies in a Buffer at byte %i is read, and left as it was', (at) => {
  const piece = written();
  const buffer = asBuffer(piece, at);
  const around = Buffer.from(buffer.buffer.slice(0));
  for (let time = 0; time < 2; time += 1) {
    const reader = new PieceReader(buffer, 7);
    expect(reader.open(0)).toMatchObject({ rows: 2 });
    expect([...reader.numbers(2)]).toEqual([1, 2]);
  }
  expect(Buffer.from(buffer.buffer)).toEqual(around);
});
