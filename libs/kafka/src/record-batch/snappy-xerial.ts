import { createRequire } from 'node:module';

const snappy = createRequire(import.meta.url)('snappyjs') as {
  compress(bytes: Uint8Array): Uint8Array;
  uncompress(bytes: Uint8Array, maxLength?: number): Uint8Array;
};

/*
 * Java's snappy framing (xerial): 82 53 4e 41 50 50 59 00, version int32, compatible version int32, then blocks of an int32
 * length and a raw snappy block. librdkafka and others write one raw block without framing; both are read.
 */
const magic = [0x82, 0x53, 0x4e, 0x41, 0x50, 0x50, 0x59, 0x00];
const headerBytes = 16;
/** Java writes blocks of 32 KiB. */
const blockBytes = 32 * 1024;

export function compressXerial(bytes: Uint8Array): Uint8Array {
  const header = Buffer.alloc(headerBytes);
  header.set(magic);
  header.writeInt32BE(1, 8);
  header.writeInt32BE(1, 12);
  const parts: Uint8Array[] = [header];
  for (let start = 0; start < bytes.length; start += blockBytes) {
    const block = snappy.compress(plain(bytes.subarray(start, start + blockBytes)));
    const length = Buffer.alloc(4);
    length.writeInt32BE(block.length);
    parts.push(length, block);
  }
  return Buffer.concat(parts);
}

export function decompressXerial(bytes: Uint8Array, maxLength: number): Uint8Array {
  const parts = rawBlocks(bytes).map((block) => snappy.uncompress(plain(block), maxLength));
  return parts.length === 1 && parts[0] !== undefined ? parts[0] : Buffer.concat(parts);
}

/** Bytes that it decompresses to: each raw block begins with its size. */
export function xerialSize(bytes: Uint8Array): number {
  return rawBlocks(bytes).reduce((size, block) => size + sizeOfBlock(block), 0);
}

function rawBlocks(bytes: Uint8Array): Uint8Array[] {
  const framed = bytes.length >= headerBytes && magic.every((byte, i) => bytes[i] === byte);
  if (!framed) return [bytes];
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const blocks: Uint8Array[] = [];
  for (let at = headerBytes; at < bytes.length;) {
    if (at + 4 > bytes.length) throw new Error('a snappy block has no length');
    const end = at + 4 + view.getInt32(at);
    if (end <= at + 4 || end > bytes.length) throw new Error('a snappy block is longer than the batch');
    blocks.push(bytes.subarray(at + 4, end));
    at = end;
  }
  return blocks;
}

/** A varint of at most 32 bits. */
function sizeOfBlock(block: Uint8Array): number {
  let size = 0;
  for (let index = 0; index < 5; index += 1) {
    const byte = block[index] ?? 0;
    size += (byte & 0x7f) * 2 ** (7 * index);
    if (byte < 0x80) return size;
  }
  throw new Error('the size of a snappy block can not be read');
}

/** snappyjs treats Buffers apart; a plain view costs nothing. */
function plain(bytes: Uint8Array): Uint8Array {
  return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
