import { WeirError } from '@weir/kernel/errors.ts';
import { AvroProblem } from '../avro/avro-cursor.ts';
import { SchemaFrame } from '../avro/schema-frame.ts';
import type { RecordFrame } from '../compiled-decoder.ts';
import type { RecordPart } from '../decoder.ts';
import type { SchemaIdentity, WriterSchema } from '../writer-schemas.ts';
import { ProtoCursor } from './proto-cursor.ts';
import { readerOfNumber } from './read-number.ts';

/** Messages in messages that indexes may lead into. */
const maxIndexes = 100;
const readIndex = readerOfNumber('sint32')!;

/**
 * The frame of a registry with what Protobuf puts behind the identity, wherever that is (F10): which message of the schema follows, as
 * indexes from the outermost inwards. W1: a count and numbers, all zigzag; the one index 0 is the byte 0 alone.
 */
export class ProtobufFrame implements RecordFrame {
  error: WeirError | null = null;
  prefix = 0;
  /** Of the message. */
  indexes: readonly number[] = [0];
  readonly #frame: SchemaFrame;
  readonly #cursor = new ProtoCursor();
  readonly #part: 'value' | 'key';
  /** Bytes of the last list of indexes, where it was in the value. */
  #list = new Uint8Array(0);

  constructor(part: 'value' | 'key') {
    this.#part = part;
    const hint =
      "for messages without one set 'protobuf.confluent_schema_registry' = 'false' and 'protobuf.schema'";
    this.#frame = new SchemaFrame(part, hint, true);
  }

  get identity(): SchemaIdentity {
    return this.#frame.identity;
  }

  read(part: RecordPart, record: number): boolean {
    const frame = this.#frame;
    this.error = null;
    if (!frame.read(part, record)) {
      this.error = frame.error;
      return false;
    }
    const cursor = this.#cursor;
    cursor.use(part.data);
    cursor.begin(frame.rest, frame.restEnd);
    try {
      this.#readIndexes(cursor);
    } catch (problem) {
      if (!(problem instanceof AvroProblem)) throw problem;
      this.error = new WeirError(
        'WEIR-3106',
        `the record's ${this.#part} names a schema, but not which of its messages follows: ${problem.message}`,
        { hint: 'old serializers leave the list of indexes out, or write it unsigned: update the producer' },
      );
      return false;
    }
    const inValue = frame.prefix > 0;
    this.prefix = inValue ? cursor.at - part.starts[record]! : 0;
    if (!inValue || !this.#isList(part.data, frame.rest, cursor.at))
      this.#list = part.data.slice(frame.rest, cursor.at);
    return true;
  }

  isSame(part: RecordPart, record: number): boolean {
    const frame = this.#frame;
    if (frame.prefix === 0 || !frame.isSame(part, record)) return false;
    const start = part.starts[record]! + frame.prefix;
    const end = start + this.#list.length;
    return end <= part.ends[record]! && this.#isList(part.data, start, end);
  }

  readerKey(schema: WriterSchema): string {
    const [first] = this.indexes;
    return this.indexes.length === 1 && first === 0 ? schema.key : `${schema.key}#${this.indexes.join('.')}`;
  }

  #readIndexes(cursor: ProtoCursor): void {
    const count = Number(readIndex(cursor));
    if (count === 0) {
      if (this.indexes.length !== 1 || this.indexes[0] !== 0) this.indexes = [0];
      return;
    }
    if (count < 0 || count > maxIndexes) cursor.fail(`${count} indexes were to follow`);
    const indexes: number[] = [];
    for (let left = count; left > 0; left -= 1) {
      const index = Number(readIndex(cursor));
      if (index < 0) cursor.fail(`${index} is no index of a message`);
      indexes.push(index);
    }
    if (!sameNumbers(indexes, this.indexes)) this.indexes = indexes;
  }

  #isList(data: Uint8Array, start: number, end: number): boolean {
    const list = this.#list;
    if (end - start !== list.length) return false;
    for (let at = 0; at < list.length; at += 1) if (data[start + at] !== list[at]) return false;
    return true;
  }
}

function sameNumbers(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((number, at) => number === b[at]);
}
