import { assert, present } from '@weir/kernel/assert.ts';
import { WeirError } from '@weir/kernel/errors.ts';
import { checksum } from './checksum.ts';
import {
  alignedTo8,
  corrupt,
  headLength,
  readHead,
  versionOf,
  writeHead,
  type PieceBlock,
  type PieceHead,
  type PieceHeader,
} from './piece-layout.ts';
import { readHeadV1 } from './piece-v1.ts';

/** A piece of a snapshot, as operators hand it over. */
export interface Piece {
  readonly sequence: number;
  readonly bytes: Uint8Array;
  readonly keyGroupStart: number;
  readonly keyGroupEnd: number;
}

/**
 * Writes one piece: `beginBlock`, the block's sections in the order in which they are read, and so on for each block, then `finish`. What a
 * section's method returns is to be filled before the next call.
 */
export class PieceWriter {
  #buffer: ArrayBuffer;
  #used: number;
  readonly #layout: number;
  readonly #header: Omit<PieceHeader, 'rows'>;
  readonly #blockCount: number;
  readonly #blocks: Omit<PieceBlock, 'length' | 'checksum'>[] = [];

  /** `expectedBytes`: of the blocks, a guess that saves growing. */
  constructor(layout: number, header: Omit<PieceHeader, 'rows'>, blockCount: number, expectedBytes = 1024) {
    this.#layout = layout;
    this.#header = header;
    this.#blockCount = blockCount;
    this.#used = headLength(blockCount);
    this.#buffer = new ArrayBuffer(this.#used + alignedTo8(expectedBytes));
  }

  /** The rows of the key groups [firstGroup, endGroup) come next. */
  beginBlock(firstGroup: number, endGroup: number, rows: number): void {
    this.#blocks.push({ firstGroup, endGroup, rows, start: this.#used });
  }

  #take(bytes: number): number {
    const at = this.#used;
    const end = at + alignedTo8(bytes);
    if (end > this.#buffer.byteLength) {
      this.#buffer = this.#buffer.transfer(Math.max(end, 2 * this.#buffer.byteLength));
    }
    this.#used = end;
    return at;
  }

  numbers(count: number): Float64Array {
    const at = this.#take(count * 8);
    return new Float64Array(this.#buffer, at, count);
  }

  integers(count: number): Uint32Array {
    const at = this.#take(count * 4);
    return new Uint32Array(this.#buffer, at, count);
  }

  bytes(count: number): Uint8Array {
    const at = this.#take(count);
    return new Uint8Array(this.#buffer, at, count);
  }

  finish(): Uint8Array {
    assert(this.#blocks.length === this.#blockCount, 'every block was written');
    assert(this.#used < 2 ** 32, 'a piece is below 4 GiB');
    const words = new Int32Array(this.#buffer, 0, this.#used / 4);
    const blocks = this.#blocks.map((block, index): PieceBlock => {
      const end = this.#blocks[index + 1]?.start ?? this.#used;
      return {
        ...block,
        length: end - block.start,
        checksum: checksum(words, block.start / 4, end / 4),
      };
    });
    const rows = blocks.reduce((sum, block) => sum + block.rows, 0);
    const bytes = new Uint8Array(this.#buffer, 0, this.#used);
    const header = { ...this.#header, rows };
    writeHead(bytes, { layout: this.#layout, length: this.#used, header, blocks });
    return bytes;
  }
}

/** The head of a whole piece of any known version. @throws WeirError WEIR-2320 (corrupt), WEIR-2321 (version) */
export function headOf(bytes: Uint8Array): PieceHead {
  return versionOf(bytes) === 1 ? readHeadV1(bytes) : readHead(bytes);
}

/** Reads a piece, of any known version, block by block: `open` one, then its sections in their order. */
export class PieceReader {
  readonly header: PieceHeader;
  readonly blocks: readonly PieceBlock[];
  readonly #bytes: Uint8Array;
  #at = 0;
  #end = 0;

  /** @throws WeirError WEIR-2320 (corrupt), WEIR-2321 (version), WEIR-2322 (another layout) */
  constructor(bytes: Uint8Array, layout: number) {
    // Views of numbers need alignment; what comes out of a store may lie anywhere.
    this.#bytes = bytes.byteOffset % 8 === 0 ? bytes : Uint8Array.from(bytes);
    const head = headOf(this.#bytes);
    if (head.layout !== layout) {
      throw new WeirError(
        'WEIR-2322',
        'a state piece was written by an operator with other keys or aggregates',
        {
          hint: 'the query has changed: start it without the old state',
        },
      );
    }
    if (head.length !== bytes.length || bytes.length % 8 !== 0) {
      throw corrupt(`it is cut to ${bytes.length} bytes`);
    }
    this.header = head.header;
    this.blocks = head.blocks;
  }

  /** @throws WeirError WEIR-2320 when the block isn't as it was written */
  open(index: number): PieceBlock {
    const block = present(this.blocks[index], 'a block');
    const end = block.start + block.length;
    if (end > this.#bytes.length || block.start % 8 !== 0 || end % 8 !== 0)
      throw corrupt('a block is missing');
    const words = new Int32Array(this.#bytes.buffer, this.#bytes.byteOffset, this.#bytes.length / 4);
    if (checksum(words, block.start / 4, end / 4) !== block.checksum) throw corrupt('its checksum is wrong');
    this.#at = block.start;
    this.#end = end;
    return block;
  }

  #take(bytes: number): number {
    const at = this.#at;
    if (at + bytes > this.#end) throw corrupt('a section is missing');
    this.#at = at + alignedTo8(bytes);
    return this.#bytes.byteOffset + at;
  }

  numbers(count: number): Float64Array {
    return new Float64Array(this.#bytes.buffer, this.#take(count * 8), count);
  }

  integers(count: number): Uint32Array {
    return new Uint32Array(this.#bytes.buffer, this.#take(count * 4), count);
  }

  bytes(count: number): Uint8Array {
    return new Uint8Array(this.#bytes.buffer, this.#take(count), count);
  }
}
