/*
 * Record batch, magic 2 (KIP-98). Big endian.
 *
 *   0  baseOffset            int64        27 baseTimestamp     int64
 *   8  batchLength           int32        35 maxTimestamp      int64
 *  12  partitionLeaderEpoch  int32        43 producerId        int64
 *  16  magic                 int8 = 2     51 producerEpoch     int16
 *  17  crc                   uint32       53 baseSequence      int32
 *  21  attributes            int16        57 records           int32
 *  23  lastOffsetDelta       int32        61 the records, compressed as a whole
 *
 * batchLength counts from byte 12, the CRC-32C covers from byte 21 to the end.
 * attributes: bits 0-2 compression, 3 log append time, 4 transactional, 5 control.
 *
 * Record: length varint, attributes int8, timestampDelta varlong, offsetDelta varint, key (varint length, -1 null, bytes),
 * value (the same), headers (varint count, each: varint length, key, varint length or -1, value). Varints are zigzag.
 */
export const batchHeaderBytes = 61;
export const at = {
  baseOffset: 0,
  batchLength: 8,
  leaderEpoch: 12,
  magic: 16,
  crc: 17,
  attributes: 21,
  lastOffsetDelta: 23,
  baseTimestamp: 27,
  maxTimestamp: 35,
  producerId: 43,
  producerEpoch: 51,
  baseSequence: 53,
  recordCount: 57,
} as const;
/** Bytes before the part that batchLength counts. */
export const lengthPrefixBytes = 12;

export const attribute = {
  compressionMask: 0x07,
  logAppendTime: 0x08,
  transactional: 0x10,
  control: 0x20,
} as const;
