import type { BatchBuilder } from '@weir/columnar/column-builder.ts';
import { plainRecordPart, type RecordPart } from '@weir/formats/decoder.ts';
import { formatNamed } from '@weir/formats/formats.ts';
import { rawBytesFormat } from '@weir/formats/raw/raw-format.ts';
import { RecordDecoder } from '@weir/formats/record-decoder.ts';
import type { SchemaIdentity } from '@weir/formats/writer-schemas.ts';
import type { FetchedBlock } from '@weir/kafka/contracts/fetch.ts';
import { present } from '@weir/kernel/assert.ts';
import type { WeirError } from '@weir/kernel/errors.ts';
import type { SourceNode } from '@weir/plan/nodes/source.ts';
import { MetadataColumns } from './kafka-metadata.ts';

type Options = Readonly<Record<string, string>>;

/** Fills a batch from the records of fetched blocks: values, keys and metadata. */
export class KafkaBlockDecoder {
  readonly #decoder: RecordDecoder;
  readonly #metadata: MetadataColumns;
  #block: FetchedBlock | undefined;
  #value: RecordPart | undefined;
  #key: RecordPart | undefined;

  constructor(node: SourceNode, options: Options) {
    const columnsOf = (wanted: string | null) =>
      node.metadata.flatMap((key, column) => (key === wanted ? [column] : []));
    const value = formatNamed(present(options['format'], "option 'format' of a kafka table")).createDecoder(
      node.schema,
      options,
      { ...plainRecordPart, columns: columnsOf(null) },
    );
    const keys = columnsOf('key').map((column) =>
      rawBytesFormat.createDecoder(node.schema, {}, { ...plainRecordPart, part: 'key', columns: [column] }),
    );
    this.#decoder = new RecordDecoder(value, keys);
    this.#metadata = new MetadataColumns(node);
  }

  /** About the record after those consumed, as of Decoder. */
  get error(): WeirError | null {
    return this.#decoder.error;
  }

  get missing(): SchemaIdentity | null {
    return this.#decoder.missing;
  }

  /** Decodes records of a block, as Decoder.decode does. */
  decode(block: FetchedBlock, from: number, count: number, into: BatchBuilder): number {
    if (block !== this.#block) this.#bind(block);
    return this.#decoder.decode(
      present(this.#value, 'values'),
      present(this.#key, 'keys'),
      from,
      count,
      into,
    );
  }

  /** Fills the metadata columns of a batch that is complete. */
  fillMetadata(builder: BatchBuilder, block: FetchedBlock): void {
    this.#metadata.fill(builder, block);
  }

  /** Of each block anew: an index is used again for later ones, and may have got other arrays meanwhile. */
  #bind(block: FetchedBlock): void {
    const { index } = block;
    const { data, headerStarts, headerEnds } = index;
    this.#block = block;
    this.#value = { data, starts: index.valueStarts, ends: index.valueEnds, headerStarts, headerEnds };
    this.#key = { data, starts: index.keyStarts, ends: index.keyEnds, headerStarts, headerEnds };
  }
}
