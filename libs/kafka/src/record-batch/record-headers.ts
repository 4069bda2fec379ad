import { WeirError } from '@weir/kernel/errors.ts';
import { readVarint, varintEnd, writeVarint } from './varint.ts';

export interface RecordHeader {
  readonly key: string;
  readonly value: Uint8Array | null;
}

/** The headers of one record as RecordIndex's header range holds them; for consumers that look at headers at all. */
export function decodeHeaders(data: Uint8Array, start: number, end: number): RecordHeader[] {
  if (start >= end) return [];
  let at = start;
  const length = (): number => {
    const next = varintEnd(data, at, end);
    if (next < 0) throw corruptHeaders();
    const value = readVarint(data, at, next);
    at = next;
    return value;
  };
  const slice = (bytes: number): Uint8Array => {
    if (at + bytes > end) throw corruptHeaders();
    at += bytes;
    return data.subarray(at - bytes, at);
  };
  const headers: RecordHeader[] = [];
  for (let left = length(); left > 0; left--) {
    const key = new TextDecoder().decode(slice(Math.max(0, length())));
    const valueLength = length();
    headers.push({ key, value: valueLength < 0 ? null : slice(valueLength) });
  }
  return headers;
}

/** Encoded as a record holds them: for RecordBatchWriter.commitRecordWithHeaders. */
export function encodeHeaders(headers: readonly RecordHeader[]): Uint8Array {
  const keys = headers.map((header) => Buffer.from(header.key));
  let room = 5;
  headers.forEach((header, i) => (room += 10 + (keys[i]?.length ?? 0) + (header.value?.length ?? 0)));
  const bytes = new Uint8Array(room);
  let at = writeVarint(bytes, 0, headers.length);
  headers.forEach((header, i) => {
    const key = keys[i] ?? new Uint8Array(0);
    at = writeVarint(bytes, at, key.length);
    bytes.set(key, at);
    at = writeVarint(bytes, at + key.length, header.value === null ? -1 : header.value.length);
    if (header.value === null) return;
    bytes.set(header.value, at);
    at += header.value.length;
  });
  return bytes.subarray(0, at);
}

function corruptHeaders(): WeirError {
  return new WeirError('WEIR-4010', "a record's headers are longer than the record");
}
