import { tellsChanges } from '@weir/formats/change-formats.ts';
import type { BatchBuilder } from '@weir/columnar/column-builder.ts';
import { plainRecordPart, type Decoder, type NullValue, type RecordPart } from '@weir/formats/decoder.ts';
import type { Format } from '@weir/formats/format.ts';
import { formatNamed } from '@weir/formats/formats.ts';
import { rawBytesFormat, rawStringFormat } from '@weir/formats/raw/raw-format.ts';
import { JsonKeyRows } from '@weir/formats/json/json-key-rows.ts';
import { KeyedDecoder } from '@weir/formats/keyed-decoder.ts';
import { RecordDecoder } from '@weir/formats/record-decoder.ts';
import { schemaFramingOf } from '@weir/formats/schema-framing.ts';
import type { SchemaIdentity, WriterSchemas } from '@weir/formats/writer-schemas.ts';
import type { FetchedBlock } from '@weir/kafka/contracts/fetch.ts';
import { present } from '@weir/kernel/assert.ts';
import type { WeirError } from '@weir/kernel/errors.ts';
import type { SourceNode } from '@weir/plan/nodes/source.ts';
import type { PinnedSchema } from '@weir/plan/pinned-schema.ts';
import {
  keyColumnsOf,
  keyFormatOptions,
  keyFramingOf,
  valueColumnsOf,
  type KeyColumns,
} from '../key-columns.ts';
import { HeadersDecoder } from './headers-decoder.ts';
import { MetadataColumns } from './kafka-metadata.ts';

type Options = Readonly<Record<string, string>>;

/** A key as METADATA has it: its bytes, or text that they must then be. */
function keyFormatOf(node: SourceNode, column: number): Format {
  return node.schema.fields[column]?.type.kind === 'text' ? rawStringFormat : rawBytesFormat;
}

/** How a record without a value is read, by `source.null_value`; a raw format has one column, which can say it. */
function nullValueOf(options: Options): { readonly nullValue?: NullValue } {
  const wish = options['source.null_value'];
  if (wish === undefined) return formatOf(options).startsWith('raw_') ? {} : { nullValue: 'skip' };
  return { nullValue: wish === 'fail' ? 'error' : wish === 'row' ? 'row' : 'skip' };
}

function formatOf(options: Options): string {
  return present(options['format'], "option 'format' of a kafka table");
}

/** Schemas that the values of records are read by. */
export interface RecordSchemas {
  /** What the columns were made from. */
  readonly reader: PinnedSchema | null;
  /** The same of columns that come from the key. */
  readonly keyReader: PinnedSchema | null;
  /** Null where the table names no registry. */
  readonly writers: WriterSchemas | null;
}

/** Of a table whose rows take each other's place: a tombstone's key says which row goes. @param decoder of the table's own key format */
function keyedDecoder(
  node: SourceNode,
  options: Options,
  rows: RecordDecoder,
  key: KeyColumns | undefined,
  decoder: Decoder | undefined,
): KeyedDecoder {
  const columns = key?.columns ?? node.primaryKey;
  return new KeyedDecoder(rows, decoder ?? new JsonKeyRows(node.schema, columns, options), columns);
}

/** Fills a batch from the records of fetched blocks: values, keys, headers and metadata. */
export class KafkaBlockDecoder {
  readonly #decoder: RecordDecoder | KeyedDecoder;
  readonly #metadata: MetadataColumns;
  #block: FetchedBlock | undefined;
  #value: RecordPart | undefined;
  #key: RecordPart | undefined;

  constructor(decoder: RecordDecoder | KeyedDecoder, metadata: MetadataColumns) {
    this.#decoder = decoder;
    this.#metadata = metadata;
  }

  /** As the table's options say, filled in. */
  static ofTable(node: SourceNode, options: Options, schemas: RecordSchemas): KafkaBlockDecoder {
    const columnsOf = (wanted: string | null) =>
      node.metadata.flatMap((key, column) => (key === wanted ? [column] : []));
    const format = formatOf(options);
    const key = keyColumnsOf(node, options);
    const value = formatNamed(format).createDecoder(node.schema, options, {
      part: 'value',
      framing: schemaFramingOf(format, options),
      reader: schemas.reader,
      writers: schemas.writers,
      columns: valueColumnsOf(node.metadata, key, 'read', options),
      key: node.primaryKey,
      ...nullValueOf(options),
    });
    const encoded =
      key === undefined
        ? []
        : [
            formatNamed(key.format).createDecoder(node.schema, keyFormatOptions(options), {
              part: 'key',
              framing: keyFramingOf(key, options),
              reader: schemas.keyReader,
              writers: schemas.writers,
              columns: key.columns,
            }),
          ];
    const whole = columnsOf('key').map((column) =>
      keyFormatOf(node, column).createDecoder(
        node.schema,
        {},
        { ...plainRecordPart, part: 'key', columns: [column] },
      ),
    );
    const headers = columnsOf('headers').map((column) => new HeadersDecoder(column));
    const rows = new RecordDecoder(value, [...encoded, ...whole, ...headers]);
    const isKeyed = node.changes === 'upsert' && !tellsChanges(format);
    const decoder = isKeyed ? keyedDecoder(node, options, rows, key, encoded[0]) : rows;
    return new KafkaBlockDecoder(decoder, new MetadataColumns(node));
  }

  /** About the record after those consumed, as of Decoder. */
  get error(): WeirError | null {
    return this.#decoder.error;
  }

  get missing(): SchemaIdentity | null {
    return this.#decoder.missing;
  }

  /** Records without a value that made no row. */
  get nullValues(): number {
    return this.#decoder.nullValues;
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
