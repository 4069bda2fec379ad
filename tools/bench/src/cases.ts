import type { BenchSetting } from './bench-setting.ts';
import { runCatalogCase } from './catalog-case.ts';
import { runIdleCase } from './idle-case.ts';
import { keyedCases, runKeyedCase } from './keyed-case.ts';
import { runLatencyCase } from './latency-case.ts';
import type { LatencyCase } from './latency-case.ts';
import { memoryCases, runMemoryCase } from './memory-case.ts';
import { runPairCase } from './pair-case.ts';
import type { PairCase } from './pair-case.ts';
import { runThroughputCase } from './throughput-case.ts';
import type { ThroughputCase } from './throughput-case.ts';

/** One line of figures. */
export interface Figures {
  readonly name: string;
}

export interface BenchCase {
  readonly name: string;
  /** Set where a peer can do the same. */
  readonly throughput?: ThroughputCase;
  /** The topic of bids. */
  readonly needsInput: boolean;
  run(setting: BenchSetting): Promise<Figures>;
}

const sinks = ['exactly-once', 'at-least-once', 'blackhole'] as const;
const q0 = { query: 'q0', sink: 'exactly-once' } as const;

const throughputCases: readonly ThroughputCase[] = [
  ...['q0', 'q1', 'q2', 'tumble'].flatMap((query) =>
    sinks.map((sink): ThroughputCase => ({ name: `${query}-${sink}`, query, sink })),
  ),
  { name: 'group-1m', query: 'group-1m', sink: 'exactly-once' },
  { name: 'group-auction', query: 'group-auction', sink: 'exactly-once' },
  { ...q0, name: 'q0-exactly-once-100ms', checkpointInterval: '100ms' },
  { ...q0, name: 'q0-exactly-once-lz4', compression: 'lz4' },
  { ...q0, name: 'q0-two-workers', workers: 2 },
  ...['q5', 'q7', 'q11', 'q18'].map((query): ThroughputCase => {
    return { name: `${query}-exactly-once`, query, sink: 'exactly-once' };
  }),
  { name: 'tumble-two-workers', query: 'tumble', sink: 'exactly-once', workers: 2 },
];

const latencyCases: readonly LatencyCase[] = [
  { name: 'latency', checkpointInterval: '100ms' },
  { name: 'latency-25ms', checkpointInterval: '25ms' },
];

const oneSecond: ThroughputCase = { ...q0, name: 'q0-exactly-once' };

const pairCases: readonly PairCase[] = [
  {
    name: 'pairs-exactly-once',
    of: oneSecond,
    against: { name: 'q0-at-least-once', query: 'q0', sink: 'at-least-once' },
  },
  {
    name: 'pairs-100ms',
    of: { ...q0, name: 'q0-exactly-once-100ms', checkpointInterval: '100ms' },
    against: oneSecond,
  },
];

/** All cases, in the order in which they run. */
export const cases: readonly BenchCase[] = [
  ...throughputCases.map((one) => ({
    name: one.name,
    throughput: one,
    needsInput: true,
    run: (setting: BenchSetting) => runThroughputCase(setting, one),
  })),
  ...latencyCases.map((one) => ({
    name: one.name,
    needsInput: false,
    run: (setting: BenchSetting) => runLatencyCase(setting, one),
  })),
  ...pairCases.map((one) => ({
    name: one.name,
    needsInput: true,
    run: (setting: BenchSetting) => runPairCase(setting, one),
  })),
  ...memoryCases.map((one) => ({
    name: one.name,
    needsInput: one.input === null,
    run: (setting: BenchSetting) => runMemoryCase(setting, one),
  })),
  ...keyedCases.map((one) => ({
    name: one.name,
    needsInput: false,
    run: (setting: BenchSetting) => runKeyedCase(setting, one),
  })),
  { name: 'idle', needsInput: false, run: runIdleCase },
  { name: 'catalog', needsInput: false, run: runCatalogCase },
];
