import type { RecordIndex } from '../contracts/fetch.ts';
import { corruptBatch } from './corrupt-batch.ts';
import type { BatchOrigin } from './corrupt-batch.ts';
import { readVarint, readVarlong, varintEnd } from './varint.ts';
import type { BatchSegment } from './walk-batches.ts';

const noBytes = new Uint8Array(0);

/** A record index that is filled segment by segment and used again and again: arrays grow and stay. */
export class RecordIndexBuffer implements RecordIndex {
  data: Uint8Array = noBytes;
  count = 0;
  keyStarts = new Int32Array(0);
  keyEnds = new Int32Array(0);
  valueStarts = new Int32Array(0);
  valueEnds = new Int32Array(0);
  headerStarts = new Int32Array(0);
  headerEnds = new Int32Array(0);
  timestampsMs = new Float64Array(0);
  offsets = new Float64Array(0);

  /** Forgets all records; ranges will refer to `data`. */
  reset(data: Uint8Array, expectedRecords: number): void {
    this.data = data;
    this.count = 0;
    this.#reserve(expectedRecords);
  }

  #reserve(capacity: number): void {
    if (capacity <= this.offsets.length) return;
    const size = Math.max(1024, this.offsets.length * 2, capacity);
    this.keyStarts = grown(this.keyStarts, new Int32Array(size));
    this.keyEnds = grown(this.keyEnds, new Int32Array(size));
    this.valueStarts = grown(this.valueStarts, new Int32Array(size));
    this.valueEnds = grown(this.valueEnds, new Int32Array(size));
    this.headerStarts = grown(this.headerStarts, new Int32Array(size));
    this.headerEnds = grown(this.headerEnds, new Int32Array(size));
    this.timestampsMs = grown(this.timestampsMs, new Float64Array(size));
    this.offsets = grown(this.offsets, new Float64Array(size));
  }

  /**
   * Adds the records of an uncompressed segment of `data`, those below `fromOffset` left out.
   * @throws WeirError WEIR-4010 when lengths don't add up
   */
  append(segment: BatchSegment, fromOffset: number, origin: BatchOrigin): void {
    this.#reserve(this.count + segment.recordCount);
    const bad = this.#scan(segment, fromOffset);
    if (bad >= 0) {
      throw corruptBatch(
        origin,
        segment.baseOffset,
        `its record ${bad} of ${segment.recordCount} doesn't fit its bytes`,
      );
    }
  }

  /** @returns -1, or the number of the record that is damaged */
  #scan(segment: BatchSegment, fromOffset: number): number {
    const {
      data,
      keyStarts,
      keyEnds,
      valueStarts,
      valueEnds,
      headerStarts,
      headerEnds,
      timestampsMs,
      offsets,
    } = this;
    const { end, recordCount, baseOffset, baseTimestampMs, appendTimeMs } = segment;
    let position = segment.start;
    let n = this.count;
    for (let i = 0; i < recordCount; i++) {
      // Each field: one byte is by far the most common width and read in place; others take the general way.
      let next = varintEnd(data, position, end);
      if (next < 0) return i;
      const recordEnd = next + readVarint(data, position, next);
      if (recordEnd > end || recordEnd < next + 4) return i;
      position = next + 1;
      next = varintEnd(data, position, recordEnd);
      if (next < 0) return i;
      const timestampMs =
        appendTimeMs >= 0 ? appendTimeMs : baseTimestampMs + readVarlong(data, position, next);
      position = next;
      next = varintEnd(data, position, recordEnd);
      if (next < 0) return i;
      const offset = baseOffset + readVarint(data, position, next);
      position = next;
      next = varintEnd(data, position, recordEnd);
      if (next < 0) return i;
      const keyLength = readVarint(data, position, next);
      const keyEnd = keyLength < 0 ? next : next + keyLength;
      const keyStart = keyLength < 0 ? -1 : next;
      if (keyEnd > recordEnd) return i;
      next = varintEnd(data, keyEnd, recordEnd);
      if (next < 0) return i;
      const valueLength = readVarint(data, keyEnd, next);
      const valueEnd = valueLength < 0 ? next : next + valueLength;
      if (valueEnd >= recordEnd) return i;
      position = recordEnd;
      if (offset < fromOffset) continue;
      keyStarts[n] = keyStart;
      keyEnds[n] = keyLength < 0 ? -1 : keyEnd;
      valueStarts[n] = valueLength < 0 ? -1 : next;
      valueEnds[n] = valueLength < 0 ? -1 : valueEnd;
      headerStarts[n] = valueEnd;
      // A single zero byte says that there are no headers.
      headerEnds[n] = recordEnd - valueEnd === 1 ? valueEnd : recordEnd;
      timestampsMs[n] = timestampMs;
      offsets[n] = offset;
      n += 1;
    }
    if (position !== end) return recordCount;
    this.count = n;
    return -1;
  }
}

function grown<T extends Int32Array | Float64Array>(from: T, to: T): T {
  to.set(from);
  return to;
}
