import type { Schema } from '@weir/columnar/sql-type.ts';
import { WeirError } from '@weir/kernel/errors.ts';
import { AvroCursor, AvroProblem } from '../avro/avro-cursor.ts';
import { writtenAvroType } from '../avro/avro-decoder.ts';
import type { AvroType } from '../avro/avro-type.ts';
import { resolveReader, type AvroReader } from '../avro/resolve-reader.ts';
import { avroRowReaders } from '../avro/row-readers.ts';
import { SchemaFrame } from '../avro/schema-frame.ts';
import { skipAvroValue } from '../avro/skip-value.ts';
import { CompiledDecoder, type RecordFrame } from '../compiled-decoder.ts';
import type { Decoder, DecoderSettings, RecordPart } from '../decoder.ts';
import { firstBytes } from '../json/record-problem.ts';
import { ReaderCache } from '../reader-cache.ts';
import type { SchemaIdentity, WriterSchema, WriterSchemas } from '../writer-schemas.ts';
import { requireEnvelope } from './avro-changes.ts';
import { envelopeNames, type AvroEnvelope } from './avro-envelope.ts';
import type { ChangeScanner } from './change-scanner.ts';

/** What stands for the schema of records that name none. */
const inline: SchemaIdentity = { guid: 'avro.schema' };

/** Changes in Avro: records of Debezium's envelope, each by the schema that it was written with. */
export class AvroChangeScanner implements ChangeScanner {
  /** Text or bytes behind their length. */
  readonly unavailable = Buffer.from('\x38__debezium_unavailable_value');
  op = 0;
  readonly isNull = false;
  beforeStart = -1;
  beforeEnd = -1;
  afterStart = -1;
  afterEnd = -1;
  error: WeirError | null = null;
  missing: SchemaIdentity | null = null;
  readonly #frame: SchemaFrame | null;
  readonly #writers: WriterSchemas;
  readonly #cursor = new AvroCursor();
  readonly #envelopes = new ReaderCache<AvroEnvelope>();
  #identity: SchemaIdentity = inline;
  /** Of the rows to be read. */
  readonly #identities: SchemaIdentity[] = [];
  readonly #sides: boolean[] = [];

  /** @param written text of the schema of records that name none */
  constructor(settings: DecoderSettings, written: string | undefined) {
    this.#frame = settings.framing === 'confluent' ? new SchemaFrame(settings.part) : null;
    this.#writers =
      this.#frame === null || settings.writers === null ? onlySchema(written ?? '') : settings.writers;
  }

  /** A decoder of the rows that were taken; of one that is there no field is asked for twice. */
  rows(schema: Schema, settings: DecoderSettings, reader: AvroReader): Decoder {
    const frame = new RowFrame(this.#identities, this.#sides);
    return new CompiledDecoder(
      schema,
      { ...settings, framing: 'confluent', writers: this.#writers },
      {
        cursor: new AvroCursor(),
        frame,
        hint: "'bad_data' = 'drop' leaves such records out",
        readersFor: (of, builders, own) => {
          const { before, after } = this.#envelopeOf(of!);
          return avroRowReaders(resolveReader(frame.isBefore ? before : after, reader), builders, own);
        },
      },
    );
  }

  scan(part: RecordPart, record: number): boolean {
    this.error = null;
    this.missing = null;
    this.op = 0;
    this.beforeStart = this.afterStart = -1;
    const envelope = this.#findEnvelope(part, record);
    if (envelope === null) return false;
    const start = part.starts[record]! + (this.#frame?.prefix ?? 0);
    const end = part.ends[record]!;
    const cursor = this.#cursor;
    cursor.use(part.data);
    cursor.begin(start, end);
    try {
      for (const { name, type } of envelope.fields) this.#field(name, type);
      if (cursor.at !== end) cursor.fail(`${end - cursor.at} bytes follow its last value`);
      return true;
    } catch (problem) {
      if (!(problem instanceof AvroProblem)) throw problem;
      const bytes = part.data.subarray(start, end);
      this.error = new WeirError(
        'WEIR-3102',
        `a Debezium change: ${problem.message}, at byte ${problem.at - start} of ${bytes.length}; the record begins with ${firstBytes(bytes)}`,
        { hint: problem.hint ?? "'bad_data' = 'drop' leaves such records out" },
      );
      return false;
    }
  }

  took(index: number, isBefore: boolean): void {
    this.#identities[index] = this.#identity;
    this.#sides[index] = isBefore;
  }

  #findEnvelope(part: RecordPart, record: number): AvroEnvelope | null {
    const frame = this.#frame;
    if (frame !== null && !frame.read(part, record)) {
      this.error = frame.error;
      return null;
    }
    this.#identity = frame?.identity ?? inline;
    const schema = this.#writers.get(this.#identity);
    if (schema === undefined) {
      this.error = this.#writers.refused(this.#identity) ?? null;
      if (this.error === null) this.missing = this.#identity;
      return null;
    }
    const envelope = this.#envelopes.get(schema.key, () => this.#envelopeOf(schema));
    if (!(envelope instanceof WeirError)) return envelope;
    this.error = envelope;
    return null;
  }

  #envelopeOf(schema: WriterSchema): AvroEnvelope {
    return requireEnvelope(writtenAvroType(schema));
  }

  #field(name: string, type: AvroType): void {
    const cursor = this.#cursor;
    const branch =
      type.kind === 'union' ? type.branches[cursor.index(type.branches.length, 'branch')]! : type;
    const start = cursor.at;
    if (name === envelopeNames.op && branch.kind === 'string') {
      const text = cursor.text();
      this.op = cursor.at === text + 1 ? cursor.data[text]! : 0;
      return;
    }
    skipAvroValue(cursor, branch);
    if (branch.kind !== 'record') return;
    if (name === envelopeNames.before) {
      this.beforeStart = start;
      this.beforeEnd = cursor.at;
    } else if (name === envelopeNames.after) {
      this.afterStart = start;
      this.afterEnd = cursor.at;
    }
  }
}

/** Of the rows of changes: the schema of the change that each stands in. */
class RowFrame implements RecordFrame {
  identity: SchemaIdentity = inline;
  isBefore = false;
  readonly prefix = 0;
  readonly error = null;
  readonly #identities: readonly SchemaIdentity[];
  readonly #sides: readonly boolean[];

  constructor(identities: readonly SchemaIdentity[], sides: readonly boolean[]) {
    this.#identities = identities;
    this.#sides = sides;
  }

  read(_part: RecordPart, row: number): boolean {
    this.identity = this.#identities[row]!;
    this.isBefore = this.#sides[row]!;
    return true;
  }

  isSame(_part: RecordPart, row: number): boolean {
    return this.#identities[row] === this.identity && this.#sides[row] === this.isBefore;
  }

  readerKey(schema: WriterSchema): string {
    return this.isBefore ? `${schema.key}#before` : schema.key;
  }
}

function onlySchema(text: string): WriterSchemas {
  const schema: WriterSchema = { key: 'avro.schema', type: 'avro', text, references: [] };
  return {
    get: () => schema,
    want: () => {},
    refused: () => undefined,
    changed: async () => {},
    waiting: () => [],
  };
}
