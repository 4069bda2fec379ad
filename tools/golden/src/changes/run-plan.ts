import { rowKind, type Batch } from '@weir/columnar/batch.ts';
import { BatchBuilder } from '@weir/columnar/column-builder.ts';
import { isMinus } from '@weir/columnar/row-kinds.ts';
import { batchOfRows, plainRows, type PlainRow } from '@weir/columnar/row-view.ts';
import { present } from '@weir/kernel/assert.ts';
import { createOperator } from '@weir/operators/create-operator.ts';
import { nothingRestored, type Operator } from '@weir/operators/operator.ts';
import { checkedOperators, EdgeCheck } from '@weir/operators/testing/edge-check.ts';
import type { ChangeMode } from '@weir/plan/change-mode.ts';
import type { PhysicalPlan, PlannedOperator } from '@weir/plan/physical-plan.ts';

/** A row and its kind. */
export type Change = readonly [kind: number, row: PlainRow];
/** Batches of a table, in their order. */
export type History = readonly (readonly Change[])[];

interface Placed {
  readonly planned: PlannedOperator;
  /** null: a source or a sink. */
  readonly operator: Operator | null;
  readonly readers: { readonly placed: Placed; readonly input: number }[];
}

/** Runs a plan in one subtask, every edge watched. What each sink is left with, by table: its rows as texts, sorted. */
export class PlanRun {
  readonly #placed = new Map<string, Placed>();
  readonly #results = new Map<string, SinkRows>();

  constructor(plan: PhysicalPlan) {
    const exchanges = new Map(plan.exchanges.map((exchange) => [exchange.id, exchange]));
    const operators = plan.stages.flatMap((stage) => stage.operators);
    const make = checkedOperators(createOperator, true);
    for (const planned of operators) {
      const inputs = planned.inputs.map((input) =>
        input.kind === 'local'
          ? present(this.#placed.get(input.operator), 'an input').planned
          : present(
              operators.find(({ id }) => id === exchanges.get(input.exchange)?.from.operator),
              'a sender',
            ),
      );
      const { kind } = planned.node;
      const operator =
        kind === 'source' || kind === 'sink'
          ? null
          : make(
              planned,
              inputs.map(({ output }) => output),
              inputs.map(({ changes }) => changes),
            );
      const placed: Placed = { planned, operator, readers: [] };
      this.#placed.set(planned.id, placed);
      if (kind === 'sink') this.#results.set(planned.id, new SinkRows(planned.title, planned.changes));
      this.#open(placed);
    }
    for (const { planned } of this.#placed.values()) {
      for (const [index, input] of planned.inputs.entries()) {
        const from = input.kind === 'local' ? input.operator : exchanges.get(input.exchange)?.from.operator;
        const reader = { placed: present(this.#placed.get(planned.id), 'a reader'), input: index };
        present(this.#placed.get(from ?? ''), 'an input').readers.push(reader);
      }
    }
  }

  /** Rows of the source of a table. */
  read(table: string, changes: readonly Change[]): void {
    for (const placed of this.#placed.values()) {
      const { node, output } = placed.planned;
      if (node.kind !== 'source' || node.table !== table) continue;
      const rows = batchOfRows(
        new BatchBuilder(output),
        changes.map(([, row]) => row),
      );
      const kinds = Uint8Array.from(changes, ([kind]) => kind);
      this.#emit(placed, { ...rows, rowKinds: node.changes === 'append' ? null : kinds });
    }
  }

  rowsOf(): Map<string, string[]> {
    return new Map([...this.#results].map(([, rows]) => [rows.title, rows.standing()]));
  }

  /** By title, of sinks that are written by their key: its columns. */
  get keys(): [string, readonly number[]][] {
    return [...this.#results.values()].flatMap(({ title, key }) => (key === null ? [] : [[title, key]]));
  }

  #open({ planned, operator }: Placed): void {
    const output = {
      emit: (batch: Batch) => this.#emit(present(this.#placed.get(planned.id), 'itself'), batch),
      watermark: () => {},
      idle: () => {},
    };
    const clock = { nowMs: () => 0, monotonicMs: () => 0 };
    const place = { subtask: 0, parallelism: 1, keyGroups: 128, keyGroupStart: 0, keyGroupEnd: 128 };
    operator?.open({ output, clock, ...place, partitionName: String, count: () => {} }, nothingRestored);
  }

  #emit(from: Placed, batch: Batch): void {
    for (const { placed, input } of from.readers) {
      if (placed.operator === null) this.#results.get(placed.planned.id)?.take(batch);
      else placed.operator.process(batch, input);
      while (placed.operator?.drain() === true);
    }
  }
}

/** What the changes written to a sink come to. */
class SinkRows {
  readonly title: string;
  readonly #changes: ChangeMode;
  readonly #check: EdgeCheck;
  readonly #counts = new Map<string, number>();
  readonly #byKey = new Map<string, string>();

  constructor(title: string, changes: ChangeMode) {
    this.title = title;
    this.#changes = changes;
    this.#check = new EdgeCheck(`input of '${title}'`, changes);
  }

  get key(): readonly number[] | null {
    return this.#changes.kind === 'upsert' ? this.#changes.key : null;
  }

  take(batch: Batch): void {
    this.#check.rows(batch);
    for (const [index, row] of plainRows(batch).entries()) {
      const kind = batch.rowKinds?.[index] ?? rowKind.insert;
      const text = row.join('|');
      if (this.#changes.kind !== 'upsert') {
        this.#counts.set(text, (this.#counts.get(text) ?? 0) + (isMinus(kind) ? -1 : 1));
        continue;
      }
      const key = this.#changes.key.map((column) => row[column]).join('|');
      if (isMinus(kind)) this.#byKey.delete(key);
      else this.#byKey.set(key, text);
    }
  }

  standing(): string[] {
    const counted = [...this.#counts].flatMap(([text, count]) => Array<string>(count).fill(text));
    return [...counted, ...this.#byKey.values()].toSorted();
  }
}
