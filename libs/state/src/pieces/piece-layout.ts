import { assert } from '@weir/kernel/assert.ts';
import { WeirError } from '@weir/kernel/errors.ts';
import { checksum } from './checksum.ts';

/*
 * A piece of state, format version 2, little endian:
 *
 *   0  u32 magic "WSTP"     4  u32 format version      8  u32 layout (hash of what rows consist of)   12  u32 rows
 *  16  f64 pane (0 in row stores)       24  u32 checksum of the head, this field as 0      28  u32 length of the whole piece
 *  32  u16 store (an operator has several)   34  u8 partitioning (0: by key group)   35  u8 0   36  u16 key groups   38  u16 blocks
 *  40  u32 slots of the writer's row store, 0 in panes     44  u32 0
 *  48  directory: for each block  u16 first key group, u16 end, u32 rows, u32 start, u32 length, u32 checksum
 *      (20 bytes each, then zeros up to a multiple of 8)
 *  then the blocks, each with its sections at multiples of 8
 *
 * Blocks are ascending by key group and don't overlap; each holds whole key groups, small ones several. So a reader that wants some groups
 * reads the head and then a range of bytes. In a row store rows are addressed by the slot of the writer: a later piece's record of a slot replaces
 * an earlier one's, and one that is flagged as free says that the slot holds nothing.
 *
 * Version 1 (8839beb) has a head of 32 bytes without directory; all rows, of all key groups, are one block: piece-v1.ts.
 */

const magic = 0x50545357;
const pieceVersion = 2;
const pieceHeadBytes = 48;
const directoryEntryBytes = 20;
/** All rows of the store are in every subtask, any one's pieces restore it, is for a later version: so far there is one partitioning. */
const byKeyGroup = 0;

assert(new Uint8Array(new Uint32Array([1]).buffer)[0] === 1, 'the machine is little endian');

export interface PieceHeader {
  /** Which of the operator's stores it belongs to. */
  readonly store: number;
  readonly keyGroups: number;
  readonly pane: number;
  /** Slots that the writer's row store had; 0 in panes. */
  readonly slots: number;
  readonly rows: number;
}

/** Rows of whole key groups, [firstGroup, endGroup). */
export interface PieceBlock {
  readonly firstGroup: number;
  readonly endGroup: number;
  readonly rows: number;
  /** Where its bytes are in the piece. */
  readonly start: number;
  readonly length: number;
  readonly checksum: number;
}

export interface PieceHead {
  readonly version: 1 | 2;
  readonly layout: number;
  readonly length: number;
  readonly header: PieceHeader;
  readonly blocks: readonly PieceBlock[];
}

export function alignedTo8(length: number): number {
  return (length + 7) & ~7;
}

/** Bytes of a head with so many blocks: the first block's start. */
export function headLength(blocks: number): number {
  return pieceHeadBytes + alignedTo8(blocks * directoryEntryBytes);
}

export function corrupt(why: string): WeirError {
  return new WeirError('WEIR-2320', `a state piece is corrupt: ${why}`, {
    hint: 'start from an older checkpoint; check the object store',
  });
}

/** Format version of the piece that these bytes begin. @throws WEIR-2320 when it is none, WEIR-2321 for a version that isn't known */
export function versionOf(bytes: Uint8Array): 1 | 2 {
  if (bytes.length < 32) throw corrupt(`it has ${bytes.length} bytes`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  if (view.getUint32(0, true) !== magic) throw corrupt('it is no state piece');
  const version = view.getUint32(4, true);
  if (version === 1 || version === pieceVersion) return version;
  throw new WeirError('WEIR-2321', `a state piece has format version ${version}, this Weir reads 1 and 2`, {
    hint: 'run the version of Weir that wrote the checkpoint, or a newer one',
  });
}

/** Bytes of the whole head of a piece of version 2, from its first `pieceHeadBytes`. */
export function wholeHeadLength(bytes: Uint8Array): number {
  if (bytes.length < pieceHeadBytes) throw corrupt(`it has ${bytes.length} bytes`);
  return headLength(new DataView(bytes.buffer, bytes.byteOffset, bytes.length).getUint16(38, true));
}

/** Reads the head of a piece of version 2 out of its first bytes, which may be all. They begin at a multiple of 8. @throws WEIR-2320 */
export function readHead(bytes: Uint8Array): PieceHead {
  const length = wholeHeadLength(bytes);
  if (bytes.length < length) throw corrupt(`its head is cut to ${bytes.length} bytes`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  if (view.getUint32(24, true) !== headChecksum(bytes.subarray(0, length))) {
    throw corrupt('its checksum is wrong, in the head');
  }
  if (view.getUint8(34) !== byKeyGroup) {
    throw new WeirError('WEIR-2321', 'a state piece is partitioned in a way that this Weir does not know', {
      hint: 'run the version of Weir that wrote the checkpoint, or a newer one',
    });
  }
  const header: PieceHeader = {
    store: view.getUint16(32, true),
    keyGroups: view.getUint16(36, true),
    pane: view.getFloat64(16, true),
    slots: view.getUint32(40, true),
    rows: view.getUint32(12, true),
  };
  const blocks = Array.from({ length: view.getUint16(38, true) }, (_, index): PieceBlock => {
    const at = pieceHeadBytes + index * directoryEntryBytes;
    return {
      firstGroup: view.getUint16(at, true),
      endGroup: view.getUint16(at + 2, true),
      rows: view.getUint32(at + 4, true),
      start: view.getUint32(at + 8, true),
      length: view.getUint32(at + 12, true),
      checksum: view.getUint32(at + 16, true),
    };
  });
  return {
    version: 2,
    layout: view.getUint32(8, true),
    length: view.getUint32(28, true),
    header,
    blocks,
  };
}

/** Writes a head to the first bytes of a piece, for blocks that are written. */
export function writeHead(target: Uint8Array, head: Omit<PieceHead, 'version'>): void {
  const view = new DataView(target.buffer, target.byteOffset, target.length);
  const { header, blocks } = head;
  view.setUint32(0, magic, true);
  view.setUint32(4, pieceVersion, true);
  view.setUint32(8, head.layout, true);
  view.setUint32(12, header.rows, true);
  view.setFloat64(16, header.pane, true);
  view.setUint32(24, 0, true);
  view.setUint32(28, head.length, true);
  view.setUint16(32, header.store, true);
  view.setUint8(34, byKeyGroup);
  view.setUint16(36, header.keyGroups, true);
  view.setUint16(38, blocks.length, true);
  view.setUint32(40, header.slots, true);
  blocks.forEach((block, index) => {
    const at = pieceHeadBytes + index * directoryEntryBytes;
    view.setUint16(at, block.firstGroup, true);
    view.setUint16(at + 2, block.endGroup, true);
    view.setUint32(at + 4, block.rows, true);
    view.setUint32(at + 8, block.start, true);
    view.setUint32(at + 12, block.length, true);
    view.setUint32(at + 16, block.checksum, true);
  });
  view.setUint32(24, headChecksum(target.subarray(0, headLength(blocks.length))), true);
}

/** As if its own place held 0. */
function headChecksum(head: Uint8Array): number {
  // A copy: `slice` of a Buffer, which a piece that lay in an acknowledgement is, would be a view.
  const words = new Int32Array(Uint8Array.from(head).buffer);
  words[6] = 0;
  return checksum(words, 0, words.length);
}

/** A hash of what a piece's rows consist of. */
export function layoutHash(description: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < description.length; index += 1) {
    hash = Math.imul(hash ^ description.charCodeAt(index), 0x01000193);
  }
  return hash >>> 0;
}
