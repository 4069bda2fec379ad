import type { SubtaskId } from '@weir/kernel/subtask-id.ts';
import type { OperatorSnapshot, SnapshotPiece } from '@weir/epoch-protocol/ledger-entries.ts';
import { present } from '@weir/kernel/assert.ts';
import type { OperatorState, StatePiece } from '@weir/operators/operator.ts';
import type { SplitState } from '@weir/plan/split-state.ts';

/** A piece below this travels inside the acknowledgement and the ledger entry, bytes. */
export const inlinePieceBytes = 16 * 1024;
/** Inline pieces of one subtask together, kept ones too: more would make every ledger entry long. */
export const inlineTotalBytes = 48 * 1024;

/** Stores an object of an epoch under a key of its own; resolves when it is durable. */
export type StoreObject = (epoch: number, bytes: Uint8Array) => Promise<string>;

export interface StateToWrite {
  readonly operator: string;
  readonly state: OperatorState;
}

/**
 * Turns what operators say about their state into snapshots that the ledger can hold, and remembers where earlier pieces lie.
 *
 * W1  A snapshot lists the whole state: the new pieces and the kept ones of earlier epochs.
 * W2  Bytes are read before `write` returns to its caller's next await only for inline pieces; others must stay as they are until it
 *     resolves (operators hand their pieces over).
 */
export class SnapshotWriter {
  readonly #subtask: SubtaskId;
  readonly #storeObject: StoreObject;
  /** Operator -> sequence -> where the piece is. */
  readonly #held = new Map<string, Map<number, SnapshotPiece>>();

  constructor(subtask: SubtaskId, storeObject: StoreObject) {
    this.#subtask = subtask;
    this.#storeObject = storeObject;
  }

  /** Pieces that an operator was restored from and may keep. */
  restored(operator: string, pieces: readonly SnapshotPiece[]): void {
    this.#held.set(operator, new Map(pieces.map((piece) => [piece.sequence, piece])));
  }

  /** Size of an operator's state as the last snapshot listed it. */
  stateBytes(operator: string): number {
    let bytes = 0;
    for (const piece of this.#held.get(operator)?.values() ?? []) bytes += piece.bytes;
    return bytes;
  }

  /** Operators without any state are left out. */
  async write(epoch: number, states: readonly StateToWrite[]): Promise<OperatorSnapshot[]> {
    let inlineBytes = 0;
    const snapshots = states.map(async ({ operator, state }) => {
      const before = this.#held.get(operator) ?? new Map<number, SnapshotPiece>();
      const pieces: Promise<SnapshotPiece>[] = [];
      for (const sequence of state.kept) {
        const piece = present(before.get(sequence), `piece ${sequence} which operator ${operator} keeps`);
        if (piece.inline === null) pieces.push(Promise.resolve(piece));
        else if ((inlineBytes += piece.bytes) <= inlineTotalBytes) pieces.push(Promise.resolve(piece));
        else pieces.push(this.#stored(epoch, piece, Buffer.from(piece.inline, 'base64')));
      }
      for (const piece of state.written) {
        const fits =
          piece.bytes.length < inlinePieceBytes && inlineBytes + piece.bytes.length <= inlineTotalBytes;
        if (fits) inlineBytes += piece.bytes.length;
        pieces.push(fits ? Promise.resolve(inlined(piece)) : this.#stored(epoch, sizeOf(piece), piece.bytes));
      }
      const placed = (await Promise.all(pieces)).toSorted((a, b) => a.sequence - b.sequence);
      this.#held.set(operator, new Map(placed.map((piece) => [piece.sequence, piece])));
      return this.#snapshot(operator, placed, state.splits);
    });
    return (await Promise.all(snapshots)).filter(
      ({ pieces, splits }) => pieces.length > 0 || Object.keys(splits).length > 0,
    );
  }

  #snapshot(
    operator: string,
    pieces: readonly SnapshotPiece[],
    splits: Readonly<Record<string, SplitState>>,
  ): OperatorSnapshot {
    return { operator, stage: this.#subtask.stage, subtask: this.#subtask.index, pieces, splits };
  }

  async #stored(epoch: number, piece: SnapshotPiece, bytes: Uint8Array): Promise<SnapshotPiece> {
    return { ...piece, key: await this.#storeObject(epoch, bytes), inline: null };
  }
}

function sizeOf(piece: StatePiece): SnapshotPiece {
  const { sequence, keyGroupStart, keyGroupEnd } = piece;
  return { sequence, key: null, inline: null, bytes: piece.bytes.length, keyGroupStart, keyGroupEnd };
}

function inlined(piece: StatePiece): SnapshotPiece {
  const { buffer, byteOffset, length } = piece.bytes;
  return { ...sizeOf(piece), inline: Buffer.from(buffer, byteOffset, length).toString('base64') };
}
