import type { Batch } from '@weir/columnar/batch.ts';
import type { Column } from '@weir/columnar/column.ts';
import { kindsOfPassing } from '@weir/columnar/row-kinds.ts';
import type { Schema } from '@weir/columnar/sql-type.ts';
import { present } from '@weir/kernel/assert.ts';
import type { Expression } from '@weir/plan/expression.ts';
import { compileCalc, pathOf, type CompiledCalc, type Projection } from './compile-calc.ts';
import { GatherBuffers } from './gather-column.ts';
import { columnAt } from './input-columns.ts';
import { OutputColumn } from './output-column.ts';
import { NeedsExact, type Mode } from './value.ts';

/** Filters and projects batches. What `run` returns is valid until the next run. */
export class CalcProgram {
  readonly #condition: Expression | null;
  readonly #projections: readonly Projection[];
  readonly #outputs: readonly OutputColumn[];
  readonly #gathers: readonly GatherBuffers[];
  #rowKinds = new Uint8Array(0);
  readonly #schema: Schema;
  readonly #fast: CompiledCalc | null;
  #exact: CompiledCalc | null = null;
  #selection: Int32Array = new Int32Array(4096);

  constructor(condition: Expression | null, projections: readonly Expression[], schema: Schema) {
    this.#condition = condition;
    this.#schema = schema;
    this.#projections = projections.map((expression): Projection => {
      const path = pathOf(expression);
      if (path !== null) return { kind: 'path', path };
      return { kind: 'computed', output: new OutputColumn(expression.type), expression };
    });
    this.#outputs = this.#projections.flatMap((projection) =>
      projection.kind === 'computed' ? [projection.output] : [],
    );
    this.#gathers = this.#projections.map(() => new GatherBuffers());
    this.#fast = this.#compileFast();
  }

  #compileFast(): CompiledCalc | null {
    try {
      return this.#compile('fast');
    } catch (error) {
      if (!(error instanceof NeedsExact)) throw error;
      this.#exact = this.#compile('exact');
      return null;
    }
  }

  #compile(mode: Mode): CompiledCalc {
    return compileCalc(mode, this.#condition, this.#projections, this.#schema);
  }

  run(batch: Batch): {
    readonly columns: readonly Column[];
    readonly rowCount: number;
    readonly rowKinds: Uint8Array | null;
  } {
    if (this.#selection.length < batch.rowCount) this.#selection = new Int32Array(batch.rowCount);
    let count = -1;
    let exact = false;
    if (this.#condition === null && this.#outputs.length === 0) count = batch.rowCount;
    else if (this.#fast !== null && fitsFast(this.#fast, batch)) count = this.#evaluate(this.#fast, batch);
    if (count < 0) {
      exact = true;
      this.#exact ??= this.#compile('exact');
      count = this.#evaluate(this.#exact, batch);
    }
    const all = count === batch.rowCount;
    const columns = this.#projections.map((projection, index) => {
      if (projection.kind === 'computed') return projection.output.finish(count, exact);
      const column = columnOfPath(batch, projection.path);
      return all || count === 0
        ? column
        : present(this.#gathers[index], 'gather').gather(column, this.#selection, count);
    });
    return { columns, rowCount: count, rowKinds: this.#kinds(batch, count) };
  }

  #evaluate(compiled: CompiledCalc, batch: Batch): number {
    for (const output of this.#outputs) output.begin(batch.rowCount);
    return compiled.run(batch.columns, batch.rowCount, this.#outputs, this.#selection);
  }

  #kinds(batch: Batch, count: number): Uint8Array | null {
    if (batch.rowKinds === null || count === batch.rowCount) return batch.rowKinds;
    if (this.#rowKinds.length < count) this.#rowKinds = new Uint8Array(batch.rowCount);
    kindsOfPassing(batch.rowKinds, this.#selection, count, this.#rowKinds);
    return this.#rowKinds;
  }
}

function fitsFast(compiled: CompiledCalc, batch: Batch): boolean {
  for (const path of compiled.exactPaths) {
    const column = columnAt(batch.columns, path);
    if (column.kind === 'int' && column.big !== null) return false;
  }
  return true;
}

/** The column at a path, NULL wherever a struct around it is. */
function columnOfPath(batch: Batch, path: readonly number[]): Column {
  const column = columnAt(batch.columns, path);
  let nulls: Uint8Array | null = null;
  for (let depth = 1; depth < path.length; depth += 1) {
    const outer = columnAt(batch.columns, path.slice(0, depth)).nulls;
    if (outer === null) continue;
    nulls ??= column.nulls === null ? new Uint8Array(batch.rowCount) : column.nulls.slice(0, batch.rowCount);
    for (let row = 0; row < batch.rowCount; row += 1) if (outer[row] === 1) nulls[row] = 1;
  }
  return nulls === null ? column : { ...column, nulls };
}
