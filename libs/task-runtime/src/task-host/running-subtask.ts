import { keyGroupRange } from '@weir/columnar/key-groups.ts';
import { pieceListBudget } from '@weir/epoch-protocol/snapshot-manifest.ts';
import { present } from '@weir/kernel/assert.ts';
import type { Operator, StatePiece } from '@weir/operators/operator.ts';
import { subtaskKey, type SubtaskId } from '@weir/kernel/subtask-id.ts';
import type { Exchange } from '@weir/plan/physical-plan.ts';
import type { ReportChannel } from '../barrier-path/report-channel.ts';
import { mergedSplits, restoreOperator, type ObjectReader } from '../barrier-path/restore-state.ts';
import { SnapshotWriter, type StoreObject } from '../barrier-path/snapshot-writer.ts';
import { SubtaskEpochs } from '../barrier-path/subtask-epochs.ts';
import { channelKey } from '../exchange/channel-element.ts';
import type { ChainNode } from '../record-path/chain-node.ts';
import { columnarPartitioner } from '../exchange/columnar-frames.ts';
import { composeRecordPath, type RecordPath } from '../record-path/record-path.ts';
import { SubtaskLoop } from '../record-path/subtask-loop.ts';
import { Wakeup } from '../record-path/wakeup.ts';
import type { ChannelWiring } from '../exchange/channel-wiring.ts';
import { stageOf, type GenerationSpec } from './generation-spec.ts';
import { TailTap, type TailedRows } from './output-tap.ts';
import { createConnectors } from './subtask-connectors.ts';
import type { TaskEnvironment } from './task-environment.ts';

export interface SubtaskSurroundings {
  readonly spec: GenerationSpec;
  readonly environment: TaskEnvironment;
  readonly wiring: ChannelWiring;
  readonly wakeup: Wakeup;
  readonly channel: ReportChannel;
  readonly storeObject: (stage: string, subtask: number) => StoreObject;
  readonly objects: ObjectReader;
  readonly traceparentOf: (epoch: number) => string;
  readonly onActivity: () => void;
  readonly onTailed: (operator: string, rows: TailedRows) => void;
  readonly closing: AbortSignal;
  readonly fail: (subtask: SubtaskId, error: unknown) => void;
}

/** How long a close waits for those who are told of committed positions, ms. Within the deadline of a CancelTasks. */
const tellGraceMs = 1500;

/** One subtask: its record path, its barrier path and its connectors, from opening to closing. Never restarted. */
export class RunningSubtask {
  readonly id: SubtaskId;
  readonly key: string;
  readonly path: RecordPath;
  readonly epochs: SubtaskEpochs;
  readonly loop: SubtaskLoop;
  readonly writer: SnapshotWriter;
  readonly #around: SubtaskSurroundings;
  readonly #taps = new Map<string, TailTap>();

  constructor(id: SubtaskId, around: SubtaskSurroundings) {
    this.id = id;
    this.key = subtaskKey(id);
    this.#around = around;
    const { spec, environment, wiring, wakeup, closing } = around;
    const { clock, timers } = environment.ports;
    const fail = (error: unknown): void => around.fail(id, error);
    const stage = stageOf(spec, id.stage);
    const { sources, sinks } = createConnectors(spec, stage, id.index, environment);
    const indexes = Array.from({ length: spec.parallelism }, (_, index) => index);
    this.path = composeRecordPath({
      stage,
      exchanges: spec.plan.exchanges,
      firstEpoch: spec.firstEpoch,
      clock,
      makeOperator: environment.makeOperator,
      sources,
      sinks,
      partitioner: (exchange) => columnarPartitioner(exchange, spec.parallelism, spec.keyGroups, id.index),
      outbound: (exchange) =>
        indexes.map((to) => wiring.outbound.get(channelKey({ exchange: exchange.id, from: id.index, to }))),
      inbound: (exchange) =>
        this.#senders(exchange).map((from) => {
          const key = channelKey({ exchange: exchange.id, from, to: id.index });
          return present(wiring.inbound.get(key), `channel ${key}`);
        }),
      fail,
    });
    const { chain, gate, sends } = this.path;
    this.writer = new SnapshotWriter(
      id,
      pieceListBudget(spec.parallelism, environment.longestPieceList),
      around.storeObject(id.stage, id.index),
    );
    this.epochs = new SubtaskEpochs({
      ...this.path,
      subtask: id,
      firstEpoch: spec.firstEpoch,
      writer: this.writer,
      channel: around.channel,
      clock,
      failpoints: environment.failpoints,
      ended: () => gate.ended && this.path.sources.every((source) => source.ended),
      traceparentOf: around.traceparentOf,
      observe: (timing) => environment.observeEpoch(spec.scope.pipeline, timing),
      onCommitted: (epoch) => this.#showCommitted(epoch),
      fail,
    });
    this.loop = new SubtaskLoop({
      chain,
      gate,
      sends,
      sources: this.path.sources,
      turns: environment.turns,
      wakeup,
      clock,
      timers,
      closing,
      onBarrier: (barrier) => this.epochs.onBarrier(barrier),
      onActivity: around.onActivity,
      fail,
    });
  }

  /**
   * Restores and opens everything: operators before sources, so that rows find them ready. Restored watermarks are taken up at once:
   * an epoch may be injected before the first look at the sources.
   */
  async open(): Promise<void> {
    const { spec, environment, objects } = this.#around;
    const range = keyGroupRange(this.id.index, spec.parallelism, spec.keyGroups);
    const { chain, sources, sinks } = this.path;
    await Promise.all([
      ...sinks.map((end) => this.#opening(end.sink, () => end.sink.open(spec.firstEpoch, spec.outputEpoch))),
      ...chain.nodes.map(async (node) => {
        if (node.operator === null) return;
        const { id } = node.planned;
        const { state, keepable } = await restoreOperator(spec.base, id, range, objects);
        this.writer.restored(id, keepable);
        const source = this.#sourceBefore(node);
        node.operator.open(
          {
            output: node,
            clock: environment.ports.clock,
            subtask: this.id.index,
            parallelism: spec.parallelism,
            keyGroups: spec.keyGroups,
            keyGroupStart: range.start,
            keyGroupEnd: range.end,
            partitionName: (partition) =>
              sources.find((input) => input.node === source)?.source.partitionName(partition) ??
              String(partition),
            count: (metric, by) => node.count(metric, by),
          },
          state,
        );
        this.#writeAhead(id, node.operator);
      }),
    ]);
    await Promise.all(
      sources.map(({ source, node }) =>
        this.#opening(source, () =>
          source.open(mergedSplits(spec.base.filter(({ operator }) => operator === node.planned.id))),
        ),
      ),
    );
    for (const input of sources) input.announce();
  }

  /** What a restore moved here begins its way to the store, beside the rows, as of the first epoch: it need not wait for its barrier. */
  #writeAhead(id: string, operator: Operator): void {
    const { spec, closing } = this.#around;
    const next = (): StatePiece | null => (closing.aborted ? null : (operator.writeAhead?.() ?? null));
    this.writer.writeAhead(id, spec.firstEpoch, next).catch((error: unknown) => {
      if (!closing.aborted) this.#around.fail(this.id, error);
    });
  }

  /** The tasks may have been stopped and closed while a server did not answer: what opens after that is closed again. */
  async #opening(connector: { close(): Promise<void> }, open: () => Promise<void>): Promise<void> {
    const { closing } = this.#around;
    closing.throwIfAborted();
    try {
      await open();
    } finally {
      if (closing.aborted) await connector.close();
    }
    closing.throwIfAborted();
  }

  /** Begins (or ends) to keep rows of its sinks for those who look. */
  tail(watching: boolean): void {
    for (const end of this.path.sinks) {
      const { planned } = this.path.chain.node(end.operator);
      const { node } = planned;
      if (!watching) {
        end.tap = null;
        this.#taps.delete(end.operator);
      } else if (end.tap === null && node.kind === 'sink') {
        const json = this.#around.environment.jsonFormat;
        const tap = new TailTap(node.table, planned, json, () => this.path.gate.epoch);
        end.tap = tap;
        this.#taps.set(end.operator, tap);
      }
    }
  }

  /**
   * The loop has ended before. Errors of closing are logged, they change nothing. What is committed is told before the connectors
   * close: `committedEpoch` is the newest that is known to be, whose Commit may not have come here.
   */
  async close(committedEpoch: number): Promise<void> {
    const { log, ports } = this.#around.environment;
    this.epochs.positions.committed(committedEpoch);
    await Promise.race([this.epochs.positions.settled(), ports.timers.sleep(tellGraceMs)]);
    const closes = await Promise.allSettled([
      ...this.path.sources.map(({ source }) => source.close()),
      ...this.path.sinks.map(({ sink }) => sink.close()),
    ]);
    for (const outcome of closes) {
      if (outcome.status === 'rejected')
        log.warn({ error: String(outcome.reason) }, 'a connector did not close well');
    }
    this.path.chain.close();
  }

  #senders(exchange: Exchange): number[] {
    if (exchange.partitioning.kind === 'forward') return [this.id.index];
    return Array.from({ length: this.#around.spec.parallelism }, (_, index) => index);
  }

  #sourceBefore(node: ChainNode): ChainNode | undefined {
    if (node.planned.node.kind === 'source') return node;
    for (const input of node.planned.inputs) {
      const found =
        input.kind === 'local' ? this.#sourceBefore(this.path.chain.node(input.operator)) : undefined;
      if (found !== undefined) return found;
    }
    return undefined;
  }

  #showCommitted(epoch: number): void {
    for (const [operator, tap] of this.#taps) {
      const rows = tap.take(epoch);
      if (rows !== undefined) this.#around.onTailed(operator, rows);
    }
  }
}
