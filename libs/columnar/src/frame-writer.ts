import { present, unreachable } from '@weir/kernel/assert.ts';
import type { Batch } from './batch.ts';
import type { BytesColumn, Column, IntColumn, ListColumn, MapColumn } from './column.ts';
import { copyBytes, viewOf } from './copy-bytes.ts';
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
import { BatchGatherer } from './gather.ts';
import type { Schema } from './sql-type.ts';

/** Writes batches of one schema as frames (see frame-layout.ts). Each frame is a buffer of its own that the caller keeps. */
export class FrameWriter {
  readonly #fingerprint: number;
  readonly #gatherer: BatchGatherer;
  readonly #nested: boolean;
  #frame = new Uint8Array(0);
  #view = viewOf(this.#frame);
  #at = 0;

  constructor(schema: Schema) {
    this.#fingerprint = schemaFingerprint(schema);
    this.#gatherer = new BatchGatherer(schema);
    this.#nested = schema.fields.some((field) => ['struct', 'list', 'map'].includes(field.type.kind));
  }

  /** A frame of the rows selection[0] .. selection[count - 1], or of all rows. Text is copied, so the frame lives as long as it likes. */
  write(batch: Batch, selection: Int32Array | null = null, count = batch.rowCount): Uint8Array {
    if (selection !== null && this.#nested) return this.write(this.#gatherer.gather(batch, selection, count));
    let length = headBytes + (batch.rowKinds === null ? 0 : aligned(count));
    for (const column of batch.columns) length += columnBytes(column, selection, 0, count);
    this.#frame = new Uint8Array(length);
    this.#view = viewOf(this.#frame);
    this.#head(batch, count, length);
    if (batch.rowKinds !== null) this.#flags(batch.rowKinds, selection, 0, count);
    for (const column of batch.columns) this.#column(column, selection, 0, count);
    return this.#frame;
  }

  #head(batch: Batch, count: number, length: number): void {
    const view = this.#view;
    view.setUint32(0, frameMagic, true);
    view.setUint16(4, frameVersion, true);
    view.setUint16(6, batch.rowKinds === null ? 0 : frameFlag.rowKinds, true);
    view.setUint32(8, count, true);
    view.setInt32(12, batch.partition, true);
    view.setUint32(16, this.#fingerprint, true);
    view.setUint32(20, length, true);
    this.#at = headBytes;
  }

  #flags(values: Uint8Array, selection: Int32Array | null, from: number, count: number): void {
    const frame = this.#frame;
    const at = this.#at;
    if (selection === null) frame.set(values.subarray(from, from + count), at);
    else for (let index = 0; index < count; index += 1) frame[at + index] = values[selection[index]!]!;
    this.#at = at + aligned(count);
  }

  #doubles(values: Float64Array, selection: Int32Array | null, from: number, count: number): void {
    const into = new Float64Array(this.#frame.buffer, this.#at, count);
    if (selection === null) into.set(values.subarray(from, from + count));
    else for (let index = 0; index < count; index += 1) into[index] = values[selection[index]!]!;
    this.#at += count * 8;
  }

  #columnHead(column: Column, flags: number, extra: number): void {
    const nulls = column.nulls === null ? 0 : columnFlag.nulls;
    this.#frame[this.#at] = kindCode[column.kind];
    this.#frame[this.#at + 1] = flags | nulls;
    this.#view.setUint32(this.#at + 4, extra, true);
    this.#at += columnHeadBytes;
  }

  /** Rows: those of `selection`, or from .. from + count - 1 without one. */
  #column(column: Column, selection: Int32Array | null, from: number, count: number): void {
    switch (column.kind) {
      case 'bool':
        this.#columnHead(column, 0, 0);
        this.#nulls(column, selection, from, count);
        this.#flags(column.values, selection, from, count);
        return;
      case 'int':
        this.#columnHead(column, column.big === null ? 0 : columnFlag.big, 0);
        this.#nulls(column, selection, from, count);
        if (column.big === null) this.#doubles(column.values, selection, from, count);
        else this.#bigs(column, selection, from, count);
        return;
      case 'float':
        this.#columnHead(column, 0, 0);
        this.#nulls(column, selection, from, count);
        this.#doubles(column.values, selection, from, count);
        return;
      case 'bytes':
        this.#columnHead(
          column,
          column.jsonPlain ? columnFlag.jsonPlain : 0,
          textBytes(column, selection, from, count),
        );
        this.#nulls(column, selection, from, count);
        this.#bytes(column, selection, from, count);
        return;
      case 'struct':
        this.#columnHead(column, 0, column.children.length);
        this.#nulls(column, selection, from, count);
        for (const child of column.children) this.#column(child, selection, from, count);
        return;
      case 'list':
        this.#elements(column, from, count, [column.element]);
        return;
      case 'map':
        this.#elements(column, from, count, [column.keys, column.values]);
        return;
      default:
        unreachable(column);
    }
  }

  #nulls(column: Column, selection: Int32Array | null, from: number, count: number): void {
    if (column.nulls !== null) this.#flags(column.nulls, selection, from, count);
  }

  #bigs(column: IntColumn, selection: Int32Array | null, from: number, count: number): void {
    const bigs = present(column.big, 'bigints');
    for (let index = 0; index < count; index += 1) {
      const row = selection === null ? from + index : selection[index]!;
      const value = bigs[row] ?? 0n;
      this.#view.setBigUint64(this.#at, BigInt.asUintN(64, value), true);
      this.#view.setBigInt64(this.#at + 8, value >> 64n, true);
      this.#at += 16;
    }
  }

  #bytes(column: BytesColumn, selection: Int32Array | null, from: number, count: number): void {
    const frame = this.#frame;
    const view = this.#view;
    const { data, starts, ends, nulls } = column;
    const dataView = viewOf(data);
    const offsets = new Int32Array(frame.buffer, this.#at, count + 1);
    const first = this.#at + aligned((count + 1) * 4);
    let at = first;
    for (let index = 0; index < count; index += 1) {
      const row = selection === null ? from + index : selection[index]!;
      if (nulls === null || nulls[row] !== 1) {
        at = copyBytes(data, dataView, starts[row]!, ends[row]!, frame, view, at);
      }
      offsets[index + 1] = at - first;
    }
    this.#at = first + aligned(at - first);
  }

  #elements(column: ListColumn | MapColumn, from: number, count: number, children: readonly Column[]): void {
    const first = column.offsets[from]!;
    const elements = column.offsets[from + count]! - first;
    this.#columnHead(column, 0, elements);
    this.#nulls(column, null, from, count);
    const offsets = new Int32Array(this.#frame.buffer, this.#at, count + 1);
    for (let index = 0; index <= count; index += 1) offsets[index] = column.offsets[from + index]! - first;
    this.#at += aligned((count + 1) * 4);
    for (const child of children) this.#column(child, null, first, elements);
  }
}

function textBytes(column: BytesColumn, selection: Int32Array | null, from: number, count: number): number {
  const { starts, ends, nulls } = column;
  let total = 0;
  for (let index = 0; index < count; index += 1) {
    const row = selection === null ? from + index : selection[index]!;
    if (nulls === null || nulls[row] !== 1) total += ends[row]! - starts[row]!;
  }
  return total;
}

function columnBytes(column: Column, selection: Int32Array | null, from: number, count: number): number {
  const head = columnHeadBytes + (column.nulls === null ? 0 : aligned(count));
  const offsets = aligned((count + 1) * 4);
  switch (column.kind) {
    case 'bool':
      return head + aligned(count);
    case 'int':
      return head + count * (column.big === null ? 8 : 16);
    case 'float':
      return head + count * 8;
    case 'bytes':
      return head + offsets + aligned(textBytes(column, selection, from, count));
    case 'struct':
      return column.children.reduce((sum, child) => sum + columnBytes(child, selection, from, count), head);
    case 'list':
    case 'map': {
      const first = column.offsets[from]!;
      const elements = column.offsets[from + count]! - first;
      const children = column.kind === 'list' ? [column.element] : [column.keys, column.values];
      return children.reduce((sum, child) => sum + columnBytes(child, null, first, elements), head + offsets);
    }
    default:
      return unreachable(column);
  }
}
