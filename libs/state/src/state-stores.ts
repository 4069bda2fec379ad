import { WeirError } from '@weir/kernel/errors.ts';
import type { KeyGroupRange } from './key-group-range.ts';
import { headOf, type Piece } from './pieces/piece-codec.ts';

/** What a snapshot of an operator's state consists of. */
export interface WrittenState {
  readonly written: readonly Piece[];
  /** Sequences of earlier pieces that still count. */
  readonly kept: readonly number[];
}

/** Pieces by the subtask that wrote them, each in ascending sequence. */
export type PieceWriters = readonly { readonly pieces: readonly Piece[] }[];

/** Where a store is among its operator's, and what it may hold. */
export interface StorePlace {
  readonly store: number;
  readonly range: KeyGroupRange;
}

/** Gives the next sequence; each is used once. */
export type NextSequence = () => number;

/** One store of an operator. Calls are synchronous. */
export interface StateStore {
  /** Bytes of memory that it takes. */
  readonly bytes: number;
  /**
   * Takes the rows of its own key groups out of pieces that are its store's.
   * @param keep the pieces go on to count; otherwise it holds what no piece of its own does, which `writeAhead` or the next snapshot writes
   */
  restore(writers: PieceWriters, keep: boolean): void;
  /** Everything that changed since the last one, and which pieces count from now on. */
  snapshot(next: NextSequence): WrittenState;
  /** A piece of what was restored and isn't in any piece yet, about so large at most; null when there is no more. It counts from now on. */
  writeAhead(next: NextSequence, mostBytes: number): Piece | null;
}

/** Pieces of a new base, after a restore that moved rows: each is encoded in one step. */
const aheadBytes = 16 * 1024 * 1024;

/**
 * An operator's stores behind one door: each has a number, which stands in its pieces; sequences are the operator's.
 *
 * S1  A restored piece goes to the store whose number it bears. One that no store takes would be lost with the next snapshot: it is refused.
 * S2  Sequences go on above the highest that was restored, whoever wrote it.
 * S3  Restored pieces go on to count, in all stores, exactly if they are of one writer and lie wholly in this subtask's range: sequences of several
 *     writers overlap, and it is the operator's pieces that are kept or not.
 * S4  What `writeAhead` gives away counts, and the first snapshot lists it as kept. After that snapshot it gives nothing more.
 */
export class StateStores {
  readonly #range: KeyGroupRange;
  readonly #restored: PieceWriters;
  readonly #stores = new Map<number, StateStore>();
  readonly #keep: boolean;
  #nextSequence = 1;
  #aheadOver = false;

  constructor(range: KeyGroupRange, restored: PieceWriters) {
    this.#range = range;
    this.#restored = restored;
    const holding = restored.filter(({ pieces }) => pieces.length > 0);
    const isOurs = (piece: Piece): boolean =>
      piece.keyGroupStart >= range.start && piece.keyGroupEnd <= range.end;
    this.#keep = holding.length === 1 && holding.every(({ pieces }) => pieces.every(isOurs)); // S3
    for (const { pieces } of restored) {
      for (const { sequence } of pieces) this.#nextSequence = Math.max(this.#nextSequence, sequence + 1); // S2
    }
  }

  /** Makes the operator's store of this number and restores it. @throws WeirError when its pieces can't be read */
  open<S extends StateStore>(store: number, make: (place: StorePlace) => S): S {
    const made = make({ store, range: this.#range });
    this.#stores.set(store, made);
    made.restore(
      this.#restored.map(({ pieces }) => ({
        pieces: pieces.filter(({ bytes }) => headOf(bytes).header.store === store),
      })),
      this.#keep,
    );
    return made;
  }

  /** To be called once all stores are open. @throws WeirError WEIR-2322 (S1) */
  ready(): void {
    for (const piece of this.#restored.flatMap(({ pieces }) => pieces)) {
      const { store } = headOf(piece.bytes).header;
      if (this.#stores.has(store)) continue;
      throw new WeirError('WEIR-2322', `a state piece is of store ${store}, which the operator hasn't got`, {
        hint: 'the query has changed: start it without the old state',
      });
    }
  }

  get bytes(): number {
    return [...this.#stores.values()].reduce((sum, store) => sum + store.bytes, 0);
  }

  snapshot(): WrittenState {
    this.#aheadOver = true;
    const parts = [...this.#stores.values()].map((store) => store.snapshot(this.#next));
    return { written: parts.flatMap((part) => part.written), kept: parts.flatMap((part) => part.kept) };
  }

  /** S4 */
  writeAhead(): Piece | null {
    if (this.#aheadOver) return null;
    for (const store of this.#stores.values()) {
      const piece = store.writeAhead(this.#next, aheadBytes);
      if (piece !== null) return piece;
    }
    return null;
  }

  readonly #next: NextSequence = () => {
    this.#nextSequence += 1;
    return this.#nextSequence - 1;
  };
}
