import { physicalKind, type Column } from '@weir/columnar/column.ts';
import type { SqlType } from '@weir/columnar/sql-type.ts';
import { assert } from '@weir/kernel/assert.ts';

/** A column that generated code writes, row after row. Its arrays are used again for every batch. */
export class OutputColumn {
  readonly kind: Column['kind'];
  readonly children: readonly OutputColumn[];
  values: Float64Array | Uint8Array = new Float64Array(0);
  nulls: Uint8Array = new Uint8Array(0);
  big: bigint[] = [];
  starts: Int32Array = new Int32Array(0);
  ends: Int32Array = new Int32Array(0);
  /** Set by generated code when it wrote a NULL. */
  anyNull = false;
  #data: Buffer = Buffer.alloc(0);
  #used = 0;
  #capacity = 0;
  #column: Column | null = null;

  constructor(type: SqlType) {
    this.kind = physicalKind(type);
    this.children = type.kind === 'struct' ? type.fields.map((field) => new OutputColumn(field.type)) : [];
    if (this.kind === 'bytes') this.#data = Buffer.allocUnsafeSlow(4096);
  }

  /** Room for `rows` rows; forgets what was written. */
  begin(rows: number): void {
    this.anyNull = false;
    this.#used = 0;
    if (rows > this.#capacity) this.#grow(Math.max(rows, 2 * this.#capacity));
    for (const child of this.children) child.begin(rows);
  }

  #grow(capacity: number): void {
    this.#capacity = capacity;
    this.nulls = new Uint8Array(capacity);
    if (this.kind === 'bool') this.values = new Uint8Array(capacity);
    if (this.kind === 'int' || this.kind === 'float') this.values = new Float64Array(capacity);
    if (this.kind === 'bytes') {
      this.starts = new Int32Array(capacity);
      this.ends = new Int32Array(capacity);
    }
  }

  /** Makes room for `length` more bytes of text. */
  #reserve(length: number): void {
    const wanted = this.#used + length;
    if (wanted <= this.#data.length) return;
    assert(wanted < 2 ** 31, 'the text of one batch is below 2 GiB');
    const grown = Buffer.allocUnsafeSlow(Math.max(wanted, Math.min(2 ** 31 - 1, 2 * this.#data.length)));
    this.#data.copy(grown, 0, 0, this.#used);
    this.#data = grown;
  }

  putSlice(row: number, data: Uint8Array, start: number, end: number): void {
    const length = end - start;
    this.#reserve(length);
    const target = this.#data;
    let at = this.#used;
    this.starts[row] = at;
    if (length > 48) target.set(data.subarray(start, end), at);
    else for (let index = start; index < end; index += 1) target[at++] = data[index] ?? 0;
    this.#used += length;
    this.ends[row] = this.#used;
  }

  putText(row: number, text: string): void {
    this.#reserve(text.length * 3);
    this.starts[row] = this.#used;
    this.#used += this.#data.write(text, this.#used, 'utf8');
    this.ends[row] = this.#used;
  }

  putBytes(row: number, bytes: Uint8Array): void {
    this.putSlice(row, bytes, 0, bytes.length);
  }

  putEmpty(row: number): void {
    this.starts[row] = this.#used;
    this.ends[row] = this.#used;
  }

  /** The column over the first `rows` rows. `exact`: integers were written as bigints. */
  finish(rows: number, exact: boolean): Column {
    const nulls = this.anyNull ? this.nulls : null;
    switch (this.kind) {
      case 'bool':
        this.#column = { kind: 'bool', values: this.values as Uint8Array, nulls };
        break;
      case 'float':
        this.#column = { kind: 'float', values: this.values as Float64Array, nulls };
        break;
      case 'int': {
        const big = exact ? this.#lowered(rows) : null;
        this.#column = { kind: 'int', values: this.values as Float64Array, big, nulls };
        break;
      }
      case 'bytes':
        this.#column = {
          kind: 'bytes',
          data: this.#data,
          starts: this.starts,
          ends: this.ends,
          jsonPlain: false,
          nulls,
        };
        break;
      default:
        assert(this.kind === 'struct', 'lists and maps are passed through only');
        this.#column = {
          kind: 'struct',
          children: this.children.map((child) => child.finish(rows, exact)),
          nulls,
        };
    }
    return this.#column;
  }

  /** Bigints as numbers if all are safe (C1): null then, else the bigints. */
  #lowered(rows: number): bigint[] | null {
    const limit = BigInt(Number.MAX_SAFE_INTEGER);
    for (let row = 0; row < rows; row += 1) {
      const value = this.big[row] ?? 0n;
      if (value > limit || value < -limit) return this.big;
    }
    for (let row = 0; row < rows; row += 1) this.values[row] = Number(this.big[row] ?? 0n);
    return null;
  }
}
