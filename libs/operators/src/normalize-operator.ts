import type { Batch } from '@weir/columnar/batch.ts';
import { doubleType, type Field, type Schema } from '@weir/columnar/sql-type.ts';
import { isMinus } from '@weir/columnar/row-kinds.ts';
import { present } from '@weir/kernel/assert.ts';
import type { NormalizeNode } from '@weir/plan/nodes/normalize.ts';
import { ValueByKey } from '@weir/state/kinds/value-by-key.ts';
import { Expiry } from '@weir/state/rows/expiry.ts';
import { StateStores } from '@weir/state/state-stores.ts';
import { TouchedGroups } from './aggregate/touched-groups.ts';
import { ChangeEmitter } from './change-emitter.ts';
import type { Operator, OperatorContext, OperatorState, RestoredState, StatePiece } from './operator.ts';

/**
 * From rows that take each other's place by a key to changes with the old rows (D9).
 *
 * N1  A key has a record exactly while its row stands; what was emitted of it last is that record.
 */
export class NormalizeOperator implements Operator {
  readonly #key: readonly number[];
  /** Columns beside the key, as they stand in a record. */
  readonly #others: readonly number[];
  readonly #fields: readonly Field[];
  readonly #ttlSeconds: number;
  readonly #emitter: ChangeEmitter;
  readonly #touched = new TouchedGroups();
  #state: { readonly stores: StateStores; readonly rows: ValueByKey; readonly expiry: Expiry } | null = null;
  #context: OperatorContext | null = null;
  #seconds = -1;
  #rowSlots = new Int32Array(0);
  #lastRow = new Int32Array(0);
  #read = new Int32Array(0);
  #before = new Uint8Array(0);
  #after = new Uint8Array(0);

  constructor(node: NormalizeNode, input: Schema) {
    this.#key = node.key;
    this.#fields = input.fields;
    this.#others = input.fields.flatMap((_, index) => (node.key.includes(index) ? [] : [index]));
    this.#ttlSeconds = Math.ceil(node.ttlMs / 1000);
    this.#emitter = new ChangeEmitter(input, { kind: 'retract', key: node.key });
  }

  open(context: OperatorContext, restored: RestoredState): void {
    this.#context = context;
    const { keyGroups, keyGroupStart: start, keyGroupEnd: end } = context;
    const stores = new StateStores({ keyGroups, start, end }, restored.writers);
    const fieldAt = (column: number): Field => present(this.#fields[column], 'column');
    const rows = stores.open(0, (place) => {
      const values = [{ name: 'stands', type: doubleType }, ...this.#others.map(fieldAt)];
      return new ValueByKey(
        { keys: this.#key.map((column) => fieldAt(column).type), values, use: 'last row' },
        place,
      );
    });
    stores.ready();
    this.#state = { stores, rows, expiry: new Expiry(rows.store, this.#ttlSeconds) };
  }

  process(batch: Batch): void {
    const { rows } = present(this.#state, 'state of an open operator');
    this.#expire();
    this.#grow(batch.rowCount);
    rows.findOrCreate(batch, this.#key, this.#rowSlots);
    this.#touched.take(this.#rowSlots, batch.rowCount);
    const { count, slots, groupOf } = this.#touched;
    for (let group = 0; group < count; group += 1)
      this.#before[group] = rows.fields.number(slots[group]!, rows.firstValue) === 1 ? 1 : 0;
    this.#emitter.begin(count);
    this.#readRows(this.#before, 0);
    for (let row = 0; row < batch.rowCount; row += 1) this.#lastRow[groupOf[row]!] = row;
    this.#keepLast(batch);
    this.#readRows(this.#after, count);
    this.#emitter.emit(count, this.#before, this.#after, present(this.#context, 'context').output);
    for (let group = 0; group < count; group += 1) if (this.#after[group] === 0) rows.remove(slots[group]!); // N1
  }

  /** Keys that nothing was written to for long are forgotten, silently; asked once a second at most. */
  #expire(): void {
    const { rows, expiry } = present(this.#state, 'state of an open operator');
    const now = Math.floor(present(this.#context, 'context').clock.nowMs() / 1000);
    if (now === this.#seconds) return;
    this.#seconds = now;
    rows.store.now = now;
    for (const slot of expiry.due(now)) rows.remove(slot);
  }

  #keepLast(batch: Batch): void {
    const { rows } = present(this.#state, 'state of an open operator');
    const { count, slots } = this.#touched;
    let unmatched = 0;
    for (let group = 0; group < count; group += 1) {
      const row = this.#lastRow[group]!;
      const goes = batch.rowKinds !== null && isMinus(batch.rowKinds[row]!);
      this.#after[group] = goes ? 0 : 1;
      if (goes) {
        if (this.#before[group] === 0) unmatched += 1;
        continue;
      }
      rows.fields.setNumber(slots[group]!, rows.firstValue, 1);
      for (const [index, column] of this.#others.entries()) {
        const values = present(batch.columns[column], 'column');
        rows.fields.write(slots[group]!, rows.firstValue + 1 + index, values, row);
      }
    }
    if (unmatched > 0) this.#context?.count('unmatched_changes', unmatched);
  }

  /** The records of the touched keys that have a row, into rows `at` .. */
  #readRows(has: Uint8Array, at: number): void {
    const { rows } = present(this.#state, 'state of an open operator');
    const { count, slots } = this.#touched;
    const { builder } = this.#emitter;
    for (let group = 0; group < count; group += 1) this.#read[group] = has[group] === 1 ? slots[group]! : -1;
    for (const [field, column] of this.#key.entries())
      rows.fields.read(field, this.#read, count, builder.column(column), at);
    for (const [index, column] of this.#others.entries())
      rows.fields.read(rows.firstValue + 1 + index, this.#read, count, builder.column(column), at);
  }

  #grow(rows: number): void {
    if (this.#rowSlots.length >= rows) return;
    this.#rowSlots = new Int32Array(rows);
    this.#lastRow = new Int32Array(rows);
    this.#read = new Int32Array(rows);
    this.#before = new Uint8Array(rows);
    this.#after = new Uint8Array(rows);
  }

  watermark(micros: number): void {
    this.#context?.output.watermark(micros);
  }

  drain(): boolean {
    return false;
  }

  snapshot(): OperatorState {
    return { ...present(this.#state, 'state').stores.snapshot(), splits: {} };
  }

  writeAhead(): StatePiece | null {
    return this.#state?.stores.writeAhead() ?? null;
  }

  close(): void {
    this.#state = null;
    this.#context = null;
  }
}
