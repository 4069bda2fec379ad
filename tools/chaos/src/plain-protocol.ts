import { connect } from 'node:net';
import type { Socket } from 'node:net';
import { WeirError } from '@weir/kernel/errors.ts';

/** Reads numbers and texts of Kafka's protocol, one after the other. */
export class PlainAnswer {
  readonly #bytes: Buffer;
  #at = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  get left(): number {
    return this.#bytes.length - this.#at;
  }

  int8(): number {
    return this.#bytes.readInt8(this.#skip(1));
  }

  int16(): number {
    return this.#bytes.readInt16BE(this.#skip(2));
  }

  int32(): number {
    return this.#bytes.readInt32BE(this.#skip(4));
  }

  int64(): number {
    return Number(this.#bytes.readBigInt64BE(this.#skip(8)));
  }

  /** A zigzag number of variable length. */
  varint(): number {
    let value = 0n;
    for (let shift = 0n; ; shift += 7n) {
      const byte = BigInt(this.#bytes.readUInt8(this.#skip(1)));
      value |= (byte & 0x7fn) << shift;
      if ((byte & 0x80n) === 0n) return Number((value >> 1n) ^ -(value & 1n));
    }
  }

  text(): string {
    const length = this.int16();
    return length < 0 ? '' : this.bytes(length).toString();
  }

  bytes(length: number): Buffer {
    const start = this.#skip(length);
    return this.#bytes.subarray(start, start + length);
  }

  array<T>(read: () => T): T[] {
    return Array.from({ length: Math.max(0, this.int32()) }, read);
  }

  #skip(length: number): number {
    const start = this.#at;
    this.#at += length;
    return start;
  }
}

function int16(value: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeInt16BE(value);
  return bytes;
}

export function int32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(value);
  return bytes;
}

export function int64(value: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigInt64BE(BigInt(value));
  return bytes;
}

export function text(value: string): Buffer {
  return Buffer.concat([int16(Buffer.byteLength(value)), Buffer.from(value)]);
}

/** One connection to a broker, one request at a time. */
export class PlainConnection {
  readonly #socket: Socket;
  #received: Buffer[] = [];
  #waiting: { resolve: (answer: PlainAnswer) => void; reject: (error: Error) => void } | undefined;

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.on('data', (chunk: Buffer) => this.#take(chunk));
    socket.on('error', (error) => this.#waiting?.reject(error));
    socket.on('close', () =>
      this.#waiting?.reject(new WeirError('WEIR-9063', 'the broker closed the connection')),
    );
  }

  static open(address: string): Promise<PlainConnection> {
    const colon = address.lastIndexOf(':');
    return new Promise((resolve, reject) => {
      const socket = connect(Number(address.slice(colon + 1)), address.slice(0, colon));
      socket.once('connect', () => resolve(new PlainConnection(socket)));
      socket.once('error', reject);
    });
  }

  /** The answer's body, after its correlation id. */
  ask(apiKey: number, apiVersion: number, ...body: Buffer[]): Promise<PlainAnswer> {
    const message = Buffer.concat([int16(apiKey), int16(apiVersion), int32(1), text('judge'), ...body]);
    return new Promise((resolve, reject) => {
      this.#waiting = { resolve, reject };
      this.#socket.write(Buffer.concat([int32(message.length), message]));
    });
  }

  close(): void {
    this.#socket.destroy();
  }

  #take(chunk: Buffer): void {
    this.#received.push(chunk);
    const length = this.#received.reduce((sum, { length: size }) => sum + size, 0);
    if (length < 4) return;
    const all = Buffer.concat(this.#received);
    this.#received = [all];
    const size = all.readInt32BE(0);
    if (length < 4 + size) return;
    this.#received = [];
    this.#waiting?.resolve(new PlainAnswer(all.subarray(8, 4 + size)));
    this.#waiting = undefined;
  }
}
