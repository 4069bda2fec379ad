import type { Column, ListColumn, MapColumn } from '@weir/columnar/column.ts';

/**
 * The rows `selection[0 .. count)` of a column. Text is not copied: only its starts and ends are. Arrays are taken from `GatherBuffers`,
 * one a column, and used again.
 */
export class GatherBuffers {
  #numbers: Float64Array = new Float64Array(0);
  #flags: Uint8Array = new Uint8Array(0);
  #nulls: Uint8Array = new Uint8Array(0);
  #starts: Int32Array = new Int32Array(0);
  #ends: Int32Array = new Int32Array(0);
  #elements: Int32Array = new Int32Array(0);
  readonly #children: GatherBuffers[] = [];

  gather(column: Column, selection: Int32Array, count: number): Column {
    const nulls = column.nulls === null ? null : this.#gatherNulls(column.nulls, selection, count);
    switch (column.kind) {
      case 'bool': {
        if (this.#flags.length < count) this.#flags = new Uint8Array(count);
        for (let row = 0; row < count; row += 1) this.#flags[row] = column.values[selection[row] ?? 0] ?? 0;
        return { kind: 'bool', values: this.#flags, nulls };
      }
      case 'int':
        if (column.big !== null) {
          const { big } = column;
          const chosen = Array.from({ length: count }, (_, row) => big[selection[row] ?? 0] ?? 0n);
          return { kind: 'int', values: this.#numbers, big: chosen, nulls };
        }
        return {
          kind: 'int',
          values: this.#gatherNumbers(column.values, selection, count),
          big: null,
          nulls,
        };
      case 'float':
        return { kind: 'float', values: this.#gatherNumbers(column.values, selection, count), nulls };
      case 'bytes': {
        if (this.#starts.length < count) {
          this.#starts = new Int32Array(count);
          this.#ends = new Int32Array(count);
        }
        gatherInts(column.starts, selection, count, this.#starts);
        gatherInts(column.ends, selection, count, this.#ends);
        const { data, jsonPlain } = column;
        return { kind: 'bytes', data, starts: this.#starts, ends: this.#ends, jsonPlain, nulls };
      }
      case 'struct': {
        const children = column.children.map((child, index) =>
          this.#child(index).gather(child, selection, count),
        );
        return { kind: 'struct', children, nulls };
      }
      default:
        return this.#gatherNested(column, selection, count, nulls);
    }
  }

  #child(index: number): GatherBuffers {
    return (this.#children[index] ??= new GatherBuffers());
  }

  #gatherNumbers(values: Float64Array, selection: Int32Array, count: number): Float64Array {
    if (this.#numbers.length < count) this.#numbers = new Float64Array(count);
    const target = this.#numbers;
    for (let row = 0; row < count; row += 1) target[row] = values[selection[row] ?? 0] ?? 0;
    return target;
  }

  #gatherNulls(nulls: Uint8Array, selection: Int32Array, count: number): Uint8Array {
    if (this.#nulls.length < count) this.#nulls = new Uint8Array(count);
    for (let row = 0; row < count; row += 1) this.#nulls[row] = nulls[selection[row] ?? 0] ?? 0;
    return this.#nulls;
  }

  #gatherNested(
    column: ListColumn | MapColumn,
    selection: Int32Array,
    count: number,
    nulls: Uint8Array | null,
  ): Column {
    if (this.#starts.length < count + 1) this.#starts = new Int32Array(count + 1);
    const offsets = this.#starts;
    offsets[0] = 0;
    let total = 0;
    for (let row = 0; row < count; row += 1) {
      const from = selection[row] ?? 0;
      if (column.nulls?.[from] !== 1) total += (column.offsets[from + 1] ?? 0) - (column.offsets[from] ?? 0);
      offsets[row + 1] = total;
    }
    if (this.#elements.length < total) this.#elements = new Int32Array(total);
    for (let row = 0; row < count; row += 1) {
      const shift = (column.offsets[selection[row] ?? 0] ?? 0) - (offsets[row] ?? 0);
      for (let at = offsets[row] ?? 0; at < (offsets[row + 1] ?? 0); at += 1) this.#elements[at] = at + shift;
    }
    if (column.kind === 'list') {
      return {
        kind: 'list',
        offsets,
        element: this.#child(0).gather(column.element, this.#elements, total),
        nulls,
      };
    }
    const keys = this.#child(0).gather(column.keys, this.#elements, total);
    return {
      kind: 'map',
      offsets,
      keys,
      values: this.#child(1).gather(column.values, this.#elements, total),
      nulls,
    };
  }
}

function gatherInts(from: Int32Array, selection: Int32Array, count: number, target: Int32Array): void {
  for (let row = 0; row < count; row += 1) target[row] = from[selection[row] ?? 0] ?? 0;
}
