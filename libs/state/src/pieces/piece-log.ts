/**
 * Which pieces hold a pane's state, and what a snapshot writes.
 *
 * A piece holds whole rows (key and values); a later piece's row replaces an earlier one's. So a snapshot writes the rows that changed, and
 * old pieces fill up with rows that no longer count. A *sweep* gets rid of them: over several snapshots it writes the rows which
 * nothing else has written, and when it has been through all, the pieces from before its start are dropped.
 *
 * Invariants:
 * L1 Every slot below `clean` has its current row in a kept piece, unless it is marked dirty.
 * L2 While a sweep runs, slots below its cursor, and slots from its limit on, have their rows in pieces from its first one on.
 */
export interface LoggedPiece {
  readonly sequence: number;
  readonly rows: number;
}

/** A sweep begins when the pieces hold this many times the rows that live, or are this many. */
const rowsFactor = 2.5;
const mostPieces = 80;
/** A snapshot sweeps at least this many rows, and at least this share of all. */
const leastSwept = 1024;
const sweepShare = 1 / 80;

export class PieceLog {
  #pieces: LoggedPiece[] = [];
  #sweep: { readonly first: number; cursor: number; readonly limit: number } | null = null;

  get kept(): readonly LoggedPiece[] {
    return this.#pieces;
  }

  get rows(): number {
    return this.#pieces.reduce((sum, piece) => sum + piece.rows, 0);
  }

  /** Takes over pieces that a restore found to be still good. */
  adopt(pieces: readonly LoggedPiece[]): void {
    this.#pieces = [...pieces];
    this.#sweep = null;
  }

  /**
   * Before a piece `sequence` is written: the range of slots to write beside the dirty ones. `clean`: slots written before, `live`: all slots,
   * `dirty`: slots below `clean` that changed.
   */
  sweepRange(sequence: number, clean: number, live: number, dirty: number): { from: number; to: number } {
    if (this.#sweep === null) {
      const tooMany = this.#pieces.length >= mostPieces || this.rows + dirty > rowsFactor * live + leastSwept;
      if (!tooMany) return { from: 0, to: 0 };
      this.#sweep = { first: sequence, cursor: 0, limit: clean };
    }
    const { cursor, limit } = this.#sweep;
    const portion = Math.max(leastSwept, dirty, Math.ceil(limit * sweepShare));
    return { from: cursor, to: Math.min(limit, cursor + portion) };
  }

  /** After it was written. `sweptTo`: end of the range that sweepRange gave. */
  written(piece: LoggedPiece, sweptTo: number): void {
    this.#pieces.push(piece);
    if (this.#sweep === null) return;
    this.#sweep.cursor = sweptTo;
    if (this.#sweep.cursor < this.#sweep.limit) return;
    const { first } = this.#sweep;
    this.#pieces = this.#pieces.filter((kept) => kept.sequence >= first);
    this.#sweep = null;
  }
}
