import type { SqlType } from '@weir/columnar/sql-type.ts';
import { formatType } from '@weir/columnar/sql-type.ts';
import { KeyEncoder } from '../key-encoding.ts';
import type { KeyGroupRange } from '../key-group-range.ts';
import { PieceReader, type Piece } from '../pieces/piece-codec.ts';
import { layoutHash, type PieceHeader } from '../pieces/piece-layout.ts';
import type { NextSequence, PieceWriters, StateStore, StorePlace, WrittenState } from '../state-stores.ts';
import { KeyGroups } from './key-groups-of.ts';
import { describeLayout, KeyedPane, type PanePlace } from './keyed-pane.ts';
import type { StateColumn } from './state-column.ts';

/** The values beside the keys: columns as the snapshot sees them, `values` as the operator does. */
export interface PaneValues<V> {
  readonly columns: readonly StateColumn[];
  readonly values: V;
}

export interface Pane<V> {
  readonly pane: KeyedPane;
  readonly values: V;
}

/** Keyed state by pane: one store of an operator. A pane that is dropped takes its keys, values and pieces with it. */
export class KeyedState<V> implements StateStore {
  readonly #keyTypes: readonly SqlType[];
  readonly #makeValues: () => PaneValues<V>;
  readonly #range: KeyGroupRange;
  readonly #encoder = new KeyEncoder();
  readonly #place: PanePlace;
  readonly #panes = new Map<number, Pane<V>>();
  readonly #keys: KeyGroups;

  constructor(keyTypes: readonly SqlType[], makeValues: () => PaneValues<V>, place: StorePlace) {
    this.#keyTypes = keyTypes;
    this.#makeValues = makeValues;
    this.#range = place.range;
    this.#keys = new KeyGroups(keyTypes, place.range.keyGroups);
    this.#place = {
      ...place,
      layout: layoutHash(describeLayout(keyTypes.map(formatType), makeValues().columns)),
      groupsOf: (index, slots, count) => this.#keys.ofSlots(index, slots, count),
    };
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

  snapshot(next: NextSequence): WrittenState {
    const written: Piece[] = [];
    const kept: number[] = [];
    for (const { pane } of this.#panes.values()) {
      const before = pane.log.kept;
      if (!pane.changed) {
        for (const { sequence } of before) kept.push(sequence);
        continue;
      }
      const sequence = next();
      const bytes = pane.snapshot(sequence, this.#place);
      for (const one of pane.log.kept) if (one.sequence !== sequence) kept.push(one.sequence);
      if (bytes !== null) written.push(this.#piece(sequence, bytes));
    }
    return { written, kept };
  }

  writeAhead(next: NextSequence, mostBytes: number): Piece | null {
    for (const { pane } of this.#panes.values()) {
      if (!pane.hasAhead) continue;
      const sequence = next();
      const bytes = pane.writeAhead(sequence, this.#place, mostBytes);
      if (bytes !== null) return this.#piece(sequence, bytes);
    }
    return null;
  }

  #piece(sequence: number, bytes: Uint8Array): Piece {
    return { sequence, bytes, keyGroupStart: this.#range.start, keyGroupEnd: this.#range.end };
  }

  restore(writers: PieceWriters, keep: boolean): void {
    const logs = new Map<number, { sequence: number; rows: number }[]>();
    for (const { pieces } of writers) {
      for (const piece of pieces) {
        const { pane: number, rows } = this.#restorePiece(piece);
        const log = logs.get(number) ?? [];
        log.push({ sequence: piece.sequence, rows });
        logs.set(number, log);
      }
    }
    for (const [number, log] of logs) {
      const pane = this.#panes.get(number)?.pane;
      // Without a row it isn't there: none of its keys is ours.
      if (pane === undefined) continue;
      if (keep) pane.log.adopt(log);
      pane.markRestored(keep);
    }
  }

  #restorePiece(piece: Piece): PieceHeader {
    const reader = new PieceReader(piece.bytes, this.#place.layout);
    const { start, end } = this.#range;
    for (const [index, block] of reader.blocks.entries()) {
      if (block.firstGroup >= end || block.endGroup <= start) continue;
      reader.open(index);
      const whole = block.firstGroup >= start && block.endGroup <= end;
      this.#restoreRows(reader, block.rows, whole);
    }
    return reader.header;
  }

  /** `whole`: all of them are ours. */
  #restoreRows(reader: PieceReader, rows: number, whole: boolean): void {
    const number = reader.header.pane;
    const { pane } = this.getOrCreate(number);
    const builder = this.#keys.builder(rows);
    const keys = pane.index.read(reader, rows, builder.columns);
    builder.rowCount = rows;
    const groups = whole ? null : this.#keys.of(builder.batch(), rows);
    const targets = new Int32Array(rows);
    const { start, end } = this.#range;
    for (let row = 0; row < rows; row += 1) {
      const owned = groups === null || (groups[row]! >= start && groups[row]! < end);
      targets[row] = owned ? pane.index.insert(keys, row) : -1;
    }
    pane.reserve(pane.count);
    for (const column of pane.columns) column.read(reader, targets, rows);
    if (pane.count === 0) this.drop(number);
  }
}
