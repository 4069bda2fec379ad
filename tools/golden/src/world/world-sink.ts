import type { Batch } from '@weir/columnar/batch.ts';
import type { SinkContext } from '@weir/connectors/connector.ts';
import type { Sink, SinkStats } from '@weir/connectors/sink.ts';
import type { SinkHandle } from '@weir/epoch-protocol/sink-handle.ts';
import { encodeValue, noRecord, type Encoder } from '@weir/formats/encoder.ts';
import { formatNamed } from '@weir/formats/formats.ts';
import type { SinkNode } from '@weir/plan/nodes/sink.ts';
import type { OutputTable } from './output-table.ts';

/** Writes rows as lines into a transaction an epoch, from the moment that they come; what was not committed doesn't count. */
export class WorldSink implements Sink {
  readonly failed = new Promise<never>(() => {});
  readonly #context: SinkContext;
  readonly #encoder: Encoder;
  readonly #output: OutputTable;
  readonly #closing = new AbortController();
  #epoch = 0;
  #lines = 0;
  #records = 0;

  constructor(node: SinkNode, context: SinkContext, output: OutputTable) {
    this.#context = context;
    this.#output = output;
    this.#encoder = formatNamed(node.options['format'] ?? 'json').createEncoder(node.schema, node.options);
  }

  async open(firstEpoch: number): Promise<void> {
    this.#epoch = firstEpoch;
  }

  write(batch: Batch): void {
    const lines: string[] = [];
    this.#encoder.begin(batch);
    for (let row = 0; row < batch.rowCount; row += 1) {
      const target = Buffer.alloc(this.#encoder.bound(row));
      const end = encodeValue(this.#encoder, row, target, 0);
      if (end === noRecord) continue;
      lines.push(target.toString('utf8', 0, end));
    }
    this.#output.append(this.#id(this.#epoch), this.#context.generation, lines);
    this.#lines += lines.length;
    this.#records += lines.length;
  }

  hasRoom(): boolean {
    return true;
  }

  async room(): Promise<void> {}

  async prepare(epoch: number, nextEpoch: number): Promise<SinkHandle> {
    if (epoch !== this.#epoch) throw new Error(`epoch ${epoch} is prepared, rows were for ${this.#epoch}`);
    this.#epoch = nextEpoch;
    const written = this.#lines;
    this.#lines = 0;
    if (written === 0) return { kind: 'empty' };
    return {
      kind: 'kafka',
      transactionalId: this.#id(epoch),
      producerId: '1',
      producerEpoch: 0,
      firstOffsets: { [`${this.#output.name}/0`]: '0' },
      openedAtMs: this.#context.ports.clock.nowMs(),
      timeoutMs: 3_600_000,
    };
  }

  async commit(_epoch: number, handle: SinkHandle): Promise<void> {
    if (handle.kind === 'kafka') await this.#output.commit(handle.transactionalId, this.#closing.signal);
  }

  stats(): SinkStats {
    return { records: this.#records, bytes: 0 };
  }

  async close(): Promise<void> {
    this.#closing.abort();
  }

  #id(epoch: number): string {
    const { generation, operator, subtask } = this.#context;
    return `${generation}/${operator}/${subtask}/${epoch}`;
  }
}
