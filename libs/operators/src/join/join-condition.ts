import { booleanType, type Schema } from '@weir/columnar/sql-type.ts';
import { assert, present } from '@weir/kernel/assert.ts';
import type { Expression } from '@weir/plan/expression.ts';
import { visitColumns } from '@weir/plan/expression-parts.ts';
import type { RowFields } from '@weir/state/rows/row-fields.ts';
import { CalcProgram } from '../expression/calc-program.ts';
import { mapColumns } from '../expression/map-columns.ts';
import { PairReader } from './pair-reader.ts';

/** What must be TRUE of a pair beside its keys: asked of many pairs at once, over the columns that it names alone. */
export class JoinCondition {
  readonly #reader: PairReader;
  readonly #program: CalcProgram;

  constructor(condition: Expression, left: Schema, right: Schema) {
    const used = new Set<number>();
    visitColumns(condition, (place) => used.add(place));
    const places = [...used].toSorted((a, b) => a - b);
    const all = [...left.fields, ...right.fields];
    const schema = { fields: places.map((place) => present(all[place], 'a column of the condition')) };
    this.#reader = new PairReader(schema, places, left.fields.length);
    const moved = mapColumns(condition, (place) => places.indexOf(place));
    // TRUE or not: NULL is not.
    const isTrue: Expression = {
      kind: 'call',
      function: 'is_true',
      arguments: [moved],
      type: booleanType,
      nullable: false,
    };
    this.#program = new CalcProgram(null, [isTrue], schema);
  }

  /** Writes into `passed` 1 for each of the pairs [0, count) that it is TRUE of, else 0. */
  test(
    left: RowFields,
    right: RowFields,
    leftSlots: Int32Array,
    rightSlots: Int32Array,
    count: number,
    passed: Uint8Array,
  ): void {
    const { columns } = this.#program.run(this.#reader.read(left, right, leftSlots, rightSlots, count));
    const [column] = columns;
    assert(column?.kind === 'bool', 'a condition is a BOOLEAN');
    passed.set(column.values.subarray(0, count));
  }
}
