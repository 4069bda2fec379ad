import { promisify } from 'node:util';
import zlib from 'node:zlib';
import { WeirError } from '@weir/kernel/errors.ts';
import { compressFrame, decompressFrame } from 'lz4-napi';
import type { CompressionName } from '../contracts/produce.ts';
import { isLz4Above } from './lz4-size.ts';
import { compressXerial, decompressXerial, xerialSize } from './snappy-xerial.ts';

/** Bits 0-2 of a batch's attributes. */
export const compressionCode: Readonly<Record<CompressionName, number>> = {
  none: 0,
  gzip: 1,
  snappy: 2,
  lz4: 3,
  zstd: 4,
};
const names: readonly CompressionName[] = ['none', 'gzip', 'snappy', 'lz4', 'zstd'];

/** @throws WeirError WEIR-4013 */
export function compressionName(code: number): CompressionName {
  const name = names[code];
  if (name !== undefined) return name;
  throw new WeirError('WEIR-4013', `a record batch is compressed with the unknown codec ${code}`);
}

const gzip = promisify(zlib.gzip);
const gunzip = promisify(zlib.gunzip);
const zstdCompress = promisify(zlib.zstdCompress);
const zstdDecompress = promisify(zlib.zstdDecompress);

/** Compresses the records of a batch; in libuv's pool but for snappy, which has no native module here. */
export async function compress(name: CompressionName, records: Uint8Array): Promise<Uint8Array> {
  switch (name) {
    case 'none':
      return records;
    case 'gzip':
      return gzip(records, { level: 6 });
    case 'snappy':
      return compressXerial(records);
    case 'lz4':
      return compressFrame(records);
    case 'zstd':
      return zstdCompress(records);
  }
}

/** What would come out is more than the caller takes. Nothing of it was kept. */
export class TooMuchDecompressed extends Error {
  override readonly name = 'TooMuchDecompressed';
}

/**
 * The reverse, into at most `limitBytes`. Damage is thrown as it comes: the caller knows topic, partition and offset.
 * @throws TooMuchDecompressed before anything is decompressed where the size is written there (snappy, lz4), else as soon as it is too much
 */
export async function decompress(
  name: CompressionName,
  records: Uint8Array,
  limitBytes: number,
): Promise<Uint8Array> {
  if (isAbove(name, records, limitBytes)) throw new TooMuchDecompressed(name);
  try {
    switch (name) {
      case 'none':
        return records;
      case 'gzip':
        return await gunzip(records, { maxOutputLength: limitBytes, chunkSize: chunkBytes(records) });
      case 'snappy':
        return decompressXerial(records, limitBytes);
      case 'lz4':
        return await decompressFrame(records);
      case 'zstd':
        return await zstdDecompress(records, { maxOutputLength: limitBytes, chunkSize: chunkBytes(records) });
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE') throw new TooMuchDecompressed(name);
    throw error;
  }
}

/**
 * How much zlib puts out at a time: a batch in one piece where its size is usual. In the 16 KB that are its default a batch of 64 KB costs
 * twice (zstd) to three times (gzip) the CPU.
 */
function chunkBytes(records: Uint8Array): number {
  return Math.min(1 << 20, Math.max(1 << 16, records.length * 6));
}

/** True when more than `limitBytes` would come out, as far as that is written there. */
function isAbove(name: CompressionName, records: Uint8Array, limitBytes: number): boolean {
  if (name === 'none') return records.length > limitBytes;
  if (name === 'lz4') return isLz4Above(records, limitBytes);
  return name === 'snappy' && xerialSize(records) > limitBytes;
}
