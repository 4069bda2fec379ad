import type { Batch } from '@weir/columnar/batch.ts';
import { BatchBuilder } from '@weir/columnar/column-builder.ts';
import { batchOfRows, plainRows, type PlainRow } from '@weir/columnar/row-view.ts';
import type { Schema } from '@weir/columnar/sql-type.ts';
import { assert, present } from '@weir/kernel/assert.ts';
import { keyGroupRange, defaultKeyGroups } from '@weir/columnar/key-groups.ts';
import { appendMode, type ChangeMode } from '@weir/plan/change-mode.ts';
import { CheckedOperator } from './edge-check.ts';
import {
  nothingRestored,
  type Operator,
  type OperatorState,
  type RestoredState,
  type StatePiece,
} from '../operator.ts';

/** What came out of an operator, in its order. */
export type Emitted =
  /** `kinds`: of rows that are changes. */
  | { readonly kind: 'rows'; readonly rows: readonly PlainRow[]; readonly kinds?: readonly number[] }
  | { readonly kind: 'watermark'; readonly micros: number }
  | { readonly kind: 'idle'; readonly idle: boolean };

export interface HarnessOptions {
  readonly input: Schema;
  readonly subtask?: number;
  readonly parallelism?: number;
  readonly restored?: RestoredState;
  /** Names of source partitions by index. */
  readonly partitions?: readonly string[];
  /** How many inputs it has, of one schema; 1. */
  readonly inputs?: number;
  /** What the rows of its inputs and of its output say: watched by an EdgeCheck. Inserts, if left out. */
  readonly changes?: ChangeMode;
  readonly emits?: ChangeMode;
}

/** Drives one operator as the runtime does: open, rows, watermarks, drained after each, snapshots in between. */
export class OperatorHarness {
  readonly emitted: Emitted[] = [];
  readonly counters = new Map<string, number>();
  readonly #operator: Operator;
  readonly #builder: BatchBuilder;
  #nowMs = 0;

  constructor(operator: Operator, options: HarnessOptions) {
    const { subtask = 0, parallelism = 1, partitions = [], inputs = 1 } = options;
    const { changes = appendMode, emits = appendMode } = options;
    const inputChanges = Array.from({ length: inputs }, () => changes);
    this.#operator = new CheckedOperator(
      operator,
      'the operator of the test',
      inputChanges,
      emits,
      options.restored === undefined,
    );
    this.#builder = new BatchBuilder(options.input);
    const range = keyGroupRange(subtask, parallelism, defaultKeyGroups);
    this.#operator.open(
      {
        output: {
          emit: (batch: Batch) => {
            assert(batch.rowCount > 0, 'an emitted batch has rows');
            const { rowKinds, rowCount } = batch;
            const kinds = rowKinds === null ? {} : { kinds: [...rowKinds.subarray(0, rowCount)] };
            this.emitted.push({ kind: 'rows', rows: plainRows(batch), ...kinds });
          },
          watermark: (micros: number) => this.emitted.push({ kind: 'watermark', micros }),
          idle: (idle: boolean) => this.emitted.push({ kind: 'idle', idle }),
        },
        clock: { nowMs: () => this.#nowMs, monotonicMs: () => this.#nowMs },
        subtask,
        parallelism,
        keyGroups: defaultKeyGroups,
        keyGroupStart: range.start,
        keyGroupEnd: range.end,
        partitionName: (partition) => present(partitions[partition], `name of partition ${partition}`),
        count: (metric, by) => this.counters.set(metric, (this.counters.get(metric) ?? 0) + by),
      },
      options.restored ?? nothingRestored,
    );
  }

  rows(rows: readonly PlainRow[], input = 0, partition = -1): void {
    this.process(batchOfRows(this.#builder, rows, partition), input);
  }

  process(batch: Batch, input = 0): void {
    this.#operator.process(batch, input);
    this.#drain();
  }

  watermark(micros: number, input = 0): void {
    this.#operator.watermark(micros, input);
    this.#drain();
  }

  /** All partitions that the source reads. */
  announce(...partitions: number[]): void {
    this.#operator.partitionWatermarks?.partitions(partitions);
    this.#drain();
  }

  /** At one moment. */
  idle(partitions: readonly number[], idle: boolean): void {
    this.#operator.partitionWatermarks?.partitionsIdle(partitions, idle);
    this.#drain();
  }

  snapshot(): OperatorState {
    return this.#operator.snapshot();
  }

  writeAhead(): StatePiece | null {
    return this.#operator.writeAhead?.() ?? null;
  }

  /** Rows emitted since the last call, watermarks forgotten. */
  takeRows(): PlainRow[] {
    return this.emitted.splice(0).flatMap((item) => (item.kind === 'rows' ? item.rows : []));
  }

  /** The same, each with what kind of change it is (rowKind). */
  takeChanges(): { readonly row: PlainRow; readonly kind: number }[] {
    return this.emitted
      .splice(0)
      .flatMap((item) =>
        item.kind === 'rows' ? item.rows.map((row, index) => ({ row, kind: item.kinds?.[index] ?? 0 })) : [],
      );
  }

  takeWatermarks(): number[] {
    return this.emitted.splice(0).flatMap((item) => (item.kind === 'watermark' ? [item.micros] : []));
  }

  #drain(): void {
    while (this.#operator.drain());
  }
}

/** Keeps the pieces that an operator's snapshots list, as the object store does, and hands them out for a restore. */
export class PieceStore {
  #pieces = new Map<number, StatePiece>();
  #splits: OperatorState['splits'] = {};

  /** Takes a snapshot over: pieces that it no longer lists are deleted. */
  accept(state: OperatorState): void {
    const next = new Map<number, StatePiece>();
    for (const sequence of state.kept)
      next.set(sequence, present(this.#pieces.get(sequence), `kept piece ${sequence}`));
    for (const piece of state.written) {
      assert(!this.#pieces.has(piece.sequence), `sequence ${piece.sequence} is new`);
      next.set(piece.sequence, piece);
    }
    this.#pieces = next;
    this.#splits = state.splits;
  }

  get bytes(): number {
    return [...this.#pieces.values()].reduce((sum, piece) => sum + piece.bytes.length, 0);
  }

  get pieces(): readonly StatePiece[] {
    return [...this.#pieces.values()].toSorted((a, b) => a.sequence - b.sequence);
  }

  get splits(): OperatorState['splits'] {
    return this.#splits;
  }
}

/** What a subtask is given at a restore from the stores of all subtasks before. */
export function restoredFrom(stores: readonly PieceStore[]): RestoredState {
  return {
    writers: stores.map((store, subtask) => ({ subtask, pieces: store.pieces })),
    splits: Object.assign({}, ...stores.map((store) => store.splits)) as RestoredState['splits'],
  };
}
