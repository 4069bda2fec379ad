import { WeirError } from '@weir/kernel/errors.ts';
import type { RecordPart } from '../decoder.ts';
import { firstBytes } from '../json/record-problem.ts';
import type { SchemaIdentity, WriterSchema } from '../writer-schemas.ts';
import type { RecordFrame } from '../compiled-decoder.ts';
import { AvroCursor, AvroProblem } from './avro-cursor.ts';
import { uuidText } from './uuid-text.ts';

/** A magic byte and an id of four bytes. */
const idBytes = 5;
/** A magic byte and a GUID. */
const guidBytes = 17;

/**
 * How a part says which schema it was written with: a header of the record, else the first bytes of the part: 0 and four bytes of an id, or
 * 1 and sixteen of a GUID.
 */
export class SchemaFrame implements RecordFrame {
  /** What `read` found, while `error` is null. */
  identity: SchemaIdentity = { id: -1 };
  /** Bytes before the value. */
  prefix = 0;
  error: WeirError | null = null;
  /** What follows the identity, wherever that is: from here to `restEnd`. */
  rest = 0;
  restEnd = 0;
  readonly #mayFollow: boolean;
  readonly #header: Uint8Array;
  readonly #part: 'value' | 'key';
  readonly #hint: string;
  readonly #cursor = new AvroCursor();
  #id = -1;

  /**
   * @param hint for parts that name no schema, and look like nothing that is known
   * @param mayFollow whether the format puts something behind the identity, in a header, too
   */
  constructor(part: 'value' | 'key', hint = '', mayFollow = false) {
    this.#part = part;
    this.#hint = hint;
    this.#mayFollow = mayFollow;
    this.#header = Buffer.from(`__${part}_schema_id`);
  }

  /** False: `error` says why not. */
  read(part: RecordPart, record: number): boolean {
    const { data } = part;
    const start = part.starts[record]!;
    const end = part.ends[record]!;
    this.error = null;
    this.#cursor.use(data);
    const header = this.#findHeader(part.headerStarts[record]!, part.headerEnds[record]!);
    if (header >= 0) {
      const stop = this.#cursor.at;
      this.prefix = 0;
      const used = this.#identify(data, header, stop);
      this.rest = header + used;
      this.restEnd = stop;
      if (used === stop - header || (used > 0 && this.#mayFollow)) return true;
      const shown = firstBytes(data.subarray(header, stop));
      this.error = problem(`header ${this.#header.toString()} is no id of a schema: ${shown}`);
      return false;
    }
    this.prefix = this.#identify(data, start, end);
    this.rest = start + this.prefix;
    this.restEnd = end;
    if (this.prefix > 0) return true;
    this.error = noFrame(data.subarray(start, end), this.#part, this.#hint);
    return false;
  }

  /** Whether a record names the same schema as the one read last, which had its id before the value: the common case, cheaply. */
  isSame(part: RecordPart, record: number): boolean {
    if (this.prefix !== idBytes) return false;
    const start = part.starts[record]!;
    return (
      start >= 0 &&
      part.ends[record]! - start >= idBytes &&
      part.data[start] === 0 &&
      part.headerStarts[record] === part.headerEnds[record] &&
      this.#cursor.view.getInt32(start + 1) === this.#id
    );
  }

  readerKey(schema: WriterSchema): string {
    return schema.key;
  }

  /** Bytes that the identity takes; 0: there is none. */
  #identify(data: Uint8Array, start: number, end: number): number {
    if (end - start >= idBytes && data[start] === 0) {
      const id = this.#cursor.view.getInt32(start + 1);
      if (id !== this.#id || 'guid' in this.identity) this.identity = { id };
      this.#id = id;
      return idBytes;
    }
    if (end - start >= guidBytes && data[start] === 1) {
      this.identity = { guid: uuidText(data, start + 1) };
      return guidBytes;
    }
    return 0;
  }

  /** Where the value of the last header of our name begins; it ends where the cursor is. -1: there is none. */
  #findHeader(start: number, end: number): number {
    if (start >= end) return -1;
    const cursor = this.#cursor;
    const name = this.#header;
    let found = -1;
    let foundEnd = 0;
    try {
      cursor.begin(start, end);
      for (let left = cursor.int(); left > 0; left -= 1) {
        const key = cursor.skip(Math.max(0, cursor.int()));
        const ours =
          cursor.at - key === name.length && name.every((byte, i) => cursor.data[key + i] === byte);
        const value = cursor.skip(Math.max(0, cursor.int()));
        if (!ours) continue;
        found = value;
        foundEnd = cursor.at;
      }
    } catch (thrown) {
      if (!(thrown instanceof AvroProblem)) throw thrown;
    }
    cursor.at = foundEnd;
    return found;
  }
}

function noFrame(bytes: Uint8Array, part: 'value' | 'key', hint: string): WeirError {
  const what = `the record's ${part} names no schema`;
  if (bytes[0] === 0x7b || bytes[0] === 0x5b) {
    return problem(
      `${what}: it begins like JSON: ${firstBytes(bytes)}`,
      "its producer used no serializer of the schema registry: read it with format = 'json' and no 'json.confluent_schema_registry'",
    );
  }
  if (startsWith(bytes, [0x4f, 0x62, 0x6a, 0x01])) {
    return problem(
      `${what}: it is an Avro container file`,
      'records hold one value each: send the values of the file',
    );
  }
  if (startsWith(bytes, [0xc3, 0x01])) {
    return problem(
      `${what}: it has Avro's single-object encoding`,
      'use a serializer of the schema registry',
    );
  }
  if (bytes.length < idBytes) {
    return problem(`${what}: it has ${bytes.length} bytes, the schema's id alone takes ${idBytes}`);
  }
  return problem(
    `${what}: its first byte is ${bytes[0]}, not 0 (an id follows) or 1 (a GUID follows); it begins with ${firstBytes(bytes)}`,
    hint,
  );
}

function startsWith(bytes: Uint8Array, wanted: readonly number[]): boolean {
  return wanted.every((byte, index) => bytes[index] === byte);
}

function problem(message: string, hint?: string): WeirError {
  return new WeirError('WEIR-3106', message, hint === undefined ? {} : { hint });
}
