import { expect, test } from 'vitest';
import { cutFor } from './cut-piece.ts';
import { headLength, readHead, writeHead } from './piece-layout.ts';

const block = { firstGroup: 0, endGroup: 16, rows: 2, start: headLength(1), length: 8, checksum: 7 };
const header = { store: 0, keyGroups: 16, pane: 0, slots: 0, rows: 2 };
const piece = new Uint8Array(headLength(1) + 8);
writeHead(piece, { layout: 1, length: piece.length, header, blocks: [block] });

// A Buffer's `slice` is a view: such a piece, out of the base64 of an acknowledgement, was taken for corrupt, and changed by being read.
test.each([0, 3, 8])(
  'the head of a piece that lies in a Buffer, at byte %i, is read as often as wanted',
  (at) => {
    const buffer = Buffer.alloc(at + piece.length);
    buffer.set(piece, at);
    const found = buffer.subarray(at);
    const all = { start: 0, end: 16 };
    const first = cutFor(found, all);
    expect(first.head).toEqual(readHead(piece));
    expect(cutFor(found, all)).toEqual(first);
    expect([...found]).toEqual([...piece]);
  },
);
