import { BatchBuilder } from '@weir/columnar/column-builder.ts';
import { plainRows, type PlainRow } from '@weir/columnar/row-view.ts';
import type { Field } from '@weir/columnar/sql-type.ts';
import type { WeirError } from '@weir/kernel/errors.ts';
import type { PinnedSchema } from '@weir/plan/pinned-schema.ts';
import { avroFormat } from '../avro/avro-format.ts';
import { columnsOfAvro, type ComplexTypes } from '../avro/avro-columns.ts';
import { parseAvroSchema } from '../avro/parse-avro-schema.ts';
import { partWithoutHeaders, type DecoderSettings } from '../decoder.ts';
import type { SchemaIdentity, WriterSchema, WriterSchemas } from '../writer-schemas.ts';

/** For tests: schemas by their ids, all known at once but those that aren't there. */
export class SchemasById implements WriterSchemas {
  readonly #texts: ReadonlyMap<string, string>;
  readonly #refused: ReadonlyMap<string, WeirError>;

  readonly #type: WriterSchema['type'];

  /** By id or GUID. */
  constructor(
    texts: Readonly<Record<string, string>>,
    refused: Readonly<Record<string, WeirError>> = {},
    type: WriterSchema['type'] = 'avro',
  ) {
    this.#type = type;
    this.#texts = new Map(Object.entries(texts));
    this.#refused = new Map(Object.entries(refused));
  }

  get(identity: SchemaIdentity): WriterSchema | undefined {
    const text = this.#texts.get(nameOf(identity));
    return text === undefined ? undefined : { key: text, type: this.#type, text, references: [] };
  }

  want(): void {}

  refused(identity: SchemaIdentity): WeirError | undefined {
    return this.#refused.get(nameOf(identity));
  }

  async changed(): Promise<void> {}

  waiting(): [] {
    return [];
  }
}

function nameOf(identity: SchemaIdentity): string {
  return 'id' in identity ? String(identity.id) : identity.guid;
}

/** A record of a schema with this id in the registry's frame. */
export function framed(id: number, value: Uint8Array): Uint8Array {
  const record = Buffer.alloc(5 + value.length);
  record.writeInt32BE(id, 1);
  record.set(value, 5);
  return record;
}

/** Columns of a table that was made from a schema, and the pin that says so. */
export function tableOf(
  text: string,
  complex: ComplexTypes = 'json',
): { readonly fields: readonly Field[]; readonly reader: PinnedSchema } {
  const { columns } = columnsOfAvro(parseAvroSchema(text), complex);
  const reader: PinnedSchema = {
    format: 'avro',
    text,
    references: [],
    origin: { kind: 'inline' },
    columns: columns.map(({ field, path, as }) => ({ column: field.name, path, as })),
  };
  return { fields: columns.map(({ field }) => field), reader };
}

/**
 * Rows of records, or what is wrong with them. They lie in one buffer with other bytes between them, and batches hold `capacity` rows.
 * @param settings `writers` null: the records are of the schema `written` and name none
 */
export function readAvro(
  fields: readonly Field[],
  records: readonly Uint8Array[],
  settings: Partial<DecoderSettings> & { readonly written?: string },
  capacity = 3,
): (PlainRow | string)[] {
  const schema = { fields };
  const { written, ...given } = settings;
  const decoder = avroFormat.createDecoder(schema, written === undefined ? {} : { 'avro.schema': written }, {
    part: 'value',
    framing: written === undefined ? 'confluent' : 'none',
    reader: null,
    writers: null,
    ...given,
  });
  const { data, starts, ends } = laidOut(records);
  const part = partWithoutHeaders(data, starts, ends);
  const into = new BatchBuilder(schema, capacity);
  const outcomes: (PlainRow | string)[] = [];
  const flush = (): void => {
    plainRows(into.batch()).forEach((row, index) => (outcomes[into.recordIndex[index]!] = row));
    into.reset();
  };
  for (let from = 0; from < records.length;) {
    from += decoder.decode(part, from, records.length - from, into);
    if (decoder.error !== null || decoder.missing !== null) {
      outcomes[from] = decoder.error?.message ?? `missing ${nameOf(decoder.missing!)}`;
      from += 1;
    } else flush();
  }
  flush();
  return outcomes;
}

function laidOut(records: readonly Uint8Array[]) {
  const between = Buffer.from([0x80, 0xff, 0x02]);
  const starts = new Int32Array(records.length);
  const ends = new Int32Array(records.length);
  const chunks: Uint8Array[] = [];
  let at = 0;
  records.forEach((record, index) => {
    starts[index] = at + between.length;
    at = starts[index]! + record.length;
    ends[index] = at;
    chunks.push(between, record);
  });
  return { data: Uint8Array.from(Buffer.concat([...chunks, between])), starts, ends };
}
