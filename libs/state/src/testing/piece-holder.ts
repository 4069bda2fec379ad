import { assert, present } from '@weir/kernel/assert.ts';
import type { KeyGroupRange } from '../key-group-range.ts';
import { headOf, type Piece } from '../pieces/piece-codec.ts';
import { cutFor, cutPiece } from '../pieces/cut-piece.ts';
import type { WrittenState } from '../state-stores.ts';

/** The pieces of one subtask as the object store and the ledger hold them. */
export class PieceHolder {
  #pieces: ReadonlyMap<number, Piece>;
  /** Written ahead: only the next snapshot may keep them. */
  readonly #ahead = new Map<number, Piece>();

  constructor(pieces: Iterable<Piece> = []) {
    this.#pieces = new Map([...pieces].map((piece) => [piece.sequence, piece]));
  }

  get pieces(): readonly Piece[] {
    return [...this.#pieces.values()].toSorted((a, b) => a.sequence - b.sequence);
  }

  ahead(piece: Piece): void {
    this.#ahead.set(piece.sequence, piece);
  }

  /** What the subtask holds once this snapshot is decided; an undecided one leaves all as it was. */
  after(state: WrittenState): PieceHolder {
    const next: Piece[] = state.kept.map((sequence) =>
      present(this.#pieces.get(sequence) ?? this.#ahead.get(sequence), `kept piece ${sequence}`),
    );
    for (const piece of state.written) {
      assert(!this.#pieces.has(piece.sequence) && !this.#ahead.has(piece.sequence), 'a sequence is new');
      next.push(piece);
    }
    return new PieceHolder(next);
  }

  /** As a subtask with this range gets them: those that meet it, of others' only the blocks that do. */
  restoredFor(range: KeyGroupRange): { readonly pieces: readonly Piece[] } {
    const meeting = this.pieces.filter(
      (piece) => piece.keyGroupStart < range.end && range.start < piece.keyGroupEnd,
    );
    return { pieces: meeting.map((piece) => cutTo(piece, range)) };
  }
}

function cutTo(piece: Piece, range: KeyGroupRange): Piece {
  if (piece.keyGroupStart >= range.start && piece.keyGroupEnd <= range.end) return piece;
  if (headOf(piece.bytes).version === 1) return piece;
  const cut = cutFor(piece.bytes, range);
  return { ...piece, bytes: cutPiece(cut, piece.bytes.slice(cut.start, cut.end)) };
}
