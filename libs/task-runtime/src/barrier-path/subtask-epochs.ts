import type { SubtaskId } from '@weir/kernel/subtask-id.ts';
import type { OperatorSnapshot } from '@weir/epoch-protocol/ledger-entries.ts';
import type { SinkHandle, SubtaskHandle } from '@weir/epoch-protocol/sink-handle.ts';
import { present } from '@weir/kernel/assert.ts';
import type { Failpoints } from '@weir/kernel/failpoints.ts';
import type { Clock } from '@weir/kernel/ports.ts';
import { startSpan } from '@weir/telemetry/spans.ts';
import type { ExchangeSend } from '../exchange/exchange-send.ts';
import type { PassedBarrier } from '../record-path/input-gate.ts';
import type { OperatorChain } from '../record-path/operator-chain.ts';
import type { SinkEnd } from '../record-path/sink-end.ts';
import type { SourceInput } from '../record-path/source-input.ts';
import { CommittedPositions } from './committed-positions.ts';
import type { ReportChannel, PreparedMessage } from './report-channel.ts';
import type { SnapshotWriter, StateToWrite } from './snapshot-writer.ts';

export interface EpochParts {
  readonly subtask: SubtaskId;
  /** Of the generation: what lies before was prepared by others, and recovery has committed it. */
  readonly firstEpoch: number;
  readonly chain: OperatorChain;
  readonly sources: readonly SourceInput[];
  readonly sinks: readonly SinkEnd[];
  readonly sends: readonly ExchangeSend[];
  readonly writer: SnapshotWriter;
  readonly channel: ReportChannel;
  readonly clock: Clock;
  readonly failpoints: Failpoints;
  /** True when all inputs of the subtask have ended. */
  readonly ended: () => boolean;
  /** Trace context of an epoch, as the Inject message brought it. */
  readonly traceparentOf: (epoch: number) => string;
  /** Once an epoch: how long its parts took. */
  readonly observe: (timing: EpochTiming) => void;
  /** An epoch of a sink is committed (shows its rows to those who look). */
  readonly onCommitted: (epoch: number) => void;
  readonly fail: (error: unknown) => void;
}

export interface EpochTiming {
  readonly alignMs: number;
  readonly snapshotMs: number;
  readonly prepareMs: number;
}

/**
 * The way of a barrier through one subtask.
 *
 * E1  What an epoch snapshots and prepares is fixed in one synchronous step: all sources, operators and sinks of the subtask, then the
 *     barrier goes on. Uploads and preparing go on beside the next epoch's rows.
 * E2  An acknowledgement is made once and repeated as it is, until the controller goes on (the epoch's Commit, or a later epoch).
 * E3  A Commit is acted on once and acknowledged each time it comes, after all sinks have committed; one of an epoch before this generation,
 *     which may come late, is none of ours.
 * E4  Anything that goes wrong fails the task, which ends the generation; nothing is given up or done again.
 */
export class SubtaskEpochs {
  readonly #parts: EpochParts;
  #acknowledgement: PreparedMessage | null = null;
  #answered = true;
  #sentAtMs = 0;
  #changesBefore = 0;
  #prepared = 0;
  #committed = 0;
  #committing = 0;
  /** What sources tell the outside of. */
  readonly positions = new CommittedPositions();

  constructor(parts: EpochParts) {
    this.#parts = parts;
  }

  /** The barrier has passed all inputs. Synchronous: see E1. */
  onBarrier(barrier: PassedBarrier): void {
    const { clock, failpoints, chain, sources, sinks, sends } = this.#parts;
    const { epoch } = barrier;
    const startedMs = clock.monotonicMs();
    this.#traceAlignment(epoch, startedMs - barrier.firstArrivalMs);
    const positions = new Map(sources.map((input) => [input, input.source.snapshot()]));
    const states: StateToWrite[] = sources.map((input) => ({
      operator: input.node.planned.id,
      state: { written: [], kept: [], splits: positions.get(input) ?? {} },
    }));
    for (const { node, state } of chain.snapshot()) states.push({ operator: node.planned.id, state });
    const handles = sinks.map(async (end) => {
      failpoints.reached('prepare.before');
      const handle = await end.sink.prepare(epoch, epoch + 1);
      failpoints.reached('prepare.after');
      return { operator: end.operator, handle };
    });
    for (const send of sends) send.barrier(epoch, barrier.final);
    const unchanged = chain.changes === this.#changesBefore;
    this.#changesBefore = chain.changes;
    this.#prepared = epoch;
    this.positions.note(epoch, positions);
    const facts = {
      ended: this.#parts.ended(),
      unchanged,
      alignMs: startedMs - barrier.firstArrivalMs,
      snapshotMs: clock.monotonicMs() - startedMs,
    };
    this.#acknowledge(epoch, states, handles, facts).catch(this.#parts.fail); // E4
  }

  /** The controller asks again (epoch), or time has passed (null): the same answer once more, if it is still of interest. E2 */
  repeat(epoch: number | null, olderThanMs = 0): void {
    const ready = this.#acknowledgement;
    if (ready === null) return;
    const due = !this.#answered && this.#parts.clock.monotonicMs() - this.#sentAtMs >= olderThanMs;
    if (epoch === null ? due : epoch === ready.epoch) this.#send(ready);
  }

  /** The controller has gone on past this epoch. */
  goneOn(epoch: number): void {
    if (this.#acknowledgement !== null && this.#acknowledgement.epoch <= epoch) this.#answered = true;
  }

  /** The epoch is decided. E3 */
  async commit(epoch: number, handles: readonly SubtaskHandle[], traceparent: string): Promise<void> {
    this.goneOn(epoch);
    if (epoch < this.#parts.firstEpoch) return;
    if (epoch > this.#prepared || epoch <= this.#committing) {
      if (epoch <= this.#committed) this.#acknowledgeCommit(epoch, traceparent);
      return;
    }
    this.#committing = epoch;
    try {
      if (this.#parts.sinks.length > 0) await this.#commitSinks(epoch, handles, traceparent);
      this.#committed = epoch;
      this.#parts.onCommitted(epoch);
      this.#acknowledgeCommit(epoch, traceparent);
      this.positions.committed(epoch);
    } catch (error) {
      this.#parts.fail(error); // E4
    }
  }

  async #acknowledge(
    epoch: number,
    states: readonly StateToWrite[],
    preparing: readonly Promise<{ operator: string; handle: SinkHandle }>[],
    facts: { ended: boolean; unchanged: boolean; alignMs: number; snapshotMs: number },
  ): Promise<void> {
    const { clock, failpoints, writer, channel, subtask } = this.#parts;
    const startedMs = clock.monotonicMs();
    failpoints.reached('snapshot.before');
    const [snapshots, handles] = await Promise.all([
      this.#traced('snapshot', epoch, facts.snapshotMs, () => writer.write(epoch, states)),
      this.#traced('prepare', epoch, 0, () => Promise.all(preparing)),
    ]);
    failpoints.reached('snapshot.after');
    const prepareMs = clock.monotonicMs() - startedMs;
    this.#parts.observe({ alignMs: facts.alignMs, snapshotMs: facts.snapshotMs, prepareMs });
    const message = await channel.prepare(
      epoch,
      {
        $case: 'snapshotted',
        value: {
          subtask,
          ...facts,
          prepareMs,
          transactionAgeMs: oldestAgeMs(
            handles.map(({ handle }) => handle),
            clock.nowMs(),
          ),
          snapshotsJson: JSON.stringify(snapshots satisfies OperatorSnapshot[]),
          handlesJson: JSON.stringify(
            handles.map(({ operator, handle }): SubtaskHandle => {
              return { operator, stage: subtask.stage, subtask: subtask.index, handle };
            }),
          ),
        },
      },
      this.#parts.traceparentOf(epoch),
    );
    this.#acknowledgement = message;
    this.#answered = false;
    failpoints.reached('acknowledge.before');
    this.#send(message);
    failpoints.reached('acknowledge.after');
  }

  #send(message: PreparedMessage): void {
    this.#sentAtMs = this.#parts.clock.monotonicMs();
    this.#parts.channel.send(message);
  }

  async #commitSinks(epoch: number, handles: readonly SubtaskHandle[], traceparent: string): Promise<void> {
    const { failpoints, sinks, subtask } = this.#parts;
    const span = startSpan('commit', { parent: traceparent, attributes: this.#attributes(epoch) });
    try {
      await Promise.all(
        sinks.map(async (end) => {
          const saved = handles.find(
            (one) =>
              one.operator === end.operator && one.stage === subtask.stage && one.subtask === subtask.index,
          );
          // Every sink gives a handle, if an empty one: to acknowledge without it would record as committed what is not.
          const { handle } = present(saved, `the handle of ${end.operator} in the Commit`);
          failpoints.reached('commit.before');
          await end.sink.commit(epoch, handle);
          failpoints.reached('commit.after');
        }),
      );
      span.end();
    } catch (error) {
      span.end({ error });
      throw error;
    }
  }

  #acknowledgeCommit(epoch: number, traceparent: string): void {
    if (this.#parts.sinks.length === 0) return;
    const value = { subtask: this.#parts.subtask };
    this.#parts.channel.sendNow(epoch, { $case: 'commitAcknowledged', value }, traceparent);
  }

  /** Told after the fact: the first barrier of an epoch doesn't know yet that it is one. */
  #traceAlignment(epoch: number, alignMs: number): void {
    const parent = this.#parts.traceparentOf(epoch);
    const startTimeMs = this.#parts.clock.nowMs() - alignMs;
    startSpan('align', { parent, startTimeMs, attributes: this.#attributes(epoch) }).end();
  }

  async #traced<T>(name: string, epoch: number, beganMsAgo: number, body: () => Promise<T>): Promise<T> {
    const startTimeMs = this.#parts.clock.nowMs() - beganMsAgo;
    const parent = this.#parts.traceparentOf(epoch);
    const span = startSpan(name, { parent, startTimeMs, attributes: this.#attributes(epoch) });
    try {
      const result = await body();
      span.end();
      return result;
    } catch (error) {
      span.end({ error });
      throw error;
    }
  }

  #attributes(epoch: number): Record<string, string | number> {
    const { stage, index } = this.#parts.subtask;
    return { 'weir.epoch': epoch, 'weir.subtask': `${stage}/${index}` };
  }
}

/** By the clock that noted when the transactions were opened: two machines' clocks need not agree. */
function oldestAgeMs(handles: readonly SinkHandle[], nowMs: number): number {
  return handles.reduce(
    (oldest, handle) => (handle.kind === 'kafka' ? Math.max(oldest, nowMs - handle.openedAtMs) : oldest),
    0,
  );
}
