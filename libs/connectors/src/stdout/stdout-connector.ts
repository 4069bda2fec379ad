import { tellsChanges } from '@weir/formats/change-formats.ts';
import type { Batch } from '@weir/columnar/batch.ts';
import type { SinkHandle } from '@weir/epoch-protocol/sink-handle.ts';
import { encodeValue, noRecord, type Encoder } from '@weir/formats/encoder.ts';
import { formatNamed } from '@weir/formats/formats.ts';
import { JsonChangeEncoder } from '@weir/formats/json/json-change-encoder.ts';
import type { SinkNode } from '@weir/plan/nodes/sink.ts';
import type { Connector, SinkContext } from '../connector.ts';
import { formatOptions, optionSchema } from '../options/option-schema.ts';
import type { Sink, SinkStats } from '../sink.ts';

const defaultFormat = 'json';

/**
 * Writes rows as lines to the standard output of the worker that runs it, once their epoch is committed. Rows of an epoch whose worker died
 * after the commit and before the write are not shown again: a terminal can't be asked what it has seen.
 */
class StdoutSink implements Sink {
  readonly failed = new Promise<never>(() => {});
  readonly #encoder: Encoder;
  readonly #prepared = new Map<number, Buffer[]>();
  #lines: Buffer[] = [];
  #records = 0;
  #bytes = 0;

  constructor(node: SinkNode, context: SinkContext) {
    const { schema, options } = node;
    const format = options['format'] ?? defaultFormat;
    // JSON rows say nothing of each other: what each does is shown beside its columns.
    this.#encoder =
      context.changes !== 'append' && format === defaultFormat
        ? new JsonChangeEncoder(schema, options)
        : formatNamed(format).createEncoder(schema, options);
  }

  async open(): Promise<void> {}

  write(batch: Batch): void {
    this.#encoder.begin(batch);
    let bytes = 0;
    for (let row = 0; row < batch.rowCount; row += 1) bytes += this.#encoder.bound(row) + 1;
    const target = Buffer.allocUnsafe(bytes);
    let at = 0;
    for (let row = 0; row < batch.rowCount; row += 1) {
      const end = encodeValue(this.#encoder, row, target, at);
      if (end === noRecord) continue;
      target[end] = 10;
      at = end + 1;
    }
    this.#lines.push(target.subarray(0, at));
    this.#records += batch.rowCount;
    this.#bytes += at;
  }

  hasRoom(): boolean {
    return !process.stdout.writableNeedDrain;
  }

  async room(): Promise<void> {
    if (this.hasRoom()) return;
    await new Promise<void>((resolve) => process.stdout.once('drain', resolve));
  }

  async prepare(epoch: number): Promise<SinkHandle> {
    this.#prepared.set(epoch, this.#lines);
    this.#lines = [];
    return { kind: 'empty' };
  }

  async commit(epoch: number): Promise<void> {
    for (const lines of this.#prepared.get(epoch) ?? []) process.stdout.write(lines);
    this.#prepared.delete(epoch);
  }

  stats(): SinkStats {
    return { records: this.#records, bytes: this.#bytes };
  }

  async close(): Promise<void> {}
}

export const stdoutConnector: Connector = {
  name: 'stdout',
  title: 'Standard output',
  defaultFormat,
  tableOptions: optionSchema({
    type: { description: 'what the table is used for', enum: ['sink'] },
    format: formatOptions['format'] ?? { description: 'format of the values' },
    'json.timestamp_format': formatOptions['json.timestamp_format'] ?? {
      description: 'how timestamps are written',
    },
    'json.decimal_encoding': formatOptions['json.decimal_encoding'] ?? {
      description: 'how DECIMAL is written',
    },
  }),
  canRead: false,
  canWrite: true,
  accepts: ({ format = defaultFormat }) =>
    format === defaultFormat ? 'any' : tellsChanges(format) ? 'retract' : 'append',
  createSink: (node, context) => new StdoutSink(node, context),
};
