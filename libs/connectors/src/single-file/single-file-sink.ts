import { open, readFile, rename, stat } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Batch } from '@weir/columnar/batch.ts';
import type { SinkHandle } from '@weir/epoch-protocol/sink-handle.ts';
import { headerLine } from '@weir/formats/csv/csv-header.ts';
import { encodeValue, noRecord, type Encoder } from '@weir/formats/encoder.ts';
import { formatNamed } from '@weir/formats/formats.ts';
import { present } from '@weir/kernel/assert.ts';
import { WeirError } from '@weir/kernel/errors.ts';
import type { SinkNode } from '@weir/plan/nodes/sink.ts';
import type { SinkContext } from '../connector.ts';
import { fillOptions } from '../options/fill-variables.ts';
import type { Sink, SinkStats } from '../sink.ts';
import { pathBelow } from './files-root.ts';
import { singleFileTableOptions } from './single-file-options.ts';

/** What stands beside the file, in `<path>.weir`: who writes it, and how long it was after each epoch that may be restored. */
interface Sidecar {
  readonly formatVersion: 1;
  readonly pipelineId: string;
  readonly generation: number;
  readonly lengths: readonly { readonly epoch: number; readonly length: number }[];
}

/** Epoch lengths kept: an epoch that is restored is among the last two. */
const keptLengths = 8;
const pendingLimitBytes = 4 * 1024 * 1024;

/**
 * JSON lines into one file, by subtask 0 alone. Rows are appended as they come; a start cuts the file back to what was decided.
 *
 * F1  The sidecar with (epoch, length) is on the disk before the epoch is acknowledged, so every decided epoch is in it.
 * F2  A number that was never decided is given again: at a start the file is cut back to the last decided epoch that brought output.
 * F3  A generation writes, and changes the sidecar, only while that names no newer one and no other pipeline.
 * F4  What this pipeline has not written is never cut off, and nothing is put in the place of what it has: another's file, or one that is
 *     shorter than its epochs, is refused before anything is changed.
 */
export class SingleFileSink implements Sink {
  readonly failed: Promise<never>;
  readonly #context: SinkContext;
  readonly #table: string;
  /** As the table has it. */
  readonly #path: string;
  /** Where that lies on the disk. */
  #place = '';
  readonly #encoder: Encoder;
  /** What an empty file begins with, before its first row. */
  readonly #header: Uint8Array | null;
  #fail: (error: unknown) => void = () => {};
  #file: FileHandle | undefined;
  #sidecar: Sidecar | undefined;
  #pending: Buffer[] = [];
  #pendingBytes = 0;
  #length = 0;
  #writing: Promise<void> = Promise.resolve();
  #records = 0;

  constructor(node: SinkNode, context: SinkContext) {
    this.#context = context;
    const options = fillOptions(singleFileTableOptions, node.options, context.access.variables);
    this.#table = node.table;
    this.#path = options['path'] ?? '';
    this.#encoder = formatNamed(options['format'] ?? 'json').createEncoder(node.schema, options);
    const hasHeader = options['format'] === 'csv' && options['csv.header'] === 'true';
    this.#header = hasHeader ? headerLine(node.schema, options) : null;
    this.failed = new Promise<never>((_, reject) => {
      this.#fail = reject;
    });
    this.failed.catch(() => {});
  }

  async open(_firstEpoch: number, outputEpoch: number): Promise<void> {
    if (this.#context.subtask !== 0) return;
    const { generation, pipelineId } = this.#context;
    const root = this.#context.access.filesRoot;
    this.#place = await pathBelow(root, this.#table, this.#path);
    await pathBelow(root, this.#table, `${this.#place}.weir`);
    const before = await this.#readSidecar();
    if (before !== undefined && before.pipelineId === pipelineId && before.generation > generation)
      throw this.#fenced(before);
    const lengths =
      before?.pipelineId === pipelineId ? before.lengths.filter((known) => known.epoch <= outputEpoch) : []; // F2
    this.#length = lengths.at(-1)?.length ?? 0;
    await this.#refuseForeign(before);
    await this.#writeSidecar({ formatVersion: 1, pipelineId, generation, lengths });
    this.#file = await open(this.#place, 'a').catch((cause: unknown) => {
      throw new WeirError('WEIR-3304', `the file ${this.#path} can not be written`, { cause });
    });
    await this.#file.truncate(this.#length);
  }

  write(batch: Batch): void {
    const encoder = this.#encoder;
    encoder.begin(batch);
    let bound = 0;
    for (let row = 0; row < batch.rowCount; row += 1) bound += encoder.bound(row) + 1;
    const target = Buffer.allocUnsafe(bound);
    let at = 0;
    for (let row = 0; row < batch.rowCount; row += 1) {
      const end = encodeValue(encoder, row, target, at);
      if (end === noRecord) continue;
      target[end] = 10;
      at = end + 1;
    }
    this.#records += batch.rowCount;
    this.#pending.push(target.subarray(0, at));
    this.#pendingBytes += at;
    if (this.#pendingBytes >= pendingLimitBytes / 4) this.#append();
  }

  hasRoom(): boolean {
    return this.#pendingBytes < pendingLimitBytes;
  }

  async room(): Promise<void> {
    this.#append();
    await this.#writing;
  }

  async prepare(epoch: number): Promise<SinkHandle> {
    if (this.#context.subtask !== 0) return { kind: 'empty' };
    this.#append();
    const written = this.#writing.then(() => this.#length);
    const length = await written;
    await present(this.#file, 'file of an open sink').datasync();
    await this.#refuseNewer(); // F3: a newer one's lengths must stay
    const sidecar = present(this.#sidecar, 'sidecar of an open sink');
    const lengths = [...sidecar.lengths, { epoch, length }].slice(-keptLengths);
    await this.#writeSidecar({ ...sidecar, lengths }); // F1
    return { kind: 'file', path: this.#path, length, staged: '' };
  }

  async commit(): Promise<void> {}

  stats(): SinkStats {
    return { records: this.#records, bytes: this.#length };
  }

  async close(): Promise<void> {
    await this.#writing.catch(() => {});
    await this.#file?.close();
  }

  #append(): void {
    const chunks = this.#pending;
    if (chunks.length === 0) return;
    this.#pending = [];
    this.#writing = this.#writing.then(async () => {
      await this.#refuseNewer(); // F3
      const rows = Buffer.concat(chunks);
      const begins = this.#header !== null && this.#length === 0 && rows.length > 0;
      const bytes = begins ? Buffer.concat([this.#header, rows]) : rows;
      await present(this.#file, 'file of an open sink').appendFile(bytes);
      this.#length += bytes.length;
      this.#pendingBytes -= rows.length;
    });
    this.#writing.catch((error: unknown) => this.#fail(error));
  }

  /** F4 */
  async #refuseForeign(before: Sidecar | undefined): Promise<void> {
    const found = await stat(this.#place).catch((cause: NodeJS.ErrnoException) => {
      if (cause.code === 'ENOENT') return null;
      throw new WeirError('WEIR-3304', `the file ${this.#path} can not be looked at`, { cause });
    });
    const size = found?.size ?? 0;
    if (before?.pipelineId === this.#context.pipelineId) {
      if (size >= this.#length) return;
      throw new WeirError(
        'WEIR-3310',
        `table ${this.#table}: the file ${this.#path} holds ${size} bytes, of the ${this.#length} that this pipeline has written there`,
        { hint: `bring the file back, or move ${this.#path}.weir away too and start the pipeline anew` },
      );
    }
    if (size === 0) return;
    const whose =
      before === undefined ? 'nothing says whose' : `another pipeline (${before.pipelineId}) wrote them`;
    throw new WeirError(
      'WEIR-3309',
      `table ${this.#table}: the file ${this.#path} holds ${size} bytes that this pipeline has not written: ${whose}`,
      { hint: `move the file and ${this.#path}.weir away, or take another path` },
    );
  }

  async #refuseNewer(): Promise<void> {
    const now = await this.#readSidecar();
    const { generation, pipelineId } = this.#context;
    if (now === undefined) return;
    if (now.pipelineId !== pipelineId || now.generation > generation) throw this.#fenced(now);
  }

  async #readSidecar(): Promise<Sidecar | undefined> {
    const text = await readFile(`${this.#place}.weir`, 'utf8').catch((cause: NodeJS.ErrnoException) => {
      // Taken for none, the file would be cut back to nothing: only one that is not there is none.
      if (cause.code === 'ENOENT') return undefined;
      throw new WeirError('WEIR-3306', `the file ${this.#path}.weir can not be read`, { cause });
    });
    return text === undefined ? undefined : (JSON.parse(text) as Sidecar);
  }

  async #writeSidecar(sidecar: Sidecar): Promise<void> {
    const staged = `${this.#place}.weir.${this.#context.ports.rng.id(8)}`;
    const file = await open(staged, 'w').catch((cause: unknown) => {
      throw new WeirError('WEIR-3304', `the folder of ${this.#path} can not be written`, { cause });
    });
    await file.writeFile(JSON.stringify(sidecar));
    await file.datasync();
    await file.close();
    await rename(staged, `${this.#place}.weir`);
    await syncFolder(dirname(this.#place)); // F1: without it the name may be the old sidecar's after a power cut
    this.#sidecar = sidecar;
  }

  #fenced(by: Sidecar): WeirError {
    return new WeirError(
      'WEIR-3305',
      by.pipelineId === this.#context.pipelineId
        ? `${this.#path} is written by generation ${by.generation}, which is newer`
        : `${this.#path} is written by another pipeline since`,
      {
        disposition: 'fenced',
      },
    );
  }
}

async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}
