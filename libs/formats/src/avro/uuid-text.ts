/** The 16 bytes from `start` as a UUID's text. */
export function uuidText(data: Uint8Array, start: number): string {
  const hex = Buffer.from(data.buffer, data.byteOffset + start, 16).toString('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}
