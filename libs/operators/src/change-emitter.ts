import { rowKind, type Batch } from '@weir/columnar/batch.ts';
import { BatchBuilder } from '@weir/columnar/column-builder.ts';
import { BatchGatherer } from '@weir/columnar/gather.ts';
import { sameRow } from '@weir/columnar/same-row.ts';
import type { Schema } from '@weir/columnar/sql-type.ts';
import type { ChangeMode } from '@weir/plan/change-mode.ts';
import type { Output } from './operator.ts';

/**
 * The net changes of one batch as rows. Whoever uses it writes, for k keys, the rows from before into rows 0 .. k-1 of `builder` and those from after into rows
 * k .. 2k-1; a key whose row is as it was gives nothing. Old rows come out only where the mode has them.
 */
export class ChangeEmitter {
  readonly builder: BatchBuilder;
  readonly #mode: ChangeMode['kind'];
  readonly #gatherer: BatchGatherer;
  #selection = new Int32Array(0);
  #kinds = new Uint8Array(0);

  constructor(schema: Schema, mode: ChangeMode) {
    this.builder = new BatchBuilder(schema, 1024);
    this.#gatherer = new BatchGatherer(schema);
    this.#mode = mode.kind;
  }

  /** Room for k keys. */
  begin(count: number): void {
    this.builder.reset();
    this.builder.reserve(2 * count);
    if (this.#selection.length >= 2 * count) return;
    this.#selection = new Int32Array(2 * count);
    this.#kinds = new Uint8Array(2 * count);
  }

  /** @param before for each key whether it had a row, @param after whether it has one now */
  emit(count: number, before: Uint8Array, after: Uint8Array, output: Output): void {
    this.builder.rowCount = 2 * count;
    const rows = this.builder.batch(-1, null);
    const selected = this.#select(rows, count, before, after);
    if (selected === 0) return;
    const changes = this.#gatherer.gather(rows, this.#selection, selected);
    output.emit(this.#mode === 'append' ? changes : { ...changes, rowKinds: this.#kinds });
  }

  #select({ columns }: Batch, count: number, before: Uint8Array, after: Uint8Array): number {
    const selection = this.#selection;
    const kinds = this.#kinds;
    const withOld = this.#mode === 'retract';
    let used = 0;
    for (let key = 0; key < count; key += 1) {
      const now = count + key;
      if (before[key] !== 1) {
        if (after[key] !== 1) continue;
        kinds[used] = rowKind.insert;
        selection[used++] = now;
      } else if (after[key] !== 1) {
        kinds[used] = rowKind.delete;
        selection[used++] = key;
      } else if (!sameRow(columns, key, now)) {
        if (withOld) {
          kinds[used] = rowKind.updateBefore;
          selection[used++] = key;
        }
        kinds[used] = rowKind.updateAfter;
        selection[used++] = now;
      }
    }
    return used;
  }
}
