import type { BatchBuilder, ColumnBuilder } from '@weir/columnar/column-builder.ts';
import type { Field } from '@weir/columnar/sql-type.ts';
import type { JsonOptions } from './json-options.ts';
import type { ScanBuffer } from './scan-buffer.ts';

export class SpeculativeReader {
  ready = false;
  constructor(_fields: readonly Field[], _builders: readonly ColumnBuilder[], _options: JsonOptions) {}
  sawSlow(_scan: ScanBuffer, _start: number): void {}
  run(
    _scan: ScanBuffer,
    _starts: Int32Array,
    _ends: Int32Array,
    _shift: number,
    from: number,
    _to: number,
    _into: BatchBuilder,
  ): number {
    return from;
  }
}
