import type { SimKafka } from '../simulator/kafka/sim-kafka.ts';
import type { SimLog } from '../simulator/kafka/sim-log.ts';

const headerBytes = 61;

/** Values that a read_committed reader sees in a topic, up to the last stable offset; read with nothing of Weir's. */
export function committedValues(kafka: SimKafka, topic: string): string[] {
  return (kafka.topics.get(topic)?.logs ?? []).flatMap((log) => committedOf(log));
}

function committedOf(log: SimLog): string[] {
  const values: string[] = [];
  const open = new Map<bigint, string[]>();
  for (const { bytes, marker, producerId } of log.batches) {
    if (marker === null) {
      open.set(producerId, [...(open.get(producerId) ?? []), ...valuesOf(bytes)]);
      continue;
    }
    if (marker === 'commit') values.push(...(open.get(producerId) ?? []));
    open.delete(producerId);
  }
  return values;
}

/** Values of the records of an uncompressed batch. */
function valuesOf(bytes: Buffer): string[] {
  let at = headerBytes;
  const varint = (): number => {
    let value = 0;
    let shift = 0;
    for (;;) {
      const byte = bytes[at++] ?? 0;
      value += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) break;
      shift += 7;
    }
    return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
  };
  const values: string[] = [];
  for (let left = bytes.readInt32BE(headerBytes - 4); left > 0; left -= 1) {
    const length = varint();
    const end = at + length;
    at += 1;
    varint();
    varint();
    const keyLength = varint();
    at += Math.max(0, keyLength);
    const valueLength = varint();
    values.push(bytes.toString('utf8', at, at + valueLength));
    at = end;
  }
  return values;
}
