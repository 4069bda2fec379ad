import type { SplitState } from '@weir/plan/split-state.ts';
import type { SourceInput } from '../record-path/source-input.ts';

/** Where each source of a subtask stood at a barrier. */
export type SourcePositions = ReadonlyMap<SourceInput, Readonly<Record<string, SplitState>>>;

/**
 * Tells the sources of a subtask which epochs are committed, for consumer groups.
 *
 * P1  In the order of epochs, one after the other; while one is being told the newest of those that came meanwhile is next: what the
 *     outside sees never goes back, and a server that doesn't answer gathers nothing.
 */
export class CommittedPositions {
  readonly #noted = new Map<number, SourcePositions>();
  #next: SourcePositions | null = null;
  #telling: Promise<void> | null = null;

  /** The positions that an epoch has, should it be committed. */
  note(epoch: number, positions: SourcePositions): void {
    this.#noted.set(epoch, positions);
  }

  /** This epoch, and so all before it, is committed. Repeats change nothing. */
  committed(epoch: number): void {
    let newest = 0;
    for (const known of this.#noted.keys()) if (known <= epoch) newest = Math.max(newest, known);
    const positions = this.#noted.get(newest);
    if (positions === undefined) return;
    for (const known of this.#noted.keys()) if (known <= epoch) this.#noted.delete(known);
    this.#next = positions;
    this.#telling ??= this.#tell().finally(() => (this.#telling = null));
  }

  /** Resolves when all that was committed so far has been told, or could not be. */
  async settled(): Promise<void> {
    await this.#telling;
  }

  async #tell(): Promise<void> {
    while (this.#next !== null) {
      const positions = this.#next;
      this.#next = null;
      await Promise.all([...positions].map(([input, splits]) => input.source.committed(splits)));
    }
  }
}
