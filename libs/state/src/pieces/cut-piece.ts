import { headLength, readHead, writeHead, type PieceBlock, type PieceHead } from './piece-layout.ts';

/** What of a piece a subtask needs: its blocks that meet a range of key groups, which lie one after the other. */
export interface PieceCut {
  readonly head: PieceHead;
  readonly blocks: readonly PieceBlock[];
  /** Bytes [start, end) of the piece: all these blocks; equal when there are none. */
  readonly start: number;
  readonly end: number;
}

/** `head`: the first bytes of a piece of version 2, at least its whole head. @throws WeirError WEIR-2320 */
export function cutFor(head: Uint8Array, groups: { readonly start: number; readonly end: number }): PieceCut {
  const read = readHead(head.byteOffset % 8 === 0 ? head : Uint8Array.from(head));
  const blocks = read.blocks.filter(
    (block) => block.firstGroup < groups.end && groups.start < block.endGroup,
  );
  const first = blocks[0];
  const last = blocks.at(-1);
  const start = first?.start ?? 0;
  return { head: read, blocks, start, end: last === undefined ? start : last.start + last.length };
}

/** A piece with the cut's blocks only. `bytes`: [start, end) of the whole piece. */
export function cutPiece(cut: PieceCut, bytes: Uint8Array): Uint8Array {
  const { head, blocks } = cut;
  const length = headLength(blocks.length);
  const piece = new Uint8Array(length + bytes.length);
  piece.set(bytes, length);
  const moved = blocks.map((block) => ({ ...block, start: block.start - cut.start + length }));
  const rows = blocks.reduce((sum, block) => sum + block.rows, 0);
  const header = { ...head.header, rows };
  writeHead(piece, { layout: head.layout, length: piece.length, header, blocks: moved });
  return piece;
}
