import { rowKind, type Batch } from '@weir/columnar/batch.ts';
import type { Column, ListColumn, MapColumn } from '@weir/columnar/column.ts';
import { BatchBuilder } from '@weir/columnar/column-builder.ts';
import { FrameReader } from '@weir/columnar/frame-reader.ts';
import { FrameWriter } from '@weir/columnar/frame-writer.ts';
import { BatchGatherer } from '@weir/columnar/gather.ts';
import { isMinus } from '@weir/columnar/row-kinds.ts';
import { bigintType, type Schema, type SqlType } from '@weir/columnar/sql-type.ts';
import { assert, present } from '@weir/kernel/assert.ts';
import type { UnnestNode } from '@weir/plan/nodes/unnest.ts';
import {
  maxBatchRows,
  statelessSnapshot,
  type Operator,
  type OperatorContext,
  type OperatorState,
} from './operator.ts';

/** What is left of a batch that became too many rows for one call. */
interface Rest {
  readonly batch: Batch;
  row: number;
  /** The next element of that row, from 0. */
  element: number;
}

/**
 * A row for each element of a list or map (see UnnestNode).
 *
 * Invariant: `#rest` is null between drained calls, so nothing of it is ever in a snapshot.
 */
export class UnnestOperator implements Operator {
  readonly #node: UnnestNode;
  readonly #schema: Schema;
  readonly #rows: BatchGatherer;
  readonly #elements: BatchGatherer;
  readonly #elementSchema: Schema;
  readonly #numbers = new BatchBuilder(
    { fields: [{ name: 'number', type: bigintType, nullable: true }] },
    maxBatchRows,
  );
  readonly #writer: FrameWriter;
  readonly #reader: FrameReader;
  readonly #selection = new Int32Array(maxBatchRows);
  readonly #places = new Int32Array(maxBatchRows);
  readonly #absent = new Uint8Array(maxBatchRows);
  readonly #kinds = new Uint8Array(maxBatchRows);
  #context: OperatorContext | null = null;
  #rest: Rest | null = null;

  constructor(node: UnnestNode, input: Schema, output: Schema) {
    this.#node = node;
    this.#schema = output;
    this.#rows = new BatchGatherer(input);
    this.#writer = new FrameWriter(input);
    this.#reader = new FrameReader(input);
    const types = elementTypes(present(input.fields[node.column], 'the column that is unnested').type);
    this.#elementSchema = {
      fields: types.map((type, index) => ({ name: `e${index}`, type, nullable: true })),
    };
    this.#elements = new BatchGatherer(this.#elementSchema);
  }

  open(context: OperatorContext): void {
    this.#context = context;
  }

  process(batch: Batch): void {
    assert(this.#rest === null, 'the operator was drained before the next batch');
    const rest: Rest = { batch, row: 0, element: 0 };
    if (!this.#step(rest)) return;
    // The batch is lent for this call only.
    this.#rest = { ...rest, batch: this.#reader.read(this.#writer.write(batch)) };
  }

  /** Emits up to a batch of rows. True when more are left. */
  #step(rest: Rest): boolean {
    const { batch } = rest;
    const column = batch.columns[this.#node.column];
    assert(column?.kind === 'list' || column?.kind === 'map', 'a list or map is unnested');
    this.#numbers.reset();
    let count = 0;
    let absent = false;
    while (rest.row < batch.rowCount && count < maxBatchRows) {
      const { row } = rest;
      const first = column.offsets[row]!;
      const length = column.nulls?.[row] === 1 ? 0 : column.offsets[row + 1]! - first;
      if (length === 0 && this.#node.outer) {
        this.#selection[count] = row;
        this.#places[count] = 0;
        this.#absent[count] = 1;
        this.#numbers.column(0).setNull(count);
        absent = true;
        count += 1;
      }
      for (; rest.element < length && count < maxBatchRows; rest.element += 1, count += 1) {
        this.#selection[count] = row;
        this.#places[count] = first + rest.element;
        this.#absent[count] = 0;
        this.#numbers.column(0).setInt(count, rest.element + 1);
      }
      if (rest.element < length) break;
      rest.row += 1;
      rest.element = 0;
    }
    if (count > 0) this.#emit(batch, column, count, absent);
    return rest.row < batch.rowCount;
  }

  #emit(batch: Batch, column: ListColumn | MapColumn, count: number, absent: boolean): void {
    const { output } = present(this.#context, 'context');
    const rows = this.#rows.gather({ ...batch, rowKinds: null }, this.#selection, count);
    const children = column.kind === 'list' ? [column.element] : [column.keys, column.values];
    const source = { ...batch, schema: this.#elementSchema, columns: children, rowKinds: null };
    const elements = this.#elements.gather(source, this.#places, count).columns;
    const columns = [
      ...rows.columns,
      ...elements.map((each) => (absent ? this.#withAbsent(each, count) : each)),
    ];
    if (this.#node.ordinality) {
      this.#numbers.rowCount = count;
      columns.push(...this.#numbers.batch().columns);
    }
    const rowKinds = batch.rowKinds === null ? null : this.#kindsOf(batch.rowKinds, count);
    output.emit({ ...rows, schema: this.#schema, columns, rowKinds });
  }

  /** NULL where there is no element. */
  #withAbsent(column: Column, count: number): Column {
    const nulls = new Uint8Array(count);
    for (let row = 0; row < count; row += 1)
      nulls[row] = this.#absent[row] === 1 || column.nulls?.[row] === 1 ? 1 : 0;
    return { ...column, nulls };
  }

  /** A row becomes several: its halves don't stand beside each other any more. */
  #kindsOf(kinds: Uint8Array, count: number): Uint8Array {
    for (let row = 0; row < count; row += 1)
      this.#kinds[row] = isMinus(kinds[this.#selection[row]!]!) ? rowKind.delete : rowKind.insert;
    return this.#kinds;
  }

  watermark(micros: number): void {
    this.#context?.output.watermark(micros);
  }

  drain(): boolean {
    if (this.#rest === null) return false;
    if (!this.#step(this.#rest)) this.#rest = null;
    return true;
  }

  snapshot(): OperatorState {
    return statelessSnapshot;
  }

  close(): void {
    this.#context = null;
    this.#rest = null;
  }
}

function elementTypes(type: SqlType): readonly SqlType[] {
  if (type.kind === 'list') return [type.element.type];
  assert(type.kind === 'map', 'a list or map is unnested');
  return [type.key.type, type.value.type];
}
