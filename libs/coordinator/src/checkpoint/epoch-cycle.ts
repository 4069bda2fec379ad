import { presentBase, type EpochRecord } from '@weir/epoch-protocol/ledger-state.ts';
import { describeError } from '@weir/kernel/errors.ts';
import { startSpan } from '@weir/telemetry/spans.ts';
import type { Job } from '../job/job.ts';
import type { GenerationSupervisor } from '../job/generation-supervisor.ts';
import type { CommandChannel, SubtaskMessage } from '../messaging/command-channel.ts';
import { openCommandChannel } from '../messaging/bus-command-channel.ts';
import { SnapshotCollection } from './collect-snapshots.ts';
import { decide } from './decide-epoch.ts';
import { CommitPublication } from './publish-commit.ts';
import { EpochTrigger } from './trigger-epoch.ts';

export type CycleOutcome =
  | { readonly kind: 'going' }
  /** All is committed that shall be: the final epoch, or the last one of inputs that have ended. */
  | { readonly kind: 'complete'; readonly epoch: EpochRecord; readonly ended: boolean }
  | { readonly kind: 'end-generation'; readonly reason: string }
  | { readonly kind: 'lost' };

/**
 * The epochs of a running generation: inject, collect, decide, commit, one after the other; the commits of an epoch overlap with the
 * collection of the next. It holds no timer: whoever owns it calls `step` when something may have changed, or at `wakeAtMs`.
 */
export class EpochCycle {
  readonly #job: Job;
  readonly #channel: CommandChannel;
  readonly #trigger: EpochTrigger;
  readonly #messages: SubtaskMessage[] = [];
  #collecting: SnapshotCollection | null = null;
  #committing: CommitPublication;
  #stopWished = false;
  /** Set when the epoch in `#committing` is the last one. */
  #last: { readonly ended: boolean } | null = null;

  constructor(job: Job, running: GenerationSupervisor) {
    const nowMs = job.now();
    this.#job = job;
    this.#trigger = new EpochTrigger(running.plan.checkpointIntervalMs, nowMs);
    this.#channel = openCommandChannel(job.context, job.scope, running.g, (message) => {
      this.#messages.push(message);
      job.wakeUp.notify();
    });
    // A takeover finds the newest epoch decided and perhaps not committed: its commits are asked for again. A base that recovery has recorded
    // is of an older generation: nobody here has prepared it.
    this.#committing = new CommitPublication(presentBase(job.ledger.state), this.#channel, nowMs, null);
    if (!this.#committing.done) this.#committing.publish();
  }

  /** The next epoch that is injected is the last one. */
  stopWithLastEpoch(): void {
    this.#stopWished = true;
  }

  /** What the last epoch still waits for, for people. */
  get waitingFor(): readonly string[] {
    return this.#collecting?.missing ?? this.#committing.progress.waiting;
  }

  wakeAtMs(): number {
    const commits = this.#committing.done ? Infinity : this.#committing.repeat.dueMs;
    return Math.min(commits, this.#last !== null ? Infinity : this.#nextDueMs());
  }

  /** Nothing is due while all have acknowledged: the epoch then waits for the commits of its parent, which are told by messages. */
  #nextDueMs(): number {
    const collection = this.#collecting;
    if (collection === null) return this.#trigger.dueMs();
    return collection.missing.length === 0 ? Infinity : collection.repeat.dueMs;
  }

  async step(): Promise<CycleOutcome> {
    try {
      for (const message of this.#messages.splice(0)) this.#take(message);
    } catch (error) {
      // A worker that says another thing than before, or nothing that can be read: no epoch can be made of that.
      return { kind: 'end-generation', reason: describeError(error) };
    }
    this.#noteCommitted();
    if (this.#last !== null) {
      if (this.#committing.done)
        return { kind: 'complete', epoch: this.#committing.epoch, ended: this.#last.ended };
    } else if (this.#collecting === null) {
      this.#injectWhenDue();
    } else {
      const outcome = await this.#decide(this.#collecting);
      if (outcome !== null) return outcome;
    }
    return (await this.#repeatUnanswered()) ? { kind: 'going' } : { kind: 'lost' };
  }

  close(): void {
    this.#collecting?.span.end({ error: new Error('the generation ended before it was decided') });
    this.#committing.abandon();
    this.#channel.close();
  }

  #take({ epoch, sender, body }: SubtaskMessage): void {
    switch (body?.$case) {
      case 'activity':
        return this.#trigger.activity();
      case 'snapshotted': {
        const { clock } = this.#job.context.ports;
        return this.#collecting?.take(epoch, sender, body.value, clock.monotonicMs());
      }
      case 'commitAcknowledged': {
        const { subtask } = body.value;
        if (subtask !== undefined) this.#committing.acknowledged(epoch, subtask.stage, subtask.index);
        return;
      }
      default:
    }
  }

  #noteCommitted(): void {
    if (!this.#committing.takeDone()) return;
    const { e } = this.#committing.epoch.body;
    const job = this.#job;
    const { injectedAtMs } = this.#committing;
    if (injectedAtMs === null) {
      job.show({ committedEpoch: e });
      return;
    }
    const nowMs = job.now();
    job.context.metrics.epochCommitted(job.record.name, (nowMs - injectedAtMs) / 1000);
    if (job.lostAtMs !== null) job.context.metrics.recovered(job.record.name, (nowMs - job.lostAtMs) / 1000);
    job.lostAtMs = null;
    job.failuresInARow = 0;
    job.show({ committedEpoch: e, committedAtMs: job.context.ports.clock.nowMs() });
  }

  #injectWhenDue(): void {
    const nowMs = this.#job.now();
    if (!this.#stopWished && nowMs < this.#trigger.dueMs()) return;
    this.#trigger.injected(nowMs);
    const { pipeline, pipelineId } = this.#job.scope;
    const span = startSpan('epoch', {
      root: true,
      attributes: { 'weir.pipeline': pipeline, 'weir.pipeline_id': pipelineId },
    });
    this.#collecting = new SnapshotCollection(this.#job.ledger.state, this.#stopWished, nowMs, span);
    const { e, g } = this.#collecting.pending;
    span.attribute('weir.epoch', e);
    span.attribute('weir.generation', g);
    const { failpoints } = this.#job.context;
    failpoints.reached('inject.before');
    const inject = startSpan('inject', { parent: span.traceparent, kind: 'producer' });
    this.#inject(this.#collecting);
    inject.end();
    failpoints.reached('inject.after');
  }

  #inject(collection: SnapshotCollection): void {
    const { e, parent } = collection.pending;
    this.#channel.inject(e, parent, collection.final, collection.span.traceparent);
  }

  async #decide(collection: SnapshotCollection): Promise<CycleOutcome | null> {
    const decision = await decide(this.#job, collection, this.#committing);
    if (decision.kind === 'wait') return null;
    if (decision.kind !== 'decided') return decision;
    const nowMs = this.#job.now();
    this.#job.context.metrics.epochDecided(this.#job.record.name, (nowMs - collection.injectedAtMs) / 1000);
    this.#trigger.collected(collection.unchanged);
    if (collection.final || collection.allEnded) this.#last = { ended: collection.allEnded };
    this.#committing = new CommitPublication(decision.epoch, this.#channel, nowMs, collection.injectedAtMs);
    this.#committing.publish();
    this.#job.context.failpoints.reached('publish-commit.after');
    this.#collecting = null;
    collection.span.end();
    this.#job.showLedger();
    this.#job.wakeUp.notify();
    return null;
  }

  /**
   * Nothing is assumed of delivery: what has not been answered is said again. But tasks that went on with another coordinator, while this
   * one stood still or was cut off, never answer: the ledger tells.
   * @returns false when another coordinator has written
   */
  async #repeatUnanswered(): Promise<boolean> {
    const nowMs = this.#job.now();
    if (!this.#committing.done && this.#committing.repeat.isDue(nowMs)) this.#committing.publish();
    const collection = this.#collecting;
    if (collection === null || collection.missing.length === 0 || !collection.repeat.isDue(nowMs))
      return true;
    const { ledger } = this.#job;
    const { nextPosition } = ledger.state;
    await ledger.read();
    if (ledger.state.nextPosition !== nextPosition) return false;
    this.#inject(collection);
    this.#channel.askAcknowledgements(collection.pending.e);
    return true;
  }
}
