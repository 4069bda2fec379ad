import { promisify } from 'node:util';
import zlib from 'node:zlib';
import { WeirError } from '@weir/kernel/errors.ts';
import { compressFrame, decompressFrame } from 'lz4-napi';
import type { CompressionName } from '../contracts/produce.ts';
import { compressXerial, decompressXerial } from './snappy-xerial.ts';

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

/** Above this a batch is a bomb rather than data: brokers take 1 MB unless told otherwise. */
const maxDecompressedBytes = 512 * 1024 * 1024;
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

/** The reverse. Damage is thrown as it comes: the caller knows topic, partition and offset. */
export async function decompress(name: CompressionName, records: Uint8Array): Promise<Uint8Array> {
  switch (name) {
    case 'none':
      return records;
    case 'gzip':
      return gunzip(records, { maxOutputLength: maxDecompressedBytes });
    case 'snappy':
      return decompressXerial(records, maxDecompressedBytes);
    case 'lz4':
      return decompressFrame(records);
    case 'zstd':
      return zstdDecompress(records, { maxOutputLength: maxDecompressedBytes });
  }
}
