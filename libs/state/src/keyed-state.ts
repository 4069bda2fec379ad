import { keyGroupOf } from '@weir/columnar/key-groups.ts';
import { hashKeys } from '@weir/columnar/key-hash.ts';
import { BatchBuilder } from '@weir/columnar/column-builder.ts';
import { formatType, type SqlType } from '@weir/columnar/sql-type.ts';
import { KeyEncoder } from './key-encoding.ts';
import { describeLayout, KeyedPane } from './keyed-pane.ts';
import { layoutHash, PieceReader } from './piece-codec.ts';
import type { StateColumn } from './state-column.ts';

/** A piece of a snapshot, as operators hand it over. */
export interface Piece {
  readonly sequence: number;
  readonly bytes: Uint8Array;
  readonly keyGroupStart: number;
  readonly keyGroupEnd: number;
}

export interface WrittenState {
  readonly written: readonly Piece[];
  readonly kept: readonly number[];
}

export interface KeyGroupRange {
  readonly keyGroups: number;
  readonly start: number;
  readonly end: number;
}

/** The values beside the keys: columns as the snapshot sees them, `values` as the operator does. */
export interface PaneValues<V> {
  readonly columns: readonly StateColumn[];
  readonly values: V;
}

export interface Pane<V> {
  readonly pane: KeyedPane;
  readonly values: V;
}

/** Keyed state by pane. A pane that is dropped takes its keys, values and pieces with it. */
export class KeyedState<V> {
  readonly #keyTypes: readonly SqlType[];
  readonly #makeValues: () => PaneValues<V>;
  readonly #range: KeyGroupRange;
  readonly #encoder = new KeyEncoder();
  readonly #layout: number;
  readonly #panes = new Map<number, Pane<V>>();
  #nextSequence = 1;

  constructor(keyTypes: readonly SqlType[], makeValues: () => PaneValues<V>, range: KeyGroupRange) {
    this.#keyTypes = keyTypes;
    this.#makeValues = makeValues;
    this.#range = range;
    this.#layout = layoutHash(describeLayout(keyTypes.map(formatType), makeValues().columns));
  }

  get size(): number {
    return this.#panes.size;
  }

  /** Numbers of the panes that hold something, ascending. */
  paneNumbers(): number[] {
    return [...this.#panes.keys()].toSorted((a, b) => a - b);
  }

  get(number: number): Pane<V> | undefined {
    return this.#panes.get(number);
  }

  getOrCreate(number: number): Pane<V> {
    const known = this.#panes.get(number);
    if (known !== undefined) return known;
    const pane = this.detached(number);
    this.#panes.set(number, pane);
    return pane;
  }

  /** A pane outside the state: for results that are put together and sent on. */
  detached(number: number): Pane<V> {
    const { columns, values } = this.#makeValues();
    return { pane: new KeyedPane(number, this.#keyTypes, columns, this.#encoder), values };
  }

  drop(number: number): void {
    this.#panes.delete(number);
  }

  /** Bytes of memory that keys and values take. */
  get bytes(): number {
    let total = 0;
    for (const { pane } of this.#panes.values()) total += pane.bytes;
    return total;
  }

  snapshot(): WrittenState {
    const written: Piece[] = [];
    const kept: number[] = [];
    for (const { pane } of this.#panes.values()) {
      const bytes = pane.snapshot(this.#nextSequence, this.#layout);
      for (const { sequence } of pane.log.kept) {
        if (sequence !== this.#nextSequence) kept.push(sequence);
      }
      if (bytes === null) continue;
      const { start, end } = this.#range;
      written.push({ sequence: this.#nextSequence, bytes, keyGroupStart: start, keyGroupEnd: end });
      this.#nextSequence += 1;
    }
    return { written, kept };
  }

  /**
   * Takes the rows of the key groups that this subtask owns out of the pieces of each writer, in their order. Pieces of one writer
   * that lie wholly in its range go on to count; otherwise the next snapshot writes everything.
   */
  restore(writers: readonly { readonly pieces: readonly Piece[] }[]): void {
    const { start, end } = this.#range;
    const holding = writers.filter((writer) => writer.pieces.length > 0);
    const pieces = holding.flatMap((writer) => writer.pieces);
    for (const { sequence } of pieces) this.#nextSequence = Math.max(this.#nextSequence, sequence + 1);
    const keep =
      holding.length === 1 &&
      pieces.every((piece) => piece.keyGroupStart >= start && piece.keyGroupEnd <= end);
    const logs = new Map<number, { sequence: number; rows: number }[]>();
    for (const writer of holding) {
      for (const piece of writer.pieces) {
        const { number, rows } = this.#restorePiece(piece);
        const log = logs.get(number) ?? [];
        log.push({ sequence: piece.sequence, rows });
        logs.set(number, log);
      }
    }
    if (!keep) return;
    for (const [number, log] of logs) {
      const { pane } = this.getOrCreate(number);
      pane.log.adopt(log);
      pane.markRestored();
    }
  }

  #restorePiece(piece: Piece): { readonly number: number; readonly rows: number } {
    const reader = new PieceReader(piece.bytes, this.#layout);
    const { rows, pane: number } = reader.header;
    const fields = this.#keyTypes.map((type, index) => ({ name: `k${index}`, type, nullable: true }));
    const builder = new BatchBuilder({ fields }, Math.max(1, rows));
    const { pane } = this.getOrCreate(number);
    const keys = pane.index.read(reader, rows, builder.columns);
    builder.rowCount = rows;
    const hashes = new Int32Array(rows);
    hashKeys(
      builder.batch(),
      fields.map((_, index) => index),
      hashes,
    );
    const targets = new Int32Array(rows);
    for (let row = 0; row < rows; row += 1) {
      targets[row] = this.#owns(hashes[row]!) ? pane.index.insert(keys, row) : -1;
    }
    pane.reserve(pane.count);
    for (const column of pane.columns) column.read(reader, targets, rows);
    if (pane.count === 0) this.drop(number);
    return { number, rows };
  }

  /** Without keys everything is in key group 0, as the exchange has it. */
  #owns(hash: number): boolean {
    const { keyGroups, start, end } = this.#range;
    const group = this.#keyTypes.length === 0 ? 0 : keyGroupOf(hash, keyGroups);
    return group >= start && group < end;
  }
}
