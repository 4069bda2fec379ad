import { rowKind, type Batch } from '@weir/columnar/batch.ts';
import { BatchBuilder } from '@weir/columnar/column-builder.ts';
import { BatchGatherer } from '@weir/columnar/gather.ts';
import { defaultKeyGroups } from '@weir/columnar/key-groups.ts';
import { BatchPartitioner } from '@weir/columnar/partition-batch.ts';
import { isMinus } from '@weir/columnar/row-kinds.ts';
import { batchOfRows, type PlainRow } from '@weir/columnar/row-view.ts';
import type { Schema } from '@weir/columnar/sql-type.ts';
import type { ChangeMode } from '@weir/plan/change-mode.ts';
import type { Operator } from '../operator.ts';
import { OperatorHarness, PieceStore, restoredFrom } from './operator-harness.ts';

export type Change = readonly [kind: number, row: PlainRow];

/** An operator over rows that are updated, for the properties that all of them have (D43). */
export interface ChangeFixture {
  readonly name: string;
  readonly input: Schema;
  readonly takes: ChangeMode;
  readonly gives: ChangeMode;
  /** Columns by which its input is parted. */
  readonly partition: readonly number[];
  readonly make: () => Operator;
}

/** Subtasks of an operator, as the runtime has them: rows come by hash, state goes from one parallelism to another by key group. */
export class ParallelRun {
  readonly changes: Change[] = [];
  readonly #fixture: ChangeFixture;
  readonly #builder: BatchBuilder;
  readonly #gatherer: BatchGatherer;
  #subtasks: { readonly harness: OperatorHarness; readonly pieces: PieceStore }[] = [];

  constructor(fixture: ChangeFixture, parallelism: number) {
    this.#fixture = fixture;
    this.#builder = new BatchBuilder(fixture.input);
    this.#gatherer = new BatchGatherer(fixture.input);
    this.#start(parallelism, null);
  }

  #start(parallelism: number, before: readonly PieceStore[] | null): void {
    const { input, takes, gives, make } = this.#fixture;
    this.#subtasks = Array.from({ length: parallelism }, (_, subtask) => {
      const restored = before === null ? {} : { restored: restoredFrom(before) };
      const options = { input, subtask, parallelism, changes: takes, emits: gives, ...restored };
      const pieces = new PieceStore();
      // Pieces of one writer may go on to count.
      const [writer, ...others] = (before ?? []).filter((store) => store.pieces.length > 0);
      if (writer !== undefined && others.length === 0)
        pieces.accept({ written: writer.pieces, kept: [], splits: {} });
      return { harness: new OperatorHarness(make(), options), pieces };
    });
  }

  batch(changes: readonly Change[]): void {
    const rows = batchOfRows(
      this.#builder,
      changes.map(([, row]) => row),
    );
    const kinds = Uint8Array.from(changes, ([kind]) => kind);
    const all: Batch = { ...rows, rowKinds: this.#fixture.takes.kind === 'append' ? null : kinds };
    const { partition } = this.#fixture;
    if (partition.length === 0) return this.#feed(0, all);
    const partitioner = new BatchPartitioner(this.#subtasks.length, defaultKeyGroups);
    const parted = partitioner.partition(all, partition);
    for (const target of this.#subtasks.keys()) {
      const count = partitioner.count(target);
      if (count > 0) this.#feed(target, this.#gatherer.gather(parted, partitioner.selection(target), count));
    }
  }

  #feed(subtask: number, batch: Batch): void {
    const harness = this.#subtasks[subtask]!.harness;
    harness.process(batch);
    this.changes.push(...harness.takeChanges().map(({ kind, row }) => [kind, row] as const));
  }

  snapshot(): void {
    for (const { harness, pieces } of this.#subtasks) pieces.accept(harness.snapshot());
  }

  /** From a snapshot of now into so many subtasks. */
  restore(parallelism: number): void {
    this.snapshot();
    const before = this.#subtasks.map(({ pieces }) => pieces);
    this.#start(parallelism, before);
  }

  /** Bytes of state in the last snapshot. */
  get stateBytes(): number {
    return this.#subtasks.reduce((sum, { pieces }) => sum + pieces.bytes, 0);
  }
}

/** What changes come to, by their mode: rows as texts, sorted. @throws Error where a row is taken away that isn't there */
export function fold(changes: readonly Change[], mode: ChangeMode): string[] {
  const standing = new Map<string, string[]>();
  for (const [kind, row] of changes) {
    const text = row.map(String).join('|');
    const key = mode.kind === 'upsert' ? mode.key.map((column) => String(row[column])).join('|') : text;
    const rows = standing.get(key) ?? [];
    if (mode.kind === 'upsert') standing.set(key, isMinus(kind) ? [] : [text]);
    else if (!isMinus(kind)) standing.set(key, [...rows, text]);
    else if (rows.length === 0) throw new Error(`${text} is taken away, and isn't there`);
    else standing.set(key, rows.slice(1));
  }
  return [...standing.values()].flat().toSorted();
}

/** The changes that take all back that stands. */
export function takingBack(history: readonly Change[]): Change[] {
  const standing: PlainRow[] = [];
  const same = (a: PlainRow, b: PlainRow): boolean => a.map(String).join('|') === b.map(String).join('|');
  for (const [kind, row] of history) {
    if (!isMinus(kind)) standing.push(row);
    else
      standing.splice(
        standing.findIndex((known) => same(known, row)),
        1,
      );
  }
  return standing.map((row) => [rowKind.delete, row]);
}
