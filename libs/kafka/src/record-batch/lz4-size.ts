/*
 * LZ4 frame: magic int32 LE, FLG, BD, [content size int64], [dictionary id int32], header checksum; then blocks: length uint32 LE whose
 * highest bit says "not compressed", data, [block checksum]; a length of 0 ends the frame. Further frames may follow.
 */
const magic = 0x184d2204;
const skippable = 0x184d2a50;
const blockMaximum = [0, 0, 0, 0, 64 * 1024, 256 * 1024, 1024 * 1024, 4 * 1024 * 1024];

/**
 * Whether LZ4 frames decompress to more than `limitBytes`. Their headers bound it, since a decoder writes no more into a block than its
 * frame's block size; where that doesn't do, the sizes in the blocks are added up.
 * @throws Error for what is no LZ4 frame
 */
export function isLz4Above(bytes: Uint8Array, limitBytes: number): boolean {
  return (
    sizeOf(bytes, (_from, _to, largest) => largest) > limitBytes && sizeOf(bytes, sizeOfBlock) > limitBytes
  );
}

/** Bytes of all frames; `blockSize` is asked for each compressed block, which lies in [from, to). */
function sizeOf(
  bytes: Uint8Array,
  blockSize: (from: number, to: number, largest: number, bytes: Uint8Array) => number,
): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let bound = 0;
  let at = 0;
  do {
    const found = at + 4 <= bytes.length ? view.getUint32(at, true) : -1;
    if ((found & ~0xf) === skippable) {
      at += 8 + view.getUint32(at + 4, true);
      continue;
    }
    if (found !== magic) throw new Error('an LZ4 frame does not begin as one');
    const flags = bytes[at + 4] ?? 0;
    const largest = blockMaximum[((bytes[at + 5] ?? 0) >> 4) & 7] ?? 0;
    if (largest === 0) throw new Error('an LZ4 frame has an unknown block size');
    at += 7 + ((flags & 0x08) === 0 ? 0 : 8) + ((flags & 0x01) === 0 ? 0 : 4);
    const checksum = (flags & 0x10) === 0 ? 0 : 4;
    for (;;) {
      if (at + 4 > bytes.length) throw new Error('an LZ4 frame has no end');
      const length = view.getUint32(at, true);
      at += 4;
      if (length === 0) break;
      const size = length & 0x7fffffff;
      bound += length > 0x7fffffff ? size : blockSize(at, at + size, largest, bytes);
      at += size + checksum;
    }
    at += (flags & 0x04) === 0 ? 0 : 4;
  } while (at < bytes.length);
  return bound;
}

/** Sequences of a token, literals, and a copy of what came before: two half bytes are their lengths, 15 goes on in further bytes. */
function sizeOfBlock(from: number, to: number, _largest: number, bytes: Uint8Array): number {
  let size = 0;
  let at = from;
  const lengthFrom = (half: number): number => {
    let length = half;
    for (let more = half === 15 ? 255 : 0; more === 255;) {
      more = bytes[at++] ?? 0;
      length += more;
    }
    return length;
  };
  while (at < to) {
    const token = bytes[at++] ?? 0;
    const literals = lengthFrom(token >> 4);
    at += literals;
    size += literals;
    if (at >= to) break; // the last sequence has no copy
    at += 2;
    size += lengthFrom(token & 15) + 4;
  }
  return size;
}
