import type { OperatorSnapshot, SnapshotOwner, SnapshotPiece } from '@weir/epoch-protocol/ledger-entries.ts';
import { encodeManifest } from '@weir/epoch-protocol/snapshot-manifest.ts';
import { present } from '@weir/kernel/assert.ts';
import type { SubtaskId } from '@weir/kernel/subtask-id.ts';
import type { OperatorState, StatePiece } from '@weir/operators/operator.ts';

/** A piece below this travels inside the acknowledgement and the ledger entry, bytes. */
export const inlinePieceBytes = 16 * 1024;
/** Inline pieces of one subtask together, kept ones too: as base64 they leave room for a list beside them in `longestPieceList`. */
export const inlineTotalBytes = 40 * 1024;

/** Stores an object of an epoch under a key of its own; resolves when it is durable. How many are stored at once is its affair. */
export type StoreObject = (epoch: number, bytes: Uint8Array) => Promise<string>;

export interface StateToWrite {
  readonly operator: string;
  readonly state: OperatorState;
}

/** What an operator's snapshot lists, before it is decided where the list goes. */
interface Listed {
  readonly owner: SnapshotOwner;
  readonly pieces: readonly SnapshotPiece[];
  /** Bytes of the pieces that this epoch wrote. */
  readonly writtenBytes: number;
}

/**
 * Turns what operators say about their state into snapshots that the ledger can hold, and remembers where earlier pieces lie.
 *
 * W1  A snapshot lists the whole state: the new pieces and the kept ones of earlier epochs.
 * W2  Bytes are read before `write` returns to its caller's next await only for inline pieces; others must stay as they are until it
 *     resolves (operators hand their pieces over).
 * W3  The lists of an acknowledgement are no longer than its share of a ledger entry: longer ones, the longest first, are put into manifests
 *     before `write` resolves.
 */
export class SnapshotWriter {
  readonly #subtask: SubtaskId;
  readonly #storeObject: StoreObject;
  readonly #listBudget: number;
  /** Operator -> sequence -> where the piece is. */
  readonly #held = new Map<string, Map<number, SnapshotPiece>>();
  /** Operator -> sequence -> pieces that are on their way before the first snapshot. */
  readonly #ahead = new Map<string, Map<number, Promise<SnapshotPiece>>>();

  /** @param listBudget the acknowledgement's share of a ledger entry: pieceListBudget */
  constructor(subtask: SubtaskId, listBudget: number, storeObject: StoreObject) {
    this.#subtask = subtask;
    this.#listBudget = listBudget;
    this.#storeObject = storeObject;
  }

  /** Pieces that an operator was restored from and may keep. */
  restored(operator: string, pieces: readonly SnapshotPiece[]): void {
    this.#held.set(operator, new Map(pieces.map((piece) => [piece.sequence, piece])));
  }

  /**
   * Stores pieces of an operator before its first snapshot, which then keeps them: what was restored and lies elsewhere now. Two at a time, each
   * encoded when there is room for it.
   * @param next gives the next piece, null when there is no more
   */
  async writeAhead(operator: string, epoch: number, next: () => StatePiece | null): Promise<void> {
    const ahead = this.#ahead.get(operator) ?? new Map<number, Promise<SnapshotPiece>>();
    this.#ahead.set(operator, ahead);
    const lane = async (): Promise<void> => {
      for (let piece = next(); piece !== null; piece = next()) {
        const stored = this.#stored(epoch, sizeOf(piece), piece.bytes);
        ahead.set(piece.sequence, stored);
        await stored;
      }
    };
    await Promise.all([lane(), lane()]);
  }

  /** Size of an operator's state as the last snapshot listed it. */
  stateBytes(operator: string): number {
    return bytesOf([...(this.#held.get(operator)?.values() ?? [])]);
  }

  /** Operators without any state are left out. */
  async write(epoch: number, states: readonly StateToWrite[]): Promise<OperatorSnapshot[]> {
    const room = { inlineBytes: inlineTotalBytes };
    const all = await Promise.all(states.map((state) => this.#list(epoch, state, room)));
    const listed = all.filter(
      ({ pieces, owner }) => pieces.length > 0 || Object.keys(owner.splits).length > 0,
    );
    const toManifest = this.#tooLong(listed);
    return Promise.all(
      listed.map(async (one) =>
        toManifest.has(one) ? this.#throughManifest(epoch, one) : { ...one.owner, pieces: one.pieces },
      ),
    );
  }

  /** Places an operator's pieces. Synchronous up to its first upload: W2. `room`: what all operators may yet have inline. */
  async #list(
    epoch: number,
    { operator, state }: StateToWrite,
    room: { inlineBytes: number },
  ): Promise<Listed> {
    const before = this.#held.get(operator) ?? new Map<number, SnapshotPiece>();
    const ahead = this.#ahead.get(operator);
    this.#ahead.delete(operator);
    const pieces: Promise<SnapshotPiece>[] = [];
    for (const sequence of state.kept) {
      const onItsWay = ahead?.get(sequence);
      if (onItsWay !== undefined) {
        pieces.push(onItsWay);
        continue;
      }
      const piece = present(before.get(sequence), `piece ${sequence} which operator ${operator} keeps`);
      if (piece.inline === null) pieces.push(Promise.resolve(piece));
      else if ((room.inlineBytes -= piece.bytes) >= 0) pieces.push(Promise.resolve(piece));
      else pieces.push(this.#stored(epoch, piece, Buffer.from(piece.inline, 'base64')));
    }
    for (const piece of state.written) {
      const { length } = piece.bytes;
      const fits = length < inlinePieceBytes && length <= room.inlineBytes;
      if (fits) room.inlineBytes -= length;
      pieces.push(fits ? Promise.resolve(inlined(piece)) : this.#stored(epoch, sizeOf(piece), piece.bytes));
    }
    const placed = (await Promise.all(pieces)).toSorted((a, b) => a.sequence - b.sequence);
    this.#held.set(operator, new Map(placed.map((piece) => [piece.sequence, piece])));
    const { stage, index } = this.#subtask;
    return {
      owner: { operator, stage, subtask: index, splits: state.splits },
      pieces: placed,
      writtenBytes: bytesOf(
        placed.filter(({ key, sequence }) => key === null || before.get(sequence)?.key !== key),
      ),
    };
  }

  /** W3 */
  #tooLong(listed: readonly Listed[]): Set<Listed> {
    const lengths = listed.map((one) => ({ one, length: JSON.stringify(one.pieces).length }));
    let total = lengths.reduce((sum, { length }) => sum + length, 0);
    const chosen = new Set<Listed>();
    for (const { one, length } of lengths.toSorted((a, b) => b.length - a.length)) {
      if (total <= this.#listBudget || one.pieces.length === 0) break;
      total -= length;
      chosen.add(one);
    }
    return chosen;
  }

  async #throughManifest(epoch: number, { owner, pieces, writtenBytes }: Listed): Promise<OperatorSnapshot> {
    const bytes = encodeManifest(pieces);
    const key = await this.#storeObject(epoch, bytes);
    const manifest = {
      key,
      bytes: bytes.length,
      stateBytes: bytesOf(pieces),
      writtenBytes,
      keyGroupStart: Math.min(...pieces.map((piece) => piece.keyGroupStart)),
      keyGroupEnd: Math.max(...pieces.map((piece) => piece.keyGroupEnd)),
    };
    return { ...owner, pieces: null, manifest };
  }

  async #stored(epoch: number, piece: SnapshotPiece, bytes: Uint8Array): Promise<SnapshotPiece> {
    return { ...piece, key: await this.#storeObject(epoch, bytes), inline: null };
  }
}

function bytesOf(pieces: readonly SnapshotPiece[]): number {
  return pieces.reduce((sum, piece) => sum + piece.bytes, 0);
}

function sizeOf(piece: StatePiece): SnapshotPiece {
  const { sequence, keyGroupStart, keyGroupEnd } = piece;
  return { sequence, key: null, inline: null, bytes: piece.bytes.length, keyGroupStart, keyGroupEnd };
}

function inlined(piece: StatePiece): SnapshotPiece {
  const { buffer, byteOffset, length } = piece.bytes;
  return { ...sizeOf(piece), inline: Buffer.from(buffer, byteOffset, length).toString('base64') };
}
