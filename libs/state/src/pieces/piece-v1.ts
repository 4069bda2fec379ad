import { corrupt, type PieceHead } from './piece-layout.ts';

/*
 * Pieces of format version 1, as 8839beb wrote them for the panes of a window aggregate. Little endian:
 *
 *   0  u32 magic   4  u32 format version   8  u32 layout   12  u32 rows   16  f64 pane
 *  24  u32 checksum of all bytes after the head    28  u32 length of all after the head
 *  32  sections, each at a multiple of 8
 *
 * Its operator had one store. Which key groups it holds stands in the ledger only: its one block may hold any.
 */

const headBytes = 32;

/** @throws WEIR-2320 when the piece is cut */
export function readHeadV1(bytes: Uint8Array): PieceHead {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const length = view.getUint32(28, true);
  if (length !== bytes.length - headBytes || bytes.length % 8 !== 0) {
    throw corrupt(`it is cut to ${bytes.length} bytes`);
  }
  const rows = view.getUint32(12, true);
  const checksum = view.getUint32(24, true);
  return {
    version: 1,
    layout: view.getUint32(8, true),
    length: bytes.length,
    header: { store: 0, keyGroups: 0, pane: view.getFloat64(16, true), slots: 0, rows },
    blocks: [{ firstGroup: 0, endGroup: 65_536, rows, start: headBytes, length, checksum }],
  };
}
