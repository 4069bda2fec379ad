import { assert } from '@weir/kernel/assert.ts';
import { WeirError } from '@weir/kernel/errors.ts';

/*
 * A piece of state, little endian:
 *
 *   0  u32 magic "WSTP"      4  u32 format version      8  u32 layout (hash of key and column kinds)   12  u32 rows
 *  16  f64 pane             24  u32 checksum of all bytes after the header    28  u32 length of all after the header
 *  32  sections, each at a multiple of 8, in the order of the layout
 *
 * Numbers are f64, flags u8, byte strings u32 ends and then the bytes.
 */

const magic = 0x50545357;
const formatVersion = 1;
const headerBytes = 32;

assert(new Uint8Array(new Uint32Array([1]).buffer)[0] === 1, 'the machine is little endian');

export interface PieceHeader {
  readonly pane: number;
  readonly rows: number;
}

function aligned(length: number): number {
  return (length + 7) & ~7;
}

/** Words summed and mixed: finds truncation, zeroed blocks and flipped bits. */
function checksum(words: Int32Array, from: number): number {
  let sum = 0x811c9dc5;
  let index = from;
  // Four words a turn, with the powers of 31 multiplied out: one multiplication waits for the one before, not four.
  for (; index + 4 <= words.length; index += 4) {
    const three = Math.imul(words[index]!, 29_791) + Math.imul(words[index + 1]!, 961);
    sum = (Math.imul(sum, 923_521) + three + Math.imul(words[index + 2]!, 31) + words[index + 3]!) | 0;
  }
  for (; index < words.length; index += 1) sum = (Math.imul(sum, 31) + words[index]!) | 0;
  return sum >>> 0;
}

/** Writes one piece. Sections must come in the order in which they are read. */
export class PieceWriter {
  #buffer: ArrayBuffer;
  #used = headerBytes;
  readonly #header: PieceHeader;
  readonly #layout: number;

  /** `expectedBytes`: a guess that saves growing. */
  constructor(layout: number, header: PieceHeader, expectedBytes = 1024) {
    this.#layout = layout;
    this.#header = header;
    this.#buffer = new ArrayBuffer(headerBytes + aligned(expectedBytes));
  }

  #take(bytes: number): number {
    const at = this.#used;
    const end = at + aligned(bytes);
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
    const view = new DataView(this.#buffer);
    view.setUint32(0, magic, true);
    view.setUint32(4, formatVersion, true);
    view.setUint32(8, this.#layout, true);
    view.setUint32(12, this.#header.rows, true);
    view.setFloat64(16, this.#header.pane, true);
    view.setUint32(28, this.#used - headerBytes, true);
    const words = new Int32Array(this.#buffer, 0, this.#used / 4);
    view.setUint32(24, checksum(words, headerBytes / 4), true);
    return new Uint8Array(this.#buffer, 0, this.#used);
  }
}

/** Reads a piece after it was checked. */
export class PieceReader {
  readonly header: PieceHeader;
  readonly #bytes: Uint8Array;
  #at = headerBytes;

  constructor(bytes: Uint8Array, layout: number) {
    if (bytes.length < headerBytes) throw corrupt(`it has ${bytes.length} bytes`);
    // Views of numbers need alignment; what comes out of a store may lie anywhere.
    this.#bytes = bytes.byteOffset % 8 === 0 ? bytes : bytes.slice();
    const view = new DataView(this.#bytes.buffer, this.#bytes.byteOffset, this.#bytes.length);
    if (view.getUint32(0, true) !== magic) throw corrupt('it is no state piece');
    const version = view.getUint32(4, true);
    if (version !== formatVersion) {
      throw new WeirError(
        'WEIR-2321',
        `a state piece has format version ${version}, this Weir reads ${formatVersion}`,
        {
          hint: 'run the version of Weir that wrote the checkpoint, or a newer one',
        },
      );
    }
    if (view.getUint32(8, true) !== layout) {
      throw new WeirError(
        'WEIR-2322',
        'a state piece was written by an operator with other keys or aggregates',
        {
          hint: 'the query has changed: start it without the old state',
        },
      );
    }
    if (view.getUint32(28, true) !== bytes.length - headerBytes || bytes.length % 8 !== 0) {
      throw corrupt(`it is cut to ${bytes.length} bytes`);
    }
    const words = new Int32Array(this.#bytes.buffer, this.#bytes.byteOffset, bytes.length / 4);
    if (view.getUint32(24, true) !== checksum(words, headerBytes / 4)) throw corrupt('its checksum is wrong');
    this.header = { rows: view.getUint32(12, true), pane: view.getFloat64(16, true) };
  }

  #take(bytes: number): number {
    const at = this.#at;
    if (at + bytes > this.#bytes.length) throw corrupt('a section is missing');
    this.#at = at + aligned(bytes);
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

function corrupt(why: string): WeirError {
  return new WeirError('WEIR-2320', `a state piece is corrupt: ${why}`, {
    hint: 'start from an older checkpoint; check the object store',
  });
}

/** A hash of what a piece's rows consist of. */
export function layoutHash(description: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < description.length; index += 1) {
    hash = Math.imul(hash ^ description.charCodeAt(index), 0x01000193);
  }
  return hash >>> 0;
}
