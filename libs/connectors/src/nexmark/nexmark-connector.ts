import type { Batch } from '@weir/columnar/batch.ts';
import { BatchBuilder } from '@weir/columnar/column-builder.ts';
import { present } from '@weir/kernel/assert.ts';
import type { SourceNode } from '@weir/plan/nodes/source.ts';
import type { SplitState } from '@weir/plan/split-state.ts';
import type { Connector, SubtaskContext } from '../connector.ts';
import { eventTimeOptions, optionSchema } from '../options/option-schema.ts';
import type { Source, SourceStats } from '../source.ts';
import { NexmarkEvents } from './nexmark-events.ts';
import { nexmarkSchema } from './nexmark-schema.ts';

/** Event time between two events where no rate is asked for: Nexmark's own 10,000 a second. */
const defaultRate = 10_000;
const batchRows = 2048;

interface NexmarkSplit {
  readonly index: number;
  /** Number of events of this split that were handed out: event k of split s is event k * splits + s of all. */
  next: number;
}

/**
 * Makes Nexmark events. The stream is cut into a fixed number of splits, so that it is the same at every parallelism and after every
 * restore. With `events_per_second` it keeps pace with the clock, else it is as fast as it can be.
 */
class NexmarkSource implements Source {
  readonly #context: SubtaskContext;
  readonly #builder: BatchBuilder;
  readonly #splitCount: number;
  readonly #limit: number;
  readonly #rate: number | undefined;
  #splits: NexmarkSplit[] = [];
  #events: NexmarkEvents | undefined;
  #startMs = 0;
  #turn = 0;
  #records = 0;
  #started: SplitState = {};

  constructor(node: SourceNode, context: SubtaskContext) {
    this.#context = context;
    this.#builder = new BatchBuilder(node.schema, batchRows);
    const { message_count: count, events_per_second: rate } = node.options;
    this.#limit = count === undefined ? Infinity : Number(count);
    this.#rate = rate === undefined ? undefined : Number(rate);
    this.#splitCount = Number(node.options['splits'] ?? '4');
    this.#seed = Number(node.options['seed'] ?? '1');
  }

  readonly #seed: number;

  async open(splits: Readonly<Record<string, SplitState>>): Promise<void> {
    this.#started = present(splits['start'], 'the start of a nexmark source in its checkpoint');
    this.#startMs = Number(this.#started['startMs']);
    this.#events = new NexmarkEvents({
      seed: this.#seed,
      startMicros: this.#startMs * 1000,
      eventsPerSecond: this.#rate ?? defaultRate,
    });
    const { subtask, parallelism } = this.#context;
    for (let index = subtask; index < this.#splitCount; index += parallelism) {
      this.#splits.push({ index, next: Number(splits[splitName(index)]?.['next'] ?? 0) });
    }
  }

  poll(): Batch | undefined {
    for (let tried = 0; tried < this.#splits.length; tried += 1) {
      const split = present(this.#splits[this.#turn], 'split whose turn it is');
      this.#turn = (this.#turn + 1) % this.#splits.length;
      const batch = this.#pollSplit(split);
      if (batch !== undefined) return batch;
    }
    return undefined;
  }

  #pollSplit(split: NexmarkSplit): Batch | undefined {
    const events = present(this.#events, 'events of an open source');
    const builder = this.#builder;
    const due = this.#dueEvents();
    builder.reset();
    events.begin();
    while (builder.rowCount < batchRows) {
      const event = split.next * this.#splitCount + split.index;
      if (event >= due) break;
      events.append(event, builder);
      split.next += 1;
    }
    if (builder.rowCount === 0) return undefined;
    events.finish(builder);
    this.#records += builder.rowCount;
    return builder.batch(split.index);
  }

  /** Events whose time has come. */
  #dueEvents(): number {
    if (this.#rate === undefined) return this.#limit;
    const elapsedMs = this.#context.ports.clock.nowMs() - this.#startMs;
    return Math.min(this.#limit, Math.max(0, Math.floor((elapsedMs * this.#rate) / 1000)));
  }

  async wait(signal: AbortSignal): Promise<void> {
    if (this.ended || this.#rate === undefined) return;
    const pauseMs = Math.max(5, Math.min(100, 1000 / this.#rate));
    await this.#context.ports.timers.sleep(pauseMs, signal).catch(() => {});
  }

  partitionName(partition: number): string {
    return splitName(partition);
  }

  takeEndChanges(): readonly { readonly partition: number; readonly atEnd: boolean }[] {
    return [];
  }

  partitions(): readonly number[] {
    return this.#splits.map((split) => split.index);
  }

  get ended(): boolean {
    return this.#splits.every((split) => split.next * this.#splitCount + split.index >= this.#limit);
  }

  snapshot(): Readonly<Record<string, SplitState>> {
    return {
      start: this.#started,
      ...Object.fromEntries(this.#splits.map((split) => [splitName(split.index), { next: split.next }])),
    };
  }

  async committed(): Promise<void> {}

  stats(): SourceStats {
    const due = this.#rate === undefined ? 0 : this.#dueEvents();
    const lag = Object.fromEntries(
      this.#splits.map((split) => [
        splitName(split.index),
        Math.max(0, Math.floor((due - split.index) / this.#splitCount) - split.next),
      ]),
    );
    return { records: this.#records, bytes: 0, badRecords: 0, lag };
  }

  async close(): Promise<void> {}
}

function splitName(index: number): string {
  return `nexmark/${index}`;
}

const count = '^[1-9][0-9]{0,14}$';

/** Nexmark's auction site, made up as it goes: for demos, tests and benchmarks. */
export const nexmarkConnector: Connector = {
  name: 'nexmark',
  title: 'Nexmark event generator',
  canRead: true,
  canWrite: false,
  fixedSchema: nexmarkSchema,
  tableOptions: optionSchema({
    type: { description: 'what the table is used for', enum: ['source'] },
    events_per_second: {
      description: 'events a second, in step with the clock',
      pattern: count,
      examples: ['10000'],
    },
    message_count: {
      description: 'how many events to make before the input ends',
      pattern: count,
      examples: ['1000000'],
    },
    seed: { description: 'other seeds make other events', pattern: '^[0-9]{1,9}$', default: '1' },
    splits: {
      description: 'parts that subtasks share: the most useful parallelism',
      pattern: '^[1-9][0-9]{0,2}$',
      default: '4',
    },
    start_time: {
      description:
        'event time of the first event, ISO 8601; default now with events_per_second, else 2026-01-01',
      pattern: '^\\d{4}-\\d{2}-\\d{2}(T\\d{2}:\\d{2}(:\\d{2}(\\.\\d{1,3})?)?Z?)?$',
      examples: ['2026-01-01T00:00:00Z'],
    },
    ...eventTimeOptions,
  }),
  async resolveStart(node, context) {
    const text = node.options['start_time'];
    const paced = node.options['events_per_second'] !== undefined;
    const startMs =
      text !== undefined
        ? Date.parse(/Z$|^\d{4}-\d{2}-\d{2}$/.test(text) ? text : `${text}Z`)
        : paced
          ? context.ports.clock.nowMs()
          : Date.UTC(2026, 0, 1);
    return { start: { startMs } };
  },
  createSource: (node, context) => new NexmarkSource(node, context),
};
