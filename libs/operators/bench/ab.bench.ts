/*
 * Keyed state of a windowed aggregate at size: `node libs/operators/bench/keyed-state.bench.ts`. How long a barrier holds the record path up
 * (the snapshot is synchronous; uploads go on beside it), and how much it writes, epoch after epoch with 1 % of the keys changed, through
 * several sweeps of old pieces; and whether memory stays level while windows come and go.
 */
import type { Batch } from '@weir/columnar/batch.ts';
import { bigintType, timestampType, type Schema } from '@weir/columnar/sql-type.ts';
import { WindowAggregateOperator } from '../src/window-aggregate.ts';
import { opened } from './opened.ts';

const rows = 4096;
const million = 1_000_000;
const windowMicros = 10_000_000;
const epochs = 60;
const changedShare = 0.01;

const input: Schema = {
  fields: [
    { name: 'auction', type: bigintType, nullable: false },
    { name: 'price', type: bigintType, nullable: false },
    { name: 'ts', type: timestampType, nullable: false },
  ],
  eventTime: 2,
};
const output: Schema = {
  fields: [
    { name: 'auction', type: bigintType, nullable: false },
    { name: 'n', type: bigintType, nullable: false },
    { name: 'total', type: { kind: 'decimal', precision: 38, scale: 0 }, nullable: true },
    { name: 'window_start', type: timestampType, nullable: false },
    { name: 'window_end', type: timestampType, nullable: false },
  ],
};

/** count(*) and sum(price) by auction in windows of 10 s. */
function aggregate(): WindowAggregateOperator {
  const aggregates = [
    { function: 'count', argument: null, filter: null, type: bigintType, argumentType: null },
    {
      function: 'sum',
      argument: 1,
      filter: null,
      type: { kind: 'decimal', precision: 38, scale: 0 },
      argumentType: bigintType,
    },
  ] as const;
  const window = { kind: 'tumble', sizeMicros: windowMicros, offsetMicros: 0 } as const;
  const node = { kind: 'window_aggregate', window, eventTime: 2, keys: [0], aggregates } as const;
  return opened(new WindowAggregateOperator(node, input, output));
}

const numbers = () => new Float64Array(rows);
const [keys, prices, times] = [numbers(), numbers().fill(100), numbers()];
const batch: Batch = {
  schema: input,
  rowCount: rows,
  rowKinds: null,
  partition: 0,
  columns: [keys, prices, times].map((values) => ({ kind: 'int', values, big: null, nulls: null })),
};

/** Rows with the keys from(0) .. from(count), all in one window. */
function feed(
  operator: WindowAggregateOperator,
  window: number,
  count: number,
  key: (row: number) => number,
): void {
  times.fill(window * windowMicros + 1);
  for (let done = 0; done < count; done += rows) {
    for (let row = 0; row < rows; row += 1) keys[row] = key(Math.min(count - 1, done + row));
    operator.process(batch, 0);
  }
}

interface Snapshot {
  readonly bytes: number;
  /** Of the thread: what others do on the machine doesn't count. */
  readonly cpuMs: number;
  readonly ms: number;
}

function snapshot(operator: WindowAggregateOperator): Snapshot {
  const cpuBefore = process.threadCpuUsage();
  const start = performance.now();
  const { written } = operator.snapshot();
  const ms = performance.now() - start;
  const { user, system } = process.threadCpuUsage(cpuBefore);
  const bytes = written.reduce((sum, piece) => sum + piece.bytes.length, 0);
  return { ms, cpuMs: (user + system) / 1000, bytes };
}

/** Keys below `keyCount` in no order. */
const scattered =
  (keyCount: number, seed: number) =>
  (row: number): number =>
    (Math.imul(row + seed * 7919, 0x9e3779b1) >>> 0) % keyCount;

const at = (sorted: readonly number[], share: number): number =>
  sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? NaN;
const megabytes = (bytes: number): string => (bytes / 1e6).toFixed(bytes < 1e7 ? 1 : 0);

function stalls(name: string, windows: number, keysEach: number): void {
  const operator = aggregate();
  for (let window = 0; window < windows; window += 1) feed(operator, window, keysEach, (row) => row);
  const full = snapshot(operator);
  const later: Snapshot[] = [];
  for (let epoch = 0; epoch < epochs; epoch += 1) {
    for (let window = 0; window < windows; window += 1) {
      feed(operator, window, keysEach * changedShare, scattered(keysEach, epoch * windows + window));
    }
    later.push(snapshot(operator));
  }
  const bytes = later.map((one) => one.bytes).toSorted((a, b) => a - b);
  const share = (value: number): string => `${((100 * value) / full.bytes).toFixed(2)} %`;
  console.log(
    `${name}: ${megabytes(full.bytes)} MB; with 1 % changed, ${epochs} epochs: stall ${spread(later.map(({ ms }) => ms))}; ` +
      `CPU of it ${spread(later.map(({ cpuMs }) => cpuMs))}; written p50 ${megabytes(at(bytes, 0.5))} MB (${share(at(bytes, 0.5))}), max ${share(at(bytes, 1))}`,
  );
}

function spread(values: readonly number[]): string {
  const sorted = values.toSorted((a, b) => a - b);
  return `p50 ${at(sorted, 0.5).toFixed(1)} p99 ${at(sorted, 0.99).toFixed(1)} max ${at(sorted, 1).toFixed(1)} ms`;
}

/** Windows of a million keys come and go, four of them at a time; snapshots as in a pipeline. */
function endless(windows: number): void {
  const operator = aggregate();
  const rss: number[] = [];
  for (let window = 0; window < windows; window += 1) {
    for (let part = 0; part < 10; part += 1) {
      feed(operator, window, million / 10, (row) => part * (million / 10) + row);
      snapshot(operator);
    }
    operator.watermark((window - 3) * windowMicros);
    while (operator.drain());
    rss.push(Math.round(process.memoryUsage.rss() / 2 ** 20));
  }
  const kept = rss.filter((_, index) => index % 5 === 4);
  console.log(`resident after every fifth window of a million keys, four at a time: ${kept.join(', ')} MiB`);
}

stalls('14 windows of a million keys', 14, million);
