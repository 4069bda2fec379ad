export interface Records {
  readonly data: Uint8Array;
  readonly starts: Int32Array;
  readonly ends: Int32Array;
}

/** Records in one buffer as a fetch brings them: eight bytes before each stand for the head that a record batch has there. */
export function indexRecords(records: readonly (string | Uint8Array)[]): Records {
  const starts = new Int32Array(records.length);
  const ends = new Int32Array(records.length);
  const chunks: Buffer[] = [];
  let at = 0;
  records.forEach((record, index) => {
    const bytes = typeof record === 'string' ? Buffer.from(record) : record;
    starts[index] = at + 8;
    at += bytes.length + 8;
    ends[index] = at;
    chunks.push(Buffer.alloc(8), bytes);
  });
  return { data: Uint8Array.from(Buffer.concat(chunks)), starts, ends };
}

/** Nexmark bids as JSON records of about 220 bytes in one buffer, as a fetch brings them: for the micro benchmarks. */
export function makeBids(count: number): Records {
  let state = 12345;
  const random = (below: number): number => {
    state = (Math.imul(state, 1103515245) + 12345) & 0x7fffffff;
    return Math.floor((state / 0x80000000) * below);
  };
  const letters = (length: number): string =>
    Array.from({ length }, () => String.fromCharCode(97 + random(26))).join('');
  const channels = Array.from({ length: 1000 }, (_, index) => ({
    channel: index < 4 ? ['Google', 'Facebook', 'Baidu', 'Apple'][index] : `channel-${index}`,
    url: `https://www.nexmark.com/${letters(5)}/${letters(5)}/${letters(5)}/item.htm?query=1&channel_id=${random(1e9)}`,
  }));
  return indexRecords(
    Array.from({ length: count }, (_, index) => {
      const { channel, url } = channels[random(1000)]!;
      return JSON.stringify({
        auction: 1000 + random(100_000),
        bidder: 1000 + random(100_000),
        price: Math.floor(10 ** ((random(1e6) / 1e6) * 6) * 100),
        channel,
        url,
        dateTime: new Date(1767225600000 + Math.floor(index / 10)).toISOString(),
        extra: letters(random(48)),
      });
    }),
  );
}
