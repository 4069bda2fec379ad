import { assert } from '@weir/kernel/assert.ts';
import type { CompressionName, RecordBatchWriter } from '../contracts/produce.ts';
import { compress, compressionCode } from './compression.ts';
import { combineCrc32c, crc32c } from './crc32c.ts';
import { at, attribute, batchHeaderBytes, lengthPrefixBytes } from './layout.ts';
import { varintBytes, varlongBytes, writeVarint, writeVarlong } from './varint.ts';

/** Most bytes before a record's key: length 5, attributes 1, timestamp 10, offset 5, key length 5. */
const maxHeadBytes = 26;
const firstBufferBytes = 64 * 1024;

/**
 * A record batch under construction. The bytes before a value (record length, timestamp, offset, key, value length) are
 * known only when the value is written, so their width is guessed to be that of the record before; only when the guess is
 * wrong the value is moved by the difference.
 *
 * Invariants: the records so far fill [61, #end). Between reserve and commit, #headGuess bytes from #end are left for the
 * head, then the key, then #valueLengthGuess bytes, then the value at valueStart.
 */
export class BatchWriter implements RecordBatchWriter {
  buffer: Buffer = Buffer.allocUnsafeSlow(firstBufferBytes);
  valueStart = 0;
  recordCount = 0;
  readonly #targetBytes: number;
  #end = batchHeaderBytes;
  #headGuess = 6;
  #valueLengthGuess = 2;
  /** -1: no key. */
  #keyLength = -1;
  #baseTimestampMs = 0;
  #maxTimestampMs = 0;
  #sealed: Buffer | undefined;
  /** Of the records as they are sealed. */
  #recordsCrc = 0;

  constructor(targetBytes: number) {
    this.#targetBytes = targetBytes;
  }

  get byteLength(): number {
    return this.#end;
  }

  /** Bytes of memory that the writer holds. */
  get capacity(): number {
    return this.buffer.length;
  }

  reset(): void {
    this.#end = batchHeaderBytes;
    this.recordCount = 0;
    this.#sealed = undefined;
  }

  fits(valueBytes: number): boolean {
    return this.recordCount === 0 || this.#end + valueBytes + 64 <= this.#targetBytes;
  }

  reserve(maxValueBytes: number): void {
    this.#grow(maxHeadBytes + 10 + maxValueBytes);
    this.#keyLength = -1;
    this.valueStart = this.#end + this.#headGuess + this.#valueLengthGuess;
  }

  reserveWithKey(key: Uint8Array, keyStart: number, keyEnd: number, maxValueBytes: number): void {
    const length = keyEnd - keyStart;
    this.#grow(maxHeadBytes + 10 + length + maxValueBytes);
    this.#keyLength = length;
    const start = this.#end + this.#headGuess;
    this.buffer.set(keyStart === 0 && keyEnd === key.length ? key : key.subarray(keyStart, keyEnd), start);
    this.valueStart = start + length + this.#valueLengthGuess;
  }

  commitRecord(valueEnd: number, timestampMs: number): void {
    const end = this.#place(valueEnd, timestampMs, 1);
    this.buffer[end] = 0;
    this.#end = end + 1;
  }

  commitRecordWithHeaders(
    valueEnd: number,
    timestampMs: number,
    headers: Uint8Array,
    headersStart: number,
    headersEnd: number,
  ): void {
    const length = headersEnd - headersStart;
    if (length === 0)
      return valueEnd < 0 ? this.commitTombstone(timestampMs) : this.commitRecord(valueEnd, timestampMs);
    this.#grow((valueEnd < 0 ? this.valueStart : valueEnd) - this.#end + maxHeadBytes + length);
    const end = this.#place(valueEnd, timestampMs, length);
    this.buffer.set(headers.subarray(headersStart, headersEnd), end);
    this.#end = end + length;
  }

  commitTombstone(timestampMs: number): void {
    const end = this.#place(-1, timestampMs, 1);
    this.buffer[end] = 0;
    this.#end = end + 1;
  }

  /** Writes the head in front of key and value, moving them where the guess was wrong. @returns where the value ends */
  #place(valueEnd: number, timestampMs: number, headerBytes: number): number {
    if (this.recordCount === 0) {
      this.#baseTimestampMs = timestampMs;
      this.#maxTimestampMs = timestampMs;
    } else if (timestampMs > this.#maxTimestampMs) this.#maxTimestampMs = timestampMs;
    const delta = timestampMs - this.#baseTimestampMs;
    const keyBytes = this.#keyLength < 0 ? 0 : this.#keyLength;
    const valueLength = valueEnd < 0 ? -1 : valueEnd - this.valueStart;
    const valueBytes = valueLength < 0 ? 0 : valueLength;
    const valueLengthBytes = varintBytes(valueLength);
    const inner =
      1 +
      varlongBytes(delta) +
      varintBytes(this.recordCount) +
      varintBytes(this.#keyLength) +
      keyBytes +
      valueLengthBytes;
    const length = inner + valueBytes + headerBytes;
    const lengthBytes = varintBytes(length);
    const headBytes = lengthBytes + inner - keyBytes - valueLengthBytes;
    const valueAt = this.#end + headBytes + keyBytes + valueLengthBytes;
    if (valueAt !== this.valueStart || headBytes !== this.#headGuess) {
      this.#move(headBytes, keyBytes, valueLengthBytes, valueAt, valueBytes);
    }
    const buffer = this.buffer;
    let position = writeVarint(buffer, this.#end, length);
    buffer[position++] = 0;
    position = writeVarlong(buffer, position, delta);
    position = writeVarint(buffer, position, this.recordCount);
    position = writeVarint(buffer, position, this.#keyLength);
    writeVarint(buffer, position + keyBytes, valueLength);
    this.recordCount += 1;
    return valueAt + valueBytes;
  }

  #move(
    headBytes: number,
    keyBytes: number,
    valueLengthBytes: number,
    valueAt: number,
    valueBytes: number,
  ): void {
    const keyFrom = this.#end + this.#headGuess;
    const keyTo = this.#end + headBytes;
    const moveKey = (): void => void this.buffer.copyWithin(keyTo, keyFrom, keyFrom + keyBytes);
    const moveValue = (): void =>
      void this.buffer.copyWithin(valueAt, this.valueStart, this.valueStart + valueBytes);
    // The part that moves away from the other goes first, so that neither overwrites the other.
    if (valueAt > this.valueStart) {
      moveValue();
      if (keyBytes > 0) moveKey();
    } else {
      if (keyBytes > 0) moveKey();
      moveValue();
    }
    this.#headGuess = headBytes;
    this.#valueLengthGuess = valueLengthBytes;
  }

  #grow(bytes: number): void {
    const needed = this.#end + bytes;
    if (needed <= this.buffer.length) return;
    const larger = Buffer.allocUnsafeSlow(Math.max(needed, this.buffer.length * 2));
    // What was reserved and perhaps written comes along: commitRecordWithHeaders grows after the value is there.
    this.buffer.copy(larger);
    this.buffer = larger;
  }

  /**
   * Compresses what is to be compressed and fills in all of the batch's header but what the producer stamps.
   * No record may be added after it.
   */
  async seal(compression: CompressionName, transactional: boolean): Promise<void> {
    assert(this.recordCount > 0, 'an empty batch is not sealed');
    let sealed = this.buffer.subarray(0, this.#end);
    let codec = compressionCode[compression];
    if (codec !== 0) {
      const packed = await compress(compression, this.buffer.subarray(batchHeaderBytes, this.#end));
      if (packed.length < this.#end - batchHeaderBytes) {
        sealed = Buffer.allocUnsafe(batchHeaderBytes + packed.length);
        sealed.set(packed, batchHeaderBytes);
      } else codec = 0;
    }
    writeInt64(sealed, at.baseOffset, 0);
    sealed.writeInt32BE(sealed.length - lengthPrefixBytes, at.batchLength);
    sealed.writeInt32BE(-1, at.leaderEpoch);
    sealed[at.magic] = 2;
    sealed.writeInt16BE(codec | (transactional ? attribute.transactional : 0), at.attributes);
    sealed.writeInt32BE(this.recordCount - 1, at.lastOffsetDelta);
    writeInt64(sealed, at.baseTimestamp, this.#baseTimestampMs);
    writeInt64(sealed, at.maxTimestamp, this.#maxTimestampMs);
    sealed.writeInt32BE(this.recordCount, at.recordCount);
    // Here and not at the stamp: the records were just written, later they are no longer in the processor's cache.
    this.#recordsCrc = crc32c(sealed, batchHeaderBytes, sealed.length);
    this.#sealed = sealed;
  }

  /** Fills in who sends the batch and its CRC. @returns the bytes for the socket: not to be changed before the answer */
  stamp(producerId: bigint, producerEpoch: number, baseSequence: number): Buffer {
    const sealed = this.#sealed;
    assert(sealed !== undefined, 'a batch is sealed before it is stamped');
    sealed.writeBigInt64BE(producerId, at.producerId);
    sealed.writeInt16BE(producerEpoch, at.producerEpoch);
    sealed.writeInt32BE(baseSequence, at.baseSequence);
    const headCrc = crc32c(sealed, at.attributes, batchHeaderBytes);
    const crc = combineCrc32c(headCrc, this.#recordsCrc, sealed.length - batchHeaderBytes);
    sealed.writeUInt32BE(crc, at.crc);
    return sealed;
  }
}

function writeInt64(bytes: Buffer, position: number, value: number): void {
  bytes.writeInt32BE(Math.floor(value / 2 ** 32), position);
  bytes.writeUInt32BE(((value % 2 ** 32) + 2 ** 32) % 2 ** 32, position + 4);
}
