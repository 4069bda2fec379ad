import { at, attribute, batchHeaderBytes } from './layout.ts';
import { readVarint, varintEnd } from './varint.ts';

/** One entry of a Fetch answer's list: batches of the producer from that offset up to its abort marker don't count. */
export interface AbortedTransaction {
  readonly producerId: bigint;
  readonly firstOffset: number;
}

/**
 * Decides batch by batch, in offset order, what a read_committed reader sees.
 *
 * Invariant: `#aborting` holds the producers that have a transaction open at this place of the log which ends in an abort:
 * a producer enters at the first offset of such a transaction and leaves at its abort marker, so a later transaction of the
 * same producer is judged by an entry of its own. Only control batches are looked at for markers, never keys of users.
 */
export class AbortedFilter {
  readonly #pending: readonly AbortedTransaction[];
  #next = 0;
  readonly #aborting = new Set<bigint>();

  /** The list may come in any order. */
  constructor(aborted: readonly AbortedTransaction[]) {
    this.#pending = [...aborted].sort((a, b) => a.firstOffset - b.firstOffset);
  }

  /** The batch lies in [start, end) of `bytes`. */
  isVisible(bytes: Buffer, start: number, end: number, lastOffset: number): boolean {
    const attributes = bytes.readInt16BE(start + at.attributes);
    if ((attributes & (attribute.control | attribute.transactional)) === 0) return true;
    for (
      let entry = this.#pending[this.#next];
      entry !== undefined && entry.firstOffset <= lastOffset;
      entry = this.#pending[++this.#next]
    ) {
      this.#aborting.add(entry.producerId);
    }
    const control = (attributes & attribute.control) !== 0;
    if (this.#aborting.size === 0) return !control;
    const producerId = bytes.readBigInt64BE(start + at.producerId);
    if (!control) return !this.#aborting.has(producerId);
    if (isAbortMarker(bytes, start + batchHeaderBytes, end)) this.#aborting.delete(producerId);
    return false;
  }
}

/** The key of a control record is version int16, type int16: 0 aborts, 1 commits. */
function isAbortMarker(bytes: Buffer, recordStart: number, end: number): boolean {
  let position = varintEnd(bytes, recordStart, end) + 1;
  position = varintEnd(bytes, position, end);
  position = varintEnd(bytes, position, end);
  const keyStart = varintEnd(bytes, position, end);
  if (keyStart < 0 || readVarint(bytes, position, keyStart) < 4 || keyStart + 4 > end) return false;
  return bytes.readInt16BE(keyStart + 2) === 0;
}
