import { TimeScanner } from '@weir/columnar/time-scanner.ts';

/** Nesting of arrays and objects that is read at most; deeper input is an error, not a stack overflow. */
export const maxDepth = 256;

/**
 * Where readers read, and where they leave what they found. One a decoder.
 *
 * Positions are bytes in `data`; a reader gets the position of a value's first byte and returns the position after its last one, or -1
 * when the value is not what the column wants (or `needsSlack`): who is right about it, and what to tell, the plain reader decides.
 */
export class ScanBuffer {
  data: Uint8Array = new Uint8Array(0);
  view: DataView = new DataView(this.data.buffer);
  /** End of the record being read. */
  end = 0;
  /** Where the next unescaped bytes go; -1 when `data` is the caller's, which is never written to. */
  tail = -1;
  /** Set by a reader that returned -1 because it must write bytes and `tail` is -1: read the record again with a copy that has room. */
  needsSlack = false;

  /** The last string read: its bytes. */
  start = 0;
  stop = 0;
  /** Whether it holds no byte that JSON must escape. */
  plain = true;
  /** Whether the last string scanned (not unescaped) has an escape. */
  escaped = false;

  /** Reads dates and times and holds the last one read. */
  readonly time = new TimeScanner();

  use(data: Uint8Array, tail: number): void {
    this.tail = tail;
    if (data === this.data) return;
    this.data = data;
    this.view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  }
}
