import { assert, present, unreachable } from '@weir/kernel/assert.ts';
import { WeirError } from '@weir/kernel/errors.ts';
import type { Batch } from './batch.ts';
import { physicalKind, type Column } from './column.ts';
import { childTypes } from './column-builder.ts';
import { viewOf } from './copy-bytes.ts';
import {
  aligned,
  columnFlag,
  columnHeadBytes,
  frameFlag,
  frameMagic,
  frameVersion,
  headBytes,
  kindCode,
  schemaFingerprint,
} from './frame-layout.ts';
import type { Schema, SqlType } from './sql-type.ts';

/**
 * Reads frames of one schema. A batch's columns are views into the frame (a copy of it when it isn't aligned to 8 bytes). All of a frame is checked
 * before a batch is returned: lengths, offsets, integers; what is cut or overwritten gives an error, never a read outside of it.
 */
export class FrameReader {
  readonly #schema: Schema;
  readonly #fingerprint: number;
  #frame = new Uint8Array(0);
  #view = viewOf(this.#frame);
  #at = 0;

  constructor(schema: Schema) {
    this.#schema = schema;
    this.#fingerprint = schemaFingerprint(schema);
  }

  /** @throws WeirError WEIR-7201 */
  read(bytes: Uint8Array): Batch {
    const frame = bytes.byteOffset % 8 === 0 ? bytes : Uint8Array.from(bytes);
    this.#frame = frame as Uint8Array<ArrayBuffer>;
    this.#view = viewOf(frame);
    const { rows, flags, partition } = this.#head();
    let rowKinds: Uint8Array | null = null;
    if ((flags & frameFlag.rowKinds) !== 0) {
      rowKinds = this.#bytes(rows);
      for (let row = 0; row < rows; row += 1) if (rowKinds[row]! > 3) throw corrupt('a row kind is unknown');
    }
    const columns = this.#schema.fields.map((field) => this.#column(field.type, rows));
    if (this.#at !== frame.length) throw corrupt(`${frame.length - this.#at} bytes are left over`);
    return { schema: this.#schema, columns, rowCount: rows, rowKinds, partition };
  }

  #head(): { rows: number; flags: number; partition: number } {
    const view = this.#view;
    const length = this.#frame.length;
    if (length < headBytes) throw corrupt(`${length} bytes are no frame`);
    if (view.getUint32(0, true) !== frameMagic) throw corrupt('it does not begin as a frame does');
    const version = view.getUint16(4, true);
    if (version !== frameVersion) {
      throw corrupt(`its format version is ${version}, this process reads ${frameVersion}`);
    }
    if (view.getUint32(16, true) !== this.#fingerprint) throw corrupt('it has columns of other types');
    if (view.getUint32(20, true) !== length) {
      throw corrupt(`it should have ${view.getUint32(20, true)} bytes and has ${length}`);
    }
    const flags = view.getUint16(6, true);
    if (flags > frameFlag.rowKinds) throw corrupt('it has unknown flags');
    this.#at = headBytes;
    return { rows: view.getUint32(8, true), flags, partition: view.getInt32(12, true) };
  }

  /** Moves on by `bytes` and the padding behind them; returns where they begin. */
  #take(bytes: number): number {
    const at = this.#at;
    if (bytes > this.#frame.length - at) throw corrupt('it ends inside a column');
    this.#at = at + aligned(bytes);
    return at;
  }

  #bytes(count: number): Uint8Array {
    const at = this.#take(count);
    return this.#frame.subarray(at, at + count);
  }

  #doubles(count: number): Float64Array {
    const at = this.#take(count * 8);
    return new Float64Array(this.#frame.buffer, this.#frame.byteOffset + at, count);
  }

  #offsets(count: number, last: number): Int32Array {
    const at = this.#take((count + 1) * 4);
    const offsets = new Int32Array(this.#frame.buffer, this.#frame.byteOffset + at, count + 1);
    if (offsets[0] !== 0 || offsets[count] !== last) throw corrupt('offsets of a column are wrong');
    for (let index = 0; index < count; index += 1) {
      if (offsets[index]! > offsets[index + 1]!) throw corrupt('offsets of a column go back');
    }
    return offsets;
  }

  #column(type: SqlType, rows: number): Column {
    const head = this.#take(columnHeadBytes);
    const kind = physicalKind(type);
    if (this.#frame[head] !== kindCode[kind]) throw corrupt('a column is of another kind');
    const flags = this.#frame[head + 1]!;
    const extra = this.#view.getUint32(head + 4, true);
    const nulls = (flags & columnFlag.nulls) === 0 ? null : this.#bytes(rows);
    switch (kind) {
      case 'bool':
        return { kind, values: this.#bytes(rows), nulls };
      case 'int':
        return (flags & columnFlag.big) === 0
          ? { kind, values: this.#integers(rows, nulls), big: null, nulls }
          : { kind, values: new Float64Array(0), big: this.#bigs(rows), nulls };
      case 'float':
        return { kind, values: this.#doubles(rows), nulls };
      case 'bytes': {
        const offsets = this.#offsets(rows, extra);
        return {
          kind,
          starts: offsets.subarray(0, rows),
          ends: offsets.subarray(1),
          data: this.#bytes(extra),
          jsonPlain: (flags & columnFlag.jsonPlain) !== 0,
          nulls,
        };
      }
      case 'struct': {
        const types = childTypes(type);
        if (extra !== types.length) throw corrupt('a struct has another number of fields');
        return { kind, children: types.map((child) => this.#column(child, rows)), nulls };
      }
      case 'list':
      case 'map': {
        const offsets = this.#offsets(rows, extra);
        const [first, second] = childTypes(type).map((child) => this.#column(child, extra));
        assert(first !== undefined, 'a list has an element column');
        return kind === 'list'
          ? { kind, offsets, element: first, nulls }
          : { kind, offsets, keys: first, values: present(second, 'values of a map'), nulls };
      }
      default:
        return unreachable(kind);
    }
  }

  #integers(rows: number, nulls: Uint8Array | null): Float64Array {
    const values = this.#doubles(rows);
    for (let row = 0; row < rows; row += 1) {
      const value = values[row]!;
      if (
        value === Math.floor(value) &&
        value <= Number.MAX_SAFE_INTEGER &&
        value >= -Number.MAX_SAFE_INTEGER
      ) {
        continue;
      }
      if (nulls === null || nulls[row] !== 1) throw corrupt('an integer is none');
    }
    return values;
  }

  #bigs(rows: number): bigint[] {
    let at = this.#take(rows * 16);
    const bigs: bigint[] = [];
    for (let row = 0; row < rows; row += 1, at += 16) {
      bigs.push((this.#view.getBigInt64(at + 8, true) << 64n) | this.#view.getBigUint64(at, true));
    }
    return bigs;
  }
}

function corrupt(why: string): WeirError {
  return new WeirError('WEIR-7201', `a frame of rows can't be read: ${why}`, {
    hint: 'workers of one pipeline must run compatible versions; otherwise this is a defect or a broken network',
  });
}
