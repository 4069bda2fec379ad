/** Columns of a Nexmark bid, in the order of its JSON. */
const bidColumns =
  'auction BIGINT, bidder BIGINT, price BIGINT, channel TEXT, url TEXT, "dateTime" TIMESTAMP(3), extra TEXT';

export interface Query {
  /** With a PRIMARY KEY, where results are updated. */
  readonly sinkColumns: string;
  readonly select: string;
  readonly watermark?: boolean;
  /** A row out for every record in. */
  readonly keepsAll?: boolean;
}

/** Nexmark's queries over bids alone, and a tumbling count; the same as the peer's where it has them. The hour's is for state that stays. */
export const queries: Readonly<Record<string, Query>> = {
  q0: {
    keepsAll: true,
    sinkColumns: bidColumns,
    select: 'SELECT auction, bidder, price, channel, url, "dateTime", extra FROM bid',
  },
  q1: {
    keepsAll: true,
    sinkColumns: 'auction BIGINT, bidder BIGINT, price DECIMAL(23, 3), "dateTime" TIMESTAMP(3), extra TEXT',
    select: 'SELECT auction, bidder, 0.908 * price AS price, "dateTime", extra FROM bid',
  },
  q2: {
    sinkColumns: 'auction BIGINT, price BIGINT',
    select: 'SELECT auction, price FROM bid WHERE auction % 123 = 0',
  },
  tumble: {
    watermark: true,
    sinkColumns: 'auction BIGINT, window_start TIMESTAMP(3), window_end TIMESTAMP(3), num BIGINT',
    select: `SELECT auction, window_start, window_end, count(*) AS num
FROM TABLE(TUMBLE(TABLE bid, DESCRIPTOR("dateTime"), INTERVAL '10' SECOND)) GROUP BY auction, window_start, window_end`,
  },
  // About a million groups among five million bids.
  'group-1m': {
    sinkColumns: 'bidder BIGINT, part BIGINT, num BIGINT, PRIMARY KEY (bidder, part) NOT ENFORCED',
    select:
      'SELECT bidder, part, count(*) AS num FROM (SELECT bidder, price % 100 AS part FROM bid) GROUP BY bidder, part',
  },
  // Nexmark's q17 without its filters.
  'group-auction': {
    sinkColumns:
      'auction BIGINT, num BIGINT, least BIGINT, most BIGINT, mean DOUBLE, total BIGINT, PRIMARY KEY (auction) NOT ENFORCED',
    select:
      'SELECT auction, count(*) AS num, min(price) AS least, max(price) AS most, avg(price) AS mean, sum(price) AS total FROM bid GROUP BY auction',
  },
  q5: {
    watermark: true,
    sinkColumns: 'auction BIGINT, num BIGINT',
    select: `SELECT b.auction, b.num
FROM (SELECT auction, count(*) AS num, window_start AS starts, window_end AS ends
  FROM TABLE(HOP(TABLE bid, DESCRIPTOR("dateTime"), INTERVAL '2' SECOND, INTERVAL '10' SECOND)) GROUP BY auction, window_start, window_end) AS b
JOIN (SELECT max(num) AS most, starts, ends FROM (SELECT count(*) AS num, window_start AS starts, window_end AS ends
  FROM TABLE(HOP(TABLE bid, DESCRIPTOR("dateTime"), INTERVAL '2' SECOND, INTERVAL '10' SECOND)) GROUP BY auction, window_start, window_end) AS c GROUP BY starts, ends) AS m
ON b.starts = m.starts AND b.ends = m.ends AND b.num >= m.most`,
  },
  q7: {
    watermark: true,
    sinkColumns: 'auction BIGINT, price BIGINT, bidder BIGINT, "dateTime" TIMESTAMP(3), extra TEXT',
    select: `SELECT b.auction, b.price, b.bidder, b."dateTime", b.extra
FROM bid AS b JOIN (SELECT max(price) AS most, window_end AS ends
  FROM TABLE(TUMBLE(TABLE bid, DESCRIPTOR("dateTime"), INTERVAL '10' SECOND)) GROUP BY window_start, window_end) AS m
ON b.price = m.most WHERE b."dateTime" BETWEEN m.ends - INTERVAL '10' SECOND AND m.ends`,
  },
  q11: {
    watermark: true,
    sinkColumns: 'bidder BIGINT, bid_count BIGINT, starts TIMESTAMP(3), ends TIMESTAMP(3)',
    select: `SELECT bidder, count(*) AS bid_count, window_start AS starts, window_end AS ends
FROM TABLE(SESSION(TABLE bid PARTITION BY bidder, DESCRIPTOR("dateTime"), INTERVAL '10' SECOND)) GROUP BY bidder, window_start, window_end`,
  },
  q18: {
    sinkColumns: `${bidColumns}, PRIMARY KEY (bidder, auction)`,
    select: `SELECT auction, bidder, price, channel, url, "dateTime", extra
FROM (SELECT *, ROW_NUMBER() OVER (PARTITION BY bidder, auction ORDER BY "dateTime" DESC) AS n FROM bid WHERE bidder IS NOT NULL AND auction IS NOT NULL) WHERE n <= 1`,
  },
  'tumble-hour': {
    watermark: true,
    sinkColumns:
      'auction BIGINT, window_start TIMESTAMP(3), window_end TIMESTAMP(3), num BIGINT, total DECIMAL(38, 0)',
    select: `SELECT auction, window_start, window_end, count(*) AS num, CAST(sum(price) AS DECIMAL(38, 0)) AS total
FROM TABLE(TUMBLE(TABLE bid, DESCRIPTOR("dateTime"), INTERVAL '1' HOUR)) GROUP BY auction, window_start, window_end`,
  },
};

export type SinkKind = 'exactly-once' | 'at-least-once' | 'blackhole';

export interface PipelineText {
  readonly query: Query;
  readonly bootstrap: string;
  readonly inputTopic: string;
  /** False: the input goes on for ever. */
  readonly bounded: boolean;
  readonly sink: SinkKind;
  readonly outputTopic: string;
  readonly compression?: string;
}

/** The SQL text of a pipeline from topic to topic. */
export function pipelineSql(text: PipelineText): string {
  const { query, bootstrap, inputTopic, bounded } = text;
  const watermark =
    query.watermark === true ? `, WATERMARK FOR "dateTime" AS "dateTime" - INTERVAL '4 seconds'` : '';
  const source = optionsText({
    connector: 'kafka',
    bootstrap_servers: bootstrap,
    topic: inputTopic,
    type: 'source',
    format: 'json',
    'source.offset': bounded ? 'earliest' : 'latest',
    ...(bounded ? { 'source.bounded': 'latest' } : {}),
  });
  return `CREATE TABLE bid (${bidColumns}${watermark}) WITH (${source});
CREATE TABLE sink (${query.sinkColumns}) WITH (${sinkOptions(text)});
INSERT INTO sink ${query.select};
`;
}

function sinkOptions({ sink, bootstrap, outputTopic, compression }: PipelineText): string {
  if (sink === 'blackhole') return optionsText({ connector: 'blackhole' });
  return optionsText({
    connector: 'kafka',
    bootstrap_servers: bootstrap,
    topic: outputTopic,
    type: 'sink',
    format: 'json',
    'json.timestamp_format': 'sql',
    'sink.commit_mode': sink.replaceAll('-', '_'),
    ...(compression === undefined ? {} : { 'sink.compression': compression }),
  });
}

function optionsText(options: Readonly<Record<string, string>>): string {
  return Object.entries(options)
    .map(([key, value]) => `'${key}' = '${value}'`)
    .join(', ');
}
